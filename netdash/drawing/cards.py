"""Cards in their places, with their companions as tabs."""

from __future__ import annotations

from collections.abc import Sequence

from netdash.drawing.glyphs import find_glyph
from netdash.drawing.items import Item
from netdash.drawing.packing import Cells, find_rows, measure_grid
from netdash.drawing.risers import Bus
from netdash.drawing.scene import Scene
from netdash.drawing.shapes import Card, Role, Tab
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
    rows = find_rows(sizes, cells, columns)
    step = sizes.card_width + sizes.gap_x
    roles = (buses[0].role, buses[-1].role)
    ids = tuple([bus.network_id for bus in buses])
    return [
        build_card(
            scene,
            item,
            ids,
            roles,
            left + place % columns * step,
            top + rows[place // columns][0],
            sizes,
        )
        for place, item in enumerate(slots)
        if item
    ]


def build_card(
    scene: Scene,
    item: Item,
    network_ids: tuple[str, ...],
    roles: tuple[Role, Role],
    x: float,
    y: float,
    sizes: Sizes,
) -> Card:
    """Build one card, with its companions as tabs below."""
    ids = tuple([container.id for container in item.containers])
    return Card(
        key=item.key,
        container_ids=ids,
        name=item.name,
        label=item.label,
        sublabel=item.sublabel,
        port=item.port,
        glyph=item.glyph,
        pips=item.pips,
        network_ids=network_ids,
        roles=roles,
        is_bridging=len(network_ids) > 1,
        is_cut_point=not scene.cut_ids.isdisjoint(ids),
        x=x,
        y=y,
        width=sizes.card_width,
        height=sizes.card_height,
        tabs=build_tabs(item, x, y + sizes.card_height, sizes) if item.sharers else (),
    )


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


def box_block(
    cells: Cells, left: float, top: float, columns: int, sizes: Sizes
) -> tuple[float, float, float, float]:
    """Find x, y, width and height of a block's cards, without the bus."""
    width = columns * (sizes.card_width + sizes.gap_x) - sizes.gap_x
    return (left, top, width, measure_grid(sizes, cells, columns))
