"""Lanes, risers and the lines between panels written as markup.

A page has hundreds: the template engine takes six times as long. Whatever somebody typed goes
through ``escape``; all else is numbers and words of our own.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe

from netdash.drawing.shapes import Board, Density, Lane, Ring, Riser, RiserPart, Trunk
from netdash.drawing.words import BOLD, measure

from .marks import MEASURES, SHORT, Names, cut, short, shorten_id, shorten_ids

MOST_ASKED = 20
"""A ring of more containers leads to its network: to ask which one would be long."""


def write_lane(lane: Lane, density: Density, names: Names) -> SafeString:
    """Write a lane: tint, stubs, bus, and the label that leads to its network."""
    kind = f"ln r-{lane.role}{' sh' * lane.is_shared}{' thin' * (lane.is_shared and lane.is_thin)}"
    id_ = escape(shorten_id(lane.network_id))
    parts = [f'<g class="{kind}" data-n="{id_}">']
    if lane.tint_width:
        parts.append(
            f'<rect class="ti" {write_box(lane.tint_x, lane.y, lane.tint_width, lane.height)}/>'
        )
    if lane.stubs:
        stubs = "".join([f"M{short(x)} {short(y1)}V{short(y2)}" for x, y1, y2 in lane.stubs])
        parts.append(f'<path class="st" d="{stubs}"/>')
    if lane.bus_style != "none":
        style = "bu da" if lane.bus_style == "dashed" else "bu"
        bus = f"M{short(lane.bus_x1)} {short(lane.bus_y)}H{short(lane.bus_x2)}"
        parts.append(f'<path class="{style}" d="{bus}"/>')
    words = escape(speak_lane(lane))
    parts.append(
        f'<a class="n" href="{names.networks_address}{id_}" aria-label="{words}">'
        f"{write_label(lane, density)}</a></g>"
    )
    return mark_safe("".join(parts))  # noqa: S308


def write_label(lane: Lane, density: Density) -> str:
    """Write a lane's words: plain, or a pill where it joins panels; a padlock where internal."""
    sizes = MEASURES[density]
    parts = []
    x, y = sizes.label_x, lane.bus_y + sizes.label_down
    lock_x = lane.bus_x1 - 13 * sizes.lock
    if lane.is_shared:
        height = sizes.pill_height
        width = measure(lane.label, sizes.pill_px, BOLD) + height
        box = write_box(x - 2, lane.bus_y - height / 2, width, height)
        parts.append(f'<rect class="pi" {box}/>')
        lock_x = x - 2 + width + 10 * sizes.lock
        x, y = x + height / 2 - 2, y - 0.5
    parts.append(f'<text x="{short(x)}" y="{short(y)}">{escape(lane.label)}</text>')
    if sizes.sublabel_down and lane.sublabel:
        place = f'x="{sizes.label_x}" y="{short(lane.bus_y + sizes.sublabel_down)}"'
        parts.append(f'<text class="s" {place}>{escape(lane.sublabel)}</text>')
    if lane.is_internal:
        parts.append(f'<path class="lk" d="{draw_lock(lock_x, lane.bus_y, sizes.lock)}"/>')
    return "".join(parts)


def speak_lane(lane: Lane) -> str:
    """Say what a lane shows: name, driver and subnets, why it stands where it does."""
    words = (f"network {cut(lane.name)}", lane.description, lane.tier_reason)
    return ", ".join([word for word in words if word])


def draw_lock(x: float, y: float, scale: float) -> str:
    """Draw the padlock of an internal network."""
    side, arch = short(10 * scale), short(3 * scale)
    return (
        f"M{short(x - 5 * scale)} {short(y - scale)}h{side}v{short(7 * scale)}h-{side}z"
        f"m{short(2 * scale)} 0v-{arch}a{arch} {arch} 0 0 1 {short(6 * scale)} 0v{arch}"
    )


