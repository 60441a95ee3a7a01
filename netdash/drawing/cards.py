"""Cards in their places, with their companions as tabs."""

from __future__ import annotations

from collections.abc import Sequence

from netdash.drawing.glyphs import find_glyph
from netdash.drawing.grids import Cells, find_rows
from netdash.drawing.items import Item
from netdash.drawing.risers import Bus
from netdash.drawing.scene import Scene
from netdash.drawing.shapes import Card, Tab
from netdash.drawing.sizes import Sizes
from netdash.drawing.sketch import Slots
from netdash.drawing.words import cut


def place_cards(
    scene: Scene,
    slots: Slots,
    cells: Cells,
    buses: Sequence[Bus],
    left: float,
    top: float,
    columns: int,
    sizes: Sizes,
) -> list[Card]:
    """Place the cards of a grid, row by row."""
    if not slots:
        return []
    rows = find_rows(sizes, cells, columns)
    step, width, height = sizes.card_width + sizes.gap_x, sizes.card_width, sizes.card_height
    roles = (buses[0].role, buses[-1].role)
    network_ids = tuple([bus.network_id for bus in buses])
    is_bridging = len(buses) > 1
    cards = []
    for place, item in enumerate(slots):
        if item:
            x, y = left + place % columns * step, top + rows[place // columns][0]
            is_cut_point = not scene.cut_ids.isdisjoint(item.container_ids)
            tabs = build_tabs(item, x, y + height, sizes) if item.sharers else ()
            cards.append(
                Card(
                    *item[:8], network_ids, roles, is_bridging, is_cut_point,
                    x, y, width, height, tabs,
                )
            )  # fmt: skip
    return cards


def build_tabs(item: Item, x: float, y: float, sizes: Sizes) -> tuple[Tab, ...]:
    """Hang the companions below their owner's card, one under the other."""
    inset = sizes.card_width / 12
    width = sizes.card_width - 2 * inset
    room = width - sizes.name_inset
    return tuple(
        Tab(
            container_id=sharer.id,
            label=cut(sharer.name, room, sizes.sub_px) if sizes.name_inset else "",
            name=sharer.name,
            glyph=find_glyph(sharer),
            x=x + inset,
            y=y + place * sizes.tab_height,
            width=width,
            height=sizes.tab_height - 1,
        )
        for place, sharer in enumerate(item.sharers)
    )
