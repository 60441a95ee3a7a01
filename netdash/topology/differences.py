"""How a network that exists differs from one that is asked for under its name."""

from __future__ import annotations

from collections.abc import Iterator

from netdash.topology.changes import CreateNetwork
from netdash.topology.effects import build_network
from netdash.topology.refusal import quote
from netdash.topology.snapshot import EngineFacts, Network, Pairs, Subnet
from netdash.topology.subnets import is_ipv6, parse_block

FLAGS = (
    ("is_internal", "internal"),
    ("is_attachable", "attachable"),
    ("is_ingress", "ingress"),
    ("is_config_only", "a configuration only"),
    ("has_ipv4", "with IPv4"),
    ("has_ipv6", "with IPv6"),
)


def list_differences(
    network: Network, change: CreateNetwork, engine: EngineFacts
) -> tuple[str, ...]:
    """Say in a few words each what the existing network has otherwise."""
    wanted = build_network(change, engine)
    return (*_compare_kind(network, wanted), *_compare_subnets(network, wanted))


def _compare_kind(network: Network, wanted: Network) -> Iterator[str]:
    plain = ("driver", "scope", "ipam_driver", "config_from")
    for name in plain:
        found, asked = getattr(network, name), getattr(wanted, name)
        if found != asked:
            yield f"{name.replace('_', ' ')} {quote(found) or 'none'}, not {quote(asked) or 'none'}"
    for name, word in FLAGS:
        found, asked = getattr(network, name), getattr(wanted, name)
        if found != asked:
            yield f"{'' if found else 'not '}{word}"
    yield from _compare_pairs("option", network.options, wanted.options)
    yield from _compare_pairs("label", network.labels, wanted.labels)


def _compare_pairs(word: str, found: Pairs, asked: Pairs) -> Iterator[str]:
    known = dict(found)
    for key, value in asked:
        if key not in known:
            yield f"without the {word} {quote(key)}"
        elif known[key] != value:
            yield f"{word} {quote(key)} {quote(known[key])}, not {quote(value)}"


def _compare_subnets(network: Network, wanted: Network) -> Iterator[str]:
    for subnet in wanted.subnets:
        same = _find_same(network, subnet)
        if same is None:
            others = [o.cidr for o in network.subnets if is_ipv6(o) == is_ipv6(subnet)]
            yield f"{' and '.join(others) or 'no subnet'}, not {quote(subnet.cidr)}"
            continue
        if subnet.gateway not in ("", same.gateway.split("/")[0]):
            yield f"gateway {same.gateway or 'none'}, not {quote(subnet.gateway)}"
        if subnet.ip_range not in ("", same.ip_range):
            yield f"range {same.ip_range or 'none'}, not {quote(subnet.ip_range)}"


def _find_same(network: Network, wanted: Subnet) -> Subnet | None:
    block = parse_block(wanted.cidr)
    return next((one for one in network.subnets if parse_block(one.cidr) == block), None)
