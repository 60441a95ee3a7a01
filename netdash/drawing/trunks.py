"""The lines that join panels on one network: along the top and down the gutters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netdash.drawing.plan import BoardPlan
from netdash.drawing.scene import Scene
from netdash.drawing.shapes import Panel, Trunk
from netdash.drawing.sizes import Sizes
from netdash.drawing.words import BOLD, measure, shorten

MAX_TRUNKS = 6
MAX_PANELS = 40
LONGEST_LABEL = 180


def choose_trunks(scene: Scene, panel_count: int) -> list[str]:
    """Choose the networks that get a trunk: the most used ones, these last."""
    if not 1 < panel_count <= MAX_PANELS:
        return []
    shared = [key for key in scene.uses if scene.is_shared(key)]
    best = sorted(shared, key=lambda key: (-scene.uses[key], scene.networks_by_id[key].name, key))
    return best[:MAX_TRUNKS][::-1]


def find_gap(sizes: Sizes, trunks: int) -> float:
    """Find what stands between columns of panels."""
    return sizes.gutter + sizes.line * trunks if trunks else sizes.panel_gap


def find_left(sizes: Sizes, trunks: int) -> float:
    """Find where the first column of panels begins: behind a gutter of its own."""
    return sizes.margin + (find_gap(sizes, trunks) - sizes.panel_gap / 2 if trunks else 0)


def find_top(sizes: Sizes, trunks: int) -> float:
    """Find where the first row of panels begins."""
    return sizes.margin + (sizes.trunk_line * trunks + sizes.panel_gap / 2 if trunks else 0)


def make_room(plan: BoardPlan, trunks: int, sizes: Sizes) -> BoardPlan:
    """Let all panels step right and down where more trunks came than there is room for."""
    if trunks <= plan.trunks:
        return plan
    wider = find_gap(sizes, trunks) - find_gap(sizes, plan.trunks)
    right = find_left(sizes, trunks) - find_left(sizes, plan.trunks)
    down = find_top(sizes, trunks) - find_top(sizes, plan.trunks)
    return replace(
        plan,
        top=plan.top + down,
        trunks=trunks,
        columns=tuple(
            (x + right + number * wider, width) for number, (x, width) in enumerate(plan.columns)
        ),
        panels={key: panel._replace(y=panel.y + down) for key, panel in plan.panels.items()},
    )


def draw_trunks(
    scene: Scene,
    network_ids: Sequence[str],
    placed: Sequence[tuple[int, Panel]],
    columns: Sequence[tuple[float, float]],
    sizes: Sizes,
) -> tuple[Trunk, ...]:
    """Draw a trunk for each network; ``placed`` holds panels with their column.

    Their pills keep the gap of those in panels; the upper ones take it from the board's margin.
    """
    trunks = []
    count = len(network_ids)
    lowest = sizes.margin + (count - 0.5) * sizes.trunk_line
    for index, network_id in enumerate(network_ids):
        y = lowest - (count - 1 - index) * sizes.thin_lane
        back = sizes.gutter / 2 + (count - 1 - index) * sizes.line
        joints = find_joints(network_id, placed, columns, back)
        if joints:
            trunks.append(draw_trunk(scene, network_id, joints, y, sizes))
    return tuple(trunks)


def find_joints(
    network_id: str,
    placed: Sequence[tuple[int, Panel]],
    columns: Sequence[tuple[float, float]],
    back: float,
) -> list[tuple[float, float, float]]:
    """List gutter x, bus y and panel x of every panel that the network is in."""
    return sorted(
        (columns[column][0] - back, panel.y + lane.bus_y, panel.x)
        for column, panel in placed
        for lane in panel.lanes
        if lane.network_id == network_id
    )


def draw_trunk(
    scene: Scene,
    network_id: str,
    joints: Sequence[tuple[float, float, float]],
    y: float,
    sizes: Sizes,
) -> Trunk:
    """Draw one trunk: along the top to the last gutter, down each, across to each panel."""
    network = scene.networks_by_id[network_id]
    name = network.name if scene.is_ambiguous(network_id) else scene.short_names[network_id]
    px = sizes.lane_px * 0.9
    label = f"{shorten(name, LONGEST_LABEL, px, BOLD)} · {scene.uses[network_id]}"
    lowest: dict[float, float] = {}
    for x, bus_y, _ in joints:
        lowest[x] = max(lowest.get(x, y), bus_y)
    start = min(sizes.margin, *lowest)
    lines = [(start, y, max(lowest), y)]
    lines += [(x, y, x, end) for x, end in sorted(lowest.items())]
    lines += [(x, bus_y, panel_x, bus_y) for x, bus_y, panel_x in joints]
    tier = scene.tiers.get(network_id)
    return Trunk(
        network_id=network_id,
        label=label,
        label_width=round(measure(label, px, BOLD), 1),
        role=tier.role if tier else "neutral",
        lines=tuple(lines),
        taps=tuple((x, bus_y) for x, bus_y, _ in joints),
        label_x=start,
        label_y=y,
    )
