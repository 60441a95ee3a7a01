"""The words of panels and lanes, cut to fit."""

from __future__ import annotations

from typing import Literal, NamedTuple

from netdash.drawing.glyphs import find_glyph
from netdash.drawing.groups import Group
from netdash.drawing.scene import GONE, Scene, describe_network
from netdash.drawing.shapes import Density, Glyph
from netdash.drawing.sizes import SIZES, Sizes
from netdash.drawing.words import BOLD, clean, count_words, cut, measure, shorten
from netdash.topology.snapshot import Network

ALARMS: tuple[Glyph, ...] = ("unhealthy", "restarting", "dead")
TITLE_SHARE = 20
"""A title is at most this many times as wide as its letters are high."""

PADLOCK = 1.2
"""What the padlock of an internal network takes from a label: so many times its letters."""


class Heading(NamedTuple):
    """The title line of a panel."""

    title: str
    subtitle: str
    warning: str
    width: float
    """With air on both sides: a panel is at least as wide."""


class Caption(NamedTuple):
    """The words and marks of one lane."""

    name: str
    label: str
    label_width: float
    excess: float
    """How far the label reaches beyond the label column."""
    sublabel: str
    description: str
    reason: str
    is_internal: bool
    bus_style: Literal["solid", "dashed", "none"]


def head_panel(group: Group, density: Density) -> Heading:
    """Write a panel's title, the number of its containers, and what is wrong in it."""
    sizes = SIZES[density]
    count = len(group.containers)
    subtitle = str(count) if density == "dots" else count_words(count, "container")
    glyphs = [find_glyph(container) for container in group.containers]
    counts = {glyph: found for glyph in ALARMS if (found := glyphs.count(glyph))}
    warning = ", ".join([f"{found} {glyph}" for glyph, found in counts.items()])
    if density == "dots" and counts:
        warning = str(sum(counts.values()))
    title = shorten(group.title, TITLE_SHARE * sizes.title_px, sizes.title_px, BOLD)
    small = sizes.title_px * 0.8
    width = measure(title, sizes.title_px, BOLD) + 3 * sizes.gap_x + 2 * sizes.pad_right
    width += measure(subtitle, small)
    if warning:
        width += measure(f"▲ {warning}", small)
    return Heading(title, subtitle, warning, width)


def caption_lane(
    scene: Scene,
    network_id: str,
    is_shared: bool,
    is_at_home: bool,
    spare: tuple[float, float],
    sizes: Sizes,
) -> Caption:
    """Write what a lane says; where names repeat, only in its own project is a short one clear.

    ``spare`` is what the name, and the words below it, may take beyond the label column.
    """
    network = scene.networks_by_id[network_id]
    tier = scene.tiers.get(network_id)
    is_clear = (is_at_home and not is_shared) or not scene.is_ambiguous(network_id)
    room = sizes.label_column - sizes.gap_x - 2 * sizes.tint_x - sizes.lane_px / 2
    room -= PADLOCK * sizes.lane_px * network.is_internal
    full = scene.short_names[network_id] if is_clear else network.name
    label = shorten(full, room + spare[0], sizes.lane_px, BOLD)
    width = measure(label, sizes.lane_px, BOLD)
    return Caption(
        name=clean(network.name[:400]),
        label=label,
        label_width=round(width, 1),
        excess=max(width - room, 0) if spare[0] else 0,
        sublabel=write_sublabel(network, spare[1], sizes) if sizes.sub_px > 9 else "",
        description=describe(network),
        reason=tier.reason if tier else "",
        is_internal=network.is_internal,
        bus_style=find_bus_style(network),
    )


def write_sublabel(network: Network, spare: float, sizes: Sizes) -> str:
    """Write ``bridge · 172.28.0.0/16``; the driver is cut before the subnet is."""
    room = sizes.label_column + spare - 2 * sizes.gap_x - sizes.tint_x
    driver = describe_network(network)
    if not network.subnets or driver in ("host stack", "no network"):
        return cut(driver, room, sizes.sub_px)
    subnet = cut(network.subnets[0].cidr, room, sizes.sub_px)
    left = room - measure(f" · {subnet}", sizes.sub_px)
    short = cut(driver, left, sizes.sub_px)
    return f"{short} · {subnet}" if len(short) > 2 else subnet


def describe(network: Network) -> str:
    """Say a network's driver, subnets and kind in one line."""
    facts = [describe_network(network), *[subnet.cidr for subnet in network.subnets]]
    if network.is_internal:
        facts.append("internal")
    if network.is_ingress:
        facts.append("ingress")
    if network.scope == "swarm":
        facts.append("swarm")
    return ", ".join([clean(fact[:100]) for fact in facts if fact])


def find_bus_style(network: Network) -> Literal["solid", "dashed", "none"]:
    """Dash what spans engines or is gone; draw no bus for what joins nobody."""
    if network.driver == "null":
        return "none"
    is_far = network.driver == "overlay" or network.scope == "swarm" or network.driver == GONE
    return "dashed" if is_far else "solid"
