"""What becomes one card: a container, or replicas folded into one, with its words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from netdash.drawing.glyphs import find_glyph, find_worst
from netdash.drawing.groups import Group
from netdash.drawing.shapes import Glyph
from netdash.drawing.sizes import Sizes
from netdash.drawing.words import BOLD, clean, cut, measure, shorten
from netdash.topology.snapshot import (
    COMPOSE_NUMBER,
    COMPOSE_SERVICE,
    SWARM_SERVICE,
    Container,
    PublishedPort,
)

ONE_OFF = "com.docker.compose.oneoff"
MAX_PIPS = 8
MAX_TABS = 6
SHARED_PREFIX_FROM = 5
MIN_PREFIX = 4
MIN_REST = 4
SEPARATORS = re.compile("[-_.]")


class Item(NamedTuple):
    """One card to be, without a place."""

    key: str
    slot_names: tuple[str, ...]
    """The names under which its slot is remembered: its own first."""
    containers: tuple[Container, ...]
    network_ids: tuple[str, ...]
    """In order of their names."""
    name: str
    label: str
    sublabel: str
    port: str
    glyph: Glyph
    pips: tuple[Glyph, ...]
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
        sharers = tuple(
            [
                follower
                for container in crowd
                if container.id in owner_ids
                for follower in find_followers(container, sharers_by_owner_id)
                if follower.id in own_ids
            ]
        )
        networks = network_ids_by_container_id[crowd[0].id]
        items.append(build_item(key, crowd, networks, sharers, names, sizes))
    return sorted(items, key=lambda item: (names[item.containers[0].id], item.name, item.key))


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


def read_number(labels: Mapping[str, str]) -> int:
    """Read a replica's number; 0 where it has none."""
    text = labels.get(COMPOSE_NUMBER, "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def build_item(
    key: str,
    crowd: tuple[Container, ...],
    network_ids: tuple[str, ...],
    sharers: tuple[Container, ...],
    names: Mapping[str, str],
    sizes: Sizes,
) -> Item:
    """Put an item's words and signs together, cut to the width of a card."""
    first = crowd[0]
    glyphs = tuple([find_glyph(container) for container in crowd])
    is_fold = len(crowd) > 1
    count = f"×{len(crowd)}" if is_fold else ""
    inset = sizes.name_inset
    room = sizes.card_width - inset - 8
    port = describe_port(crowd) if sizes.sub_px > 9 else ""
    sub_room = room - (measure(port, sizes.sub_px) + 6 if port else 0)
    if is_fold:
        sub_room = min(sub_room, room - 7 * min(len(crowd), MAX_PIPS) - 4)
        port = ""
    name_room = room - (measure(count, sizes.name_px, BOLD) + 6 if count else 0)
    return Item(
        key=key,
        slot_names=(
            (name_fold(first.service), *[c.name for c in crowd]) if is_fold else (first.name,)
        ),
        containers=crowd,
        network_ids=network_ids,
        name=f"{first.service} {count}" if is_fold else first.name,
        label=shorten(names[first.id], name_room, sizes.name_px, BOLD) if inset else "",
        sublabel=cut(find_image_label(first.image), sub_room, sizes.sub_px)
        if sizes.sub_px > 9
        else "",
        port=port,
        glyph=find_worst(glyphs) if is_fold else glyphs[0],
        pips=glyphs[:MAX_PIPS] if is_fold else (),
        sharers=sharers[:MAX_TABS],
    )


def find_labels(
    group: Group, containers: Sequence[Container], is_drawn: bool = True
) -> dict[str, str]:
    """Map container ids to what a card calls them: the service, never the project's prefix.

    Those that are not drawn only order the cards, and are not shortened.
    """
    replicas: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    labels: dict[str, str] = {}
    for container in containers:
        facts = dict(container.labels)
        service = facts.get(COMPOSE_SERVICE) or facts.get(SWARM_SERVICE)
        if service and facts.get(ONE_OFF, "").lower() != "true":
            replicas[service].append((read_number(facts), container.name, container.id))
        else:
            labels[container.id] = strip_prefix(container.name, group.project)
    for service, crowd in replicas.items():
        short = strip_prefix(service, group.project)
        for position, (number, _, container_id) in enumerate(sorted(crowd), 1):
            is_first = (number or position) == 1
            labels[container_id] = short if is_first else f"{short} ·{number or position}"
    if group.project is None and any(container.project for container in containers):
        return {c.id: add_project(labels[c.id], c.project) for c in containers}
    return shorten_prefixes(labels) if is_drawn else labels


def add_project(label: str, project: str) -> str:
    """Put the project before a label, for panels that hold several."""
    return f"{project}/{strip_prefix(label, project)}" if project else label


def strip_prefix(name: str, project: str | None) -> str:
    """Drop the project's name from the front of a container's or service's."""
    if not project or not name.startswith(project):
        return name
    rest = name[len(project) :]
    return (rest[1:] or name) if rest.startswith(("-", "_", ".")) else name


def shorten_prefixes(labels: dict[str, str]) -> dict[str, str]:
    """Write ``…rest`` where five or more share a first word of at least four characters."""
    if len(labels) < SHARED_PREFIX_FROM:
        return labels
    different = set(labels.values())
    counts = Counter([prefix for label in different for prefix in find_prefixes(label)])
    common = {prefix for prefix, count in counts.items() if count >= SHARED_PREFIX_FROM}
    for label in different if common else ():
        common -= {start for start in find_prefixes(label) if not is_telling(label[len(start) :])}
    if not common:
        return labels
    return {key: shorten_prefix(label, common) for key, label in labels.items()}


def is_telling(rest: str) -> bool:
    """Tell whether the rest of a label still says what it names."""
    return len(rest) >= MIN_REST and any(letter.isalpha() for letter in rest)


def find_prefixes(label: str) -> list[str]:
    """List the beginnings of a label that end at a separator, the longest last."""
    ends = [found.end() for found in SEPARATORS.finditer(label, 0, 60)]
    return [label[:end] for end in ends if end > MIN_PREFIX and end < len(label)]


def shorten_prefix(label: str, common: set[str]) -> str:
    """Replace the longest common prefix of a label by an ellipsis."""
    found = [prefix for prefix in find_prefixes(label) if prefix in common]
    return f"…{label[len(found[-1]) :]}" if found else label


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
