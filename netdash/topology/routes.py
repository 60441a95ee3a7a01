"""Which of its networks a container sends everything else through."""

from __future__ import annotations

from .snapshot import Container, Endpoint, Snapshot


def find_default_route(snapshot: Snapshot, container: Container) -> Endpoint | None:
    """Find the endpoint whose gateway is the container's default route, or None.

    The highest gateway priority wins (Engine 28 on), then the first network name; internal
    networks give no route to the outside. A sharer of a stack has its owner's route.
    """
    if container.is_sharing:
        owner = snapshot.containers_by_id.get(container.owner_id)
        is_chain = owner is None or owner.is_sharing
        return None if owner is None or is_chain else find_default_route(snapshot, owner)
    routed = [endpoint for endpoint in container.endpoints if has_route(snapshot, endpoint)]
    return min(routed, key=rank, default=None)


def has_route(snapshot: Snapshot, endpoint: Endpoint) -> bool:
    """Tell whether an endpoint is live, has a gateway and leads out of its network."""
    network = snapshot.networks_by_id.get(endpoint.network_id)
    has_gateway = bool(endpoint.gateway or endpoint.ipv6_gateway)
    return endpoint.is_live and has_gateway and network is not None and not network.is_internal


def rank(endpoint: Endpoint) -> tuple[int, str, str]:
    """Order endpoints as the engine chooses among them: the first is the default route."""
    return (-(endpoint.gateway_priority or 0), endpoint.network_name, endpoint.network_id)
