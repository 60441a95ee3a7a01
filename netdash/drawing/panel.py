"""A panel's shapes: lanes, cards and risers in their places."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Mapping, Sequence

from netdash.drawing.captions import caption_lane
from netdash.drawing.cards import place_cards
from netdash.drawing.fronts import Option, find_right, measure_bays
from netdash.drawing.grids import (
    HOLE,
    Cells,
    find_bus_drop,
    find_rows,
    measure_grid,
    measure_lane,
)
from netdash.drawing.noting import Drawn, plan_blocks, plan_lanes
from netdash.drawing.packing import pack
from netdash.drawing.risers import Bus, draw_riser, join_rings
from netdash.drawing.scene import Scene
from netdash.drawing.shapes import Card, Density, Lane, Panel, Riser
from netdash.drawing.sizes import SIZES, Sizes
from netdash.drawing.sketch import Sketch

LEAST_BUS = 2
"""A bus that begins late is at least this many gaps long."""


def draw_panel(
    scene: Scene, sketch: Sketch, option: Option, density: Density, width: float, height: float
) -> Drawn:
    """Draw a panel in the way of ``option``, as wide and at least as high as asked for."""
    sizes = SIZES[density]
    shapes = sketch.block_shapes
    spots = pack(density, shapes, option.row_cap).spots
    bays = measure_bays(len(sketch.lanes), shapes, spots)
    buses = stack_lanes(scene, sketch, option, sizes, bays)
    right = find_right(sizes, option.tray_columns)
    step = sizes.card_width + sizes.gap_x
    cards: list[Card] = []
    trays = [shape.cells for shape in sketch.lane_shapes]
    for lane, cells, bus in zip(sketch.lanes, trays, buses, strict=True):
        top = bus.bus_y + sizes.card_drop
        cards += place_cards(
            scene, lane.slots, cells, (bus,), sizes.label_column, top,
            option.tray_columns, sizes,
        )  # fmt: skip
    risers: list[Riser] = []
    grids = [shape.cells for shape in shapes]
    for block, cells, spot in zip(sketch.blocks, grids, spots, strict=True):
        top = buses[block.bay].bus_y + sizes.card_drop
        joined = [buses[lane] for lane in block.lanes]
        left = right + spot.x + sizes.frame
        placed = place_cards(scene, block.slots, cells, joined, left, top, spot.columns, sizes)
        cards += placed
        box = (left, top, spot.columns * step - sizes.gap_x, spot.height)
        risers.append(draw_riser(block, buses, placed, box, sizes))
    spare = find_spare(sketch, option, width, sizes)
    lanes = draw_lanes(scene, sketch, option, buses, risers, spare, sizes)
    ends = {lane.bus_y: lane.bus_x2 for lane in lanes if lane.bus_style != "none"}
    risers = join_rings([keep_halos(riser, ends) for riser in risers])
    needed = buses[-1].y + buses[-1].height + sizes.pad_bottom if buses else 0
    title, subtitle, warning, _ = sketch.heading
    panel = Panel(
        key=sketch.group.key, title=title, subtitle=subtitle, warning=warning, x=0, y=0,
        width=width, height=max(height, needed, sizes.title_height + sizes.pad_bottom),
        lanes=lanes, cards=tuple(cards), risers=tuple(risers), signature="",
    )  # fmt: skip
    return Drawn(
        sign(panel),
        plan_lanes(scene, sketch, buses),
        plan_blocks(scene, sketch, spots),
        option.width * (needed - measure_spare(sketch, option, sizes, bays, buses)),
    )


def measure_spare(
    sketch: Sketch, option: Option, sizes: Sizes, bays: Sequence[float], buses: Sequence[Bus]
) -> float:
    """Measure the height that lanes have only because the plan remembers them higher."""
    spare = 0.0
    for shape, bay, bus in zip(sketch.lane_shapes, bays, buses, strict=True):
        if shape.min_height:
            tray = measure_grid(sizes, shape.cells, option.tray_columns)
            bare = measure_lane(sizes, shape._replace(min_height=0), max(tray, bay))
            spare += bus.height - bare
    return spare


def stack_lanes(
    scene: Scene, sketch: Sketch, option: Option, sizes: Sizes, bays: Sequence[float]
) -> list[Bus]:
    """Stack the lanes below the title."""
    buses = []
    y = sizes.title_height
    for lane, shape, bay in zip(sketch.lanes, sketch.lane_shapes, bays, strict=True):
        tray = measure_grid(sizes, shape.cells, option.tray_columns)
        height = measure_lane(sizes, shape, max(tray, bay))
        tier = scene.tiers.get(lane.network_id)
        bus_y = y + find_bus_drop(sizes, lane.is_thin)
        buses.append(Bus(lane.network_id, tier.role if tier else "neutral", y, height, bus_y))
        y += height + (0 if lane.is_thin else sizes.lane_gap)
    return buses


def find_spare(sketch: Sketch, option: Option, width: float, sizes: Sizes) -> float:
    """Find what a lane's words may take beyond the label column where its tray is empty.

    They end, with a piece of bus behind them, before the first block or the panel's edge.
    """
    end = width - sizes.pad_right
    if sketch.blocks:
        end = find_right(sizes, option.tray_columns) - 2 * sizes.gap_x
    return max(end - sizes.label_column - (LEAST_BUS - 2 / 3) * sizes.gap_x, 0)


def draw_lanes(
    scene: Scene,
    sketch: Sketch,
    option: Option,
    buses: Sequence[Bus],
    risers: Sequence[Riser],
    spare: float,
    sizes: Sizes,
) -> tuple[Lane, ...]:
    """Draw each lane's tint, stubs and bus, which ends at its last ring or stub.

    Where nobody stands in the tray, its width is ``spare`` for the words, else the name may reach
    above the first card; the bus begins behind it.
    """
    ends: dict[str, float] = {}
    for riser in risers:
        for network_id in riser.network_ids:
            if riser.x > ends.get(network_id, 0):
                ends[network_id] = riser.x
    step = sizes.card_width + sizes.gap_x
    least = LEAST_BUS * sizes.gap_x
    above = max(sizes.card_width / 2 - least + sizes.gap_x * 2 / 3, 0)
    has_project = sketch.group.project is not None
    lanes = []
    for lane, shape, bus in zip(sketch.lanes, sketch.lane_shapes, buses, strict=True):
        columns = min(len(lane.slots), option.tray_columns)
        is_shared = scene.is_shared(bus.network_id)
        free = (above, 0) if lane.slots else (spare, spare)
        caption = caption_lane(scene, bus.network_id, is_shared, has_project, free, sizes)
        has_bus = caption.bus_style != "none"
        stubs = find_stubs(shape.cells, bus.bus_y, option.tray_columns, sizes) if has_bus else ()
        start = sizes.label_column - sizes.gap_x * 2 / 3 + caption.excess
        end = max(
            ends.get(bus.network_id, 0),
            stubs[-1][0] if stubs else 0,
            sizes.label_column + sizes.card_width / 2,
            start + least,
        )
        tint = max(sizes.label_column + max(columns, 1) * step - sizes.gap_x, start + least)
        lanes.append(
            Lane(
                network_id=bus.network_id, name=caption.name, label=caption.label,
                sublabel="" if lane.is_thin else caption.sublabel, role=bus.role,
                tier_reason=caption.reason, is_thin=lane.is_thin, is_shared=is_shared,
                is_internal=caption.is_internal, bus_style=caption.bus_style,
                description=caption.description, label_width=caption.label_width,
                y=bus.y, height=bus.height, tint_x=sizes.tint_x,
                tint_width=0 if lane.is_thin else tint + sizes.gap_x * 2 / 3 - sizes.tint_x,
                bus_x1=0 if is_shared else start, bus_x2=end, bus_y=bus.bus_y, stubs=stubs,
            )
        )  # fmt: skip
    return tuple(lanes)


def find_stubs(
    cells: Cells, bus_y: float, columns: int, sizes: Sizes
) -> tuple[tuple[float, float, float], ...]:
    """Draw a line from the bus down each column of a tray to its last card."""
    if not cells:
        return ()
    lowest = {place % columns: place // columns for place, cell in enumerate(cells) if cell != HOLE}
    rows = find_rows(sizes, cells, columns)
    step = sizes.card_width + sizes.gap_x
    middle = sizes.label_column + sizes.card_width / 2
    return tuple(
        [
            (middle + column * step, bus_y, bus_y + sizes.card_drop + rows[row][0])
            for column, row in sorted(lowest.items())
        ]
    )


def keep_halos(riser: Riser, ends: Mapping[float, float]) -> Riser:
    """Keep the halos only where a bus is really drawn below the riser; ends by the y of buses."""
    if not riser.halos:
        return riser
    halos = tuple([h for h in riser.halos if ends.get((h.y1 + h.y2) / 2, 0) > riser.x])
    return riser._replace(halos=halos)


def sign(panel: Panel) -> Panel:
    """Give the panel its signature: a digest of everything drawn in it, the same everywhere."""
    facts = (
        (panel.title, panel.subtitle, panel.warning, panel.width, panel.height),
        [lane[:] for lane in panel.lanes],
        [card[:-1] for card in panel.cards],
        [[tab[:] for tab in card.tabs] for card in panel.cards if card.tabs],
        [(riser.network_ids, riser.container_ids, riser.x, riser.frame) for riser in panel.risers],
        [part[:] for riser in panel.risers for part in (*riser.parts, *riser.halos)],
    )
    # Version 2 of marshal has no back references, so equal facts give equal bytes;
    # it writes plain tuples alone, which slices of named ones are.
    digest = hashlib.blake2b(marshal.dumps(facts, 2), digest_size=8)
    return panel._replace(signature=digest.hexdigest())
