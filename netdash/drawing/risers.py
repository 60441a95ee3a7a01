"""The vertical line of a block: parts, halos and rings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from netdash.drawing.packing import find_skipped
from netdash.drawing.shapes import Card, Ring, Riser, RiserPart, Role
from netdash.drawing.sizes import Sizes
from netdash.drawing.sketch import BlockSketch

Box = tuple[float, float, float, float]


class Bus(NamedTuple):
    """A lane's measures before its ends are known."""

    network_id: str
    role: Role
    y: float
    height: float
    bus_y: float


def draw_riser(
    block: BlockSketch, buses: Sequence[Bus], cards: Sequence[Card], box: Box, sizes: Sizes
) -> Riser:
    """Draw a block's riser through the middle of its cards, which hide it."""
    x = box[0] + box[2] / 2
    ids = cards[0].container_ids
    if len(cards) > 1:
        ids = tuple([container_id for card in cards for container_id in card.container_ids])
    joined = [buses[lane] for lane in block.lanes]
    return Riser(
        network_ids=tuple([bus.network_id for bus in joined]),
        container_ids=ids,
        x=x,
        parts=draw_parts(joined, box, sizes.frame if len(cards) > 1 else 0),
        halos=draw_halos(block, buses, sizes),
        rings=tuple([Ring(bus.network_id, ids, bus.role, x, bus.bus_y) for bus in joined]),
        frame=frame_block(box, sizes) if len(cards) > 1 else None,
    )


def join_rings(risers: Sequence[Riser]) -> list[Riser]:
    """Let the last of several rings in one place stand for the containers of all."""
    if len({riser.x for riser in risers}) == len(risers):
        return list(risers)
    counts = Counter([riser.x for riser in risers])
    ids: dict[tuple[str, float], tuple[str, ...]] = {}
    shared = [riser for riser in risers if counts[riser.x] > 1]
    for riser in shared:
        for network_id in riser.network_ids:
            key = network_id, riser.x
            ids[key] = ids.get(key, ()) + riser.container_ids
    joined = {id(riser): give_rings(riser, ids) for riser in reversed(shared)}
    return [joined.get(id(riser), riser) for riser in risers]


def give_rings(riser: Riser, ids: dict[tuple[str, float], tuple[str, ...]]) -> Riser:
    """Let a riser's rings take whom they stand for; nobody is left for those beneath."""
    rings = [
        ring._replace(container_ids=ids.pop((ring.network_id, riser.x), ())) for ring in riser.rings
    ]
    return riser._replace(rings=tuple(rings))


def draw_parts(joined: Sequence[Bus], box: Box, frame: float) -> tuple[RiserPart, ...]:
    """Draw each stretch in the colour of the bus it leads to, seen from the cards.

    A riser that ends at its cards ends at their frame.
    """
    middle = box[1] + box[3] / 2
    above = [bus for bus in joined if bus.bus_y < middle]
    below = joined[len(above) :]
    parts = []
    end = middle if below else box[1] - frame
    for bus in reversed(above):
        parts.append(RiserPart(bus.role, bus.bus_y, end))
        end = bus.bus_y
    parts.reverse()
    start = middle
    for bus in below:
        parts.append(RiserPart(bus.role, start, bus.bus_y))
        start = bus.bus_y
    return tuple(parts)


def draw_halos(block: BlockSketch, buses: Sequence[Bus], sizes: Sizes) -> tuple[RiserPart, ...]:
    """Interrupt the buses that the riser merely passes."""
    half = sizes.card_drop / 2
    return tuple(
        [
            RiserPart(bus.role, bus.bus_y - half, bus.bus_y + half)
            for bus in [buses[lane] for lane in find_skipped(block.lanes)]
        ]
    )


def frame_block(box: Box, sizes: Sizes) -> Box:
    """Find the dashed frame around a block's cards."""
    x, y, width, height = box
    return (
        x - sizes.frame,
        y - sizes.frame,
        width + 2 * sizes.frame,
        height + 2 * sizes.frame,
    )
