"""Whether a change is already true, which makes carrying it out twice safe."""

from __future__ import annotations

from netdash.topology.addresses import parse_address
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    RemoveNetwork,
)
from netdash.topology.effects import build_network
from netdash.topology.lookup import find_named, find_network, pick_endpoint
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet
from netdash.topology.subnets import parse_block


def is_done(change: Change, snapshot: Snapshot) -> bool:
    """Tell whether the snapshot already is as the change wants it."""
    match change:
        case ConnectContainer():
            endpoint = find_endpoint(snapshot, change)
            return endpoint is not None and satisfies(endpoint, change.settings)
        case DisconnectContainer():
            endpoint = find_endpoint(snapshot, change)
            return endpoint is None
        case CreateNetwork():
            named = find_named(snapshot, change.name)
            return any(is_as_wanted(network, change, snapshot) for network in named)
        case RemoveNetwork():
            return find_network(snapshot, change.network_id, change.network_name) is None


def find_endpoint(
    snapshot: Snapshot, change: ConnectContainer | DisconnectContainer
) -> Endpoint | None:
    """Find the endpoint a change speaks of; for a connection only a sound one.

    An entry without a live endpoint in a running container is what a failed connection leaves.
    """
    container = snapshot.containers_by_id.get(change.container_id)
    if container is None:
        return None
    network = find_network(snapshot, change.network_id, change.network_name)
    network_id = network.id if network is not None else change.network_id
    endpoint = pick_endpoint(container, network_id, change.network_name)
    if isinstance(change, ConnectContainer):
        return endpoint if network is not None and _is_sound(container, endpoint) else None
    return endpoint


def satisfies(endpoint: Endpoint, settings: EndpointSettings) -> bool:
    """Tell whether an endpoint has what the settings ask for, as far as is known of it."""
    return (
        _has_address(settings.ipv4, endpoint.static_ipv4 or endpoint.ipv4)
        and _has_address(settings.ipv6, endpoint.static_ipv6 or endpoint.ipv6)
        and _holds(endpoint.aliases, settings.aliases)
        and _holds(endpoint.link_local, settings.link_local)
        and _holds(endpoint.driver_options, settings.driver_options)
        and (endpoint.gateway_priority is None or _wants(endpoint, settings.gateway_priority))
    )


def is_as_wanted(network: Network, change: CreateNetwork, snapshot: Snapshot) -> bool:
    """Tell whether an existing network is what a creation asks for."""
    wanted = build_network(change, snapshot.engine)
    plain = (network.driver, network.scope, network.config_from, network.ipam_driver)
    flags = (network.is_internal, network.is_attachable, network.is_ingress, network.is_config_only)
    is_same_kind = plain == (wanted.driver, wanted.scope, wanted.config_from, wanted.ipam_driver)
    is_same_use = flags == (
        wanted.is_internal,
        wanted.is_attachable,
        wanted.is_ingress,
        wanted.is_config_only,
    )
    if not is_same_kind or not is_same_use:
        return False
    if change.config_from:
        return True
    return (
        (network.has_ipv4, network.has_ipv6) == (wanted.has_ipv4, wanted.has_ipv6)
        and set(wanted.options) <= set(network.options)
        and set(wanted.labels) <= set(network.labels)
        and all(_has_pool(network, subnet) for subnet in wanted.subnets)
    )


def _is_sound(container: Container, endpoint: Endpoint | None) -> bool:
    return endpoint is not None and (endpoint.is_live or not container.is_running)


def _has_address(wanted: str, found: str) -> bool:
    return wanted in ("", found) or parse_address(wanted) == parse_address(found) is not None


def _holds(found: tuple[object, ...] | None, wanted: tuple[object, ...]) -> bool:
    return found is None or set(wanted) <= set(found)


def _wants(endpoint: Endpoint, priority: int | None) -> bool:
    return priority is None or endpoint.gateway_priority == priority


def _has_pool(network: Network, wanted: Subnet) -> bool:
    for subnet in network.subnets:
        if parse_block(subnet.cidr) == parse_block(wanted.cidr):
            has_gateway = wanted.gateway in ("", subnet.gateway.split("/")[0])
            return has_gateway and wanted.ip_range in ("", subnet.ip_range)
    return False
