"""What one should know before a change, beyond reach: nothing here stops an engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from netdash.topology.addresses import find_holder
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    RemoveNetwork,
)
from netdash.topology.connection_checks import describe_holder
from netdash.topology.facts import Facts, is_listed
from netdash.topology.likeness import hint_name
from netdash.topology.lookup import (
    find_network,
    has_default_rules,
    is_new,
    list_members,
    list_names,
)
from netdash.topology.modes import find_bound
from netdash.topology.names import list_dns_names
from netdash.topology.reachability import find_network_ids, is_open, is_shared, list_published
from netdash.topology.refusal import list_words, quote
from netdash.topology.snapshot import SWARM_SERVICE, Container, Network, Snapshot
from netdash.topology.subnets import DEFAULT_POOLS


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know. ``level`` is info, warn or danger; danger needs an override."""

    kind: str
    level: str
    sentence: str
    remedy: str = ""

    @property
    def needs_override(self) -> bool:
        """Tell whether the change is refused until somebody insists."""
        return self.level == "danger"


def list_change_notices(
    before: Snapshot, change: Change, made: Set[str] = frozenset()
) -> Iterator[Notice]:
    """List what to know about one change on the snapshot it will meet.

    ``made`` are the names of the networks that the same plan makes.
    """
    match change:
        case ConnectContainer():
            yield from _about_connecting(before, change)
        case DisconnectContainer():
            yield from _about_disconnecting(before, change)
        case RemoveNetwork():
            yield from _about_removing(before, change, made)
        case CreateNetwork():
            hint = hint_name(change.name)
            if hint:
                yield Notice("dull_name", "info", hint)


def list_end_notices(
    before: Snapshot, after: Snapshot, touched: Iterable[Container], facts: Facts
) -> Iterator[Notice]:
    """List what to know about where the touched containers end."""
    containers = tuple(touched)
    yield from _about_isolation(before, after, containers)
    yield from _about_netdash(before, after, facts)
    yield from _about_sharers(after, containers)


def _about_connecting(before: Snapshot, change: ConnectContainer) -> Iterator[Notice]:
    network = find_network(before, change.network_id, change.network_name)
    container = before.containers_by_id.get(change.container_id)
    if network is None or container is None:
        return
    if has_default_rules(network):
        yield Notice(
            "no_names",
            "info",
            "On the built-in network bridge no names resolve; containers there know each other "
            "by address only.",
            "Use a network of your own, where names resolve.",
        )
    if is_shared(network) and not is_open(network):
        yield Notice(
            "closed",
            "warn",
            f"On {quote(network.name)} containers do not reach each other by address "
            "(inter-container communication is off).",
        )
    if change.settings.mac and not before.engine.has_api(1, 54):
        yield Notice("mac_ignored", "info", "This engine ignores a MAC given at connecting.")
    yield from _about_addresses(before, change, container, network)
    yield from _about_aliases(before, change, network)


def _about_addresses(
    before: Snapshot, change: ConnectContainer, container: Container, network: Network
) -> Iterator[Notice]:
    for address in filter(None, (change.settings.ipv4, change.settings.ipv6)):
        holder = find_holder(before, network, address)
        if holder is not None and holder.holder != container.name:
            yield Notice(
                "address_awaited",
                "warn",
                f"{quote(address)}: {describe_holder(holder)}. Who starts second stays down.",
            )
        is_chosen = any(subnet.cidr not in DEFAULT_POOLS for subnet in network.subnets)
        if not is_chosen and not before.engine.has_api(1, 52) and not is_new(network.id):
            yield Notice(
                "automatic_subnet",
                "warn",
                f"The subnet of {quote(network.name)} looks chosen by the engine; this engine "
                "then refuses fixed addresses.",
                "Leave the address out, or move the network to a subnet of your own.",
            )


def _about_aliases(
    before: Snapshot, change: ConnectContainer, network: Network
) -> Iterator[Notice]:
    """A name that several containers answer to leads to each of them in turn."""
    wanted = {alias.lower(): alias for alias in change.settings.aliases}
    if not wanted or is_new(network.id):
        return
    holders: dict[str, list[str]] = {}
    for other, endpoint in list_members(before, network):
        if endpoint.is_live and other.id != change.container_id:
            names = {name.lower() for name in list_dns_names(other, endpoint, network)}
            for name in sorted(names & wanted.keys()):
                holders.setdefault(name, []).append(other.name)
    for name, found in holders.items():
        is_name = name in (other.lower() for other in found)
        what = "is the name of" if is_name and len(found) == 1 else "already leads to"
        yield Notice(
            "name_shared",
            "warn" if is_name else "info",
            f"{quote(wanted[name])} {what} {list_words(found)} on {quote(network.name)}: "
            f"from now on it leads to {'both' if len(found) == 1 else 'all of them'}, in turn.",
        )


