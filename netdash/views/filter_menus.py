"""The menus of the filter bar: the values of a reading, each a link that turns it on or off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from netdash.topology.snapshot import Container, Network, Snapshot

from .filters import STATES, ViewQuery, list_pairs, write_label, write_query
from .words import say_count

MOST_CHOICES = 60
MOST_AT_ONCE = 12
"""A longer menu comes to the drawing when it is opened."""
Value = TypeVar("Value")
Values = tuple[tuple[object, str, int, int], ...]
"""Value, label, containers and networks of each choice."""
NOISE = ("com.docker.", "org.opencontainers.", "desktop.docker.")
"""Labels that tools write; nobody filters by them, and their values rarely repeat."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a menu; ``address`` is the query after turning it on or off, with "?"."""

    label: str
    container_count: int
    network_count: int
    is_chosen: bool
    address: str

    @property
    def count(self) -> str:
        """Say what is like that: containers by their number, networks in words."""
        networks = say_count(self.network_count, "network") if self.network_count else ""
        containers = str(self.container_count) if self.container_count or not networks else ""
        return " + ".join(part for part in (containers, networks) if part)


@dataclass(frozen=True, slots=True)
class Menu:
    """One menu: its parameter, its title, its values, and the chosen ones in words."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    summary: str
    value_count: int
    """How many values there are, listed or not."""
    is_open: bool
    whole_address: str
    """The query that opens this menu with all its values."""

    @property
    def has_more(self) -> bool:
        """Tell whether there are values that are not listed."""
        return self.value_count > len(self.choices)

    @property
    def comes_later(self) -> bool:
        """Tell whether the drawing asks for the values when the menu is opened."""
        return len(self.choices) > MOST_AT_ONCE and not self.is_open


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
    """One field of the filter with the values present."""

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
    absent = chosen - {value for value, *_ in axis.values}
    is_open = query.menu == axis.name
    listed = axis.values if is_open else pick_values(axis.values, chosen)
    values = [*listed, *((value, name_value(value), 0, 0) for value in sorted(absent, key=str))]
    choices = tuple(
        Choice(
            label=label,
            container_count=containers,
            network_count=networks,
            is_chosen=value in chosen,
            address=write_address(query, extra, **{axis.field: chosen ^ {value}}),
        )
        for value, label, containers, networks in values
    )
    picked = [choice.label for choice in choices if choice.is_chosen]
    return Menu(
        name=axis.name,
        title=axis.title,
        choices=choices,
        summary="any" if not picked else picked[0] if len(picked) == 1 else f"{len(picked)} chosen",
        value_count=len(axis.values) + len(absent),
        is_open=is_open,
        whole_address=write_address(query, {**extra, "menu": axis.name}),
    )


def pick_values(values: Values, chosen: frozenset[object]) -> Values:
    """Pick the values that fit in a menu: the chosen ones and the largest, in their order."""
    if len(values) <= MOST_CHOICES:
        return values
    largest = sorted(values, key=lambda entry: (entry[0] not in chosen, -entry[2] - entry[3]))
    kept = {value for value, *_ in largest[:MOST_CHOICES]}
    return tuple(entry for entry in values if entry[0] in kept)


def write_address(query: ViewQuery, extra: Mapping[str, str], **changes: object) -> str:
    """Write the query with changes and the page's own parameters, from "?" on."""
    written = [write_query(query, **changes), urlencode(extra)]
    return "?" + "&".join(part for part in written if part)


def list_axes(snapshot: Snapshot) -> tuple[Axis, ...]:
    """List what can be chosen in a reading, with how many containers and networks are like it.

    A network is counted by its containers, a driver by its networks.
    """
    containers, networks = snapshot.containers, snapshot.networks
    members = snapshot.members_by_network_id
    states = Counter(container.state for container in containers)
    states.update(container.health for container in containers if container.health)
    return (
        Axis(
            "project",
            "projects",
            "Project",
            count_sorted(
                Counter(found.project for found in containers),
                Counter(found.project for found in networks if found.project),
            ),
        ),
        Axis(
            "network",
            "networks",
            "Network",
            tuple((n.id, n.name, len(members[n.id]), 0) for n in networks),
        ),
        Axis("driver", "drivers", "Driver", count_sorted({}, Counter(n.driver for n in networks))),
        Axis(
            "state",
            "states",
            "State",
            tuple((state, state, states[state], 0) for state in STATES if states[state]),
        ),
        Axis(
            "label",
            "labels",
            "Label",
            count_sorted(count_labels(containers), count_labels(networks)),
        ),
    )


def count_labels(found: Iterable[Container | Network]) -> Counter[tuple[str, str]]:
    """Count the labels worth a place in the menu."""
    return Counter(pair for each in found for pair in each.labels if is_telling(pair))


def count_sorted(containers: Mapping[Value, int], networks: Mapping[Value, int]) -> Values:
    """List values by their name with their counts."""
    values = {**containers, **networks}
    named = ((v, name_value(v), containers.get(v, 0), networks.get(v, 0)) for v in values)
    return tuple(sorted(named, key=lambda entry: entry[1]))


def is_telling(pair: tuple[str, str]) -> bool:
    """Tell whether a label is worth a place in the menu."""
    return not pair[0].startswith(NOISE) and len(pair[0]) + len(pair[1]) <= 80


def name_value(value: object) -> str:
    """Name a value in a menu; a label is its key and value, no project is said so."""
    if isinstance(value, tuple):
        return write_label(*value)
    return str(value) or "standalone"
