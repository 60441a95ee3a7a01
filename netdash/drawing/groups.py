"""Who is drawn with whom: containers and networks sorted into panels."""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from netdash.drawing.shapes import Grouping
from netdash.drawing.sizes import MAX_ITEMS, MAX_LANES
from netdash.topology.communities import find_communities
from netdash.topology.graph import find_silent_networks
from netdash.topology.snapshot import Container, Network, Snapshot
from netdash.topology.tiers import Tier

STANDALONE = "standalone"
TIER_TITLES = {
    "edge": "Edge",
    "frontend": "Frontend",
    "backend": "Backend",
    "data": "Data",
    "queue": "Queues",
    "admin": "Administration",
    "observability": "Observability",
    "other": "Other networks",
}


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


@dataclass(frozen=True, slots=True)
class Household:
    """A name for a group before it is split into panels."""

    rank: int
    key: str
    title: str
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """Which panel everybody was drawn in before, by name."""

    panels_by_container: Mapping[str, str]
    panels_by_network: Mapping[str, str]
    """By name, or ``name#id`` where names repeat."""

    def find_home(self, network: Network) -> str:
        """Find the key of the panel that a network was at home in, or nothing."""
        found = self.panels_by_network.get(f"{network.name}#{network.id}")
        return found or self.panels_by_network.get(network.name, "")


FRESH = Memory({}, {})
LAST = Household(9, STANDALONE, STANDALONE, "")
WHOLE = Household(0, "everything", "Everything")


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
            groups += split(home, members[home], owned[home], memory.panels_by_container)
    return tuple(groups)


def find_households(snapshot: Snapshot, grouping: Grouping, memory: Memory) -> dict[str, Household]:
    """Map each container's id to its household."""
    if grouping == "none":
        return {container.id: WHOLE for container in snapshot.containers}
    found = find_projects(snapshot)
    found |= find_unlabelled(snapshot, found, memory.panels_by_container)
    return follow_owners(snapshot, found)


def follow_owners(snapshot: Snapshot, found: dict[str, Household]) -> dict[str, Household]:
    """Put the containers of one network stack together."""
    for container in snapshot.containers:
        if container.is_sharing and container.owner_id in found:
            found[container.id] = found[container.owner_id]
    return found


def find_tops(snapshot: Snapshot, homes: Mapping[str, Household]) -> dict[str, Household]:
    """Map each container's id to the topmost tier that it stands on."""
    return {
        container.id: min(
            (homes[e.network_id] for e in container.endpoints if e.network_id in homes),
            key=lambda home: home.rank,
            default=LAST,
        )
        for container in snapshot.containers
    }


def find_tier_home(network: Network, tiers: Mapping[str, Tier], memory: Memory) -> Household:
    """Find the household of a network's tier, the one it was drawn in before."""
    name = memory.find_home(network).partition("--")[0].removeprefix("tier-")
    name = name if name in TIER_TITLES else tiers[network.id].name
    return Household([*TIER_TITLES].index(name), f"tier-{name}", TIER_TITLES[name])


def find_projects(snapshot: Snapshot) -> dict[str, Household]:
    """Map containers to their project, or to the project of their first labelled network."""
    found = {}
    for container in snapshot.containers:
        project = container.project
        for endpoint in container.endpoints if not project else ():
            network = snapshot.networks_by_id.get(endpoint.network_id)
            if network and (project := network.project):
                break
        if project:
            found[container.id] = build_project_household(project)
    return found


@lru_cache(maxsize=2048)
def build_project_household(project: str) -> Household:
    """Name the household of a Compose project or stack."""
    return Household(1, make_key(project), project, project)


def find_unlabelled(
    snapshot: Snapshot, labelled: Mapping[str, Household], remembered: Mapping[str, str]
) -> dict[str, Household]:
    """Map the containers without a project to communities; loners and the rest go last.

    A network keeps the community of the containers that were drawn before.
    """
    built_in = {n.id for n in snapshot.networks if n.is_built_in} | find_silent_networks(snapshot)
    rest = {
        c.id: tuple(e.network_id for e in c.endpoints if e.network_id not in built_in)
        for c in snapshot.containers
        if c.id not in labelled
    }
    found = dict.fromkeys(rest, LAST)
    known: dict[str, Household] = {}
    for container in snapshot.containers:
        key = remembered.get(container.name, "").split("--")[0]
        if container.id in rest and (key.startswith("around-") or key == STANDALONE):
            home = LAST if key == STANDALONE else Household(2, key, read_title(key))
            found[container.id] = home
            known |= {n: home for n in rest[container.id] if n not in known}
    new = {key: networks for key, networks in rest.items() if found[key] == LAST}
    new = {
        key: networks
        for key, networks in new.items()
        if remembered.get(snapshot.containers_by_id[key].name, "") != STANDALONE
    }
    for container_id, network_ids in sorted(new.items()):
        homes = [known[n] for n in network_ids if n in known]
        if homes:
            found[container_id] = homes[0]
    strangers = {k: v for k, v in new.items() if not any(n in known for n in v)}
    for community in find_communities(strangers):
        if len(community) > 1:
            home = name_community(snapshot, community, strangers)
            found |= dict.fromkeys(community, home)
    return found


