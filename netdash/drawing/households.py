"""Who belongs together, before anything is cut to the size of a panel."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from netdash.drawing.shapes import Grouping
from netdash.topology.communities import find_communities
from netdash.topology.graph import find_silent_networks
from netdash.topology.snapshot import Network, Snapshot
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


class Household(NamedTuple):
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


def find_households(snapshot: Snapshot, grouping: Grouping, memory: Memory) -> dict[str, Household]:
    """Map each container's id to its household."""
    if grouping == "none":
        return {container.id: WHOLE for container in snapshot.containers}
    found = find_projects(snapshot)
    found |= find_unlabelled(snapshot, found, memory.panels_by_container)
    return follow_owners(snapshot, found)


def follow_owners(snapshot: Snapshot, found: dict[str, Household]) -> dict[str, Household]:
    """Put the containers of one network stack together."""
    for container in snapshot.containers if snapshot.sharers_by_owner_id else ():
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
    for container in snapshot.containers if remembered else ():
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
    key = f"around-{make_key(names[best])}"
    return Household(2, key, read_title(key))


def read_title(key: str) -> str:
    """Give the title of a community: not its network's name alone, for not all are on it."""
    return f"around {key.removeprefix('around-')}"


def find_name(snapshot: Snapshot, network_id: str) -> str:
    """Find a network's name, also that of one which is gone."""
    network = snapshot.networks_by_id.get(network_id)
    return network.name if network else network_id[:12]


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
