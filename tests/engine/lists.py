"""Elements of the engine's two lists, as small as a test needs them."""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]


def network(name: str, id_: str = "", **more: Any) -> Plain:
    """Write an element of ``GET /networks``."""
    return {"Id": id_ or f"net-{name}", "Name": name, "Driver": "bridge", "Scope": "local"} | more


def container(
    name: str, *, mode: str = "bridge", networks: Plain | None = None, **more: Any
) -> Plain:
    """Write an element of ``GET /containers/json``."""
    return {
        "Id": f"id-{name}",
        "Names": [f"/{name}"],
        "Image": "busybox",
        "State": "running",
        "Status": "Up 2 minutes",
        "HostConfig": {"NetworkMode": mode},
        "NetworkSettings": {"Networks": networks or {}},
    } | more


def endpoint(network_id: str = "", endpoint_id: str = "", **more: Any) -> Plain:
    """Write one entry of ``NetworkSettings.Networks``."""
    return {"NetworkID": network_id, "EndpointID": endpoint_id} | more
