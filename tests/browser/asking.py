"""What a real engine says when its own command asks, and whether netdash has read it."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from tests.engines import IMAGE, CommandFailedError, RealEngine
from tests.waiting import wait_until

OWN = ("Id", "Created", "NetworkID", "EndpointID", "MacAddress")
"""What the engine chooses afresh each time."""


def inspect_network(engine: RealEngine, name: str) -> dict[str, Any]:
    """Read a network as ``docker network inspect`` gives it, without what is new each time.

    Of a subnet that the engine chose itself only the form is kept: it takes another each time.
    """
    (found,) = json.loads(engine.docker("network", "inspect", name))
    for pool in found["IPAM"]["Config"]:
        if pool["Subnet"].endswith(("/16", "/20")) and pool.get("Gateway", "").endswith(".1"):
            pool.update(Subnet="chosen", Gateway="chosen")
    return {key: value for key, value in found.items() if key not in OWN}


def inspect_endpoints(engine: RealEngine, name: str) -> dict[str, dict[str, Any]]:
    """Read a container's endpoints by network, without what is new each time."""
    (found,) = json.loads(engine.docker("inspect", name))
    short_id = found["Id"][:12]
    endpoints = {}
    for network, endpoint in found["NetworkSettings"]["Networks"].items():
        kept = {key: value for key, value in endpoint.items() if key not in OWN}
        kept["Aliases"] = [one for one in kept["Aliases"] or () if one != short_id]
        kept |= {key: kept[key] or {} for key in ("DriverOpts", "IPAMConfig")}
        endpoints[network] = kept
    return endpoints


def list_members(engine: RealEngine, network: str) -> dict[str, str]:
    """List who is on a network with which address."""
    (found,) = json.loads(engine.docker("network", "inspect", network))
    return {one["Name"]: one["IPv4Address"].split("/")[0] for one in found["Containers"].values()}


def list_networks(engine: RealEngine, *filters: str) -> set[str]:
    """List the names that ``docker network ls`` gives."""
    asked = [word for one in filters for word in ("--filter", one)]
    return set(engine.docker("network", "ls", "--format", "{{.Name}}", *asked).split("\n"))


def follow(page: Page, engine: RealEngine) -> None:
    """Wait until netdash has read what the engine holds."""

    def is_read() -> bool:
        answer = page.request.get("/e/demo/export/snapshot.json")
        if answer.status == 404:
            return False  # nothing has been read yet
        read = answer.json()
        networks = {one["name"] for one in read["networks"]}
        places = {
            one["name"]: {endpoint["network_name"] for endpoint in one.get("endpoints", ())}
            for one in read["containers"]
        }
        names = engine.docker("ps", "-a", "--format", "{{.Names}}").split()
        wanted = {name: set(inspect_endpoints(engine, name)) for name in names}
        return networks == list_networks(engine) and places == wanted

    wait_until(is_read, "netdash has read the engine")


def run(engine: RealEngine, *names: str, network: str = "bridge") -> None:
    for name in names:
        engine.docker("run", "-d", "--name", name, "--network", network, IMAGE)


def reaches(engine: RealEngine, container: str, other: str) -> bool:
    try:
        engine.docker("exec", container, "ping", "-c1", "-W1", other)
    except CommandFailedError:
        return False
    return True
