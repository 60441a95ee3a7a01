"""Shapes made ready to be written: short ids, addresses, words and path strings.

Ids stand in the markup as their first 12 characters, as Docker itself shortens them: the page of
2,000 containers is 70 KB lighter for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from netdash.drawing.shapes import (
    Density,
    Lane,
    Ring,
    Riser,
    RiserPart,
    Role,
    Trunk,
)
from netdash.drawing.words import BOLD, measure

SHORT = 12
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Measures:
    """Where the words of one density stand, in pixels at zoom 1."""

    title_x: float
    title_y: float
    label_x: float
    label_down: float
    """From the bus to a label's baseline."""
    sublabel_down: float
    """The same of the line below; 0 where there is none."""
    pill_height: float
    pill_px: float
    ring: float
    lock: float


MEASURES: Mapping[Density, Measures] = {
    "cards": Measures(15, 26, 15, 4.5, 19, 18, 11.5, 5, 1),
    "chips": Measures(12, 20, 10, 3.5, 0, 14, 10, 3.6, 0.8),
    "dots": Measures(6, 12, 5, 3, 0, 11, 8, 2.4, 0.55),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the words of a drawing need: names by short id, and where the links lead."""

    networks_by_id: Mapping[str, str]
    containers_address: str
    networks_address: str


@dataclass(frozen=True, slots=True)
class LaneMark:
    """One lane: its network's short id, its stubs as one path, its words."""

    lane: Lane
    id: str
    address: str
    stubs: SafeString
    words: str
    label_x: float
    label_y: float
    sublabel_y: float
    pill: tuple[float, float, float, float]
    """x, y, width, height of the pill of a thin lane."""
    lock: SafeString


@dataclass(frozen=True, slots=True)
class RiserMark:
    """One riser: a path for each colour, rings and the networks they join."""

    riser: Riser
    networks: str
    frame: SafeString
    """The attributes of the frame around several cards; empty where there is one."""
    halos: SafeString
    paths: tuple[tuple[Role, SafeString], ...]
    rings: tuple[SafeString, ...]
    """The attributes of each ring, escaped."""


def shorten_id(id_: str) -> str:
    """Shorten an id as Docker does."""
    return id_[:SHORT]


def shorten_ids(ids: Iterable[str]) -> str:
    """Write short ids with a space between, each once."""
    return " ".join(dict.fromkeys(id_[:SHORT] for id_ in ids))


def mark_lane(lane: Lane, density: Density, names: Names) -> LaneMark:
    """Prepare a lane."""
    sizes = MEASURES[density]
    pill = (
        sizes.label_x - 2,
        lane.bus_y - sizes.pill_height / 2,
        measure(lane.label, sizes.pill_px, BOLD) + sizes.pill_height,
        sizes.pill_height,
    )
    lock_x = (
        pill[0] + pill[2] + 10 * sizes.lock if lane.is_shared else lane.bus_x1 - 13 * sizes.lock
    )
    words = [f"network {cut(lane.name)}", lane.description]
    words += [lane.tier_reason] if lane.tier_reason else []
    return LaneMark(
        lane=lane,
        id=shorten_id(lane.network_id),
        address=names.networks_address + shorten_id(lane.network_id),
        stubs=SafeString(
            "".join(f"M{short(x)} {short(y1)}V{short(y2)}" for x, y1, y2 in lane.stubs)
        ),
        words=", ".join(word for word in words if word),
        label_x=sizes.label_x + (sizes.pill_height / 2 - 2 if lane.is_shared else 0),
        label_y=lane.bus_y + (sizes.label_down - 0.5 if lane.is_shared else sizes.label_down),
        sublabel_y=lane.bus_y + sizes.sublabel_down if sizes.sublabel_down and lane.sublabel else 0,
        pill=pill,
        lock=draw_lock(lock_x, lane.bus_y, sizes.lock),
    )


def draw_lock(x: float, y: float, scale: float) -> SafeString:
    """Draw the padlock of an internal network."""
    side, arch = short(10 * scale), short(3 * scale)
    return SafeString(
        f"M{short(x - 5 * scale)} {short(y - scale)}h{side}v{short(7 * scale)}h-{side}z"
        f"m{short(2 * scale)} 0v-{arch}a{arch} {arch} 0 0 1 {short(6 * scale)} 0v{arch}"
    )


def mark_riser(riser: Riser, density: Density) -> RiserMark:
    """Prepare a riser: stretches of one colour become one path."""
    size = short(MEASURES[density].ring)
    return RiserMark(
        riser=riser,
        networks=shorten_ids(riser.network_ids),
        frame=write_box(*riser.frame) if riser.frame else SafeString(),
        halos=draw_stretches(riser.x, riser.halos),
        paths=tuple(
            (role, draw_stretches(riser.x, [part for part in riser.parts if part.role == role]))
            for role in dict.fromkeys(part.role for part in riser.parts)
        ),
        rings=tuple(write_ring(ring, size) for ring in riser.rings),
    )


def write_box(x: float, y: float, width: float, height: float) -> SafeString:
    """Write the attributes of a rectangle: numbers alone, nothing to escape."""
    return SafeString(
        f'x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}"'
    )


def write_ring(ring: Ring, size: str) -> SafeString:
    """Write where a riser joins a bus."""
    network = escape(shorten_id(ring.network_id))
    return mark_safe(  # noqa: S308
        f'class="ro r-{ring.role}" data-r="{network}" cx="{short(ring.x)}" cy="{short(ring.y)}"'
        f' r="{size}"'
    )


@dataclass(frozen=True, slots=True)
class TrunkMark:
    """A line between panels: one path and its pill."""

    trunk: Trunk
    id: str
    address: str
    lines: str
    pill: tuple[float, float, float, float]
    text_x: float
    text_y: float
    words: str


def mark_trunk(trunk: Trunk, density: Density, names: Names) -> TrunkMark:
    """Prepare a trunk."""
    sizes = MEASURES[density]
    width = measure(trunk.label, sizes.pill_px, BOLD) + sizes.pill_height
    x, y = trunk.label_x, trunk.label_y
    return TrunkMark(
        trunk=trunk,
        id=shorten_id(trunk.network_id),
        address=names.networks_address + shorten_id(trunk.network_id),
        lines="".join(
            f"M{short(x1)} {short(y1)}L{short(x2)} {short(y2)}" for x1, y1, x2, y2 in trunk.lines
        ),
        pill=(x, y - sizes.pill_height / 2, width, sizes.pill_height),
        text_x=x + sizes.pill_height / 2,
        text_y=y + sizes.label_down - 0.5,
        words=f"network {cut(names.networks_by_id.get(trunk.network_id, trunk.label))}, shared",
    )


def draw_stretches(x: float, parts: Iterable[RiserPart]) -> SafeString:
    """Write vertical stretches as one path: numbers alone, nothing to escape."""
    column = short(x)
    return SafeString("".join(f"M{column} {short(p.y1)}V{short(p.y2)}" for p in parts))


def cut(text: str) -> str:
    """Cut what would be read out for minutes."""
    return text if len(text) <= LONGEST_WORDS else f"{text[: LONGEST_WORDS - 1]}…"


def short(number: float) -> str:
    """Write a length with at most one decimal and no needless zeros."""
    return f"{round(number, 1):g}" if abs(number) < 100_000 else f"{number:.0f}"
