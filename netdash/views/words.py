"""How times, states, ports and options are said."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from netdash.topology.snapshot import Container, Network, PublishedPort

BEING_READ = "being read"
"""Stands where a detail is not known yet; never "none"."""

SPANS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))

OPTION_WORDS = {
    "com.docker.network.bridge.name": "interface on the engine",
    "com.docker.network.bridge.default_bridge": "the default bridge",
    "com.docker.network.bridge.enable_icc": "containers reach each other",
    "com.docker.network.bridge.enable_ip_masquerade": "leaves with the engine's address",
    "com.docker.network.bridge.host_binding_ipv4": "ports are published on",
    "com.docker.network.bridge.host_binding_ipv6": "ports are published on (IPv6)",
    "com.docker.network.bridge.gateway_mode_ipv4": "way out, IPv4",
    "com.docker.network.bridge.gateway_mode_ipv6": "way out, IPv6",
    "com.docker.network.bridge.inhibit_ipv4": "bridge goes without an address",
    "com.docker.network.bridge.trusted_host_interfaces": "interfaces let in directly",
    "com.docker.network.container_iface_prefix": "interface prefix in containers",
    "com.docker.network.driver.mtu": "largest packet (MTU)",
    "com.docker.network.driver.overlay.vxlanid_list": "VXLAN ids",
    "com.docker.network.enable_ipv4": "IPv4",
    "com.docker.network.enable_ipv6": "IPv6",
    "com.docker.network.host_ipv4": "source address of outgoing traffic",
    "com.docker.network.host_ipv6": "source address of outgoing traffic (IPv6)",
    "com.docker.network.windowsshim.networkname": "name on Windows",
    "encrypted": "encrypted between nodes",
    "ipvlan_flag": "ipvlan flag",
    "ipvlan_mode": "ipvlan mode",
    "macvlan_mode": "macvlan mode",
    "parent": "interface on the engine it stands on",
}


def say_span(seconds: float) -> str:
    """Say a span of time in its largest whole unit: ``3 days``."""
    for size, unit in SPANS:
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a second"


def say_state(container: Container) -> str:
    """Say state and health, with the exit code of one that has ended: ``exited (137)``."""
    words = container.state
    if container.exit_code is not None and not container.is_running:
        words = f"{words} ({container.exit_code})"
    return f"{words}, {say_health(container.health)}" if container.health else words


def say_health(health: str) -> str:
    """Say a health; one that has not been decided yet is said so."""
    return "health being checked" if health == "starting" else health


def parse_time(text: str | int | None) -> datetime | None:
    """Read an engine's time: RFC 3339 with nanoseconds, or seconds; its zero is None."""
    if not text:
        return None
    try:
        if isinstance(text, int):
            return datetime.fromtimestamp(text, UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    if found.year <= 1:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def say_port(port: PublishedPort) -> str:
    """Say a port as ``docker ps`` does: ``0.0.0.0:8080 → 80/tcp``, or ``80/tcp``."""
    inside = f"{port.container_port}/{port.protocol}"
    if port.host_port is None:
        return inside
    address = port.host_address or "*"
    address = f"[{address}]" if ":" in address else address
    return f"{address}:{port.host_port or 'any free port'} → {inside}"


def say_flags(network: Network) -> tuple[str, ...]:
    """Say what is special about a network, in a fixed order."""
    flags = (
        (network.is_built_in, "built in"),
        (network.is_internal, "internal: no way out"),
        (network.is_attachable, "attachable"),
        (network.is_ingress, "ingress of the swarm"),
        (network.is_config_only, "configuration only: nothing can join"),
        (not network.has_ipv4, "without IPv4"),
        (network.has_ipv6, "with IPv6"),
    )
    return tuple(words for is_so, words in flags if is_so)


def say_count(count: int, one: str, many: str = "") -> str:
    """Say a number with its noun: ``1 container``, ``12 containers``."""
    return f"{say_number(count)} {one if count == 1 else many or one + 's'}"


def say_number(number: int) -> str:
    """Write a number in groups of three; huge ones (IPv6) as a power of two."""
    if number >= 2**32:
        return f"about 2^{round(math.log2(number))}"
    return f"{number:,}".replace(",", "\u202f")
