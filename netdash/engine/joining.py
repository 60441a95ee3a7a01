"""Join networks and containers into one snapshot: find what an engine names only by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from netdash.topology.snapshot import Container, Endpoint, EngineFacts, Network, Snapshot

SHORTEST_ID = 12
DEFAULT_BRIDGE = "bridge"


class Named(Protocol):
    """A network or a container."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102


def join(
    networks: Iterable[Network], containers: Iterable[Container], facts: EngineFacts
) -> Snapshot:
    """Sort both, and find the networks and owners that containers name by name alone.

    A container that never started, and one connected while stopped, has its endpoints with
    an empty network id. Where two networks have the name (20.10), it stays empty. The engine
    makes its default bridge anew at each start: a container that was stopped then keeps the
    old id, and starts on the new one.
    """
    networks = tuple(sorted(networks, key=lambda network: (network.name, network.id)))
    containers = tuple(sorted(containers, key=lambda container: (container.name, container.id)))
    network_ids = index(networks)
    names = {network.id: network.name for network in networks}
    container_ids = index(containers) if any(one.is_sharing for one in containers) else {}
    return Snapshot(
        networks,
        tuple(join_container(one, network_ids, names, container_ids) for one in containers),
        facts,
    )


def join_container(
    container: Container,
    network_ids: Mapping[str, str],
    names: Mapping[str, str],
    container_ids: Mapping[str, str],
) -> Container:
    """Complete one container's endpoints and the owner of its network stack."""
    if container.is_sharing:
        owner_id = find_id(container.owner_id, container_ids)
        return replace(container, network_mode=f"container:{owner_id}")
    if not any(needs_name(endpoint, names) for endpoint in container.endpoints):
        return container
    endpoints = [join_endpoint(one, network_ids, names) for one in container.endpoints]
    return replace(container, endpoints=tuple(sorted(endpoints, key=order_endpoint)))


def needs_name(endpoint: Endpoint, names: Mapping[str, str]) -> bool:
    """Tell whether the network is to be found by name, since there is no id that still counts."""
    if endpoint.network_name == DEFAULT_BRIDGE and not endpoint.is_live:
        return endpoint.network_id not in names
    return not endpoint.network_id


def order_endpoint(endpoint: Endpoint) -> tuple[str, str]:
    """Give the sort key of an endpoint."""
    return (endpoint.network_name, endpoint.network_id)


def join_endpoint(
    endpoint: Endpoint, network_ids: Mapping[str, str], names: Mapping[str, str]
) -> Endpoint:
    """Find the network of an endpoint that has only its name (or an id in its place)."""
    if not needs_name(endpoint, names):
        return endpoint
    found = find_id(endpoint.network_name, network_ids)
    if found not in names:
        return endpoint
    return replace(endpoint, network_id=found, network_name=names[found])


def index(things: Iterable[Named]) -> dict[str, str]:
    """Map names that are borne once, and ids, to ids; a name goes before an id."""
    ids: dict[str, str] = {}
    twice: set[str] = set()
    listed = tuple(things)
    for thing in listed:
        if thing.name in ids:
            twice.add(thing.name)
        ids[thing.name] = thing.id
    for name in twice:
        del ids[name]
    return {thing.id: thing.id for thing in listed} | ids


def find_id(word: str, ids: Mapping[str, str]) -> str:
    """Find what a user's word means: a name, an id, or the beginning of one id."""
    if word in ids:
        return ids[word]
    if len(word) < SHORTEST_ID:
        return word
    found = {full for full in ids.values() if full.startswith(word)}
    return found.pop() if len(found) == 1 else word
