"""The menus of the filter bar: the values of a reading, each a link that turns it on or off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from netdash.topology.snapshot import Snapshot

from .filters import STATES, ViewQuery, list_pairs, write_label, write_query

MOST_CHOICES = 60
Value = TypeVar("Value")
Values = tuple[tuple[object, str, int], ...]
"""Value, label and count of each choice."""
NOISE = ("com.docker.", "org.opencontainers.", "desktop.docker.")
"""Labels that tools write; nobody filters by them, and their values rarely repeat."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a menu; ``address`` is the query after turning it on or off, with "?"."""

    label: str
    count: int
    is_chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Menu:
    """One menu: its parameter, its title, its values, and the chosen ones in words."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    summary: str
    hidden_count: int
    """How many values there are beside those listed."""


@dataclass(frozen=True, slots=True)
class FilterBar:
    """Everything the filter bar shows."""

    menus: tuple[Menu, ...]
    text: str
    kept: tuple[tuple[str, str], ...]
    """Parameters that the search form carries along, hidden."""
    built_in_address: str
    hides_built_in: bool
    clear_address: str
    is_narrowing: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One field of the filter with the values present: value, label, count."""

    name: str
    field: str
    title: str
    values: Values


def build_bar(snapshot: Snapshot, query: ViewQuery, extra: Mapping[str, str]) -> FilterBar:
    """Build the filter bar; ``extra`` are the page's own parameters (such as sort), kept."""
    pairs = [pair for pair in list_pairs(query) if pair[0] != "q"]
    return FilterBar(
        menus=tuple(build_menu(axis, query, extra) for axis in list_axes(snapshot)),
        text=query.filter.text,
        kept=(*pairs, *extra.items()),
        built_in_address=write_address(
            query, extra, hides_built_in=not query.filter.hides_built_in
        ),
        hides_built_in=query.filter.hides_built_in,
        clear_address=write_address(ViewQuery(grouping=query.grouping), extra),
        is_narrowing=query.is_narrowing,
        notes=query.notes,
    )


def build_menu(axis: Axis, query: ViewQuery, extra: Mapping[str, str]) -> Menu:
    """Build one menu; values that are asked for but absent stand in it too, to be turned off."""
    chosen: frozenset[object] = getattr(query.filter, axis.field)
    absent = chosen - {value for value, _, _ in axis.values}
    listed = pick_values(axis.values, chosen)
    values = [*listed, *((value, name_value(value), 0) for value in sorted(absent, key=str))]
    choices = tuple(
        Choice(
            label=label,
            count=count,
            is_chosen=value in chosen,
            address=write_address(query, extra, **{axis.field: chosen ^ {value}}),
        )
        for value, label, count in values
    )
    picked = [choice.label for choice in choices if choice.is_chosen]
    summary = "any" if not picked else picked[0] if len(picked) == 1 else f"{len(picked)} chosen"
    return Menu(axis.name, axis.title, choices, summary, len(axis.values) - len(listed))


def pick_values(values: Values, chosen: frozenset[object]) -> Values:
    """Pick the values that fit in a menu: the chosen ones and the largest, in their order."""
    if len(values) <= MOST_CHOICES:
        return values
    largest = sorted(values, key=lambda entry: (entry[0] not in chosen, -entry[2]))
    kept = {value for value, _, _ in largest[:MOST_CHOICES]}
    return tuple(entry for entry in values if entry[0] in kept)


def write_address(query: ViewQuery, extra: Mapping[str, str], **changes: object) -> str:
    """Write the query with changes and the page's own parameters, from "?" on."""
    written = [write_query(query, **changes), urlencode(extra)]
    return "?" + "&".join(part for part in written if part)


def list_axes(snapshot: Snapshot) -> tuple[Axis, ...]:
    """List what can be chosen in a reading, with how many containers (drivers: networks)."""
    containers = snapshot.containers
    projects = Counter(container.project for container in containers)
    projects.update({network.project: 0 for network in snapshot.networks if network.project})
    members = snapshot.members_by_network_id
    states = Counter(container.state for container in containers)
    states.update(container.health for container in containers if container.health)
    labels = Counter(pair for found in containers for pair in found.labels if is_telling(pair))
    labels.update(
        {pair: 0 for found in snapshot.networks for pair in found.labels if is_telling(pair)}
    )
    drivers = Counter(network.driver for network in snapshot.networks)
    return (
        Axis("project", "projects", "Project", count_sorted(projects)),
        Axis(
            "network",
            "networks",
            "Network",
            tuple((n.id, n.name, len(members[n.id])) for n in snapshot.networks),
        ),
        Axis("driver", "drivers", "Driver", count_sorted(drivers)),
        Axis(
            "state",
            "states",
            "State",
            tuple((state, state, states[state]) for state in STATES if states[state]),
        ),
        Axis("label", "labels", "Label", count_sorted(labels)),
    )


def count_sorted(counts: Mapping[Value, int]) -> Values:
    """List values by their name with their counts."""
    named = ((value, name_value(value), count) for value, count in counts.items())
    return tuple(sorted(named, key=lambda entry: entry[1]))


def is_telling(pair: tuple[str, str]) -> bool:
    """Tell whether a label is worth a place in the menu."""
    return not pair[0].startswith(NOISE) and len(pair[0]) + len(pair[1]) <= 80


def name_value(value: object) -> str:
    """Name a value in a menu; a label is its key and value, no project is said so."""
    if isinstance(value, tuple):
        return write_label(*value)
    return str(value) or "standalone"
