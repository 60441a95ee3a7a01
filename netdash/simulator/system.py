"""What the engine says about itself."""

from __future__ import annotations

from collections import Counter

from netdash.simulator.calls import Answer, Call
from netdash.simulator.editions import format_api
from netdash.simulator.state import EngineState, Json

PLATFORM = "netdash simulator"
WITH_FIREWALL = (1, 49)
NETWORK_DRIVERS = ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"]


def ping(_: Call) -> Answer:
    """Answer ``/_ping``."""
    return Answer(text="OK")


def tell_version(call: Call) -> Answer:
    """Answer ``/version``; the platform's name says that nothing here is real."""
    edition = call.state.edition
    about = {
        "ApiVersion": format_api(edition.api),
        "Arch": "amd64",
        "BuildTime": "2026-01-05T08:00:00.000000000+00:00",
        "GitCommit": "simulated",
        "GoVersion": "go1.24",
        "KernelVersion": "6.1.0",
        "MinAPIVersion": format_api(edition.minimum_api),
        "Os": "linux",
    }
    return Answer(
        data={
            "Platform": {"Name": PLATFORM},
            "Components": [{"Name": "Engine", "Version": edition.version, "Details": about}],
            "Version": edition.version,
        }
        | about
    )


def tell_info(call: Call) -> Answer:
    """Answer ``/info``."""
    return Answer(data=write_info(call.state) | write_firewall(call))


def write_info(state: EngineState) -> Json:
    """Write the counts and facts of the engine."""
    states = Counter(container.state for container in state.containers.values())
    return {
        "ID": "simulated",
        "Name": state.name,
        "Containers": len(state.containers),
        "ContainersRunning": states["running"] + states["restarting"],
        "ContainersPaused": states["paused"],
        "ContainersStopped": states["exited"] + states["created"] + states["dead"],
        "Images": len(state.images),
        "Driver": "overlay2",
        "ServerVersion": state.edition.version,
        "OperatingSystem": PLATFORM,
        "OSType": "linux",
        "Architecture": "x86_64",
        "KernelVersion": "6.1.0",
        "NCPU": 2,
        "MemTotal": 4_294_967_296,
        "Plugins": {"Volume": ["local"], "Network": NETWORK_DRIVERS, "Log": ["json-file"]},
        "Swarm": {"NodeID": "", "LocalNodeState": "inactive", "ControlAvailable": False},
        "Labels": [],
        "SecurityOptions": [],
        "LiveRestoreEnabled": False,
        "Warnings": None,
    }


def write_firewall(call: Call) -> Json:
    """Say the packet filter, which only newer API versions do."""
    return {"FirewallBackend": {"Driver": "iptables"}} if call.api >= WITH_FIREWALL else {}
