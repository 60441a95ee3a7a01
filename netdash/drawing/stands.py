"""One panel with its place on the board, the ways to lay it out, and the columns it stands in."""

from __future__ import annotations

from typing import NamedTuple

from netdash.drawing.fronts import (
    Option,
    find_options,
    measure_bays,
    measure_height,
    measure_width,
    pile_up,
)
from netdash.drawing.grids import measure_grid
from netdash.drawing.packing import pack
from netdash.drawing.shapes import Density
from netdash.drawing.sizes import SIZES
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


def find_front(sketch: Sketch, density: Density) -> tuple[Option, ...]:
    """List the ways to lay a sketch out."""
    shapes = sketch.lane_shapes, sketch.block_shapes
    return find_options(density, *shapes, sketch.heading.width)


def measure_option(sketch: Sketch, density: Density, tray_columns: int, row_cap: int) -> Option:
    """Measure one way to lay a sketch out."""
    sizes = SIZES[density]
    lanes, blocks = sketch.lane_shapes, sketch.block_shapes
    tray_columns = max(tray_columns, min(1, max((len(lane.cells) for lane in lanes), default=0)))
    packing = pack(density, blocks, row_cap)
    bays = measure_bays(len(lanes), blocks, packing.spots)
    trays = [measure_grid(sizes, lane.cells, tray_columns) for lane in lanes]
    return Option(
        tray_columns,
        row_cap,
        measure_width(sizes, tray_columns, packing.width, sketch.heading.width),
        measure_height(pile_up(sizes, lanes), trays, bays),
    )


def span_width(columns: Columns, column: int, span: int) -> float:
    """Measure several columns with the gaps between them."""
    x, _ = columns[column]
    last_x, last_width = columns[column + span - 1]
    return last_x + last_width - x
