"""The rows of the table: one for each endpoint, and for each container without any."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from netdash.drawing.glyphs import find_glyph
from netdash.drawing.shapes import Glyph
from netdash.topology.snapshot import Container, Endpoint, Snapshot

from .container_list import rank_state, say_ports, say_stack
from .facts import NetworkTag
from .listing import Column
from .reading import Reading
from .words import BEING_READ, say_state

Pair = tuple[Container, Endpoint | None]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One endpoint in the table; without one, ``stack`` says why there is none."""

    container: Container
    glyph: Glyph
    state: str
    network: NetworkTag | None
    stack: str
    ipv4: str
    ipv6: str
    mac: str
    aliases: str
    ports: tuple[str, ...]
    more_ports: int
    anchor: str
    """Names the row on the page."""


def list_pairs(snapshot: Snapshot) -> list[Pair]:
    """List every container with each of its endpoints, in name order."""
    return [
        (container, endpoint)
        for container in snapshot.containers
        for endpoint in container.endpoints or (None,)
    ]


def rank_project(pair: Pair) -> tuple[bool, str, str]:
    """Order by project, those of none last."""
    return (not pair[0].project, pair[0].project, pair[0].name)


def rank_address(pair: Pair) -> tuple[int, int]:
    """Order addresses as numbers; those without one come last."""
    endpoint = pair[1]
    try:
        found = ip_address((endpoint.ipv4 or endpoint.ipv6) if endpoint else "")
    except ValueError:
        return (9, 0)
    return (found.version, int(found))


COLUMNS: tuple[Column[Pair], ...] = (
    Column("project", "Project", rank_project),
    Column("container", "Container", lambda pair: (pair[0].name, pair[0].id)),
    Column("state", "State", lambda pair: rank_state(pair[0])),
    Column(
        "network",
        "Network",
        lambda pair: (pair[1] is None, pair[1].network_name if pair[1] else ""),
    ),
    Column("address", "Address", rank_address),
    Column(
        "mac", "MAC", lambda pair: (not (pair[1] and pair[1].mac), pair[1].mac if pair[1] else "")
    ),
    Column("aliases", "Aliases", lambda pair: (pair[1].aliases or ()) if pair[1] else ()),
    Column("ports", "Ports", lambda pair: -len(pair[0].ports)),
)


def build_row(reading: Reading, pair: Pair) -> TableRow:
    """Build the row of one endpoint."""
    container, endpoint = pair
    ports, more_ports = say_ports(container)
    return TableRow(
        container=container,
        glyph=find_glyph(container),
        state=say_state(container),
        network=reading.tag_endpoint(endpoint) if endpoint else None,
        stack=say_stack(reading, container) or ("" if endpoint else "no network"),
        ipv4=endpoint.ipv4 if endpoint else "",
        ipv6=endpoint.ipv6 if endpoint else "",
        mac=endpoint.mac if endpoint else "",
        aliases=say_aliases(endpoint),
        ports=ports,
        more_ports=more_ports,
        anchor=f"{container.id[:12]}-{endpoint.network_id[:12] if endpoint else ''}",
    )


def say_aliases(endpoint: Endpoint | None) -> str:
    """Say the names it answers to on the network."""
    if endpoint is None:
        return ""
    return BEING_READ if endpoint.aliases is None else ", ".join(endpoint.aliases)
