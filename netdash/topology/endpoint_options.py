"""The known driver options of endpoints, with help and what they take."""

from __future__ import annotations

from netdash.topology.driver_options import DriverOption
from netdash.topology.snapshot import EngineFacts

EVERY = ("bridge", "macvlan", "ipvlan", "overlay")
IFNAME = "com.docker.network.endpoint.ifname"
OPTIONS = (
    DriverOption(
        IFNAME,
        "Interface name",
        "How this interface is called inside the container, at most 15 characters.",
        EVERY,
        "interface",
        example="front0",
        since=(1, 48),
    ),
    DriverOption(
        "com.docker.network.endpoint.sysctls",
        "Kernel settings",
        "Settings of this interface alone, with IFNAME in place of its name.",
        EVERY,
        example="net.ipv4.conf.IFNAME.log_martians=1",
        since=(1, 46),
    ),
)


def list_endpoint_options(driver: str, engine: EngineFacts) -> tuple[DriverOption, ...]:
    """List the options an endpoint of a driver heeds on an engine."""
    return tuple(
        option for option in OPTIONS if driver in option.drivers and engine.has_api(*option.since)
    )
