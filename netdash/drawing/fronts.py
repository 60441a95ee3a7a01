"""The ways to lay out the inside of a panel that are worth having."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from netdash.drawing.grids import LaneShape, find_frame, find_least, measure_grids
from netdash.drawing.packing import BlockShape, Spot, pack
from netdash.drawing.shapes import Density
from netdash.drawing.sizes import SIZES, Sizes

ROW_CAPS = (2, 3, 4, 6)
MAX_COLUMNS = 50


class Option(NamedTuple):
    """One way to lay a panel's inside out."""

    tray_columns: int
    row_cap: int
    width: float
    height: float


class Pile(NamedTuple):
    """What lanes one below the other take up besides their cards."""

    lanes: tuple[tuple[float, float], ...]
    """How high each is when empty, and how much higher than its cards when not."""
    rest: float
    """What is above, below and between them."""


@lru_cache(maxsize=4096)
def find_options(
    density: Density, lanes: tuple[LaneShape, ...], blocks: tuple[BlockShape, ...], title: float
) -> tuple[Option, ...]:
    """List the ways worth having: none is both wider and higher than another; narrow first."""
    sizes = SIZES[density]
    longest = min(max([len(lane.cells) for lane in lanes], default=0), MAX_COLUMNS)
    numbers = range(min(1, longest), longest + 1)
    packings = [(cap, pack(density, blocks, cap)) for cap in find_caps(blocks)]
    bays = [measure_bays(len(lanes), blocks, packing.spots) for _, packing in packings]
    pile = pile_up(sizes, lanes)
    found: list[tuple[float, float, int, int]] = []
    before: tuple[float, ...] = ()
    grids = [measure_grids(sizes, lane.cells, numbers) for lane in lanes]
    for columns, trays in zip(numbers, zip(*grids, strict=True), strict=True):
        if trays != before:
            before = trays
            for (cap, packing), bodies in zip(packings, bays, strict=True):
                width = measure_width(sizes, columns, packing.width, title)
                found.append((width, measure_height(pile, trays, bodies), columns, cap))
    return keep_front(found)


def find_caps(blocks: Sequence[BlockShape]) -> tuple[int, ...]:
    """List the row caps that differ for blocks of these sizes."""
    counts = [len(block.cells) for block in blocks]
    largest = max(counts, default=1)
    caps = [cap for cap in ROW_CAPS if cap < largest]
    found: dict[tuple[int, ...], int] = {}
    for cap in (*caps, *ROW_CAPS[len(caps) : len(caps) + 1]):
        found.setdefault(tuple([-(-count // cap) for count in counts]), cap)
    return tuple(found.values())


def keep_front(found: Iterable[tuple[float, float, int, int]]) -> tuple[Option, ...]:
    """Keep those of width, height, columns and cap that none beats in both width and height."""
    front: list[Option] = []
    for width, height, columns, cap in sorted(found):
        if not front or height < front[-1].height - 0.01:
            front.append(Option(columns, cap, width, height))
    return tuple(front)


def find_right(sizes: Sizes, tray_columns: int) -> float:
    """Find where the right half begins."""
    step = sizes.card_width + sizes.gap_x
    return sizes.label_column + (tray_columns * step + sizes.gap_x if tray_columns else 0)


def measure_width(sizes: Sizes, tray_columns: int, right: float, title: float) -> float:
    """Measure a panel's width."""
    if right:
        width = find_right(sizes, tray_columns) + right + sizes.pad_right
    else:
        step = sizes.card_width + sizes.gap_x
        width = sizes.label_column + max(tray_columns, 1) * step - sizes.gap_x + sizes.pad_right
    return width if width > title else title


def pile_up(sizes: Sizes, lanes: Sequence[LaneShape]) -> Pile:
    """Measure a panel without its cards."""
    gaps = sum([not lane.is_thin for lane in lanes[:-1]]) * sizes.lane_gap
    return Pile(
        tuple([(find_least(sizes, lane), find_frame(sizes, lane)) for lane in lanes]),
        sizes.title_height + gaps + sizes.pad_bottom,
    )


def measure_height(pile: Pile, trays: Sequence[float], bays: Sequence[float]) -> float:
    """Measure a panel's height with the cards on the left and on the right of each lane."""
    height = pile.rest
    for (least, frame), tray, bay in zip(pile.lanes, trays, bays, strict=True):
        body = tray if tray > bay else bay
        filled = frame + body if body else 0
        height += filled if filled > least else least
    return height


def measure_bays(count: int, blocks: Sequence[BlockShape], spots: Sequence[Spot]) -> list[float]:
    """Measure what the blocks in each lane need."""
    bays = [0.0] * count
    for block, spot in zip(blocks, spots, strict=True):
        bays[block.bay] = max(bays[block.bay], spot.height)
    return bays
