"""One panel with its place on the board, and the columns that panels stand in."""

from __future__ import annotations

from typing import NamedTuple

from netdash.drawing.fronts import Option
from netdash.drawing.sketch import Sketch

Columns = tuple[tuple[float, float], ...]


class Stand(NamedTuple):
    """A panel with its place on the board."""

    sketch: Sketch
    option: Option
    column: int
    span: int
    x: float
    y: float
    width: float
    height: float

    def is_above(self, other: Stand) -> bool:
        """Tell whether the two share columns, so that one can push the other."""
        return self.x < other.x + other.width and other.x < self.x + self.width

    def hits(self, other: Stand, gap: float) -> bool:
        """Tell whether the two come closer than the gap."""
        return self.is_above(other) and (
            self.y < other.y + other.height + gap and other.y < self.y + self.height + gap
        )


def span_width(columns: Columns, column: int, span: int) -> float:
    """Measure several columns with the gaps between them."""
    x, _ = columns[column]
    last_x, last_width = columns[column + span - 1]
    return last_x + last_width - x
