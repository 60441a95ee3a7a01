"""Who reaches one container, and where it gets out: in sentences, as far as networks permit."""

from __future__ import annotations

from collections.abc import Iterator

from netdash.topology.reach_changes import make_names
from netdash.topology.reachability import (
    find_network_ids,
    find_peer_ids,
    find_stack,
    list_published,
)
from netdash.topology.refusal import quote
from netdash.topology.routes import find_default_route
from netdash.topology.snapshot import Container, Snapshot


def say_who_reaches(snapshot: Snapshot, container: Container) -> Iterator[str]:
    """Say who reaches a container over its networks, and through the machine's ports."""
    places = find_network_ids(snapshot, container)
    peers = find_peer_ids(snapshot, places) - {container.id}
    running = {found for found in peers if snapshot.containers_by_id[found].is_running}
    if not container.is_running:
        if peers:
            names = make_names(snapshot, peers)
            yield f"Once it runs, it reaches {names} over its networks, and is reached from there."
        return
    if running:
        names = make_names(snapshot, running)
        yield f"Over its networks it reaches {names}, and is reached from there."
    elif places:
        yield "No running container reaches it over its networks."
    if peers - running:
        names = make_names(snapshot, peers - running)
        yield f"Once started, {names} will{' too' if running else ''}."
    ports = sorted({port.host_port for port in list_published(container) if port.host_port})
    if ports:
        numbers = ", ".join(map(str, ports))
        yield f"Whoever reaches the engine's machine reaches it there on port {numbers}."


def say_way_out(snapshot: Snapshot, container: Container) -> Iterator[str]:
    """Say through which network a running container gets out of its networks, if any."""
    stack = find_stack(snapshot, container)
    if not container.is_running or stack is None or not find_network_ids(snapshot, stack):
        return
    route = find_default_route(snapshot, container)
    if route is None:
        yield "It has no way out: it reaches nothing outside its networks."
    else:
        gateway = route.gateway or route.ipv6_gateway
        yield f"It gets out through {quote(route.network_name)} ({gateway})."
