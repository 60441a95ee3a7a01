"""A panel before it has measures: its lanes, trays and blocks, and who is in which slot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from netdash.drawing.captions import Heading, head_panel
from netdash.drawing.grids import HOLE, Cells, LaneShape
from netdash.drawing.groups import Group
from netdash.drawing.items import Item, build_items
from netdash.drawing.lanes import order_networks
from netdash.drawing.packing import BlockShape
from netdash.drawing.plan import BlockPlan, LanePlan, PanelPlan
from netdash.drawing.scene import Scene
from netdash.drawing.shapes import Density
from netdash.drawing.sizes import SIZES

Slots = tuple[Item | None, ...]


class LaneSketch(NamedTuple):
    """One lane: its network, who stands on it alone, and whom the slots are kept for."""

    network_id: str
    is_thin: bool
    min_height: float
    slots: Slots
    names: tuple[str, ...]


class BlockSketch(NamedTuple):
    """Items with the same networks; lanes and bay as indices, from the top."""

    lanes: tuple[int, ...]
    bay: int
    slots: Slots
    names: tuple[str, ...]
    x: float | None
    columns: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """One panel to be."""

    group: Group
    lanes: tuple[LaneSketch, ...]
    blocks: tuple[BlockSketch, ...]
    absent: tuple[BlockPlan, ...]
    """Remembered blocks with nobody in them today."""
    before: PanelPlan | None
    lane_shapes: tuple[LaneShape, ...]
    block_shapes: tuple[BlockShape, ...]
    heading: Heading


def build_sketch(
    scene: Scene,
    group: Group,
    density: Density,
    open_keys: frozenset[str],
    plan: PanelPlan | None,
) -> Sketch:
    """Sort a group's items into lanes and blocks, each where the plan had it."""
    items = build_items(
        group,
        SIZES[density],
        scene.network_ids_by_container_id,
        scene.snapshot.sharers_by_owner_id,
        open_keys,
        find_slot_names(plan),
    )
    trays: dict[str, list[Item]] = {key: [] for key in group.network_ids}
    crowds: dict[frozenset[str], list[Item]] = defaultdict(list)
    for item in items:
        if len(item.network_ids) == 1:
            trays.setdefault(item.network_ids[0], []).append(item)
        else:
            crowds[frozenset(item.network_ids)].append(item)
    trays |= {key: [] for crowd in crowds for key in crowd if key not in trays}
    known = {lane.key: lane for lane in plan.lanes} if plan else {}
    empty = set(trays).difference(*crowds)
    empty -= {key for key, tray in trays.items() if tray}
    thin = find_thin(scene, trays, known, empty)
    order = order_networks(scene, trays, list(crowds), thin, [*known])
    order = put_last(scene, order, known, empty)
    lanes = tuple(
        build_lane(key, key in thin, trays[key], known.get(scene.keys_by_network_id[key]))
        for key in order
    )
    blocks, absent = build_blocks(scene, group, order, thin, crowds, plan)
    return Sketch(
        group,
        lanes,
        blocks,
        absent,
        plan,
        tuple([shape_lane(lane) for lane in lanes]),
        tuple([shape_block(block) for block in blocks]),
        head_panel(group, density),
    )


def find_slot_names(plan: PanelPlan | None) -> frozenset[str]:
    """List everybody who has a slot in a plan."""
    found: tuple[LanePlan | BlockPlan, ...] = (*plan.lanes, *plan.blocks) if plan else ()
    return frozenset(name for each in found for name in each.names)


def find_thin(
    scene: Scene,
    trays: Mapping[str, Sequence[Item]],
    known: Mapping[str, LanePlan],
    empty: set[str],
) -> frozenset[str]:
    """Name the shared networks that nobody stands on alone; a lane keeps the form it had."""
    thin = set()
    for network_id, tray in trays.items():
        before = known.get(scene.keys_by_network_id[network_id])
        is_wanted = scene.is_shared(network_id) and not (known and network_id in empty)
        if not tray and (before.is_thin if before else is_wanted):
            thin.add(network_id)
    return frozenset(thin)