def _about_disconnecting(before: Snapshot, change: DisconnectContainer) -> Iterator[Notice]:
    network = find_network(before, change.network_id, change.network_name)
    container = before.containers_by_id.get(change.container_id)
    if network is None or container is None:
        return
    if container.project and container.project == network.project:
        yield Notice(
            "compose_reconnects",
            "info",
            f"The Compose project {quote(container.project)} connects {quote(container.name)} "
            f"to {quote(network.name)} again when it makes the container anew.",
            "Take the network out of the service in the Compose file as well.",
        )
    if SWARM_SERVICE in dict(container.labels):
        yield Notice(
            "swarm_task",
            "warn",
            f"{quote(container.name)} is a Swarm task; Swarm does not repair its connection.",
            "Change the service instead (docker service update).",
        )


def _about_removing(before: Snapshot, change: RemoveNetwork, made: Set[str]) -> Iterator[Notice]:
    network = find_network(before, change.network_id, change.network_name)
    if network is None:
        return
    waiting = list_names(c for c, endpoint in list_members(before, network) if not endpoint.is_live)
    bound = [
        found.name
        for found in find_bound(before, network)
        if found.network_mode != network.name or network.name not in made
    ]
    if waiting:
        yield Notice(
            "stopped_count_on_it",
            "warn",
            f"Stopped containers still count on {quote(network.name)}: {list_words(waiting)}. "
            "They will not start without it.",
            "Disconnect them first, or remove them.",
        )
    if bound:
        yield Notice(
            "bound",
            "warn",
            f"Created with {quote(network.name)}: {list_words(bound)}. This engine neither "
            "restarts them nor connects them anywhere while no network has that name.",
            "Create these containers again with another network.",
        )
    yield from _about_projects(before, network)


def _about_projects(before: Snapshot, network: Network) -> Iterator[Notice]:
    if network.project:
        users = [c.name for c in before.containers if c.project == network.project]
        still = f" {list_words(users)} still belong to it." if users else ""
        yield Notice(
            "compose_counts_on_it",
            "warn" if users else "info",
            f"The Compose project {quote(network.project)} made this network; its next start "
            f"makes it again, with another id.{still}",
        )


def _about_isolation(
    before: Snapshot, after: Snapshot, touched: tuple[Container, ...]
) -> Iterator[Notice]:
    alone = [
        container
        for container in touched
        if not container.endpoints and before.containers_by_id[container.id].endpoints
    ]
    if alone:
        names = list_words([container.name for container in alone])
        verb = "is" if len(alone) == 1 else "are"
        yield Notice(
            "on_no_network",
            "warn",
            f"{names} {verb} on no network afterwards: running on, but reaching nothing, reached "
            "by nobody, without names and published ports. Docker allows that.",
            "Connect it to another network first if it shall stay reachable.",
        )
    for container in touched:
        old = before.containers_by_id[container.id]
        if list_published(old) and not list_published(container) and container.endpoints:
            yield Notice(
                "ports_close",
                "warn",
                f"{quote(container.name)} publishes nothing any more: none of its networks "
                "leads to the machine.",
            )


def _about_netdash(before: Snapshot, after: Snapshot, facts: Facts) -> Iterator[Notice]:
    own = _list_places(before, after, facts.own_ids)
    for container, old, new in own:
        if old - new:
            yield Notice(
                "cuts_netdash",
                "danger",
                f"{quote(container.name)} is netdash itself: it would leave "
                f"{_name_networks(before, old - new)}.",
                "Make sure you still reach netdash, its database and its store afterwards.",
            )
    for proxy, old, new in _list_places(before, after, facts.proxy_ids):
        for container, old_own, new_own in own:
            if old & old_own and not new & new_own:
                yield Notice(
                    "cuts_proxy",
                    "danger",
                    f"{quote(proxy.name)} would no longer reach netdash ({quote(container.name)}): "
                    "this page would stop answering.",
                    "Leave the two on a common network.",
                )


def _list_places(
    before: Snapshot, after: Snapshot, ids: tuple[str, ...]
) -> list[tuple[Container, frozenset[str], frozenset[str]]]:
    """List containers with the networks they are on before and after."""
    if not ids:
        return []
    return [
        (found, find_network_ids(before, found), find_network_ids(after, new))
        for found in before.containers
        if is_listed(found, ids) and (new := after.containers_by_id.get(found.id)) is not None
    ]


def _about_sharers(after: Snapshot, touched: tuple[Container, ...]) -> Iterator[Notice]:
    for container in touched:
        sharers = list_names(after.sharers_by_owner_id.get(container.id, ()))
        if sharers:
            verb = "lives" if len(sharers) == 1 else "live"
            yield Notice(
                "sharers",
                "info",
                f"{list_words(sharers)} {verb} in the network stack of {quote(container.name)} "
                "and moves along.",
            )


def _name_networks(snapshot: Snapshot, network_ids: Iterable[str]) -> str:
    return list_words(sorted(snapshot.networks_by_id[found].name for found in network_ids))
