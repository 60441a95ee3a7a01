"""How a panel's inside fits: trays of cards on the left, blocks with their risers right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from netdash.drawing.shapes import Density
from netdash.drawing.sizes import SIZES, Sizes

ROW_CAPS = (2, 3, 4, 6)
MAX_COLUMNS = 50
HOLE = -1

Cells = tuple[int, ...]
"""The tabs below each card of a grid, HOLE for a free slot."""


class LaneShape(NamedTuple):
    """What a lane's height depends on."""

    is_thin: bool
    cells: Cells
    min_height: float = 0


class BlockShape(NamedTuple):
    """What a block's place depends on."""

    lanes: tuple[int, ...]
    """The lanes it joins, from the top."""
    bay: int
    """The lane it hangs in."""
    cells: Cells
    x: float | None = None
    """Where it stood; None for a new one."""
    columns: int = 0


class Spot(NamedTuple):
    """A block's place: from where the right half begins, and its columns of cards."""

    x: float
    columns: int


class Packing(NamedTuple):
    """All blocks' places, in the order given, and the width they take."""

    spots: tuple[Spot, ...]
    width: float


class Option(NamedTuple):
    """One way to lay a panel's inside out."""

    tray_columns: int
    row_cap: int
    width: float
    height: float


def find_right(sizes: Sizes, tray_columns: int) -> float:
    """Find where the right half begins."""
    step = sizes.card_width + sizes.gap_x
    return sizes.label_column + (tray_columns * step + sizes.gap_x if tray_columns else 0)


@lru_cache(maxsize=4096)
def find_options(
    density: Density, lanes: tuple[LaneShape, ...], blocks: tuple[BlockShape, ...], title: float
) -> tuple[Option, ...]:
    """List the ways worth having: none is both wider and higher than another; narrow first."""
    sizes = SIZES[density]
    longest = min(max((len(lane.cells) for lane in lanes), default=0), MAX_COLUMNS)
    found: list[Option] = []
    trays: list[float] = []
    packings = {cap: pack(density, blocks, cap) for cap in find_caps(blocks)}
    bays = {cap: measure_bays(sizes, len(lanes), blocks, packings[cap].spots) for cap in packings}
    for columns in range(min(1, longest), longest + 1):
        before = trays
        trays = [measure_grid(sizes, lane.cells, columns) for lane in lanes]
        if trays == before:
            continue
        for cap, packing in packings.items():
            width = measure_width(sizes, columns, packing.width, title)
            height = measure_height(sizes, lanes, trays, bays[cap])
            found.append(Option(columns, cap, width, height))
    return keep_front(found)


