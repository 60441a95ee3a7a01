"""The steps of a story in short words: requests to an engine."""

from __future__ import annotations

from tests.simulator.transcripts import Json, Step

IMAGE = "busybox:local"


def net(name: str, subnet: str = "", **more: Json) -> Step:
    """Create a network."""
    config = {"Subnet": subnet} if subnet else None
    body = {"Name": name, "CheckDuplicate": True, "Driver": "bridge"} | more
    if config:
        body["IPAM"] = {"Driver": "default", "Config": [config]}
    return "POST", "/networks/create", body


def pool(name: str, **config: Json) -> Step:
    """Create a network with one pool."""
    return net(name, IPAM={"Config": [config]})


def make(name: str, mode: str = "default", **more: Json) -> Step:
    """Create a container."""
    host = {"NetworkMode": mode} | more.pop("HostConfig", {})
    body = {"Image": IMAGE, "HostConfig": host, "Labels": {"who": name}} | more
    return "POST", f"/containers/create?name={name}", body


def do(name: str, action: str) -> Step:
    """Do something to a container."""
    return "POST", f"/containers/{name}/{action}"


def run(name: str, mode: str = "default", **more: Json) -> tuple[Step, Step]:
    """Create and start a container."""
    return make(name, mode, **more), do(name, "start")


def join(network: str, container: str, **config: Json) -> Step:
    """Connect a container."""
    body = {"Container": container, "EndpointConfig": config}
    return "POST", f"/networks/{network}/connect", body


def part(network: str, container: str, **more: Json) -> Step:
    """Disconnect a container."""
    return "POST", f"/networks/{network}/disconnect", {"Container": container} | more


def look(*containers: str) -> tuple[Step, ...]:
    """Read both lists, and inspect containers."""
    inspections = tuple(("GET", f"/containers/{name}/json") for name in containers)
    return ("GET", "/containers/json?all=1"), ("GET", "/networks"), *inspections


def static(address: str, family: int = 4) -> Json:
    """Ask for an address."""
    return {f"IPv{family}Address": address}


def remove(path: str) -> Step:
    """Remove something."""
    return "DELETE", path


def binding(port: str, host_port: str, host_ip: str = "") -> Json:
    """Bind a port to the host."""
    return {
        "ExposedPorts": {port: {}},
        "HostConfig": {"PortBindings": {port: [{"HostIp": host_ip, "HostPort": host_port}]}},
    }