def put_last(
    scene: Scene, order: list[str], known: Mapping[str, LanePlan], empty: set[str]
) -> list[str]:
    """Put new lanes that nobody here stands on below all others, where they move nothing."""
    if not known:
        return order
    late = [key for key in order if key in empty and scene.keys_by_network_id[key] not in known]
    return [key for key in order if key not in late] + late


def build_lane(
    network_id: str, is_thin: bool, items: Sequence[Item], before: LanePlan | None
) -> LaneSketch:
    """Put a tray's items into their slots."""
    slots, names = fill_slots(items, before.names if before else ())
    height = before.height if before and before.is_thin == is_thin else 0
    return LaneSketch(network_id, is_thin, height, slots, names)


def fill_slots(items: Sequence[Item], remembered: tuple[str, ...]) -> tuple[Slots, tuple[str, ...]]:
    """Give each item the slot that its name had, newcomers the first free one."""
    if not remembered:
        return tuple(items), tuple([item.slot_names[0] for item in items])
    places = {name: place for place, name in enumerate(remembered) if name}
    slots: list[Item | None] = [None] * (len(remembered) + len(items))
    newcomers = []
    for item in items:
        wanted = (places[name] for name in item.slot_names if name in places)
        place = next((place for place in wanted if slots[place] is None), None)
        if place is None:
            newcomers.append(item)
        else:
            slots[place] = item
    for item in newcomers:
        slots[slots.index(None)] = item
    names = [*remembered, *[""] * len(items)]
    used = max((place for place, item in enumerate(slots) if item), default=-1) + 1
    taken = {name for item in items for name in item.slot_names}
    kept = [
        item.slot_names[0] if item else ("" if name in taken else name)
        for item, name in zip(slots, names, strict=True)
    ]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(slots[:used]), tuple(kept)


def build_blocks(
    scene: Scene,
    group: Group,
    order: Sequence[str],
    thin: frozenset[str],
    crowds: Mapping[frozenset[str], Sequence[Item]],
    plan: PanelPlan | None,
) -> tuple[tuple[BlockSketch, ...], tuple[BlockPlan, ...]]:
    """Hang each block in a bay: where it hung, else the emptiest of those it may hang in."""
    places = {key: place for place, key in enumerate(order)}
    keys = [scene.keys_by_network_id[key] for key in order]
    known = {block.keys: block for block in plan.blocks} if plan else {}
    loads = [0] * len(order)
    blocks = []
    ranked = {tuple(sorted([places[key] for key in crowd])): crowds[crowd] for crowd in crowds}
    for lanes, items in sorted(ranked.items(), key=itemgetter(0)):
        before = known.pop(tuple(sorted([keys[lane] for lane in lanes])), None) if known else None
        bays = [lane for lane in lanes if before and keys[lane] == before.bay]
        bay = bays[0] if bays else choose_bay(group, order, thin, lanes, loads)
        loads[bay] += len(items)
        slots, names = fill_slots(items, before.names if before else ())
        x, columns = (before.x, before.columns) if before else (None, 0)
        blocks.append(BlockSketch(lanes, bay, slots, names, x, columns))
    return tuple(blocks), tuple(known.values())[: len(blocks) + 8]


def choose_bay(
    group: Group,
    order: Sequence[str],
    thin: frozenset[str],
    lanes: tuple[int, ...],
    loads: Sequence[int],
) -> int:
    """Choose the bay: under a bus with a lane of its own, not the last where possible.

    What hangs between thin lanes would push them apart.
    """
    local = [n for n in lanes if order[n] not in thin]
    home = local or [n for n in lanes if order[n] in group.network_ids]
    candidates = [n for n in home if n != lanes[-1]] or home or [lanes[-1]]
    return min(candidates, key=lambda n: (loads[n], n))


def shape_lane(lane: LaneSketch) -> LaneShape:
    """Reduce a lane to what its height depends on."""
    return LaneShape(lane.is_thin, shape_cells(lane.slots), lane.min_height)


def shape_block(block: BlockSketch) -> BlockShape:
    """Reduce a block to what its place depends on."""
    return BlockShape(block.lanes, block.bay, shape_cells(block.slots), block.x, block.columns)


def shape_cells(slots: Slots) -> Cells:
    """Reduce slots to the numbers of tabs."""
    return tuple([HOLE if item is None else len(item.sharers) for item in slots])
