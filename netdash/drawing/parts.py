"""How a household that is too large for one panel is cut into parts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from netdash.drawing.households import Household
from netdash.drawing.sizes import MAX_ITEMS, MAX_LANES
from netdash.topology.communities import find_communities
from netdash.topology.snapshot import Container

Parts = dict[int, tuple[list[Container], list[str]]]


def find_parts(
    household: Household,
    containers: list[Container],
    owned: list[str],
    remembered: Mapping[str, str],
    homes: Mapping[str, str],
) -> Parts:
    """Number the parts of a household; a single part where the cap is kept.

    Who was in which panel before is remembered by the names of containers and by the ids of
    networks.
    """
    panels = {c.id: remembered.get(c.name, "") for c in containers} if remembered else {}
    numbers = read_numbers(household, panels)
    fits = len(containers) <= MAX_ITEMS and len(owned) <= MAX_LANES
    slack = len(containers) <= MAX_ITEMS * 1.1 and len(owned) <= MAX_LANES + 2
    if (fits or (slack and numbers)) and not any(numbers.values()):
        return {0: (containers, owned)}
    if not numbers:
        numbers = number_parts(containers, set(owned))
    return fill_parts(containers, owned, numbers, read_numbers(household, homes))


def read_numbers(household: Household, panels: Mapping[str, str]) -> dict[str, int]:
    """Read the number of the part that each thing was in from the key of its panel."""
    pattern = re.compile(re.escape(household.key) + r"(--[0-9]{1,3})?")
    return {
        id_: int(key[len(household.key) + 2 :] or 1) - 1
        for id_, key in panels.items()
        if pattern.fullmatch(key)
    }


def number_parts(containers: list[Container], owned: set[str]) -> dict[str, int]:
    """Number the parts of a household afresh: communities, packed up to the cap."""
    networks = {
        c.id: tuple(e.network_id for e in c.endpoints if e.network_id in owned) for c in containers
    }
    communities = [sorted(found) for found in find_communities(networks, MAX_ITEMS)]
    placed = {key for found in communities for key in found}
    communities.append([c.id for c in containers if c.id not in placed])
    numbers: dict[str, int] = {}
    loads: list[tuple[int, set[str]]] = []
    for found in (part for community in communities for part in halve(community, networks)):
        touched = {key for container_id in found for key in networks[container_id]}
        number = next(
            (
                n
                for n, (count, lanes) in enumerate(loads)
                if count + len(found) <= MAX_ITEMS and len(lanes | touched) <= MAX_LANES
            ),
            len(loads),
        )
        if number == len(loads):
            loads.append((0, set()))
        loads[number] = (loads[number][0] + len(found), loads[number][1] | touched)
        numbers |= dict.fromkeys(found, number)
    return numbers


def halve(community: list[str], networks: Mapping[str, tuple[str, ...]]) -> Iterable[list[str]]:
    """Cut a community that is still too large into runs that keep the cap."""
    run: list[str] = []
    lanes: set[str] = set()
    for container_id in sorted(community, key=lambda key: (networks[key], key)):
        touched = lanes | set(networks[container_id])
        if run and (len(run) == MAX_ITEMS or len(touched) > MAX_LANES):
            yield run
            run, touched = [], set(networks[container_id])
        run.append(container_id)
        lanes = touched
    if run:
        yield run


def fill_parts(
    containers: list[Container], owned: list[str], numbers: dict[str, int], homes: dict[str, int]
) -> Parts:
    """Give each part its containers and networks; newcomers go where their networks are.

    A network is with most of its containers; one that has none stays where it was.
    """
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    for container in containers:
        if container.id in numbers:
            vote(container, numbers[container.id], votes)
    counts = Counter(numbers.values())
    parts: Parts = {}
    for container in containers:
        number = numbers.get(container.id)
        if number is None:
            number = place_newcomer(container, votes, counts, homes)
            counts[number] += 1
            vote(container, number, votes)
        parts.setdefault(number, ([], []))[0].append(container)
    parts |= {number: ([], []) for number in homes.values() if number not in parts}
    for network_id in owned:
        number = choose_part(network_id, votes, parts, homes)
        parts.setdefault(number, ([], []))[1].append(network_id)
    return {number: part for number, part in parts.items() if any(part)}


def vote(container: Container, number: int, votes: dict[str, Counter[int]]) -> None:
    """Count a container for its part on each of its networks."""
    for endpoint in container.endpoints:
        votes[endpoint.network_id][number] += 1


def choose_part(
    network_id: str, votes: Mapping[str, Counter[int]], parts: Parts, homes: Mapping[str, int]
) -> int:
    """Choose the part that a network is at home in: an empty new one fills up what has room."""
    if found := votes.get(network_id):
        return min(found, key=lambda n: (-found[n], n))
    if network_id in homes:
        return homes[network_id]
    roomy = (n for n in sorted(parts) if len(parts[n][1]) < MAX_LANES)
    return next(roomy, max(parts, default=-1) + 1)


def place_newcomer(
    container: Container,
    votes: Mapping[str, Counter[int]],
    counts: Counter[int],
    homes: Mapping[str, int],
) -> int:
    """Choose the part of a new container: with its networks, unless that part is overfull."""
    wanted: Counter[int] = Counter()
    for endpoint in container.endpoints:
        network_id = endpoint.network_id
        alone = [homes[network_id]] if network_id in homes else []
        wanted.update(votes.get(network_id) or alone)
    roomy = [n for n in {*counts, *wanted} if counts[n] < MAX_ITEMS * 1.1]
    if not roomy:
        return max(counts, default=-1) + 1
    return min(roomy, key=lambda n: (-wanted[n], n))
