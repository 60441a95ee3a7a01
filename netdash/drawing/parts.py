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
) -> Parts:
    """Number the parts of a household; a single part where the cap is kept."""
    numbers = read_numbers(household, containers, remembered) if remembered else {}
    fits = len(containers) <= MAX_ITEMS and len(owned) <= MAX_LANES
    slack = len(containers) <= MAX_ITEMS * 1.1 and len(owned) <= MAX_LANES + 2
    if (fits or (slack and numbers)) and not any(numbers.values()):
        return {0: (containers, owned)}
    if not numbers:
        numbers = number_parts(containers, set(owned))
    return fill_parts(containers, owned, numbers)


def read_numbers(
    household: Household, containers: list[Container], remembered: Mapping[str, str]
) -> dict[str, int]:
    """Read the number of the part that each container was in from the key of its panel."""
    pattern = re.compile(re.escape(household.key) + r"(--[0-9]{1,3})?")
    return {
        c.id: int(key[len(household.key) + 2 :] or 1) - 1
        for c in containers
        if pattern.fullmatch(key := remembered.get(c.name, ""))
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


def fill_parts(containers: list[Container], owned: list[str], numbers: dict[str, int]) -> Parts:
    """Give each part its containers and networks; newcomers go where their networks are."""
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    for container in containers:
        for endpoint in container.endpoints:
            if container.id in numbers:
                votes[endpoint.network_id][numbers[container.id]] += 1
    counts = Counter(numbers.values())
    parts: Parts = {}
    for container in containers:
        number = numbers.get(container.id)
        if number is None:
            number = place_newcomer(container, votes, counts)
            counts[number] += 1
        parts.setdefault(number, ([], []))[0].append(container)
    empty = min(parts, default=0)
    for network_id in owned:
        number = min(votes[network_id], key=lambda n: (-votes[network_id][n], n), default=empty)
        if network_id not in votes or not votes[network_id]:
            number = next(
                (n for n in sorted(parts) if len(parts[n][1]) < MAX_LANES),
                max(parts, default=-1) + 1,
            )
        parts.setdefault(number, ([], []))[1].append(network_id)
    return parts


def place_newcomer(
    container: Container, votes: Mapping[str, Counter[int]], counts: Counter[int]
) -> int:
    """Choose the part of a new container: with its networks, unless that part is overfull."""
    wanted: Counter[int] = Counter()
    for endpoint in container.endpoints:
        wanted.update(votes.get(endpoint.network_id, Counter()))
    roomy = [n for n in counts if counts[n] < MAX_ITEMS * 1.1]
    if not roomy:
        return max(counts, default=-1) + 1
    return min(roomy, key=lambda n: (-wanted[n], n))
