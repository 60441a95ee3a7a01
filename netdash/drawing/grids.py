"""Grids of cards, and the lanes around them: how high each is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from netdash.drawing.sizes import Sizes

HOLE = -1

Cells = tuple[int, ...]
"""The tabs below each card of a grid, HOLE for a free slot."""


class LaneShape(NamedTuple):
    """What a lane's height depends on."""

    is_thin: bool
    cells: Cells
    min_height: float = 0


def measure_grid(sizes: Sizes, cells: Cells, columns: int) -> float:
    """Measure the height of a grid of cards."""
    if not cells:
        return 0
    if max(cells) <= 0:
        count = -(-len(cells) // columns) if columns else len(cells)
        return count * (sizes.card_height + sizes.gap_y) - sizes.gap_y
    top, height = find_rows(sizes, cells, columns)[-1]
    return top + height


def measure_grids(sizes: Sizes, cells: Cells, columns: Sequence[int]) -> Sequence[float]:
    """Measure the height of a grid of cards for each number of columns."""
    if not cells:
        return [0] * len(columns)
    if max(cells) <= 0:
        count, gap = len(cells), sizes.gap_y
        step = sizes.card_height + gap
        return [-(-count // each) * step - gap for each in columns]
    return [measure_grid(sizes, cells, each) for each in columns]


@lru_cache(maxsize=8192)
def find_rows(sizes: Sizes, cells: Cells, columns: int) -> tuple[tuple[float, float], ...]:
    """List top and height of each row of a grid: a card, below it the most tabs of the row."""
    rows = []
    top = 0.0
    for start in range(0, len(cells), max(columns, 1)):
        tabs = max(0, *cells[start : start + max(columns, 1)])
        height = sizes.card_height + sizes.tab_height * tabs
        rows.append((top, height))
        top += height + sizes.gap_y
    return tuple(rows)


def measure_lane(sizes: Sizes, lane: LaneShape, body: float) -> float:
    """Measure a lane's height around the cards in it."""
    least = find_least(sizes, lane)
    return max(least, find_frame(sizes, lane) + body) if body else least


def find_least(sizes: Sizes, lane: LaneShape) -> float:
    """Find how high a lane is that nobody stands in."""
    bare = sizes.thin_lane if lane.is_thin else sizes.min_lane
    return lane.min_height if lane.min_height > bare else bare


def find_frame(sizes: Sizes, lane: LaneShape) -> float:
    """Find how much higher a lane is than the cards in it."""
    return find_bus_drop(sizes, lane.is_thin) + sizes.card_drop + sizes.lane_foot


def find_bus_drop(sizes: Sizes, is_thin: bool) -> float:
    """Find how far a lane's bus is below its top."""
    return sizes.thin_drop if is_thin else sizes.bus_drop
