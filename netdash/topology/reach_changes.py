"""What a change gives and takes: reach and default routes, computed by difference.

Only the networks of the containers that change are looked at, and containers that change alike
are looked at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from netdash.topology.meetings import sum_up_meetings
from netdash.topology.reach_words import SHOWN, Names, ReachChange, RouteChange
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
    """List gains and losses of reach, losses first, the largest first."""
    groups = group_touched(before, after, touched)
    found = [*_compare_networks(before, after, groups)]
    for group in groups:
        found += _compare_machine(before, after, group)
    found = [*_merge_published(found)]
    found += _compare_entrances(before, groups)
    return tuple(sorted(found, key=lambda change: (change.is_gain, -change.whom.total)))


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


def group_touched(before: Snapshot, after: Snapshot, touched: Iterable[Container]) -> list[Group]:
    """Group containers that are on the same networks before, and on the same ones after."""
    members: dict[tuple[frozenset[str], frozenset[str]], list[Container]] = {}
    for container in touched:
        old = find_network_ids(before, before.containers_by_id[container.id])
        members.setdefault((old, find_network_ids(after, container)), []).append(container)
    return [Group(tuple(found), old, new) for (old, new), found in members.items()]


def find_moved(groups: Iterable[Group], is_gain: bool) -> dict[str, set[str]]:
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
    for is_gain, snapshot, other in ((False, before, after), (True, after, before)):
        members = {i: find_member_ids(snapshot, i) for i in find_moved(groups, is_gain)}
        for network in list_networks(snapshot, members):
            if not is_open(network):
                continue
            met = [
                (frozenset(found.id for found in group.members), frozenset(whom))
                for group in groups
                if (whom := _meet(other, network, group, members[network.id], is_gain))
            ]
            for one in sum_up_meetings(met):
                names = make_names(snapshot, one.who), make_names(snapshot, one.whom)
                yield ReachChange(
                    is_gain, "network", *names, network.name, is_partial=one.is_partial
                )


def _meet(
    other: Snapshot, network: Network, group: Group, members: set[str], is_gain: bool
) -> set[str]:
    """List whom a group reaches through a network on one side of a change and not on the other."""
    here, there = (group.after, group.before) if is_gain else (group.before, group.after)
    if network.id not in here or network.id in there:
        return set()
    met = members - find_peer_ids(other, there)
    return met - {group.members[0].id} if len(group.members) == 1 else met


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


def list_networks(snapshot: Snapshot, network_ids: Iterable[str]) -> list[Network]:
    """List those of the networks that exist, in name order."""
    found = [snapshot.networks_by_id[i] for i in network_ids if i in snapshot.networks_by_id]
    return sorted(found, key=lambda network: (network.name, network.id))
