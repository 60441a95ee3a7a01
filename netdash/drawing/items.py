"""What becomes one card: a container, or replicas folded into one, with its words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from netdash.drawing.glyphs import find_glyph, find_worst
from netdash.drawing.groups import Group
from netdash.drawing.labels import find_labels, read_number
from netdash.drawing.shapes import Glyph
from netdash.drawing.sizes import Sizes
from netdash.drawing.words import BOLD, clean, cut, measure, shorten
from netdash.topology.snapshot import Container, PublishedPort

MAX_PIPS = 8
MAX_TABS = 6
PADDING = 8
"""Kept free on the right of a card's words."""


class Item(NamedTuple):
    """One card to be, without a place. The first eight fields are those of the card."""

    key: str
    container_ids: tuple[str, ...]
    name: str
    label: str
    sublabel: str
    port: str
    glyph: Glyph
    pips: tuple[Glyph, ...]
    slot_names: tuple[str, ...]
    """The names under which its slot is remembered: its own first."""
    network_ids: tuple[str, ...]
    """In order of their names."""
    sharers: tuple[Container, ...]


def build_items(
    group: Group,
    sizes: Sizes,
    network_ids_by_container_id: Mapping[str, tuple[str, ...]],
    sharers_by_owner_id: Mapping[str, tuple[Container, ...]],
    open_keys: frozenset[str],
    remembered: frozenset[str] = frozenset(),
) -> list[Item]:
    """Build the group's items in order of their labels; companions hang on their owners.

    ``remembered`` holds the slot names of before: what was folded stays so down to two, that a
    replica made anew does not spread the others out for a moment.
    """
    own_ids = {container.id for container in group.containers}
    owner_ids = own_ids & sharers_by_owner_id.keys()
    companions = {c.id for owner_id in owner_ids for c in sharers_by_owner_id[owner_id]}
    hosts = [container for container in group.containers if container.id not in companions]
    names = find_labels(group, hosts, is_drawn=sizes.name_inset > 0)
    items = []
    for key, crowd in fold(group, hosts, sizes, network_ids_by_container_id, open_keys, remembered):
        first = crowd[0]
        is_alone = owner_ids.isdisjoint([container.id for container in crowd])
        sharers = () if is_alone else find_sharers(crowd, sharers_by_owner_id, own_ids)
        build = build_single if len(crowd) == 1 else build_fold
        label, networks = names[first.id], network_ids_by_container_id[first.id]
        item = build(key, crowd, label, networks, sharers, sizes)
        items.append(((label, item.name, key), item))
    return [item for _, item in sorted(items, key=itemgetter(0))]


def find_sharers(
    crowd: Sequence[Container],
    sharers_by_owner_id: Mapping[str, tuple[Container, ...]],
    own_ids: set[str],
) -> tuple[Container, ...]:
    """List the companions to be drawn on an item."""
    return tuple(
        [
            follower
            for container in crowd
            if container.id in sharers_by_owner_id
            for follower in find_followers(container, sharers_by_owner_id)
            if follower.id in own_ids
        ]
    )[:MAX_TABS]


def find_followers(
    container: Container, sharers_by_owner_id: Mapping[str, tuple[Container, ...]]
) -> list[Container]:
    """List who shares the stack of a container, also by way of another; each once."""
    found: dict[str, Container] = {}
    waiting = list(sharers_by_owner_id[container.id])
    while waiting:
        follower = waiting.pop(0)
        if follower.id not in found and follower.id != container.id:
            found[follower.id] = follower
            waiting += sharers_by_owner_id.get(follower.id, ())
    return list(found.values())


