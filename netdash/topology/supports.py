"""What each engine offers, so that a form offers nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from netdash.topology.facts import NO_FACTS, Facts, has_swarm
from netdash.topology.snapshot import EngineFacts, Snapshot


@dataclass(frozen=True, slots=True)
class Supports:
    """What an engine's API has a word for, or heeds."""

    gateway_priority: bool
    ipv4_off: bool
    automatic_ipv6: bool
    """A network with IPv6 gets a subnet by itself."""
    endpoint_mac: bool
    """Earlier engines ignore a MAC given at connecting."""
    gateway_modes: bool
    interface_names: bool
    fixed_addresses_anywhere: bool
    """A fixed address also in a subnet the engine chose."""
    doubled_names: bool
    """Several networks may bear one name."""


@dataclass(frozen=True, slots=True)
class DriverChoice:
    """A driver in the form; those not offered are shown with the reason."""

    name: str
    title: str
    explanation: str
    is_offered: bool = True


def list_supports(engine: EngineFacts) -> Supports:
    """Tell what an engine supports; an unknown API version supports the least."""
    return Supports(
        gateway_priority=engine.has_api(1, 48),
        ipv4_off=engine.has_api(1, 48),
        automatic_ipv6=engine.has_api(1, 47),
        endpoint_mac=engine.has_api(1, 54),
        gateway_modes=engine.has_api(1, 48),
        interface_names=engine.has_api(1, 48),
        fixed_addresses_anywhere=engine.has_api(1, 52),
        doubled_names=not engine.has_api(1, 44),
    )


def list_drivers(snapshot: Snapshot, facts: Facts = NO_FACTS) -> tuple[DriverChoice, ...]:
    """List the drivers in the order a form shows them, other plugins seen on the engine last."""
    is_swarm = has_swarm(snapshot, facts)
    known = (
        DriverChoice(
            "bridge",
            "Bridge",
            "A private network on this one machine. Right for almost everything.",
        ),
        DriverChoice(
            "macvlan",
            "Macvlan",
            "Containers appear in the machine's own LAN with MAC addresses of their own. "
            "They cannot talk to the machine itself.",
        ),
        DriverChoice(
            "ipvlan",
            "IPvlan",
            "Containers appear in the machine's own LAN under the machine's MAC address.",
        ),
        DriverChoice(
            "overlay",
            "Overlay",
            "One network across the machines of a Swarm."
            if is_swarm is not False
            else "One network across the machines of a Swarm; this engine is in none.",
            is_swarm is not False,
        ),
        DriverChoice(
            "host",
            "Host",
            "No network of its own: the machine's. Docker made the only one; a container joins "
            "it at its creation (--network host) or never.",
            False,
        ),
        DriverChoice(
            "null",
            "None",
            "No network at all. Docker made the only one; a container created with "
            "--network none is on it until it is disconnected.",
            False,
        ),
    )
    names = {choice.name for choice in known}
    others = sorted({network.driver for network in snapshot.networks} - names)
    return (*known, *(DriverChoice(name, name, "A plugin of this engine.") for name in others))
