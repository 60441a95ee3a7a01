"""What a preview was made from, so that whoever confirms it sees what has changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from netdash.topology.changes import Change, CreateNetwork, Plan, RemoveNetwork
from netdash.topology.lookup import find_named, find_network
from netdash.topology.refusal import quote
from netdash.topology.snapshot import Container, Network, Snapshot


def sum_up(snapshot: Snapshot, plan: Plan) -> str:
    """Write what a plan rests on as short sums, for a hidden field."""
    sums = dict(list_sums(snapshot, plan))
    return " ".join(f"{key}={value}" for key, value in sorted(sums.items()))


def find_drift(basis: str, now: Snapshot, plan: Plan) -> tuple[str, ...]:
    """Say in sentences what is no longer as the basis has it; nothing when all is the same."""
    then = dict(part.partition("=")[::2] for part in basis.split())
    sums = dict(list_sums(now, plan))
    return tuple(
        say_drift(key, now) for key, value in sorted(sums.items()) if then.get(key) != value
    )


def list_sums(snapshot: Snapshot, plan: Plan) -> Iterator[tuple[str, str]]:
    """List keys and sums of what the changes of a plan are about."""
    for change in plan.changes:
        if isinstance(change, CreateNetwork):
            named = find_named(snapshot, change.name)
            yield f"name:{digest(change.name)}", digest(*(network.id for network in named))
        else:
            yield from list_change_sums(snapshot, change)


def list_change_sums(snapshot: Snapshot, change: Change) -> Iterator[tuple[str, str]]:
    """List the sums of a change about something that exists."""
    container_id = getattr(change, "container_id", "")
    network_id = getattr(change, "network_id", "")
    if container_id:
        found = snapshot.containers_by_id.get(container_id)
        yield f"c:{container_id}", digest(*list_container(found)) if found else "gone"
    if network_id:
        network = find_network(snapshot, network_id, "")
        yield f"n:{network_id}", digest(repr(network)) if network else "gone"
        if network and isinstance(change, RemoveNetwork):
            yield f"m:{network_id}", digest(*list_members(snapshot, network))


def list_container(container: Container) -> Iterator[str]:
    """List what a preview shows of a container; what only an inspect knows is left out."""
    yield from (container.name, str(container.is_running), container.network_mode)
    for endpoint in container.endpoints:
        yield from (endpoint.network_id or endpoint.network_name, endpoint.id)
        yield from (endpoint.ipv4, endpoint.ipv6)


def list_members(snapshot: Snapshot, network: Network) -> Iterator[str]:
    """List who is on a network, and whether alive."""
    for container, endpoint in snapshot.members_by_network_id.get(network.id, ()):
        yield f"{container.id}{endpoint.is_live}"


def digest(*parts: str) -> str:
    """Sum up strings."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()


def say_drift(key: str, now: Snapshot) -> str:
    """Say how a thing that has changed is now."""
    kind, _, found_id = key.partition(":")
    container, network = now.containers_by_id.get(found_id), now.networks_by_id.get(found_id)
    if kind == "c" and container:
        places = ", ".join(quote(endpoint.network_name) for endpoint in container.endpoints)
        where = f"on {places}" if places else "on no network"
        return f"{quote(container.name)} has changed: it is {container.state} and {where} now."
    if kind == "m" and network:
        count = len(now.members_by_network_id.get(network.id, ()))
        return f"Who is on {quote(network.name)} has changed: {count} containers name it now."
    if kind == "n" and network:
        return f"The network {quote(network.name)} has changed."
    if kind == "name":
        return "The networks of this name have changed."
    return f"The {'container' if kind == 'c' else 'network'} is gone."