def fold(
    group: Group,
    containers: Sequence[Container],
    sizes: Sizes,
    network_ids_by_container_id: Mapping[str, tuple[str, ...]],
    open_keys: frozenset[str],
    remembered: frozenset[str],
) -> Iterable[tuple[str, tuple[Container, ...]]]:
    """Gather replicas of one service on the same networks, from the density's number on."""
    place = group.project or group.title
    crowds: dict[tuple[str, tuple[str, ...]], list[Container]] = defaultdict(list)
    if sizes.fold_from:
        for container in containers:
            if service := container.service:
                crowds[service, network_ids_by_container_id[container.id]].append(container)
    folded: set[str] = set()
    counts = Counter(service for service, _ in crowds)
    for (service, network_ids), crowd in crowds.items():
        key = f"{place}/{service}"
        least = 2 if name_fold(service) in remembered else sizes.fold_from
        if len(crowd) >= least and key not in open_keys:
            folded |= {container.id for container in crowd}
            mark = "" if counts[service] == 1 else f"@{'+'.join(network_ids)}"
            yield key + mark, tuple(sorted(crowd, key=find_number))
    for container in containers:
        if container.id not in folded:
            yield f"{place}/{container.name}", (container,)


def name_fold(service: str) -> str:
    """Name the slot of a fold."""
    return f"{service} ×"


def find_number(container: Container) -> tuple[int, str]:
    """Order replicas by their number, then name."""
    return read_number(dict(container.labels)), container.name


def build_single(
    key: str,
    crowd: tuple[Container, ...],
    label: str,
    network_ids: tuple[str, ...],
    sharers: tuple[Container, ...],
    sizes: Sizes,
) -> Item:
    """Put the words and the sign of one container together, cut to the width of a card."""
    (container,) = crowd
    name = container.name
    sublabel = port = ""
    room = sizes.card_width - sizes.name_inset - PADDING
    if sizes.sub_px > 9:
        port = describe_port(crowd)
        sub_room = room - (measure(port, sizes.sub_px) + 6 if port else 0)
        sublabel = cut(find_image_label(container.image), sub_room, sizes.sub_px)
    label = shorten(label, room, sizes.name_px, BOLD) if sizes.name_inset else ""
    return Item(
        key, (container.id,), name, label, sublabel, port, find_glyph(container), (), (name,),
        network_ids, sharers,
    )  # fmt: skip


def build_fold(
    key: str,
    crowd: tuple[Container, ...],
    label: str,
    network_ids: tuple[str, ...],
    sharers: tuple[Container, ...],
    sizes: Sizes,
) -> Item:
    """Put the words of several replicas and the worst of their signs together."""
    first = crowd[0]
    service, count = first.service, f"×{len(crowd)}"
    glyphs = tuple([find_glyph(container) for container in crowd])
    sublabel = ""
    room = sizes.card_width - sizes.name_inset - PADDING
    name_room = room - (measure(count, sizes.name_px, BOLD) + 6)
    if sizes.sub_px > 9:
        port = describe_port(crowd)
        sub_room = room - (measure(port, sizes.sub_px) + 6 if port else 0)
        sub_room = min(sub_room, room - 7 * min(len(crowd), MAX_PIPS) - 4)
        sublabel = cut(find_image_label(first.image), sub_room, sizes.sub_px)
    return Item(
        key=key,
        container_ids=tuple([container.id for container in crowd]),
        name=f"{service} {count}",
        label=shorten(label, name_room, sizes.name_px, BOLD) if sizes.name_inset else "",
        sublabel=sublabel,
        port="",
        glyph=find_worst(glyphs),
        pips=glyphs[:MAX_PIPS],
        slot_names=(name_fold(service), *[container.name for container in crowd]),
        network_ids=network_ids,
        sharers=sharers,
    )


def find_image_label(image: str) -> str:
    """Drop registry, path and digest of an image: ``ghcr.io/a/api:2.4`` is api:2.4."""
    short = image.partition("@")[0].rpartition("/")[2] or image
    if short.startswith("sha256:") or (len(short) == 64 and short.isalnum()):
        return short.removeprefix("sha256:")[:12]
    return clean(short[:200])


def describe_port(crowd: Sequence[Container]) -> str:
    """Write the first published port, ``+`` when there are more: ``:80+``."""
    ports = sorted({p.host_port for c in crowd for p in find_ports(c) if p.host_port is not None})
    return f":{ports[0]}{'+' * (len(ports) > 1)}" if ports else ""


def find_ports(container: Container) -> tuple[PublishedPort, ...]:
    """Find a container's ports, those it will have again where it is stopped."""
    return container.ports or container.wanted_ports or ()
