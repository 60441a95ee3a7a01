"""Changes as the JSON bodies of the Engine API, also where the SDK has no argument for them."""

from __future__ import annotations

from typing import Any

from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
)
from netdash.topology.snapshot import Subnet

Body = dict[str, Any]


def build_connection(change: ConnectContainer) -> Body:
    """Build the body of ``POST /networks/{id}/connect``."""
    return {"Container": change.container_id, "EndpointConfig": build_endpoint(change.settings)}


def build_endpoint(settings: EndpointSettings) -> Body:
    """Build an ``EndpointSettings``; what is empty is left to the engine."""
    addresses: Body = {
        "IPv4Address": settings.ipv4,
        "IPv6Address": settings.ipv6,
        "LinkLocalIPs": list(settings.link_local),
    }
    wanted: Body = {
        "IPAMConfig": {key: value for key, value in addresses.items() if value},
        "Aliases": list(settings.aliases),
        "DriverOpts": dict(settings.driver_options),
        "MacAddress": settings.mac,
        "GwPriority": settings.gateway_priority or 0,
    }
    return {key: value for key, value in wanted.items() if value}


def build_disconnection(change: DisconnectContainer, container: str) -> Body:
    """Build the body of ``POST /networks/{id}/disconnect``."""
    return {"Container": container, "Force": change.force}


def build_creation(change: CreateNetwork) -> Body:
    """Build the body of ``POST /networks/create``.

    ``CheckDuplicate`` makes engines before 25 refuse a second network of one name; later ones
    always do. ``EnableIPv4`` is unknown before API 1.48 and only sent to turn it off.
    """
    body: Body = {
        "Name": change.name,
        "CheckDuplicate": True,
        "Driver": change.driver,
        "Internal": change.is_internal,
        "Attachable": change.is_attachable,
        "Ingress": change.is_ingress,
        "ConfigOnly": change.is_config_only,
        "EnableIPv6": change.has_ipv6,
        "Options": dict(change.options),
        "Labels": dict(change.labels),
        "IPAM": {
            "Driver": change.ipam_driver,
            "Config": [build_pool(subnet) for subnet in change.subnets],
            "Options": dict(change.ipam_options),
        },
    }
    if not change.has_ipv4:
        body["EnableIPv4"] = False
    if change.scope:
        body["Scope"] = change.scope
    if change.config_from:
        body["ConfigFrom"] = {"Network": change.config_from}
        del body["IPAM"]
    return body


def build_pool(subnet: Subnet) -> Body:
    """Build one element of ``IPAM.Config``."""
    pool: Body = {
        "Subnet": subnet.cidr,
        "Gateway": subnet.gateway,
        "IPRange": subnet.ip_range,
        "AuxiliaryAddresses": dict(subnet.auxiliary),
    }
    return {key: value for key, value in pool.items() if value}
