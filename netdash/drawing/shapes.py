"""The vocabulary of a drawing: plain rectangles, lines and words, nothing else.

Lengths are pixels at zoom 1. A panel's parts are in the panel's own coordinates; panels and
trunks are in the board's. Everything is sorted, so that equal snapshots draw equal shapes.

What a board has thousands of is a NamedTuple: a frozen dataclass takes three times as long to
make, which was a fifth of the time of a cold board.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from netdash.topology.tiers import Role

Density = Literal["cards", "chips", "dots"]
Grouping = Literal["project", "tier", "none"]

__all__ = [
    "Board",
    "Card",
    "Density",
    "Glyph",
    "Grouping",
    "Lane",
    "Panel",
    "Ring",
    "Riser",
    "RiserPart",
    "Role",
    "Tab",
    "Trunk",
]

Glyph = Literal["running", "stopped", "unhealthy", "restarting", "paused", "created", "dead"]


class Tab(NamedTuple):
    """A container that shares the network stack of the card it hangs on (``container:X``)."""

    container_id: str
    label: str
    name: str
    glyph: Glyph
    x: float
    y: float
    width: float
    height: float


class Card(NamedTuple):
    """One container, or replicas folded into one (then ``container_ids`` has several)."""

    key: str
    """Names the card across snapshots: ``project/name`` or ``project/service`` of a fold."""
    container_ids: tuple[str, ...]
    name: str
    """The full name, for titles and screen readers."""
    label: str
    """The name as drawn, shortened to fit."""
    sublabel: str
    port: str
    """The first published port as drawn (``:80+``), or empty."""
    glyph: Glyph
    """The worst state of the folded ones."""
    pips: tuple[Glyph, ...]
    network_ids: tuple[str, ...]
    """The networks it stands on, top bus first."""
    roles: tuple[Role, Role]
    """Colours of its topmost and bottommost network."""
    is_bridging: bool
    is_cut_point: bool
    x: float
    y: float
    width: float
    height: float
    tabs: tuple[Tab, ...] = ()


class Ring(NamedTuple):
    """Where a riser joins a bus: one endpoint, or several."""

    network_id: str
    container_ids: tuple[str, ...]
    """Whom it stands for: its own block and those that join in the very same place, for which
    it is drawn last; nobody where another ring covers it."""
    role: Role
    x: float
    y: float


class RiserPart(NamedTuple):
    """A stretch of a riser in the colour of the bus it leads to."""

    role: Role
    y1: float
    y2: float


class Riser(NamedTuple):
    """The vertical line of a block that stands on several networks."""

    network_ids: tuple[str, ...]
    """The networks it joins, top bus first."""
    container_ids: tuple[str, ...]
    x: float
    parts: tuple[RiserPart, ...]
    halos: tuple[RiserPart, ...]
    """Where it merely passes a bus: drawn under the line in the panel's colour."""
    rings: tuple[Ring, ...]
    frame: tuple[float, float, float, float] | None = None
    """x, y, width, height of the dashed frame of a block of several cards."""


class Lane(NamedTuple):
    """One network in one panel: label, tint and bus."""

    network_id: str
    name: str
    label: str
    sublabel: str
    role: Role
    tier_reason: str
    is_thin: bool
    """A network shared with other panels, drawn as a pill on a line."""
    is_shared: bool
    """Joins panels: its label is a pill, and its bus begins at the panel's left edge."""
    is_internal: bool
    description: str
    """Driver, subnets and the rest in words, for titles and screen readers."""
    label_width: float
    """How wide the label is drawn, for the pill around it."""
    bus_style: Literal["solid", "dashed", "none"]
    y: float
    height: float
    tint_x: float
    tint_width: float
    """0 where nothing is tinted."""
    bus_x1: float
    bus_x2: float
    bus_y: float
    stubs: tuple[tuple[float, float, float], ...]
    """x, y1, y2 of the lines from the bus down its tray's columns."""


class Panel(NamedTuple):
    """One project (or tier, or everything): a box with lanes, cards and risers."""

    key: str
    """Unique on the board; safe in an element id and an address segment."""
    title: str
    subtitle: str
    warning: str
    """Such as ``2 unhealthy``, or empty."""
    x: float
    y: float
    width: float
    height: float
    lanes: tuple[Lane, ...]
    cards: tuple[Card, ...]
    risers: tuple[Riser, ...]
    signature: str
    """Changes whenever anything drawn inside it changes; its place on the board is not inside."""


class Trunk(NamedTuple):
    """A network that joins panels: a line along the top and down the gutters, with taps."""

    network_id: str
    label: str
    """Its name and the number of panels it joins."""
    label_width: float
    role: Role
    lines: tuple[tuple[float, float, float, float], ...]
    taps: tuple[tuple[float, float], ...]
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Board:
    """A whole drawing."""

    density: Density
    grouping: Grouping
    width: float
    height: float
    panels: tuple[Panel, ...]
    trunks: tuple[Trunk, ...]
    is_loose: bool = False
    """The remembered plan makes it more than 1.4 times as large as a fresh one: offer Tidy."""
