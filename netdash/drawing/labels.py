"""What a container is called on its card: its service, without what its neighbours share."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from netdash.drawing.groups import Group
from netdash.topology.snapshot import COMPOSE_NUMBER, COMPOSE_SERVICE, SWARM_SERVICE, Container

ONE_OFF = "com.docker.compose.oneoff"
SHARED_PREFIX_FROM = 5
MIN_PREFIX = 4
MIN_REST = 4
SEPARATORS = re.compile("[-_.]")


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


def read_number(labels: Mapping[str, str]) -> int:
    """Read a replica's number; 0 where it has none."""
    text = labels.get(COMPOSE_NUMBER)
    return int(text) if text and text.isdecimal() and len(text) < 9 else 0
