"""Find in a snapshot what a change speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot

NEW = "new:"
"""An id that begins with this stands for the one the engine has yet to choose."""


def is_new(found_id: str) -> bool:
    """Tell whether the id is a placeholder of a foreseen network or endpoint."""
    return found_id.startswith(NEW)


def pick_network(
    networks_by_id: Mapping[str, Network], network_id: str, network_name: str
) -> Network | None:
    """Find a network by id; only when the change has no id, by name (the newest of that name)."""
    if network_id and not is_new(network_id):
        return networks_by_id.get(network_id)
    named = [network for network in networks_by_id.values() if network.name == network_name]
    return max(named, key=lambda found: (is_new(found.id), found.created_at), default=None)


def find_network(snapshot: Snapshot, network_id: str, network_name: str) -> Network | None:
    """Find a network by id; only when the change has no id, by name (the newest of that name)."""
    return pick_network(snapshot.networks_by_id, network_id, network_name)


def pick_endpoint(container: Container, network_id: str, network_name: str) -> Endpoint | None:
    """Find a container's endpoint by network id, or by name when either side has no id."""
    for endpoint in container.endpoints:
        if network_id and endpoint.network_id == network_id:
            return endpoint
    for endpoint in container.endpoints:
        if endpoint.network_name == network_name and not (network_id and endpoint.network_id):
            return endpoint
    return None


def list_members(snapshot: Snapshot, network: Network) -> tuple[tuple[Container, Endpoint], ...]:
    """List the containers of a network, running or not, in name order."""
    return snapshot.members_by_network_id.get(network.id, ())


def find_named(snapshot: Snapshot, name: str) -> tuple[Network, ...]:
    """List the networks of one name."""
    return tuple(network for network in snapshot.networks if network.name == name)


def list_names(containers: Iterable[Container]) -> tuple[str, ...]:
    """List names in order."""
    return tuple(sorted(container.name for container in containers))


def has_default_rules(network: Network) -> bool:
    """Tell whether it is the default bridge: no names, no aliases, no chosen addresses."""
    return network.name == "bridge" and network.driver == "bridge" and network.scope == "local"


def is_user_defined(network: Network) -> bool:
    """Tell whether its containers find each other by name."""
    return network.name not in ("bridge", "host", "none") or network.scope != "local"
