"""The whole drawing: a snapshot in, a board out, with the plan that keeps the next one still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter, lt

from netdash.drawing.groups import find_groups
from netdash.drawing.households import Memory
from netdash.drawing.noting import Drawn, plan_panel
from netdash.drawing.panel import draw_panel
from netdash.drawing.places import Layout, is_loose, place_fresh, place_remembered
from netdash.drawing.plan import BoardPlan, PanelPlan
from netdash.drawing.scene import Scene, build_scene, order_groups
from netdash.drawing.shapes import Board, Density, Grouping
from netdash.drawing.sheets import Sheet, find_sheet
from netdash.drawing.sizes import SIZES, choose_density
from netdash.drawing.sketch import Sketch, build_sketch
from netdash.drawing.stands import Stand
from netdash.drawing.trunks import (
    choose_trunks,
    draw_trunks,
    find_gap,
    find_left,
    find_top,
    make_room,
)
from netdash.topology.snapshot import Container, Network, Snapshot
from netdash.topology.tiers import find_tiers

LOOSE = 1.4
MAX_GHOSTS = 30


@dataclass(frozen=True, slots=True)
class Options:
    """What the reader chose.

    ``density`` None is chosen by the number of containers. ``open_keys`` holds the keys of
    folded cards to unfold. ``only_project`` draws one project alone, ``standalone`` the rest.
    """

    density: Density | None = None
    grouping: Grouping = "project"
    open_keys: frozenset[str] = frozenset()
    only_project: str | None = None


def draw_board(
    snapshot: Snapshot, options: Options | None = None, plan: BoardPlan | None = None
) -> tuple[Board, BoardPlan]:
    """Draw a snapshot, with a plan so that only what changed moves.

    A plan of another density or grouping is not used. Equal snapshots without a plan draw
    equal boards, whatever the order of their containers and networks.

    With a plan, a container that comes or goes changes the inside of its own panel alone.
    Panels keep their column and never move up; one that grows may push those below it down, and
    those behind its columns to the right. Where more networks join panels than there was room
    for, all step aside alike.
    """
    options = options or Options()
    snapshot = sort_snapshot(snapshot)
    before = plan.density if plan else None
    density = options.density or choose_density(len(snapshot.containers), before)
    if plan and (plan.density != density or plan.grouping != options.grouping or not plan.columns):
        plan = None
    tiers = find_tiers(snapshot)
    groups = find_groups(snapshot, tiers, options.grouping, remember(plan))
    scene = build_scene(snapshot, tiers, groups)
    groups = order_groups(scene, groups, options.grouping)
    if options.only_project is not None:
        groups = tuple(g for g in groups if options.only_project in (g.project, g.key, g.title))
    remembered = plan.panels if plan else {}
    sheets = [
        find_sheet(scene, g, density, options.open_keys, remembered.get(g.key)) for g in groups
    ]
    return draw_sheets(scene, sheets, density, options, plan)


def remember(plan: BoardPlan | None) -> Memory:
    """Gather from a plan who was in which panel; who is in two has moved to the former."""
    panels = plan.panels if plan else {}
    return Memory(
        {name: key for key, panel in reversed(panels.items()) for name in panel.members},
        {name: key for key, panel in reversed(panels.items()) for name in panel.homes},
    )


def sort_snapshot(snapshot: Snapshot) -> Snapshot:
    """Put networks and containers in order of name, then id, as readings are."""
    if is_ordered(snapshot.networks) and is_ordered(snapshot.containers):
        return snapshot
    networks = tuple(sorted(snapshot.networks, key=attrgetter("name", "id")))
    containers = tuple(sorted(snapshot.containers, key=attrgetter("name", "id")))
    if networks == snapshot.networks and containers == snapshot.containers:
        return snapshot
    return Snapshot(networks, containers, snapshot.engine)


def is_ordered(records: Sequence[Network | Container]) -> bool:
    """Tell whether the names alone put these in order."""
    names = [record.name for record in records]
    return all(map(lt, names, names[1:]))


def draw_sheets(
    scene: Scene,
    sheets: list[Sheet],
    density: Density,
    options: Options,
    plan: BoardPlan | None,
) -> tuple[Board, BoardPlan]:
    """Place and draw the panels, then the trunks between them."""
    sizes = SIZES[density]
    sketches = [sheet.sketch for sheet in sheets]
    trunk_ids = choose_trunks(scene, len(sheets))
    plan = make_room(plan, len(trunk_ids), sizes) if plan else None
    room = plan.trunks if plan else len(trunk_ids)
    gap = find_gap(sizes, room)
    top = plan.top if plan else find_top(sizes, room)

    def redo(sketch: Sketch) -> Sketch:
        return build_sketch(scene, sketch.group, density, options.open_keys, None)

    if plan:
        layout = place_remembered(sketches, density, plan, gap, redo)
    else:
        layout = place_fresh(sketches, density, find_left(sizes, room), top, gap)
    drawn = [
        draw_stand(scene, stand, density, sheet)
        for stand, sheet in zip(layout.stands, sheets, strict=True)
    ]
    panels = tuple(found.panel for found in drawn)
    placed = [(s.column, panel) for s, panel in zip(layout.stands, panels, strict=True)]
    board = Board(
        density=density,
        grouping=options.grouping,
        width=max((p.x + p.width for p in panels), default=0) + sizes.margin,
        height=max((p.y + p.height for p in panels), default=0) + sizes.margin,
        panels=panels,
        trunks=draw_trunks(scene, trunk_ids, placed, layout.columns, sizes),
        is_loose=plan is not None and is_loose(layout, sum(found.needed for found in drawn), LOOSE),
    )
    fresh = plan_board(scene, board, layout, drawn, top, room)
    return board, keep_ghosts(fresh, plan) if plan else fresh


def draw_stand(scene: Scene, stand: Stand, density: Density, sheet: Sheet) -> Drawn:
    """Draw a panel and put it in its place."""
    option, width, height = stand.option, stand.width, stand.height
    if stand.sketch is sheet.sketch:
        drawn = sheet.draw(scene, option, density, width, height)
    else:
        drawn = draw_panel(scene, stand.sketch, option, density, width, height)
    return drawn._replace(panel=drawn.panel._replace(x=stand.x, y=stand.y))


def keep_ghosts(fresh: BoardPlan, before: BoardPlan) -> BoardPlan:
    """Remember panels that are gone for as long as nothing stands in their place."""
    ghosts: dict[str, PanelPlan] = {}
    for key, ghost in before.panels.items():
        if key not in fresh.panels and len(ghosts) < MAX_GHOSTS:
            others = [*fresh.panels.values(), *ghosts.values()]
            if not any(ghost.hits(other) for other in others):
                ghosts[key] = ghost
    return replace(fresh, panels={**fresh.panels, **ghosts}) if ghosts else fresh


def plan_board(
    scene: Scene, board: Board, layout: Layout, drawn: list[Drawn], top: float, room: int
) -> BoardPlan:
    """Note every place."""
    return BoardPlan(
        density=board.density,
        grouping=board.grouping,
        top=top,
        trunks=room,
        fill=layout.fill,
        columns=layout.columns,
        panels={
            stand.sketch.group.key: plan_panel(
                found, stand.sketch, scene, stand.option, stand.column, stand.span
            )
            for stand, found in zip(layout.stands, drawn, strict=True)
        },
    )
