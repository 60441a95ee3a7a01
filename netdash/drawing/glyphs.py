"""The sign of a container's state: a shape, so that colour is never the only one."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from netdash.drawing.shapes import Glyph
from netdash.topology.snapshot import Container

GLYPHS_BY_STATE = MappingProxyType[str, Glyph](
    {
        "created": "created",
        "restarting": "restarting",
        "paused": "paused",
        "exited": "stopped",
        "removing": "dead",
        "dead": "dead",
    }
)
WORST_FIRST: tuple[Glyph, ...] = (
    "unhealthy",
    "dead",
    "restarting",
    "paused",
    "stopped",
    "created",
    "running",
)


def find_glyph(container: Container) -> Glyph:
    """Find the sign of a container; only a running one can be unhealthy."""
    if container.state == "running":
        return "unhealthy" if container.health == "unhealthy" else "running"
    return GLYPHS_BY_STATE.get(container.state, "running")


def find_worst(glyphs: Iterable[Glyph]) -> Glyph:
    """Find the sign that asks most for attention."""
    return min(glyphs, key=WORST_FIRST.index)
