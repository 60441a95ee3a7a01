"""What ``docker inspect`` says, and what netdash read, in the same plain words."""

from __future__ import annotations

import json
from typing import Any

from netdash.engine.client import EngineClient, read_facts
from netdash.engine.commands import take_container
from netdash.engine.details import add_details, take_details
from netdash.engine.joining import join
from netdash.engine.reader import take_networks, take_snapshot
from netdash.topology.snapshot import Container, Network, Snapshot
from tests.engines import RunningEngine
from tests.waiting import wait_until

Plain = dict[str, Any]


def assert_true(engine: RunningEngine, client: EngineClient, step: str) -> Snapshot:
    """Read until netdash agrees with ``docker inspect``: 20.10's list lags behind by 0.5 s."""
    last: list[Snapshot] = []

    def agrees() -> bool:
        last[:] = [read_all(client)]
        return describe(last[0]) == ask_docker(engine)

    try:
        wait_until(agrees, f"netdash agrees with docker inspect after {step}", 15)
    except AssertionError:
        assert describe(last[0]) == ask_docker(engine), step
        raise
    assert inspect_all(client) == last[0], f"inspects alone say the same after {step}"
    return last[0]


def read_all(client: EngineClient) -> Snapshot:
    """Read a snapshot with the details of every container."""
    snapshot = take_snapshot(client, read_facts(client))
    details = {one.id: take_details(client, one.id) for one in snapshot.containers}
    return add_details(snapshot, details)


def inspect_all(client: EngineClient) -> Snapshot:
    """Read the same from the list of networks and an inspect of each container."""
    ids = [one.id for one in take_snapshot(client, read_facts(client)).containers]
    containers = [found for id_ in ids for found in take_container(client, id_)]
    return join(take_networks(client), containers, read_facts(client))


def describe(snapshot: Snapshot) -> Plain:
    """Put a snapshot into plain words."""
    return {
        "networks": {one.id: describe_network(one) for one in snapshot.networks},
        "containers": {one.id: describe_container(one, snapshot) for one in snapshot.containers},
    }


def describe_network(network: Network) -> Plain:
    return {
        "name": network.name,
        "driver": network.driver,
        "scope": network.scope,
        "flags": (network.is_internal, network.is_attachable, network.is_ingress),
        "ipv6": network.has_ipv6,
        "pools": [
            (pool.cidr, pool.gateway, pool.ip_range, dict(pool.auxiliary))
            for pool in network.subnets
        ],
        "labels": dict(network.labels),
        "options": dict(network.options),
        "created": network.created_at,
    }


def describe_container(container: Container, snapshot: Snapshot) -> Plain:
    return {
        "name": container.name,
        "image": container.image,
        "state": container.state,
        "exit code": container.exit_code if container.state == "exited" else None,
        "health": container.health,
        "started": container.started_at,
        "labels": dict(container.labels),
        "mode": container.network_mode,
        "ports": [
            (f"{port.container_port}/{port.protocol}", port.host_address, port.host_port)
            for port in container.ports
        ],
        "endpoints": {
            endpoint.network_name: {
                "known": not snapshot.is_dangling(endpoint),
                "id": endpoint.id,
                "ipv4": (endpoint.ipv4, endpoint.ipv4_prefix, endpoint.gateway),
                "ipv6": (endpoint.ipv6, endpoint.ipv6_prefix, endpoint.ipv6_gateway),
                "mac": endpoint.mac,
                "wanted": (endpoint.static_ipv4, endpoint.static_ipv6),
                "aliases": endpoint.aliases,
            }
            for endpoint in container.endpoints
        },
    }


def ask_docker(engine: RunningEngine) -> Plain:
    """Ask the ``docker`` command, container by container and network by network."""
    networks = inspect(engine, "network", *engine.docker("network", "ls", "-q").split())
    containers = inspect(engine, "container", *engine.docker("ps", "-aq").split())
    names = {network["Name"] for network in networks}
    ids = {network["Id"] for network in networks}
    return {
        "networks": {network["Id"]: translate_network(network) for network in networks},
        "containers": {one["Id"]: translate_container(one, names, ids) for one in containers},
    }


def inspect(engine: RunningEngine, kind: str, *ids: str) -> list[Plain]:
    found: list[Plain] = json.loads(engine.docker(kind, "inspect", *ids)) if ids else []
    return found


def translate_network(found: Plain) -> Plain:
    pools = found["IPAM"]["Config"] or []
    return {
        "name": found["Name"],
        "driver": found["Driver"],
        "scope": found["Scope"],
        "flags": (found["Internal"], found["Attachable"], found["Ingress"]),
        "ipv6": found["EnableIPv6"],
        "pools": [
            (
                pool["Subnet"],
                pool.get("Gateway", ""),
                pool.get("IPRange", ""),
                pool.get("AuxiliaryAddresses", {}),
            )
            for pool in pools
        ],
        "labels": found["Labels"] or {},
        "options": found["Options"] or {},
        "created": found["Created"],
    }


def translate_container(found: Plain, names: set[str], ids: set[str]) -> Plain:
    state = found["State"]
    has_started = not state["StartedAt"].startswith("0001-")
    endpoints = found["NetworkSettings"]["Networks"]
    return {
        "name": found["Name"][1:],
        "image": found["Config"]["Image"],
        "state": state["Status"],
        "exit code": state["ExitCode"] if state["Status"] == "exited" else None,
        "health": state["Health"]["Status"] if "Health" in state else "",
        "started": state["StartedAt"] if has_started else "",
        "labels": found["Config"]["Labels"] or {},
        "mode": found["HostConfig"]["NetworkMode"],
        "ports": sorted(list_ports(found["NetworkSettings"]["Ports"] or {}), key=order),
        "endpoints": {
            name: {
                "known": one["NetworkID"] in ids if one["NetworkID"] else name in names,
                "id": one["EndpointID"],
                "ipv4": (one["IPAddress"], one["IPPrefixLen"], one["Gateway"]),
                "ipv6": (
                    one["GlobalIPv6Address"],
                    one["GlobalIPv6PrefixLen"],
                    one["IPv6Gateway"],
                ),
                "mac": one["MacAddress"],
                "wanted": (
                    (one["IPAMConfig"] or {}).get("IPv4Address", ""),
                    (one["IPAMConfig"] or {}).get("IPv6Address", ""),
                ),
                "aliases": tuple(sorted(set(one["Aliases"] or ()) - {found["Id"][:12]})),
            }
            for name, one in endpoints.items()
        },
    }


def list_ports(found: Plain) -> list[tuple[str, str, int | None]]:
    ports: list[tuple[str, str, int | None]] = []
    for word, places in found.items():
        ports += [(word, place["HostIp"], int(place["HostPort"])) for place in places or ()]
        if not places:
            ports.append((word, "", None))
    return ports


def order(port: tuple[str, str, int | None]) -> tuple[int, str, str, int]:
    number, _, protocol = port[0].partition("/")
    return (int(number), protocol, port[1], port[2] or 0)
