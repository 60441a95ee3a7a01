"""Who is drawn with whom: containers and networks sorted into panels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from netdash.drawing.households import (
    FRESH,
    LAST,
    WHOLE,
    Household,
    Memory,
    build_project_household,
    find_households,
    find_tier_home,
    find_tops,
    follow_owners,
)
from netdash.drawing.parts import find_parts
from netdash.drawing.shapes import Grouping
from netdash.topology.snapshot import Container, Network, Snapshot
from netdash.topology.tiers import Tier


@dataclass(frozen=True, slots=True)
class Group:
    """One panel's containers, and the networks that are at home in it."""

    key: str
    title: str
    project: str | None
    """The Compose project it is a part of; None where it is none."""
    containers: tuple[Container, ...]
    network_ids: tuple[str, ...]
    """At home here, members or not; containers may stand on others too."""


def find_groups(
    snapshot: Snapshot,
    tiers: Mapping[str, Tier],
    grouping: Grouping,
    memory: Memory = FRESH,
) -> tuple[Group, ...]:
    """Sort containers and networks into groups of at most 12 networks or 200 containers.

    Where only the shape of the topology decides, whoever was together stays together.
    """
    if grouping == "tier":
        homes = {n.id: find_tier_home(n, tiers, memory) for n in snapshot.networks}
        households = follow_owners(snapshot, find_tops(snapshot, homes))
    else:
        households = find_households(snapshot, grouping, memory)
        homes = find_homes(snapshot, grouping, households, memory)
    members: dict[Household, list[Container]] = {home: [] for home in homes.values()}
    for container in snapshot.containers:
        members.setdefault(households[container.id], []).append(container)
    owned: dict[Household, list[str]] = defaultdict(list)
    for network in snapshot.networks:
        if network.id in homes and not (
            network.is_built_in and not snapshot.members_by_network_id[network.id]
        ):
            owned[homes[network.id]].append(network.id)
    groups: list[Group] = []
    for home in sorted(members, key=lambda found: (found.rank, found.title, found.key)):
        if members[home] or owned[home]:
            before = {key: memory.find_home(snapshot.networks_by_id[key]) for key in owned[home]}
            groups += split(home, members[home], owned[home], memory.panels_by_container, before)
    return tuple(groups)


def find_homes(
    snapshot: Snapshot, grouping: Grouping, households: Mapping[str, Household], memory: Memory
) -> dict[str, Household]:
    """Map each network's id to the household that it is at home in.

    That of its project where somebody lives, else where it was, else the one that most of its
    containers are in.
    """
    inhabited = {home.key: home for home in households.values()}
    projects = {network.project for network in snapshot.networks} - {""}
    owners = [build_project_household(project) for project in projects]
    known = {home.key: home for home in owners} | inhabited
    homes = {}
    for network in snapshot.networks:
        before = known.get(memory.find_home(network).partition("--")[0])
        found = find_own_home(network, grouping, inhabited)
        homes[network.id] = found or choose_home(snapshot, network, households, before)
    return homes


def find_own_home(
    network: Network, grouping: Grouping, inhabited: Mapping[str, Household]
) -> Household | None:
    """Find the household of a network's own project, unless nobody lives there."""
    if grouping == "none":
        return WHOLE
    project = network.project
    own = build_project_household(project) if project else None
    return own if own and own.key in inhabited else None


def choose_home(
    snapshot: Snapshot,
    network: Network,
    households: Mapping[str, Household],
    before: Household | None,
) -> Household:
    """Choose where a network is at home that has no project, or one where nobody lives."""
    members = Counter(
        [households[c.id] for c, _ in snapshot.members_by_network_id.get(network.id, ())]
    )
    if before or not members:
        own = build_project_household(network.project) if network.project else None
        return before or own or LAST
    return min(members, key=lambda found: (-members[found], found.rank, found.title, found.key))


def split(
    household: Household,
    containers: list[Container],
    owned: list[str],
    remembered: Mapping[str, str],
    homes: Mapping[str, str],
) -> list[Group]:
    """Split a household that is too large for one panel; parts keep their remembered members."""
    parts = find_parts(household, containers, owned, remembered, homes)
    title = household.title
    return [
        Group(
            key=household.key if number == 0 else f"{household.key}--{number + 1}",
            title=title if len(parts) == 1 else f"{title} ({position} of {len(parts)})",
            project=household.project,
            containers=tuple(parts[number][0]),
            network_ids=tuple(sorted(parts[number][1])),
        )
        for position, number in enumerate(sorted(parts), 1)
    ]
