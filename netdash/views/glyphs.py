"""The shapes of states, as paths: told apart without colour, the same in drawing and legend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from netdash.drawing.shapes import Density, Glyph

WORDS: dict[Glyph, str] = {
    "running": "running",
    "stopped": "stopped",
    "unhealthy": "unhealthy",
    "restarting": "restarting",
    "paused": "paused",
    "created": "created, never started",
    "dead": "dead",
}
PLACES: dict[Density, tuple[float, float, float]] = {
    "cards": (13.5, 19, 4.5),
    "chips": (10.5, 11, 3.5),
    "dots": (5, 5, 2.5),
}
"""Where a card's glyph stands: x and y of its middle, half its size."""
UNITS: dict[Glyph, tuple[tuple[float, float], ...]] = {
    "stopped": ((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)),
    "unhealthy": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "restarting": ((0, -1.05), (1.15, 0.95), (-1.15, 0.95)),
}


def draw_glyph(glyph: Glyph, x: float, y: float, half: float) -> str:
    """Draw a state's shape around a point."""
    if glyph in UNITS:
        return draw_polygon(UNITS[glyph], x, y, half)
    if glyph == "paused":
        return draw_bar(x - half * 0.85, y, half) + draw_bar(x + half * 0.15, y, half)
    if glyph == "dead":
        side = 2 * half
        down, up, back = write(side, side), write(0, -side), write(-side, side)
        return f"M{write(x - half, y - half)}l{down}m{up}l{back}"
    return draw_circle(x, y, half * (0.8 if glyph == "created" else 1))


def write(x: float, y: float) -> str:
    """Write a pair of lengths."""
    return f"{round(x, 1):g} {round(y, 1):g}"


def draw_circle(x: float, y: float, half: float) -> str:
    """Draw a circle as two arcs."""
    arc = f"a{half:g} {half:g} 0 1 0"
    return f"M{write(x - half, y)}{arc} {2 * half:g} 0{arc} {-2 * half:g} 0"


def draw_polygon(points: tuple[tuple[float, float], ...], x: float, y: float, half: float) -> str:
    """Draw a closed outline."""
    return f"M{'L'.join(write(x + dx * half, y + dy * half) for dx, dy in points)}z"


def draw_bar(x: float, y: float, half: float) -> str:
    """Draw one of the two bars of a pause sign."""
    width = round(half * 0.7, 1)
    return f"M{write(x, y - half)}h{width:g}v{2 * half:g}h{-width:g}z"


GLYPHS: dict[tuple[Density, Glyph], str] = {
    (density, glyph): draw_glyph(glyph, *place)
    for density, place in PLACES.items()
    for glyph in WORDS
}
"""A card's glyph in its card's coordinates, drawn once."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of the legend."""

    glyph: Glyph
    path: str
    words: str


@cache
def draw_legend() -> tuple[Sign, ...]:
    """Draw the sign of every state with its words."""
    return tuple(Sign(glyph, draw_glyph(glyph, 23, 9, 5), words) for glyph, words in WORDS.items())
