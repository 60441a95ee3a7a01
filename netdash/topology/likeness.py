"""Make a network like another one, and hint at names that say nothing."""

from __future__ import annotations

import re
from dataclasses import replace

from netdash.topology.changes import CreateNetwork
from netdash.topology.creation_checks import suggest_other
from netdash.topology.driver_options import BRIDGE_NAME
from netdash.topology.inverses import read_creation
from netdash.topology.snapshot import COMPOSE_PROJECT, STACK_NAMESPACE, Network, Snapshot, Subnet
from netdash.topology.subnets import find_free_subnets, parse_block

SAYS_NOTHING = re.compile(
    r"(?:(?:my|new|mon|le)?[-_. ]?(?:docker)?[-_. ]?"
    r"(?:net|network|reseau|bridge|test|tmp|temp|foo|bar|default|custom|untitled|a|b|x))"
    r"[-_. ]?\d*\Z",
    re.IGNORECASE,
)
OWNED_LABELS = ("com.docker.compose.", "com.docker.stack.")


def hint_name(name: str) -> str:
    """Hint gently at a name that says nothing, like net1 or test; empty for a good one."""
    if not name or not SAYS_NOTHING.match(name):
        return ""
    return (
        f"{name} says nothing about what the network is for. "
        "Names like shop-backend or monitoring still mean something in a year."
    )


def suggest_name(snapshot: Snapshot, network: Network) -> str:
    """Suggest a free name beside that of a network: shop-2."""
    return suggest_other(snapshot, network.name)


def ask_alike(snapshot: Snapshot, network: Network) -> CreateNetwork:
    """Ask for a network like this one: same options, another name, free subnets of its sizes.

    What must be unique is left out: bridge name, auxiliary addresses, and the labels by which
    Compose or a stack knows its own.
    """
    creation = read_creation(network)
    if network.is_built_in:
        creation = replace(creation, subnets=(), options=(), is_ingress=False)
    return replace(
        creation,
        name=suggest_name(snapshot, network),
        driver="bridge" if network.driver in ("host", "null") else creation.driver,
        subnets=_list_free(snapshot, creation.subnets),
        options=tuple(pair for pair in creation.options if pair[0] != BRIDGE_NAME),
        labels=tuple(pair for pair in creation.labels if not _is_owned(pair[0])),
    )


def _list_free(snapshot: Snapshot, subnets: tuple[Subnet, ...]) -> tuple[Subnet, ...]:
    found: list[Subnet] = []
    for subnet in subnets:
        block = parse_block(subnet.cidr)
        if block is not None:
            taken = tuple(other.cidr for other in found)
            free = find_free_subnets(snapshot, block.prefixlen, count=1, taken=taken)
            found += [Subnet(cidr) for cidr in free]
    return tuple(found)


def _is_owned(key: str) -> bool:
    return key in (COMPOSE_PROJECT, STACK_NAMESPACE) or key.startswith(OWNED_LABELS)
