"""The known driver options of networks, with help and what they take."""

from __future__ import annotations

from dataclasses import dataclass

from netdash.topology.snapshot import EngineFacts

BRIDGE_NAME = "com.docker.network.bridge.name"
ICC = "com.docker.network.bridge.enable_icc"
MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade"
MTU = "com.docker.network.driver.mtu"
GATEWAY_MODE = "com.docker.network.bridge.gateway_mode_ipv4"
GATEWAY_MODE_IPV6 = "com.docker.network.bridge.gateway_mode_ipv6"
GATEWAY_MODES = ("nat", "nat-unprotected", "routed", "isolated")
ANY_API = (1, 24)


@dataclass(frozen=True, slots=True)
class DriverOption:
    """One option a driver knows.

    ``kind`` is bool, number, address, choice, interface or text; ``since`` is the first API
    version that heeds it (older engines keep it and ignore it).
    """

    key: str
    title: str
    help: str
    drivers: tuple[str, ...]
    kind: str = "text"
    choices: tuple[str, ...] = ()
    default: str = ""
    example: str = ""
    since: tuple[int, int] = ANY_API


BRIDGE = ("bridge",)
OPTIONS = (
    DriverOption(
        BRIDGE_NAME,
        "Bridge name",
        "Name of the interface on the engine's machine, at most 15 characters. "
        "Docker makes one from the network's id otherwise.",
        BRIDGE,
        "interface",
        example="br-shop",
    ),
    DriverOption(
        ICC,
        "Containers may talk to each other",
        "Turned off, the containers of this network no longer reach each other by address; "
        "published ports still work.",
        BRIDGE,
        "bool",
        default="true",
    ),
    DriverOption(
        MASQUERADE,
        "Masquerade",
        "Containers go out under the machine's address. Turned off, answers find back only "
        "where a router knows the subnet.",
        BRIDGE,
        "bool",
        default="true",
    ),
    DriverOption(
        "com.docker.network.bridge.host_binding_ipv4",
        "Publish ports on",
        "The machine's address that published ports use when none is given.",
        BRIDGE,
        "address",
        default="0.0.0.0",  # noqa: S104
        example="127.0.0.1",
    ),
    DriverOption(
        MTU,
        "MTU",
        "Largest packet in bytes. Lower it where a tunnel or VPN lies between.",
        ("bridge", "macvlan", "ipvlan", "overlay"),
        "number",
        default="1500",
        example="1450",
    ),
    DriverOption(
        "com.docker.network.container_iface_prefix",
        "Interface prefix",
        "How interfaces are called inside the containers, before their number.",
        BRIDGE,
        default="eth",
    ),
    DriverOption(
        "com.docker.network.bridge.inhibit_ipv4",
        "No gateway address",
        "The bridge gets no IPv4 address, so something else must be the gateway.",
        BRIDGE,
        "bool",
        default="false",
        since=(1, 40),
    ),
    DriverOption(
        "com.docker.network.host_ipv4",
        "Outgoing address",
        "The machine's address that outgoing connections use.",
        BRIDGE,
        "address",
        example="192.0.2.10",
        since=(1, 41),
    ),
    DriverOption(
        GATEWAY_MODE,
        "IPv4 gateway mode",
        "nat hides the containers; nat-unprotected also admits what is not published; routed "
        "publishes on the containers' own addresses; isolated (internal only) has no gateway.",
        BRIDGE,
        "choice",
        GATEWAY_MODES,
        "nat",
        since=(1, 48),
    ),
    DriverOption(
        GATEWAY_MODE_IPV6,
        "IPv6 gateway mode",
        "As the IPv4 gateway mode, for IPv6.",
        BRIDGE,
        "choice",
        GATEWAY_MODES,
        "nat",
        since=(1, 48),
    ),
    DriverOption(
        "parent",
        "Parent interface",
        "Interface of the engine's machine to build on; eth0.10 takes VLAN 10. Left out, the "
        "network reaches nothing outside.",
        ("macvlan", "ipvlan"),
        "interface",
        example="eth0",
    ),
    DriverOption(
        "macvlan_mode",
        "Mode",
        "bridge lets the containers talk to each other; private does not; vepa sends everything "
        "to the switch; passthru gives one container the whole interface.",
        ("macvlan",),
        "choice",
        ("bridge", "private", "vepa", "passthru"),
        "bridge",
    ),
    DriverOption(
        "ipvlan_mode",
        "Mode",
        "l2 shares the parent's Ethernet; l3 and l3s route, without broadcasts.",
        ("ipvlan",),
        "choice",
        ("l2", "l3", "l3s"),
        "l2",
    ),
    DriverOption(
        "ipvlan_flag",
        "Flag",
        "bridge lets the containers talk to each other; private does not; vepa sends everything "
        "to the switch.",
        ("ipvlan",),
        "choice",
        ("bridge", "private", "vepa"),
        "bridge",
    ),
    DriverOption(
        "encrypted",
        "Encrypted",
        "Encrypts what goes between the machines of the Swarm.",
        ("overlay",),
        "bool",
        default="false",
    ),
    DriverOption(
        "com.docker.network.driver.overlay.vxlanid_list",
        "VXLAN number",
        "The number of the tunnel; Docker chooses one otherwise.",
        ("overlay",),
        "number",
        example="4097",
    ),
)


def list_options(driver: str, engine: EngineFacts) -> tuple[DriverOption, ...]:
    """List the options a driver heeds on an engine, the most used first."""
    return tuple(
        option for option in OPTIONS if driver in option.drivers and engine.has_api(*option.since)
    )


def find_option(key: str, driver: str = "") -> DriverOption | None:
    """Find a known option by its key; with a driver only one it heeds."""
    for option in OPTIONS:
        if option.key == key and driver in ("", *option.drivers):
            return option
    return None
