"""A snapshot with what analysis says of it, each worked out once and only when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from netdash.drawing.glyphs import find_glyph
from netdash.topology.segments import find_cut_points
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot
from netdash.topology.tiers import Tier, find_tiers

from .facts import Neighbour, NetworkTag

MOST_READINGS = 4


@dataclass(frozen=True)
class Reading:
    """One snapshot and its analysis."""

    snapshot: Snapshot

    @cached_property
    def tiers_by_network_id(self) -> Mapping[str, Tier]:
        """Map each network's id to its tier."""
        return find_tiers(self.snapshot)

    @cached_property
    def cut_point_ids(self) -> frozenset[str]:
        """Hold the ids of the containers without which a segment falls apart."""
        return frozenset(container.id for container in find_cut_points(self.snapshot))

    @cached_property
    def repeated_names(self) -> frozenset[str]:
        """Hold the names that several networks have."""
        counts = Counter(network.name for network in self.snapshot.networks)
        return frozenset(name for name, count in counts.items() if count > 1)

    def tag_network(self, network: Network) -> NetworkTag:
        """Name a network in its colour."""
        return NetworkTag(network.id, network.name, self.tiers_by_network_id[network.id].role)

    def tag_endpoint(self, endpoint: Endpoint) -> NetworkTag:
        """Name the network of an endpoint in its colour; one that is gone keeps its name."""
        network = self.snapshot.networks_by_id.get(endpoint.network_id)
        if network is None:
            return NetworkTag(endpoint.network_id, endpoint.network_name, "neutral", is_gone=True)
        return self.tag_network(network)

    def name_container(self, container: Container) -> Neighbour:
        """Name a container with its state."""
        return Neighbour(container.id, container.name, find_glyph(container))


_readings: dict[int, Reading] = {}


def read(snapshot: Snapshot) -> Reading:
    """Give the analysis of a snapshot; the same snapshot gets the same one again.

    The store gives one object per version, so identity is enough (hashing a snapshot of 2,000
    containers is dearer than its analysis).
    """
    found = _readings.get(id(snapshot))
    if found is None:
        found = Reading(snapshot)
        while len(_readings) >= MOST_READINGS:
            _readings.pop(next(iter(_readings), 0), None)
        _readings[id(snapshot)] = found
    return found
