"""What *shall be different*: a change of networks or connections, as data.

One value serves the form, the preview, the command line, the engine, the journal and the undo.
A network that an earlier step of the same plan creates has no id yet: its ``network_id`` is
empty and its name speaks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from netdash.topology.snapshot import Pairs, Subnet


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """What a connection asks for; empty where the engine shall choose."""

    ipv4: str = ""
    ipv6: str = ""
    aliases: tuple[str, ...] = ()
    mac: str = ""
    """Applied from API 1.54 on; older engines ignore it."""
    link_local: tuple[str, ...] = ()
    gateway_priority: int | None = None
    """The highest wins the default route (API 1.48); None asks for nothing, which is 0."""
    driver_options: Pairs = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing special is asked for."""
        return self == EndpointSettings()


@dataclass(frozen=True, slots=True)
class ConnectContainer:
    """Give a container, in any state, an endpoint on a network."""

    network_id: str
    network_name: str
    container_id: str
    container_name: str
    settings: EndpointSettings = EndpointSettings()


@dataclass(frozen=True, slots=True)
class DisconnectContainer:
    """End a container's place on a network.

    ``network_id`` may name a network that is gone. ``force`` also removes an endpoint whose
    container the engine no longer knows. With ``endpoint_id`` only that very endpoint is ended,
    never one that was made since.
    """

    network_id: str
    network_name: str
    container_id: str
    container_name: str
    force: bool = False
    endpoint_id: str = ""


@dataclass(frozen=True, slots=True)
class CreateNetwork:
    """Make a network; the fields are those of ``Network`` as far as one may choose them."""

    name: str
    driver: str = "bridge"
    subnets: tuple[Subnet, ...] = ()
    """Empty: the engine takes the next of its own address pools."""
    options: Pairs = ()
    labels: Pairs = ()
    is_internal: bool = False
    is_attachable: bool = False
    has_ipv4: bool = True
    """False needs API 1.48."""
    has_ipv6: bool = False
    is_ingress: bool = False
    scope: str = ""
    """Empty: what the driver has, local or swarm."""
    is_config_only: bool = False
    config_from: str = ""
    ipam_driver: str = "default"
    ipam_options: Pairs = ()


@dataclass(frozen=True, slots=True)
class RemoveNetwork:
    """Remove a network that no running container uses."""

    network_id: str
    network_name: str


Change: TypeAlias = ConnectContainer | DisconnectContainer | CreateNetwork | RemoveNetwork


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a plan, and why it is there."""

    change: Change
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to carry out in this order."""

    steps: tuple[Step, ...] = ()
    title: str = ""

    @property
    def changes(self) -> tuple[Change, ...]:
        """List the changes without their reasons."""
        return tuple(step.change for step in self.steps)


def plan_one(change: Change, reason: str = "") -> Plan:
    """Make a plan of a single change."""
    return Plan((Step(change, reason),), describe(change))


def describe(change: Change) -> str:
    """Say the change in one short sentence without a full stop, names as they are."""
    match change:
        case ConnectContainer():
            return f"Connect {change.container_name} to {change.network_name}"
        case DisconnectContainer():
            return f"Disconnect {change.container_name} from {change.network_name}"
        case CreateNetwork():
            return f"Create network {change.name}"
        case RemoveNetwork():
            return f"Remove network {change.network_name}"
