"""What a container's network mode allows."""

from __future__ import annotations

from netdash.topology.lookup import has_default_rules
from netdash.topology.snapshot import Container, Network, Snapshot

ALWAYS_THERE = frozenset({"", "default", "bridge", "host", "none", "nat"})


def is_host_mode(container: Container) -> bool:
    """Tell whether it lives in the machine's own network stack."""
    return container.network_mode == "host"


def has_private_mode(container: Container) -> bool:
    """Tell whether it is on the network ``none``, which no second network can join."""
    return any(endpoint.network_name == "none" for endpoint in container.endpoints)


def find_missing_mode(snapshot: Snapshot, container: Container) -> str:
    """Name the network a container was created with, when it is gone; else nothing.

    Engine 26 on: such a container is neither restarted nor connected to any network.
    """
    mode = container.network_mode
    if mode in ALWAYS_THERE or container.is_sharing or not snapshot.engine.has_api(1, 45):
        return ""
    if mode in snapshot.networks_by_id or any(n.name == mode for n in snapshot.networks):
        return ""
    return mode


def find_bound(snapshot: Snapshot, network: Network) -> tuple[Container, ...]:
    """List the containers that were created with this network, so cannot do without it.

    In name order. Engine 26 on binds a container to that network for ever.
    """
    if has_default_rules(network) or not snapshot.engine.has_api(1, 45):
        return ()
    modes = {network.id, network.name}
    return tuple(found for found in snapshot.containers if found.network_mode in modes)