def write_riser(riser: Riser, density: Density, names: Names) -> SafeString:
    """Write a riser: halos, one path for each colour, the frame of its cards, rings."""
    size = short(MEASURES[density].ring)
    parts = [f'<g class="bk" data-n="{escape(shorten_ids(riser.network_ids))}">']
    if riser.halos:
        parts.append(f'<path class="ha" d="{draw_stretches(riser.x, riser.halos)}"/>')
    for role in dict.fromkeys([part.role for part in riser.parts]):
        stretches = [part for part in riser.parts if part.role == role]
        parts.append(f'<path class="ri r-{role}" d="{draw_stretches(riser.x, stretches)}"/>')
    if riser.frame:
        parts.append(f'<rect class="fr" {write_box(*riser.frame)}/>')
    parts += [write_ring(ring, size, names) for ring in riser.rings]
    return mark_safe(f"{''.join(parts)}</g>")  # noqa: S308


def write_ring(ring: Ring, size: str, names: Names) -> str:
    """Write where a riser joins a bus; it leads to the end of the endpoint that it stands for."""
    network = escape(shorten_id(ring.network_id))
    circle = (
        f'<circle class="ro r-{ring.role}" data-r="{network}" cx="{short(ring.x)}"'
        f' cy="{short(ring.y)}" r="{size}"/>'
    )
    if not ring.container_ids:
        return circle
    words = escape(speak_ring(ring, names))
    return f'<a class="j" href="{name_leaving(ring, names)}" aria-label="{words}">{circle}</a>'


def name_leaving(ring: Ring, names: Names) -> str:
    """Name where a ring leads: the sheet of its endpoint, the question which one, or the network.

    The network's page lists all of its endpoints, for rings that stand for very many.
    """
    ids = ring.container_ids
    network = quote(shorten_id(ring.network_id))
    if len(ids) > MOST_ASKED and network:
        return names.networks_address + network
    key = "container" if len(ids) == 1 else "among"
    words = quote(",".join([id_[:SHORT] for id_ in ids]), safe=",")
    return f"{names.disconnect_address}?network={network}&amp;{key}={words}"


def speak_ring(ring: Ring, names: Names) -> str:
    """Say who joins which network at a ring: by name, or how many."""
    ids = ring.container_ids
    if len(ids) == 1:
        who = cut(names.containers_by_id.get(ids[0], shorten_id(ids[0])))
    else:
        who = f"{len(ids)} containers"
    network = names.networks_by_id.get(ring.network_id, shorten_id(ring.network_id))
    return f"{who} on {cut(network)}, disconnect{' one' * (len(ids) > 1)}"


def write_streets(board: Board, names: Names) -> SafeString:
    """Write the lines between the panels, with their pills."""
    parts = [f'<svg id="streets" width="{short(board.width)}" height="{short(board.height)}">']
    parts += [write_trunk(trunk, board.density, names) for trunk in board.trunks]
    return mark_safe(f"{''.join(parts)}</svg>")  # noqa: S308


def write_trunk(trunk: Trunk, density: Density, names: Names) -> str:
    """Write one line between panels: a path, the taps of the panels, the pill with its name."""
    sizes = MEASURES[density]
    id_ = escape(shorten_id(trunk.network_id))
    lines = [f"M{short(x1)} {short(y1)}L{short(x2)} {short(y2)}" for x1, y1, x2, y2 in trunk.lines]
    taps = [f'<circle cx="{short(x)}" cy="{short(y)}" r="3.4"/>' for x, y in trunk.taps]
    name = names.networks_by_id.get(trunk.network_id, trunk.label)
    height = sizes.pill_height
    width = measure(trunk.label, sizes.pill_px, BOLD) + height
    x, y = trunk.label_x, trunk.label_y
    return (
        f'<g class="tr r-{trunk.role}" data-n="{id_}"><path d="{"".join(lines)}"/>{"".join(taps)}'
        f'<a class="n" href="{names.networks_address}{id_}"'
        f' aria-label="{escape(f"network {cut(name)}, shared")}">'
        f'<rect class="pi" {write_box(x, y - height / 2, width, height)}/>'
        f'<text x="{short(x + height / 2)}" y="{short(y + sizes.label_down - 0.5)}">'
        f"{escape(trunk.label)}</text></a></g>"
    )


def draw_stretches(x: float, parts: Iterable[RiserPart]) -> str:
    """Write vertical stretches as one path."""
    column = short(x)
    return "".join([f"M{column} {short(part.y1)}V{short(part.y2)}" for part in parts])


def write_box(x: float, y: float, width: float, height: float) -> str:
    """Write the attributes of a rectangle."""
    return f'x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}"'
