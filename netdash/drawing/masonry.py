"""Where panels stand on a fresh board: columns filled from the shortest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from netdash.drawing.fronts import Option
from netdash.drawing.sizes import Sizes

RATIO = 1.6
"""A board is wanted this much wider than high."""
MAX_CANDIDATES = 9


class Place(NamedTuple):
    """Where a panel stands, and the way its inside is laid out."""

    column: int
    span: int
    y: float
    option: Option


@dataclass(frozen=True, slots=True)
class Masonry:
    """A board's columns, and each panel's place in the order given."""

    column_width: float
    columns: int
    gap: float
    places: tuple[Place, ...]
    width: float
    height: float


def lay_out(fronts: Sequence[tuple[Option, ...]], sizes: Sizes, gap: float) -> Masonry:
    """Choose column width and number so that the board is neither wide nor high.

    ``gap`` is what stands between columns: the gutter of the trunks, or just air.
    """
    best: Masonry | None = None
    for width in find_widths(fronts):
        picked = [pick(front, width) for front in fronts]
        area = sum([(one.height + sizes.panel_gap) * (one.width + gap) for one in picked])
        ideal = max(1.0, (RATIO * area) ** 0.5 / (width + gap))
        spans = [count_columns(front[0].width, width, gap) for front in fronts]
        options = [
            one if span == 1 else pick(front, span * (width + gap) - gap)
            for one, front, span in zip(picked, fronts, spans, strict=True)
        ]
        for columns in {int(ideal), int(ideal) + 1}:
            found = fill(options, spans, width, min(columns, len(fronts)), sizes, gap)
            if best is None or rank(found) < rank(best):
                best = found
    return best or Masonry(0, 0, gap, (), 0, 0)


def rank(found: Masonry) -> tuple[float, float, int]:
    """Rank boards: the one that fits a screen at the largest zoom first."""
    return (max(found.width / RATIO, found.height), found.column_width, found.columns)


def find_widths(fronts: Sequence[tuple[Option, ...]]) -> list[float]:
    """List the candidates for the column width: quantiles of what panels can be."""
    widths: set[float] = set()
    for choose in (0, 0.5, 1):
        found = sorted(front[round(choose * (len(front) - 1))].width for front in fronts)
        widths |= {found[int(q * (len(found) - 1))] for q in (0.25, 0.5, 0.75, 1) if found}
    ordered = sorted(widths)
    step = max(1, -(-len(ordered) // MAX_CANDIDATES))
    return ordered[::step]


def pick(front: Sequence[Option], width: float) -> Option:
    """Pick the lowest option that is not wider, else the narrowest."""
    best = front[0]
    for option in front:
        if option.width > width + 0.01:
            break
        best = option
    return best


def fill(
    options: Sequence[Option],
    spans: Sequence[int],
    width: float,
    columns: int,
    sizes: Sizes,
    gap: float,
) -> Masonry:
    """Put each panel where its columns are the shortest; wide ones span several."""
    columns = max(columns, *spans, 1)
    ends = [0.0] * columns
    places = []
    for option, span in zip(options, spans, strict=True):
        tops = (
            ends if span == 1 else [max(ends[at : at + span]) for at in range(columns - span + 1)]
        )
        top = min(tops)
        column = tops.index(top)
        places.append(Place(column, span, top, option))
        ends[column : column + span] = [top + option.height + sizes.panel_gap] * span
    used = max((place.column + place.span for place in places), default=0)
    height = max(ends, default=0) - sizes.panel_gap
    return Masonry(width, used, gap, tuple(places), used * (width + gap) - gap, height)


def count_columns(needed: float, width: float, gap: float) -> int:
    """Count the columns that a panel of this width spans."""
    span = 1
    while span * (width + gap) - gap < needed - 0.01:
        span += 1
    return span
