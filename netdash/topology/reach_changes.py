"""What a change gives and takes: reach, names and default routes, computed by difference.

Only the networks of the containers that change are looked at, and containers that change alike
are looked at once, so a thousand moved containers cost little more than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from netdash.topology.lookup import is_user_defined, pick_endpoint
from netdash.topology.names import list_dns_names
from netdash.topology.reach_words import SHOWN, NameChange, Names, ReachChange, RouteChange
from netdash.topology.reachability import (
    can_reach_machine,
    find_member_ids,
    find_network_ids,
    find_peer_ids,
    is_open,
    list_published,
)
from netdash.topology.routes import find_default_route
from netdash.topology.snapshot import Container, Network, Snapshot


@dataclass(frozen=True, slots=True)
class Group:
    """Containers that were on the same networks before and are on the same ones after."""

    members: tuple[Container, ...]
    before: frozenset[str]
    after: frozenset[str]


def find_touched(before: Snapshot, after: Snapshot) -> tuple[Container, ...]:
    """List the containers, as they will be, whose endpoints a foreseen change alters."""
    return tuple(
        found
        for found in after.containers
        if (old := before.containers_by_id.get(found.id)) is not None
        and old is not found
        and old.endpoints != found.endpoints
    )


def compare_reach(
    before: Snapshot, after: Snapshot, touched: Iterable[Container]
) -> tuple[ReachChange, ...]:
    """List gains and losses of reach, losses first, the largest first.

    Where several containers join or leave one network, ``who`` and ``whom`` are taken together:
    each of ``who`` gains some of ``whom``, not always all.
    """
    groups = _group(before, after, touched)
    found = [*_compare_networks(before, after, groups)]
    for group in groups:
        found += _compare_machine(before, after, group)
    found = [*_merge_published(found)]
    found += _compare_entrances(before, groups)
    return tuple(sorted(found, key=lambda change: (change.is_gain, -change.whom.total)))


def compare_names(
    before: Snapshot, after: Snapshot, touched: Iterable[Container]
) -> tuple[NameChange, ...]:
    """List which names resolve from now on and which no longer, by network."""
    groups = _group(before, after, touched)
    found: list[NameChange] = []
    for is_gain, snapshot in ((False, before), (True, after)):
        moved = _find_moved(groups, is_gain)
        for network in _list_networks(snapshot, moved):
            found += _list_names(snapshot, network, moved[network.id], is_gain)
    return tuple(found)


def compare_routes(
    before: Snapshot, after: Snapshot, touched: Iterable[Container]
) -> tuple[RouteChange, ...]:
    """List the running containers whose default route changes, in name order."""
    found: list[RouteChange] = []
    for container in touched:
        old = find_default_route(before, before.containers_by_id[container.id])
        new = find_default_route(after, container)
        names = [e.network_name if e is not None else "" for e in (old, new)]
        gateways = [(e.gateway or e.ipv6_gateway) if e is not None else "" for e in (old, new)]
        if container.is_running and names[0] != names[1]:
            found.append(RouteChange(container.name, names[0], gateways[0], names[1], gateways[1]))
    return tuple(found)


def make_names(snapshot: Snapshot, ids: Iterable[str], shown: int = SHOWN) -> Names:
    """Name containers in order, the first few of them."""
    known = snapshot.containers_by_id
    names = sorted(known[found].name for found in ids if found in known)
    return Names(len(names), tuple(names[:shown]))


def _group(before: Snapshot, after: Snapshot, touched: Iterable[Container]) -> list[Group]:
    members: dict[tuple[frozenset[str], frozenset[str]], list[Container]] = {}
    for container in touched:
        old = find_network_ids(before, before.containers_by_id[container.id])
        members.setdefault((old, find_network_ids(after, container)), []).append(container)
    return [Group(tuple(found), old, new) for (old, new), found in members.items()]


def _find_moved(groups: Iterable[Group], is_gain: bool) -> dict[str, set[str]]:
    """Map each network to the containers that join or leave it."""
    moved: dict[str, set[str]] = {}
    for group in groups:
        gone, come = group.before - group.after, group.after - group.before
        for network_id in come if is_gain else gone:
            moved.setdefault(network_id, set()).update(found.id for found in group.members)
    return moved


def _compare_networks(
    before: Snapshot, after: Snapshot, groups: list[Group]
) -> Iterator[ReachChange]:
    sides = ((False, before, after), (True, after, before))
    for is_gain, snapshot, other in sides:
        members = {i: find_member_ids(snapshot, i) for i in _find_moved(groups, is_gain)}
        for network in _list_networks(snapshot, members):
            if not is_open(network):
                continue
            who: set[str] = set()
            whom: set[str] = set()
            for group in groups:
                met = _meet(other, network, group, members[network.id], is_gain)
                own = {container.id for container in group.members}
                if len(met | own) > 1 and met:
                    who |= own
                    whom |= met
            yield from _name_meetings(snapshot, network, who, whom, is_gain)


def _meet(
    other: Snapshot, network: Network, group: Group, members: set[str], is_gain: bool
) -> set[str]:
    """List whom a group reaches through a network on one side of a change and not on the other."""
    here, there = (group.after, group.before) if is_gain else (group.before, group.after)
    if network.id not in here or network.id in there:
        return set()
    met = members - find_peer_ids(other, there)
    return met - {group.members[0].id} if len(group.members) == 1 else met


def _name_meetings(
    snapshot: Snapshot, network: Network, who: set[str], whom: set[str], is_gain: bool
) -> Iterator[ReachChange]:
    """Those who also, or only, meet each other are named on both sides of a change of its own."""
    both = whom & who
    for one, other in ((who, whom - who), (both, both)):
        if other:
            names = make_names(snapshot, one), make_names(snapshot, other)
            yield ReachChange(is_gain, "network", *names, network.name)


def _compare_machine(before: Snapshot, after: Snapshot, group: Group) -> Iterator[ReachChange]:
    first = group.members[0]
    could = can_reach_machine(before, before.containers_by_id[first.id])
    can = can_reach_machine(after, first)
    if could == can:
        return
    own = {container.id for container in group.members}
    near = find_peer_ids(after, group.after) if can else find_peer_ids(before, group.before)
    publishers = {c.id for c in after.containers if list_published(c)} - own - near
    if publishers:
        who, whom = make_names(after, own), make_names(after, publishers)
        yield ReachChange(can, "published", who, whom)


def _merge_published(found: Iterable[ReachChange]) -> Iterator[ReachChange]:
    """Say once what several groups gain or lose alike."""
    merged: dict[tuple[bool, str, Names], ReachChange] = {}
    for change in found:
        if change.way != "published":
            yield change
            continue
        key = (change.is_gain, change.way, change.whom)
        same = merged.get(key)
        merged[key] = replace(change, who=_add(same.who, change.who)) if same else change
    yield from merged.values()


def _add(one: Names, other: Names) -> Names:
    return Names(one.total + other.total, tuple(sorted((*one.shown, *other.shown))[:SHOWN]))


def _compare_entrances(before: Snapshot, groups: Iterable[Group]) -> Iterator[ReachChange]:
    for container in (found for group in groups for found in group.members):
        old = _list_entrances(before.containers_by_id[container.id])
        new = _list_entrances(container)
        for is_gain, ports in ((False, old - new), (True, new - old)):
            if ports:
                who = Names(1, (container.name,))
                yield ReachChange(is_gain, "entrance", who, Names(0, ()), "", tuple(sorted(ports)))


def _list_entrances(container: Container) -> set[str]:
    return {str(port.host_port) for port in container.ports if port.host_port is not None}


def _list_names(
    snapshot: Snapshot, network: Network, own: set[str], is_gain: bool
) -> Iterator[NameChange]:
    """The others look up those who move; these look up the others, and each other."""
    if not is_user_defined(network):
        return
    others = find_member_ids(snapshot, network.id) - own
    each_other = own if len(own) > 1 else set()
    for who, whom in ((others, own), (own, others | each_other)):
        names = [name for found in whom for name in _read_names(snapshot, network, found)]
        if who and names:
            listed = Names(len(names), tuple(sorted(names)[:SHOWN]))
            yield NameChange(is_gain, network.name, make_names(snapshot, who), listed)


def _read_names(snapshot: Snapshot, network: Network, container_id: str) -> tuple[str, ...]:
    container = snapshot.containers_by_id[container_id]
    endpoint = pick_endpoint(container, network.id, network.name)
    return list_dns_names(container, endpoint, network) if endpoint is not None else ()


def _list_networks(snapshot: Snapshot, network_ids: Iterable[str]) -> list[Network]:
    found = [snapshot.networks_by_id[i] for i in network_ids if i in snapshot.networks_by_id]
    return sorted(found, key=lambda network: (network.name, network.id))
