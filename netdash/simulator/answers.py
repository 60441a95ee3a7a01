"""How containers and networks are written: the rows of the two lists, and network inspection."""

from __future__ import annotations

from netdash.simulator.state import Container, Endpoint, EngineState, Json, Network, Pool
from netdash.simulator.times import format_time, say_age

NOTHING: dict[bool, list[Json] | None] = {False: [], True: None}
"""How a network without address pools writes them: null from 26 on."""


def write_row(state: EngineState, container: Container, now: int) -> Json:
    """Write a container as ``GET /containers/json`` does: no aliases, DNS names, driver options."""
    return {
        "Id": container.id,
        "Names": [f"/{container.name}"],
        "Image": container.image,
        "ImageID": state.images.get(container.image)
        or state.images.get(f"{container.image}:latest", ""),
        "Command": write_command(container),
        "Created": container.created_at // 10**9,
        "Ports": list_ports(container),
        "Labels": container.labels,
        "State": container.state,
        "Status": say_status(container, now),
        "HostConfig": {"NetworkMode": container.mode},
        "NetworkSettings": {
            "Networks": {
                name: write_endpoint(state, place) for name, place in container.endpoints.items()
            }
        },
        "Mounts": [],
    }


def write_command(container: Container) -> str:
    """Write the command line of a container."""
    words = [*(container.config.get("Entrypoint") or []), *(container.config.get("Cmd") or [])]
    return " ".join(str(word) for word in words)


def list_ports(container: Container) -> list[Json]:
    """List effective ports: one row per address bound, one without for those only exposed."""
    rows: list[Json] = []
    for port, bindings in container.ports.items():
        number, _, protocol = port.partition("/")
        row = {"PrivatePort": int(number), "Type": protocol or "tcp"}
        if not bindings:
            rows.append(row)
        for binding in bindings or []:
            rows.append(
                {
                    "IP": binding["HostIp"],
                    "PrivatePort": row["PrivatePort"],
                    "PublicPort": int(binding["HostPort"]),
                    "Type": row["Type"],
                }
            )
    return rows


def say_status(container: Container, now: int) -> str:
    """Word a container's state as ``docker ps`` does."""
    match container.state:
        case "created" | "dead":
            return container.state.capitalize()
        case "restarting":
            return f"Restarting ({container.exit_code}) {say_age(now - container.finished_at)} ago"
        case "exited":
            return f"Exited ({container.exit_code}) {say_age(now - container.finished_at)} ago"
    age = f"Up {say_age(now - container.started_at)}"
    notes = {"starting": "health: starting"}.get(container.health, container.health)
    note = "Paused" if container.state == "paused" else notes
    return f"{age} ({note})" if note else age


def write_endpoint(state: EngineState, place: Endpoint) -> Json:
    """Write an endpoint as the list does; what only inspection knows is null."""
    row: Json = {
        "IPAMConfig": place.ipam,
        "Links": None,
        "Aliases": None,
        "MacAddress": place.mac,
        "DriverOpts": None,
        "NetworkID": place.network_id,
        "EndpointID": place.id,
        "Gateway": place.gateway,
        "IPAddress": place.ipv4,
        "IPPrefixLen": place.ipv4_prefix,
        "IPv6Gateway": place.ipv6_gateway,
        "GlobalIPv6Address": place.ipv6,
        "GlobalIPv6PrefixLen": place.ipv6_prefix,
    }
    if state.edition.is_from(25):
        row["DNSNames"] = None
    if state.edition.is_from(28):
        row["GwPriority"] = place.gateway_priority
    return row


def write_network(state: EngineState, network: Network) -> Json:
    """Write a network as ``GET /networks`` does: without its containers."""
    is_new = state.edition.is_from(26)
    row: Json = {
        "Name": network.name,
        "Id": network.id,
        "Created": format_time(network.created_at),
        "Scope": network.scope,
        "Driver": network.driver,
        "EnableIPv6": network.has_ipv6,
        "IPAM": {
            "Driver": network.ipam_driver,
            "Options": network.ipam_options,
            "Config": [write_pool(state, pool) for pool in network.pools] or NOTHING[is_new],
        },
        "Internal": network.is_internal,
        "Attachable": network.is_attachable,
        "Ingress": network.is_ingress,
        "ConfigFrom": {"Network": network.config_from},
        "ConfigOnly": network.is_config_only,
        "Containers": {},
        "Options": network.options,
        "Labels": network.labels,
    }
    if state.edition.is_from(28):
        row["EnableIPv4"] = network.has_ipv4
    return row


def write_pool(state: EngineState, pool: Pool) -> Json:
    """Write an address pool; what was not given is left out. 20.10 keeps a subnet's host bits."""
    row: Json = {"Subnet": str(pool.subnet)}
    if pool.as_given and not state.edition.is_from(26):
        row["Subnet"] = pool.as_given
    if pool.ip_range:
        row["IPRange"] = pool.ip_range
    if pool.gateway:
        row["Gateway"] = pool.gateway
    if pool.auxiliary:
        row["AuxiliaryAddresses"] = pool.auxiliary
    return row


def write_inspected_network(state: EngineState, network: Network) -> Json:
    """Write a network as its inspection does: with its live endpoints."""
    return write_network(state, network) | {
        "Containers": {
            key: {
                "Name": state.containers[key].name,
                "EndpointID": place.id,
                "MacAddress": place.mac,
                "IPv4Address": f"{place.ipv4}/{place.ipv4_prefix}" if place.ipv4 else "",
                "IPv6Address": f"{place.ipv6}/{place.ipv6_prefix}" if place.ipv6 else "",
            }
            for key, place in network.live.items()
            if key in state.containers
        }
    }
