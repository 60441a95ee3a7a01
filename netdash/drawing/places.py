"""Where panels stand: on a fresh board by masonry, on a remembered one where they stood.

A panel that grows keeps its place and pushes those below it in its columns down, only as far
as it must. One that becomes too wide for its columns takes the room beside it; else its inside
is laid out anew; else it pushes what stands to the right further right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from netdash.drawing.fronts import (
    Option,
)
from netdash.drawing.growing import fit, push_right
from netdash.drawing.masonry import RATIO, lay_out, pick
from netdash.drawing.plan import BoardPlan, PanelPlan
from netdash.drawing.shapes import Density
from netdash.drawing.sizes import SIZES, Sizes
from netdash.drawing.sketch import Sketch
from netdash.drawing.stands import Columns, Stand, find_front, measure_option, span_width


@dataclass(frozen=True, slots=True)
class Layout:
    """All panels' places, in the order given."""

    columns: Columns
    stands: tuple[Stand, ...]
    fill: float


def place_fresh(
    sketches: Sequence[Sketch],
    density: Density,
    left: float,
    top: float,
    gap: float,
) -> Layout:
    """Place all panels anew."""
    sizes = SIZES[density]
    fronts = [find_front(sketch, density) for sketch in sketches]
    masonry = lay_out(fronts, sizes, gap)
    width = masonry.column_width
    columns = tuple((left + n * (width + gap), width) for n in range(masonry.columns))
    stands = tuple(
        Stand(
            sketch,
            place.option,
            place.column,
            place.span,
            columns[place.column][0],
            top + place.y,
            span_width(columns, place.column, place.span),
            place.option.height,
        )
        for sketch, place in zip(sketches, masonry.places, strict=True)
    )
    area = sum(stand.option.width * stand.option.height for stand in stands)
    return Layout(columns, stands, area / max(measure_board(stands), 1))


def measure_board(stands: Sequence[Stand]) -> float:
    """Measure the area of the screen that shows the whole board."""
    right = max((stand.x + stand.width for stand in stands), default=0)
    bottom = max((stand.y + stand.height for stand in stands), default=0)
    return RATIO * max(right / RATIO, bottom) ** 2


def place_remembered(
    sketches: Sequence[Sketch],
    density: Density,
    plan: BoardPlan,
    gap: float,
    redo: Callable[[Sketch], Sketch],
) -> Layout:
    """Place panels where they stood, new ones in free room; ``redo`` forgets an inside."""
    sizes = SIZES[density]
    columns = plan.columns
    stands: dict[str, Stand] = {}
    homeless: list[Sketch] = []
    for sketch in sketches:
        before = plan.panels.get(sketch.group.key)
        if before and before.column + before.span <= len(columns):
            option = measure_option(sketch, density, before.tray_columns, before.row_cap)
            stands[sketch.group.key] = stand_again(sketch, option, before, columns)
        else:
            homeless.append(sketch)
    for key in list(stands):
        stand = stands[key]
        if stand.option.width <= stand.width + 0.01:
            continue
        others = [other for name, other in stands.items() if name != key]
        if fitted := fit(stand, others, columns, density, sizes, redo):
            stands[key] = fitted
        else:
            columns, stands = push_right(stand, stands, columns)
    settled = {stand.sketch.group.key: stand for stand in settle(list(stands.values()), sizes)}
    for sketch in homeless:
        front = find_front(sketch, density)
        columns = widen(columns, list(settled.values()), front, gap)
        stand = find_room(sketch, front, list(settled.values()), columns, plan.top, sizes)
        settled[sketch.group.key] = stand
    ordered = tuple(settled[sketch.group.key] for sketch in sketches)
    return Layout(columns, ordered, plan.fill)


def stand_again(sketch: Sketch, option: Option, before: PanelPlan, columns: Columns) -> Stand:
    """Put a panel back where it stood, at least as high as it was."""
    return Stand(
        sketch,
        option,
        before.column,
        before.span,
        columns[before.column][0],
        before.y,
        before.width,
        max(option.height, before.height),
    )


def settle(stands: Sequence[Stand], sizes: Sizes) -> list[Stand]:
    """Push panels down until none touches another, from the top, only where they must."""
    settled: list[Stand] = []
    for stand in sorted(stands, key=lambda found: (found.y, found.x)):
        y = stand.y
        for other in settled:
            if other.is_above(stand) and y < other.y + other.height + sizes.min_panel_gap - 0.01:
                y = other.y + other.height + sizes.panel_gap
        settled.append(stand._replace(y=y) if y != stand.y else stand)
    return settled


def widen(
    columns: Columns, stands: Sequence[Stand], front: Sequence[Option], gap: float
) -> Columns:
    """Add columns on the right for a new panel where the board is rather high than wide."""
    if not columns:
        return columns
    bottom = max((stand.y + stand.height for stand in stands), default=0)
    wanted, width = columns, min(width for _, width in columns)
    while (
        wanted[-1][0] + wanted[-1][1] - columns[0][0] < front[0].width
        or wanted[-1][0] + wanted[-1][1] + gap + width < RATIO * bottom
    ) and len(wanted) < len(columns) + 8:
        x, last_width = wanted[-1]
        wanted = (*wanted, (x + last_width + gap, width))
    return wanted


def find_room(
    sketch: Sketch,
    front: Sequence[Option],
    stands: Sequence[Stand],
    columns: Columns,
    top: float,
    sizes: Sizes,
) -> Stand:
    """Find the topmost free room for a new panel."""
    best: Stand | None = None
    for column in range(len(columns)):
        span = 1
        while span_width(columns, column, span) < front[0].width - 0.01 and column + span < len(
            columns
        ):
            span += 1
        width = span_width(columns, column, span)
        option = pick(front, width)
        if option.width > width + 0.01 and column:
            continue
        stand = Stand(
            sketch, option, column, span, columns[column][0], top,
            max(width, option.width), option.height,
        )  # fmt: skip
        bottoms = [o.y + o.height + sizes.panel_gap for o in stands if o.is_above(stand)]
        for y in sorted([top, *bottoms]):
            tried = stand._replace(y=y)
            if not any(tried.hits(other, sizes.min_panel_gap) for other in stands):
                if best is None or (y, column) < (best.y, best.column):
                    best = tried
                break
    assert best is not None
    return best


def is_loose(layout: Layout, needed: float, limit: float) -> bool:
    """Tell whether the board is that much larger than a fresh one would be.

    ``needed`` is the area of all panels' contents; a fresh board is guessed to be filled as
    well as the one that the plan began with.
    """
    return measure_board(layout.stands) > limit * needed / max(layout.fill, 0.01)
