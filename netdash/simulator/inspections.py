"""How one container and one image are written in full."""

from __future__ import annotations

from netdash.simulator.answers import write_endpoint
from netdash.simulator.editions import Api
from netdash.simulator.images import find_image_config
from netdash.simulator.state import PREDEFINED, Container, Endpoint, EngineState, Json
from netdash.simulator.times import NEVER, format_time

CONFIG_DEFAULTS: Json = {
    "Domainname": "",
    "User": "",
    "AttachStdin": False,
    "AttachStdout": False,
    "AttachStderr": False,
    "Tty": False,
    "OpenStdin": False,
    "StdinOnce": False,
    "Env": [],
    "Cmd": None,
    "Volumes": None,
    "WorkingDir": "",
    "Entrypoint": None,
    "OnBuild": None,
}
WITH_DNS_NAMES: Api = (1, 44)
HOST_DEFAULTS: Json = {
    "Binds": None,
    "PortBindings": {},
    "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
    "AutoRemove": False,
    "Privileged": False,
    "PublishAllPorts": False,
    "ExtraHosts": None,
    "Dns": [],
    "Links": None,
}


def write_container(state: EngineState, container: Container, api: Api) -> Json:
    """Write a container as ``GET /containers/{id}/json`` does."""
    command = [*(container.config.get("Entrypoint") or []), *(container.config.get("Cmd") or [])]
    return {
        "Id": container.id,
        "Created": format_time(container.created_at),
        "Path": command[0] if command else "",
        "Args": command[1:],
        "State": write_state(container),
        "Image": state.images.get(container.image, ""),
        "Name": f"/{container.name}",
        "RestartCount": container.restart_count,
        "Driver": "overlay2",
        "Platform": "linux",
        "ExecIDs": None,
        "HostConfig": HOST_DEFAULTS | container.host_config,
        "GraphDriver": {"Name": "overlay2", "Data": None},
        "Mounts": [],
        "Config": CONFIG_DEFAULTS | container.config | {"Labels": container.labels},
        "NetworkSettings": write_settings(state, container, api),
    }


def write_state(container: Container) -> Json:
    """Write ``State``."""
    state: Json = {
        "Status": container.state,
        "Running": container.state in ("running", "paused", "restarting"),
        "Paused": container.state == "paused",
        "Restarting": container.state == "restarting",
        "OOMKilled": False,
        "Dead": container.state == "dead",
        "Pid": int(container.id[:4], 16) + 1000 if container.is_running else 0,
        "ExitCode": container.exit_code,
        "Error": container.error,
        "StartedAt": format_time(container.started_at),
        "FinishedAt": format_time(container.finished_at) if container.finished_at else NEVER,
    }
    if container.health:
        streak = 3 if container.health == "unhealthy" else 0
        state["Health"] = {"Status": container.health, "FailingStreak": streak, "Log": []}
    return state


def write_settings(state: EngineState, container: Container, api: Api) -> Json:
    """Write ``NetworkSettings``; the legacy fields repeat the default bridge's endpoint."""
    legacy = container.endpoints.get("bridge") or Endpoint()
    return {
        "Bridge": "",
        "SandboxID": container.id[::-1] if container.is_running else "",
        "SandboxKey": f"/var/run/docker/netns/{container.id[-12:][::-1]}"
        if container.is_running
        else "",
        "Ports": container.ports,
        "EndpointID": legacy.id,
        "Gateway": legacy.gateway,
        "GlobalIPv6Address": legacy.ipv6,
        "GlobalIPv6PrefixLen": legacy.ipv6_prefix,
        "IPAddress": legacy.ipv4,
        "IPPrefixLen": legacy.ipv4_prefix,
        "IPv6Gateway": legacy.ipv6_gateway,
        "MacAddress": legacy.mac,
        "Networks": {
            name: write_full_endpoint(state, container, name, place, api)
            for name, place in container.endpoints.items()
        },
    }


def write_full_endpoint(
    state: EngineState, container: Container, name: str, place: Endpoint, api: Api
) -> Json:
    """Write an endpoint with its aliases, DNS names, static addresses and driver options.

    Before 26 the short id is one of the aliases; since then it is only a DNS name.
    """
    row = write_endpoint(state, place) | {
        "Links": place.links,
        "DriverOpts": place.driver_options,
    }
    if not place.has_names:
        return row | {"Aliases": place.aliases or None}
    short_id = container.id[:12]
    is_new = state.edition.is_from(26)
    if name not in PREDEFINED:
        row["Aliases"] = (place.aliases if is_new else [*place.aliases, short_id]) or None
    if is_new and api >= WITH_DNS_NAMES and (name not in PREDEFINED or place.was_renamed):
        names = [container.name, *place.aliases, short_id, container.config["Hostname"]]
        row["DNSNames"] = list(dict.fromkeys(names))
    return row


def write_image(reference: str, image_id: str) -> Json:
    """Write an image as its inspection does."""
    return {
        "Id": image_id,
        "RepoTags": [reference],
        "RepoDigests": [],
        "Parent": "",
        "Comment": "",
        "Created": "2026-01-05T08:00:00Z",
        "Config": {"Labels": None} | find_image_config(reference),
        "Architecture": "amd64",
        "Os": "linux",
        "Size": 4_260_000,
        "RootFS": {"Type": "layers", "Layers": []},
    }


def write_image_row(reference: str, image_id: str) -> Json:
    """Write an image as ``GET /images/json`` does."""
    return {
        "Id": image_id,
        "ParentId": "",
        "RepoTags": [reference],
        "RepoDigests": [],
        "Created": 1_767_600_000,
        "Size": 4_260_000,
        "SharedSize": -1,
        "VirtualSize": 4_260_000,
        "Labels": None,
        "Containers": -1,
    }