def find_caps(blocks: Sequence[BlockShape]) -> tuple[int, ...]:
    """List the row caps that differ for blocks of these sizes."""
    largest = max((len(block.cells) for block in blocks), default=1)
    caps = tuple(cap for cap in ROW_CAPS if cap < largest)
    last = next((cap for cap in ROW_CAPS if cap >= largest), ROW_CAPS[-1])
    found: dict[tuple[int, ...], int] = {}
    for cap in dict.fromkeys((*caps, last)):
        found.setdefault(tuple(-(-len(block.cells) // cap) for block in blocks), cap)
    return tuple(found.values())


def keep_front(options: list[Option]) -> tuple[Option, ...]:
    """Keep the options that no other one beats in both width and height."""
    front: list[Option] = []
    for option in sorted(options, key=lambda o: (o.width, o.height, o.tray_columns, o.row_cap)):
        if not front or option.height < front[-1].height - 0.01:
            front.append(option)
    return tuple(front)


def measure_width(sizes: Sizes, tray_columns: int, right: float, title: float) -> float:
    """Measure a panel's width."""
    if right:
        width = find_right(sizes, tray_columns) + right + sizes.pad_right
    else:
        step = sizes.card_width + sizes.gap_x
        width = sizes.label_column + max(tray_columns, 1) * step - sizes.gap_x + sizes.pad_right
    return max(width, title)


def measure_height(
    sizes: Sizes, lanes: Sequence[LaneShape], trays: Sequence[float], bays: Sequence[float]
) -> float:
    """Measure a panel's height."""
    heights: float = 0
    gaps: float = 0
    for lane, tray, bay in zip(lanes, trays, bays, strict=True):
        heights += measure_lane(sizes, lane, tray if tray > bay else bay)
        gaps += 0 if lane.is_thin else sizes.lane_gap
    if lanes and not lanes[-1].is_thin:
        gaps -= sizes.lane_gap
    return sizes.title_height + heights + gaps + sizes.pad_bottom


def measure_lane(sizes: Sizes, lane: LaneShape, body: float) -> float:
    """Measure a lane's height around the cards in it."""
    least = max(sizes.thin_lane if lane.is_thin else sizes.min_lane, lane.min_height)
    if not body:
        return least
    filled = find_bus_drop(sizes, lane.is_thin) + sizes.card_drop + body + sizes.lane_foot
    return filled if filled > least else least


def find_bus_drop(sizes: Sizes, is_thin: bool) -> float:
    """Find how far a lane's bus is below its top."""
    return sizes.thin_lane / 2 if is_thin else sizes.bus_drop


def measure_grid(sizes: Sizes, cells: Cells, columns: int) -> float:
    """Measure the height of a grid of cards."""
    if not cells:
        return 0
    if max(cells) <= 0:
        count = -(-len(cells) // max(columns, 1))
        return count * (sizes.card_height + sizes.gap_y) - sizes.gap_y
    top, height = find_rows(sizes, cells, columns)[-1]
    return top + height


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


def measure_bays(
    sizes: Sizes, count: int, blocks: Sequence[BlockShape], spots: Sequence[Spot]
) -> list[float]:
    """Measure what the blocks in each lane need."""
    bays = [0.0] * count
    for block, spot in zip(blocks, spots, strict=True):
        bays[block.bay] = max(bays[block.bay], measure_grid(sizes, block.cells, spot.columns))
    return bays


@lru_cache(maxsize=8192)
def pack(density: Density, blocks: tuple[BlockShape, ...], cap: int) -> Packing:
    """Give each block its place: where it stood, else the first free one from the left.

    No card stands where another block's riser passes.
    """
    sizes = SIZES[density]
    taken: Taken = {}
    ends: dict[int, float] = {}
    spots: dict[int, Spot] = {}
    right = 0.0
    for index in order_blocks(blocks, cap):
        block = blocks[index]
        columns = block.columns or -(-len(block.cells) // cap)
        width = measure_block(sizes, columns)
        x = find_place(sizes, block, width, taken, find_start(sizes, block, width, ends))
        claim(block, x, width, taken)
        middle = x + width / 2
        for lane in block.lanes:
            if middle > ends.get(lane, 0):
                ends[lane] = middle
        spots[index] = Spot(x, columns)
        right = max(right, x + width)
    return Packing(tuple([spots[index] for index in range(len(blocks))]), right)


def order_blocks(blocks: tuple[BlockShape, ...], cap: int) -> Iterator[int]:
    """Order blocks for packing, from the left: a riser stands right of the buses it skips.

    Those with a place and those that skip nothing go first; of the others always the one that
    the fewest rings to come lie before.
    """
    waiting: list[int] = []
    skipped: dict[int, list[int]] = {}
    joins: dict[int, int] = defaultdict(int)
    for index in sorted(range(len(blocks)), key=lambda found: rank_block(blocks[found], cap)):
        skipped[index] = find_skipped(blocks[index])
        if blocks[index].x is not None or not skipped[index]:
            yield index
        else:
            waiting.append(index)
            for lane in blocks[index].lanes:
                joins[lane] += 1
    while waiting:
        index = min(waiting, key=lambda found: sum([joins[lane] for lane in skipped[found]]))
        waiting.remove(index)
        for lane in blocks[index].lanes:
            joins[lane] -= 1
        yield index


def find_skipped(block: BlockShape) -> list[int]:
    """List the lanes whose buses a block's riser crosses without a ring."""
    lanes = block.lanes
    if lanes[-1] - lanes[0] == len(lanes) - 1:
        return []
    return [n for n in range(lanes[0] + 1, lanes[-1]) if n not in lanes]


def rank_block(block: BlockShape, cap: int) -> tuple[object, ...]:
    """Rank blocks for packing: those with a place first, those that skip buses last."""
    span = block.lanes[-1] - block.lanes[0]
    skipped = span + 1 - len(block.lanes)
    size = len(block.cells)
    if block.x is not None:
        return (0, block.x, block.lanes, block.bay)
    return (1, skipped, span, min(size, cap), -size, block.lanes, block.bay)


def measure_block(sizes: Sizes, columns: int) -> float:
    """Measure a block's width with room for a frame, drawn or not: cards line up."""
    return columns * (sizes.card_width + sizes.gap_x) - sizes.gap_x + 2 * sizes.frame


Taken = dict[int, list[tuple[float, float]]]
"""What each lane's right half holds: left and right of blocks, equal for a riser."""


def find_start(sizes: Sizes, block: BlockShape, width: float, ends: Mapping[int, float]) -> float:
    """Find where a block may begin: where it stood, or past the buses that its riser skips."""
    if block.x is not None:
        return block.x
    past = [ends[lane] for lane in find_skipped(block) if lane in ends]
    return max(0.0, max(past) + sizes.clearance - width / 2) if past else 0.0


def find_place(sizes: Sizes, block: BlockShape, width: float, taken: Taken, start: float) -> float:
    """Find the first x from ``start`` on at which block and riser hit nothing."""
    x = start
    passed = [lane for lane in range(block.lanes[0], block.lanes[-1]) if lane != block.bay]
    is_moving = True
    while is_moving:
        is_moving = False
        for left, right in taken.get(block.bay, ()):
            room = sizes.gap_x if right > left else sizes.clearance
            if x < right + room and left < x + width + room:
                x, is_moving = right + room, True
        for lane in passed:
            for left, right in taken.get(lane, ()):
                room = sizes.clearance * (1 if right > left else 2)
                if left - room < x + width / 2 < right + room:
                    x, is_moving = right + room - width / 2, True
    return x


def claim(block: BlockShape, x: float, width: float, taken: Taken) -> None:
    """Note what a block and its riser take in each lane."""
    middle = x + width / 2
    for lane in range(block.lanes[0], block.lanes[-1]):
        if lane != block.bay:
            taken.setdefault(lane, []).append((middle, middle))
    taken.setdefault(block.bay, []).append((x, x + width))
