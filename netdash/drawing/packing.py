"""Where blocks with their risers stand in the right half of a panel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from netdash.drawing.grids import Cells, measure_grid
from netdash.drawing.shapes import Density
from netdash.drawing.sizes import SIZES, Sizes


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
    """A block's place: from where the right half begins, and the measures of its cards."""

    x: float
    columns: int
    height: float


class Packing(NamedTuple):
    """All blocks' places, in the order given, and the width they take."""

    spots: tuple[Spot, ...]
    width: float


Taken = list[tuple[int, int, float, float]]
"""The bay of each block, the lanes that its riser passes, a bit each, its left and its right."""


@lru_cache(maxsize=2048)
def pack(density: Density, blocks: tuple[BlockShape, ...], cap: int) -> Packing:
    """Give each block its place: where it stood, else the first free one from the left.

    No card stands where another block's riser passes.
    """
    sizes = SIZES[density]
    taken: Taken = []
    ends: dict[int, float] = {}
    spots: dict[int, Spot] = {}
    right = 0.0
    for index in order_blocks(blocks, cap):
        block = blocks[index]
        columns = block.columns or -(-len(block.cells) // cap)
        width = measure_block(sizes, columns)
        start = find_start(sizes, block, width, ends)
        x = find_place(sizes, block, width, taken, start)
        taken.append((block.bay, find_passed(block), x, x + width))
        middle = x + width / 2
        for lane in block.lanes:
            if middle > ends.get(lane, 0):
                ends[lane] = middle
        spots[index] = Spot(x, columns, measure_grid(sizes, block.cells, columns))
        right = max(right, x + width)
    return Packing(tuple([spots[index] for index in range(len(blocks))]), right)


def order_blocks(blocks: tuple[BlockShape, ...], cap: int) -> Iterator[int]:
    """Order blocks for packing, from the left: a riser stands right of the buses it skips.

    Those with a place and those that skip nothing go first; of the others always the one that
    the fewest rings to come lie before.
    """
    waiting: dict[int, tuple[int, ...]] = {}
    joins: dict[int, int] = defaultdict(int)
    ranks = [(rank_block(block, cap), index) for index, block in enumerate(blocks)]
    for _, index in sorted(ranks):
        block = blocks[index]
        skipped = find_skipped(block.lanes)
        if block.x is not None or not skipped:
            yield index
        else:
            waiting[index] = skipped
            for lane in block.lanes:
                joins[lane] += 1
    while waiting:
        index = min(waiting, key=lambda found: sum([joins[lane] for lane in waiting[found]]))
        del waiting[index]
        for lane in blocks[index].lanes:
            joins[lane] -= 1
        yield index


def rank_block(block: BlockShape, cap: int) -> tuple[object, ...]:
    """Rank blocks for packing: those with a place first, those that skip buses last."""
    lanes, bay, cells, x, _ = block
    if x is not None:
        return (0, x, lanes, bay)
    span = lanes[-1] - lanes[0]
    size = len(cells)
    return (1, span + 1 - len(lanes), span, min(size, cap), -size, lanes, bay)


@lru_cache(maxsize=4096)
def find_skipped(lanes: tuple[int, ...]) -> tuple[int, ...]:
    """List the lanes whose buses a riser crosses without a ring."""
    return tuple([lane for lane in range(lanes[0], lanes[-1]) if lane not in lanes])


def find_passed(block: BlockShape) -> int:
    """Find the lanes that a riser passes below the bus of, a bit each, but for the bay."""
    return ((1 << block.lanes[-1]) - (1 << block.lanes[0])) & ~(1 << block.bay)


def measure_block(sizes: Sizes, columns: int) -> float:
    """Measure a block's width with room for a frame, drawn or not: cards line up."""
    return columns * (sizes.card_width + sizes.gap_x) - sizes.gap_x + 2 * sizes.frame


def find_start(sizes: Sizes, block: BlockShape, width: float, ends: Mapping[int, float]) -> float:
    """Find where a block may begin: where it stood, or past the buses that its riser skips."""
    if block.x is not None:
        return block.x
    past = [ends[lane] for lane in find_skipped(block.lanes) if lane in ends]
    return max(0.0, max(past) + sizes.clearance - width / 2) if past else 0.0


def find_place(sizes: Sizes, block: BlockShape, width: float, taken: Taken, start: float) -> float:
    """Find the first x from ``start`` on at which block and riser hit nothing."""
    gap, clearance, half = sizes.gap_x, sizes.clearance, width / 2
    own_bay, own_passed = block.bay, find_passed(block)
    barred = []
    for bay, passed, left, right in taken:
        middle = (left + right) / 2
        if bay == own_bay:
            barred.append((left - gap - half, right + gap + half))
        if own_passed >> bay & 1:
            barred.append((left - clearance, right + clearance))
        if passed >> own_bay & 1:
            barred.append((middle - clearance - half, middle + clearance + half))
        if passed & own_passed:
            barred.append((middle - 2 * clearance, middle + 2 * clearance))
    x = start + half
    for left, right in sorted(barred):
        if left >= x:
            break
        x = max(x, right)
    return x - half