def name_community(
    snapshot: Snapshot, community: Iterable[str], networks: Mapping[str, tuple[str, ...]]
) -> Household:
    """Name a community after the network that most of it stands on."""
    counts = Counter(network_id for key in community for network_id in networks[key])
    names = {key: find_name(snapshot, key) for key in counts}
    best = min(counts, key=lambda key: (-counts[key], names[key], key))
    return Household(2, f"around-{make_key(names[best])}", clip_title(names[best]))


def read_title(key: str) -> str:
    """Give a remembered community the title that it was drawn with, as far as keys keep it."""
    return key.removeprefix("around-")


def clip_title(name: str) -> str:
    """Make a title that a key can keep."""
    return make_key(name)


def find_name(snapshot: Snapshot, network_id: str) -> str:
    """Find a network's name, also that of one which is gone."""
    network = snapshot.networks_by_id.get(network_id)
    return network.name if network else network_id[:12]


def find_homes(
    snapshot: Snapshot, grouping: Grouping, households: Mapping[str, Household], memory: Memory
) -> dict[str, Household]:
    """Map each network's id to the household that it is at home in.

    That of its project where somebody lives, else where it was, else the one that most of its
    containers are in.
    """
    inhabited = {home.key: home for home in households.values()}
    homes = {}
    for network in snapshot.networks:
        members = Counter(
            households[container.id]
            for container, _ in snapshot.members_by_network_id.get(network.id, ())
        )
        before = inhabited.get(memory.find_home(network).partition("--")[0])
        homes[network.id] = choose_home(network, grouping, members, inhabited, before)
    return homes


def choose_home(
    network: Network,
    grouping: Grouping,
    members: Mapping[Household, int],
    inhabited: Mapping[str, Household],
    before: Household | None,
) -> Household:
    """Choose where one network is at home."""
    if grouping == "none":
        return WHOLE
    own = build_project_household(network.project) if network.project else None
    if own and (own.key in inhabited or not members):
        return own
    if before or not members:
        return before or LAST
    return min(members, key=lambda found: (-members[found], found.rank, found.title, found.key))


def split(
    household: Household,
    containers: list[Container],
    owned: list[str],
    remembered: Mapping[str, str],
) -> list[Group]:
    """Split a household that is too large for one panel; parts keep their remembered members."""
    parts = find_parts(household, containers, owned, remembered)
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


Parts = dict[int, tuple[list[Container], list[str]]]


def find_parts(
    household: Household,
    containers: list[Container],
    owned: list[str],
    remembered: Mapping[str, str],
) -> Parts:
    """Number the parts of a household; a single part where the cap is kept."""
    before = {
        c.id: int(key[len(household.key) + 2 :] or 1)
        for c in containers
        if re.fullmatch(
            re.escape(household.key) + r"(--[0-9]{1,3})?", key := remembered.get(c.name, "")
        )
    }
    numbers = {key: number - 1 for key, number in before.items()}
    fits = len(containers) <= MAX_ITEMS and len(owned) <= MAX_LANES
    slack = len(containers) <= MAX_ITEMS * 1.1 and len(owned) <= MAX_LANES + 2
    if (fits or (slack and numbers)) and not any(numbers.values()):
        return {0: (containers, owned)}
    if not numbers:
        numbers = number_parts(containers, set(owned))
    return fill_parts(containers, owned, numbers)


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


def make_key(name: str) -> str:
    """Make a key of a name: safe in ids and addresses, one to one for all practical names."""
    key = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-")[:40]
    if (
        key == name
        and "--" not in key
        and key not in (STANDALONE, WHOLE.key)
        and not (key.startswith(("around-", "tier-")))
    ):
        return key
    return f"{key.replace('--', '-') or 'x'}-{zlib.crc32(name.encode('utf-8', 'replace')):08x}"
