"""What was changed between two readings, as the changes that would have done it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from netdash.topology.changes import (
    Change,
    ConnectContainer,
    DisconnectContainer,
    RemoveNetwork,
)
from netdash.topology.inverses import read_creation, read_settings
from netdash.topology.snapshot import Container, Endpoint, Snapshot


@dataclass(frozen=True, slots=True)
class Difference:
    """A change that was seen, with the ids the engine chose for what it made."""

    change: Change
    network_id: str = ""
    endpoint_id: str = ""


def compare(before: Snapshot, after: Snapshot) -> tuple[Difference, ...]:
    """List the changes of networks and connections, in an order that could have happened.

    Disconnects, removals, creations, connects. A run or a removal, a start or a stop is no
    change of a network; what a new container joined besides the network that it was run on is.
    A new fixed address is a disconnect and a connect.
    """
    known = welcome(before, after).containers_by_id
    pairs = [(known[now.id], now) for now in after.containers]
    return (
        *(found for was, now in pairs for found in find_lost(was, now)),
        *(
            Difference(RemoveNetwork(network.id, network.name))
            for network in before.networks
            if network.id not in after.networks_by_id and not network.is_built_in
        ),
        *(
            Difference(read_creation(network), network.id)
            for network in after.networks
            if network.id not in before.networks_by_id and not network.is_built_in
        ),
        *(found for was, now in pairs for found in find_gained(was, now, after)),
    )


def welcome(before: Snapshot, after: Snapshot) -> Snapshot:
    """Add to a reading the containers that came since, each as it was when it was run."""
    came = tuple(
        arrive(container)
        for container in after.containers
        if container.id not in before.containers_by_id
    )
    return replace(before, containers=before.containers + came) if came else before


def arrive(container: Container) -> Container:
    """Leave a new container the network that it was run on.

    Compose and Swarm create a container on several networks at once, and so may others from
    Docker 25 on: what Compose or Swarm made keeps them all.
    """
    home = find_home(container)
    if home is None or container.project or container.service:
        return container
    return replace(container, endpoints=(home,))


def find_home(container: Container) -> Endpoint | None:
    """Find a container's place on the network that its network mode names, by name or id."""
    mode = "bridge" if container.network_mode in ("", "default") else container.network_mode
    for endpoint in container.endpoints:
        if mode in (endpoint.network_name, endpoint.network_id, endpoint.network_id[:12]):
            return endpoint
    return None


def find_lost(was: Container, now: Container) -> Iterator[Difference]:
    """Find the connections that ended, or that have another fixed address now."""
    for endpoint in was.endpoints:
        if is_over(endpoint, now):
            yield Difference(
                DisconnectContainer(endpoint.network_id, endpoint.network_name, now.id, now.name)
            )


def is_over(endpoint: Endpoint, now: Container) -> bool:
    """Tell whether a connection that a container had is no longer there as it was."""
    same = find_same(endpoint, now)
    return same is None or is_moved(endpoint, same)


def find_gained(was: Container, now: Container, after: Snapshot) -> Iterator[Difference]:
    """Find the connections that were made; a failed one on a running container is none."""
    for endpoint in now.endpoints:
        if now.is_running and not endpoint.is_live:
            continue
        earlier = find_same(endpoint, was, is_running=now.is_running)
        if earlier is None or is_moved(earlier, endpoint):
            change = ConnectContainer(
                endpoint.network_id,
                endpoint.network_name,
                now.id,
                now.name,
                read_settings(now, endpoint, after.engine),
            )
            yield Difference(change, endpoint_id=endpoint.id)


def find_same(
    endpoint: Endpoint, container: Container, is_running: bool | None = None
) -> Endpoint | None:
    """Find a container's place on the same network.

    What does not run names its network by name: that network may have been made again.
    """
    by_name = not (container.is_running if is_running is None else is_running)
    for other in container.endpoints:
        if endpoint.network_id and endpoint.network_id == other.network_id:
            return other
    for other in container.endpoints:
        has_ids = endpoint.network_id and other.network_id
        if endpoint.network_name == other.network_name and (by_name or not has_ids):
            return other
    return None


def is_moved(before: Endpoint, after: Endpoint) -> bool:
    """Tell whether a fixed address was changed; what is not known was not changed."""
    return any(
        was is not None and now is not None and was != now
        for was, now in (
            (before.static_ipv4, after.static_ipv4),
            (before.static_ipv6, after.static_ipv6),
        )
    )
