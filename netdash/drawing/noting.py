"""What a drawn panel leaves in the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from netdash.drawing.fronts import Option
from netdash.drawing.packing import Spot
from netdash.drawing.plan import BlockPlan, LanePlan, PanelPlan
from netdash.drawing.risers import Bus
from netdash.drawing.scene import Scene
from netdash.drawing.shapes import Panel
from netdash.drawing.sketch import Sketch

MAX_ABSENT = 8
MAX_ABSENT_MEMBERS = 40


class Drawn(NamedTuple):
    """A panel at the board's origin, with what its plan remembers of the inside."""

    panel: Panel
    lanes: tuple[LanePlan, ...]
    blocks: tuple[BlockPlan, ...]
    needed: float
    """The area that it would take without what the plan keeps free."""


def plan_lanes(scene: Scene, sketch: Sketch, buses: Sequence[Bus]) -> tuple[LanePlan, ...]:
    """Note each lane's height and slots, and keep what is known of absent ones in between."""
    present = tuple(
        LanePlan(scene.keys_by_network_id[lane.network_id], lane.is_thin, bus.height, lane.names)
        for lane, bus in zip(sketch.lanes, buses, strict=True)
    )
    if not sketch.before:
        return present
    lanes = list(present)
    keys = {lane.key for lane in present}
    for place, lane in enumerate(sketch.before.lanes):
        if lane.key not in keys and len(lanes) < len(present) + MAX_ABSENT:
            lanes.insert(place, lane)
    return tuple(lanes)


def plan_blocks(scene: Scene, sketch: Sketch, spots: Sequence[Spot]) -> tuple[BlockPlan, ...]:
    """Note each block's bay, place and slots, those of today's absentees too."""
    keys = [scene.keys_by_network_id[lane.network_id] for lane in sketch.lanes]
    present = tuple(
        [
            BlockPlan(
                tuple(sorted([keys[lane] for lane in block.lanes])),
                keys[block.bay],
                spot.x,
                spot.columns,
                block.names,
            )
            for block, spot in zip(sketch.blocks, spots, strict=True)
        ]
    )
    return present + sketch.absent


def plan_panel(
    drawn: Drawn, sketch: Sketch, scene: Scene, option: Option, column: int, span: int
) -> PanelPlan:
    """Note a whole panel."""
    members = tuple([container.name for container in sketch.group.containers])
    names = set(members)
    before = sketch.before.members if sketch.before else ()
    absent = tuple([name for name in before if name not in names])
    keys = scene.keys_by_network_id
    return PanelPlan(
        column=column,
        span=span,
        y=drawn.panel.y,
        width=drawn.panel.width,
        height=drawn.panel.height,
        tray_columns=option.tray_columns,
        row_cap=option.row_cap,
        lanes=drawn.lanes,
        blocks=drawn.blocks,
        homes=tuple([keys[key] for key in sketch.group.network_ids]),
        members=members + absent[:MAX_ABSENT_MEMBERS],
    )
