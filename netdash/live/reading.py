"""Read after events: one list of the networks, one of the touched containers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netdash.engine.client import EngineClient
from netdash.engine.errors import speaking
from netdash.engine.joining import join
from netdash.engine.reader import (
    parse_listing,
    parse_network,
    take_containers,
    take_listing,
)
from netdash.live.refresh import carry_details
from netdash.topology.snapshot import Container, EngineFacts, Network, Snapshot

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: all of it, or the networks and some containers.

    ``container_ids`` None means all; those named and not found are gone.
    """

    networks: tuple[Network, ...]
    containers: tuple[Container, ...]
    raw_networks: tuple[Raw, ...]
    container_ids: frozenset[str] | None
    begun_at: float

    def put_on(self, base: Snapshot, facts: EngineFacts) -> Snapshot:
        """Replace what was read in an earlier snapshot; known details are carried over."""
        kept: Iterable[Container] = ()
        if self.container_ids is not None:
            kept = (one for one in base.containers if one.id not in self.container_ids)
        return carry_details(join(self.networks, (*kept, *self.containers), facts), base)


def read_all(client: EngineClient, facts: EngineFacts, begun_at: float) -> Reading:
    """Read everything: two calls."""
    listing = take_listing(client)
    snapshot = parse_listing(listing, facts)
    return Reading(snapshot.networks, snapshot.containers, listing.networks, None, begun_at)


def read_touched(
    client: EngineClient, base: Snapshot, ids: Collection[str], begun_at: float
) -> Reading:
    """Read the networks, and these containers with those that a network's coming or going moves.

    Two calls; one when no container is concerned.
    """
    with speaking(client):
        raw_networks = tuple(client.networks())
    networks = tuple(parse_network(found) for found in raw_networks)
    wanted = frozenset(ids) | find_moved(base, networks)
    containers = take_containers(client, wanted)
    return Reading(networks, containers, raw_networks, wanted, begun_at)


def find_moved(base: Snapshot, networks: Iterable[Network]) -> frozenset[str]:
    """Find the containers on networks that came or went, by id or by name."""
    now = {network.id: network.name for network in networks}
    before = {network.id: network.name for network in base.networks}
    differing = now.items() ^ before.items()
    words = {word for pair in differing for word in pair}
    return frozenset(
        container.id
        for container in base.containers
        for endpoint in container.endpoints
        if words and (endpoint.network_id in words or endpoint.network_name in words)
    )
