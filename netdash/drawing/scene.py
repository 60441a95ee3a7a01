"""What the panels of one board have in common: who touches which network, and its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netdash.drawing.groups import Group
from netdash.drawing.households import STANDALONE
from netdash.drawing.shapes import Grouping
from netdash.drawing.words import clean
from netdash.topology.graph import find_silent_networks
from netdash.topology.segments import find_cut_points
from netdash.topology.snapshot import Container, Network, Snapshot
from netdash.topology.tiers import Tier, find_short_name

NO_NETWORK = Network(id="", name="no network", driver="null")
GONE = "gone"
"""The driver shown for a network that endpoints name and the engine no longer lists."""
DRIVERS = {GONE: "gone", "host": "host stack", "null": "no network"}


@dataclass(frozen=True, slots=True)
class Scene:
    """The facts that all panels draw from."""

    snapshot: Snapshot
    tiers: Mapping[str, Tier]
    networks_by_id: Mapping[str, Network]
    """With those that are gone, and the place of containers on none."""
    keys_by_network_id: Mapping[str, str]
    """What a plan remembers a network by: its name, or its id where names repeat."""
    network_ids_by_container_id: Mapping[str, tuple[str, ...]]
    """Never empty: containers on no network stand on ``none``."""
    touched: Mapping[str, frozenset[str]]
    """The networks in each panel, by its key."""
    uses: Mapping[str, int]
    """In how many panels a network is."""
    silent_ids: frozenset[str]
    cut_ids: frozenset[str]
    short_names: Mapping[str, str]
    """By network id: without the prefix of its project."""
    ambiguous_ids: frozenset[str]
    """The networks whose name is another's too but for the project."""

    def is_shared(self, network_id: str) -> bool:
        """Tell whether the network joins panels."""
        return self.uses.get(network_id, 0) > 1

    def is_ambiguous(self, network_id: str) -> bool:
        """Tell whether another network has the same name but for its project."""
        return network_id in self.ambiguous_ids


def build_scene(snapshot: Snapshot, tiers: Mapping[str, Tier], groups: Sequence[Group]) -> Scene:
    """Gather the facts."""
    silent = find_silent_networks(snapshot)
    networks = find_networks(snapshot)
    nowhere = min((n.id for n in snapshot.networks if n.driver == "null"), default="")
    network_ids = {
        container.id: find_network_ids(container) or (nowhere,) for container in snapshot.containers
    }
    touched = {group.key: find_touched(snapshot, group, network_ids) for group in groups}
    nobody = silent | {""}
    names = Counter(network.name for network in networks.values())
    shorts = {key: find_short_name(network) for key, network in networks.items()}
    counts = Counter(shorts.values())
    return Scene(
        snapshot=snapshot,
        tiers=tiers,
        networks_by_id=networks,
        keys_by_network_id={
            key: n.name if names[n.name] == 1 else f"{n.name}#{key}" for key, n in networks.items()
        },
        network_ids_by_container_id=network_ids,
        touched=touched,
        uses=Counter(key for keys in touched.values() for key in keys if key not in nobody),
        silent_ids=nobody,
        cut_ids=frozenset(container.id for container in find_cut_points(snapshot)),
        short_names=shorts,
        ambiguous_ids=frozenset(key for key, short in shorts.items() if counts[short] > 1),
    )


def order_groups(scene: Scene, groups: tuple[Group, ...], grouping: Grouping) -> tuple[Group, ...]:
    """Put the homes of shared networks first and what belongs nowhere last."""

    def rank(group: Group) -> int:
        if group.key.partition("--")[0] == STANDALONE:
            return 2
        return not any(scene.is_shared(network_id) for network_id in group.network_ids)

    return tuple(sorted(groups, key=rank)) if grouping == "project" else groups


def find_networks(snapshot: Snapshot) -> dict[str, Network]:
    """Map ids to networks, with stand-ins for those that are gone and for no network."""
    networks = {"": NO_NETWORK, **snapshot.networks_by_id}
    for container in snapshot.containers:
        for endpoint in container.endpoints:
            if endpoint.network_id not in networks:
                name = endpoint.network_name or endpoint.network_id[:12]
                networks[endpoint.network_id] = Network(endpoint.network_id, name, driver=GONE)
    return networks


def find_network_ids(container: Container) -> tuple[str, ...]:
    """Name the networks that a container stands on, each once."""
    if len(container.endpoints) == 1:
        return (container.endpoints[0].network_id,)
    return tuple(dict.fromkeys([e.network_id for e in container.endpoints]))


def find_touched(
    snapshot: Snapshot, group: Group, network_ids_by_container_id: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    """Name the networks in a group's panel; companions are drawn on their owners' cards."""
    own_ids = {container.id for container in group.containers}
    sharers = snapshot.sharers_by_owner_id
    for key in own_ids & sharers.keys():
        own_ids.difference_update([container.id for container in sharers[key]])
    return frozenset(group.network_ids).union(
        *[network_ids_by_container_id[key] for key in own_ids]
    )


def describe_network(network: Network) -> str:
    """Say a network's driver in a word or two."""
    return DRIVERS.get(network.driver) or clean(network.driver)
