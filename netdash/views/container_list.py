"""The rows of the list of containers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from netdash.drawing.glyphs import find_glyph
from netdash.drawing.shapes import Glyph
from netdash.topology.snapshot import Container

from .facts import NetworkTag
from .listing import Column
from .reading import Reading
from .words import parse_time, say_port, say_state

MOST_PORTS = 2
STATE_RANKS = {
    state: rank
    for rank, state in enumerate(
        ("dead", "restarting", "removing", "paused", "running", "created", "exited")
    )
}


def rank_state(container: Container) -> tuple[bool, int]:
    """Order states with trouble first."""
    return (container.health != "unhealthy", STATE_RANKS.get(container.state, len(STATE_RANKS)))


COLUMNS: tuple[Column[Container], ...] = (
    Column("name", "Container", lambda found: (found.name, found.id)),
    Column("state", "State", rank_state),
    Column("project", "Project", lambda found: (not found.project, found.project)),
    Column("service", "Service", lambda found: (not found.service, found.service)),
    Column("image", "Image", lambda found: found.image),
    Column("networks", "Networks", lambda found: len(found.endpoints)),
    Column("ports", "Ports", lambda found: -len(found.ports)),
    Column("created", "Created", lambda found: -found.created_at),
)


@dataclass(frozen=True, slots=True)
class ContainerRow:
    """One container in the list."""

    container: Container
    glyph: Glyph
    state: str
    networks: tuple[tuple[NetworkTag, str], ...]
    """Each network with the address there."""
    ports: tuple[str, ...]
    more_ports: int
    stack: str
    created_at: datetime | None


def build_row(reading: Reading, container: Container) -> ContainerRow:
    """Build the row of one container."""
    ports, more_ports = say_ports(container)
    return ContainerRow(
        container=container,
        glyph=find_glyph(container),
        state=say_state(container),
        networks=tuple(
            (reading.tag_endpoint(endpoint), endpoint.ipv4 or endpoint.ipv6)
            for endpoint in container.endpoints
        ),
        ports=ports,
        more_ports=more_ports,
        stack=say_stack(reading, container),
        created_at=parse_time(container.created_at),
    )


def say_ports(container: Container) -> tuple[tuple[str, ...], int]:
    """Say the first published ports, and how many more there are."""
    published = [say_port(port) for port in container.ports if port.host_port is not None]
    return tuple(published[:MOST_PORTS]), max(0, len(published) - MOST_PORTS)


def say_stack(reading: Reading, container: Container) -> str:
    """Say whose network stack a container without a network of its own uses."""
    if not container.is_sharing:
        return ""
    owner = reading.snapshot.containers_by_id.get(container.owner_id)
    return f"stack of {owner.name}" if owner else "stack of a container that is gone"
