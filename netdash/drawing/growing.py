"""What a panel does on a remembered board that has become too wide for its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from netdash.drawing.masonry import pick
from netdash.drawing.shapes import Density
from netdash.drawing.sizes import Sizes
from netdash.drawing.sketch import Sketch
from netdash.drawing.stands import Columns, Stand, find_front, span_width


def fit(
    stand: Stand,
    others: Sequence[Stand],
    columns: Columns,
    density: Density,
    sizes: Sizes,
    redo: Callable[[Sketch], Sketch],
) -> Stand | None:
    """Widen a panel into free room of its columns or beside them, else redo its inside, or None."""
    for span in range(stand.span, len(columns) - stand.column + 1):
        wider = stand._replace(span=span, width=span_width(columns, stand.column, span))
        if any(wider.hits(other, sizes.min_panel_gap) for other in others):
            break
        if wider.width >= stand.option.width - 0.01:
            return wider
    sketch = redo(stand.sketch)
    option = pick(find_front(sketch, density), stand.width)
    if option.width > stand.width + 0.01:
        return None
    height = max(stand.height if stand.height >= option.height else 0, option.height)
    return stand._replace(sketch=sketch, option=option, height=height)


def push_right(
    stand: Stand, stands: Mapping[str, Stand], columns: Columns
) -> tuple[Columns, dict[str, Stand]]:
    """Widen a panel's last column as far as it must be, and move all columns behind it."""
    last, more = stand.column + stand.span - 1, stand.option.width - stand.width
    wider = tuple(
        (x + more * (number > last), width + more * (number == last))
        for number, (x, width) in enumerate(columns)
    )

    def push(other: Stand) -> Stand:
        if other.column > last:
            return other._replace(x=other.x + more)
        spans = other.column + other.span - 1 > last
        return other._replace(width=other.width + more) if spans else other

    pushed = {key: push(other) for key, other in stands.items()}
    pushed[stand.sketch.group.key] = stand._replace(width=stand.option.width)
    return wider, pushed
