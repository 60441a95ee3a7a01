"""The query that every view shares: what is shown, how grouped, how dense.

``project= network= driver= state= label=key=value q= builtin= group= density= open= menu=``
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_args
from urllib.parse import urlencode

from django.http import QueryDict

from netdash.drawing.shapes import Density, Grouping
from netdash.topology.filters import Filter
from netdash.topology.snapshot import Snapshot

STATES = (
    "running",
    "paused",
    "restarting",
    "created",
    "exited",
    "removing",
    "dead",
    "healthy",
    "unhealthy",
    "starting",
)
STANDALONE = "-"
"""Stands in an address for what belongs to no project."""
MOST_VALUES = 200
MOST_TEXT = 200
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ViewQuery:
    """What an address asks for; ``notes`` say in words what of it was ignored or finds nothing."""

    filter: Filter = field(default_factory=Filter)
    grouping: Grouping = "project"
    density: Density | None = None
    open_keys: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    menu: str = ""
    """The filter menu that is open with all its values; no address that is written keeps it."""

    @property
    def is_narrowing(self) -> bool:
        """Tell whether anything is left out."""
        return self.filter != Filter()


def read_query(params: QueryDict, snapshot: Snapshot) -> ViewQuery:
    """Read the shared query; what no view understands is ignored and noted."""
    notes: list[str] = []
    found = Filter(
        projects=frozenset(read_values(params, "project", read_project)),
        networks=frozenset(read_values(params, "network", str)),
        drivers=frozenset(read_values(params, "driver", str)),
        states=read_states(params, notes),
        labels=frozenset(read_values(params, "label", read_label)),
        text=" ".join(params.get("q", "").split())[:MOST_TEXT],
        hides_built_in=read_one(params, "builtin", ("0", "1"), notes) == "0",
    )
    notes.extend(find_absences(found, snapshot))
    grouping = read_one(params, "group", get_args(Grouping), notes)
    density = read_one(params, "density", get_args(Density), notes)
    return ViewQuery(
        filter=found,
        grouping=grouping or "project",  # type: ignore[arg-type]
        density=density or None,  # type: ignore[arg-type]
        open_keys=frozenset(read_values(params, "open", str)),
        notes=tuple(notes),
        menu=params.get("menu", ""),
    )


def write_query(query: ViewQuery, **changes: Any) -> str:
    """Write a query as an address has it, without "?"; ``changes`` are fields of it or its filter.

    Reading the answer gives an equal query, but for the open menu. Defaults are left out; the
    order is always the same.
    """
    own = {name: value for name, value in changes.items() if name in ViewQuery.__slots__}
    rest = {name: value for name, value in changes.items() if name not in own}
    query = replace(query, **own)
    return urlencode(list(list_pairs(replace(query, filter=replace(query.filter, **rest)))))


def list_pairs(query: ViewQuery) -> Iterator[tuple[str, str]]:
    """List the parameters and values of a query in their fixed order."""
    wanted = query.filter
    yield from (("project", value or STANDALONE) for value in sorted(wanted.projects))
    yield from (("network", value) for value in sorted(wanted.networks))
    yield from (("driver", value) for value in sorted(wanted.drivers))
    yield from (("state", value) for value in STATES if value in wanted.states)
    yield from (("label", write_label(key, value)) for key, value in sorted(wanted.labels))
    if wanted.text:
        yield "q", wanted.text
    if wanted.hides_built_in:
        yield "builtin", "0"
    if query.grouping != "project":
        yield "group", query.grouping
    if query.density:
        yield "density", query.density
    yield from (("open", value) for value in sorted(query.open_keys))


def write_label(key: str, value: str) -> str:
    """Write a label condition; without a value it asks for the key alone."""
    return f"{key}={value}" if value else key


def read_label(text: str) -> tuple[str, str]:
    """Read ``key=value`` or ``key``."""
    key, _, value = text.partition("=")
    return key, value


def read_project(text: str) -> str:
    """Read a project's name; the sign for no project is the empty name."""
    return "" if text == STANDALONE else text


def read_values(params: QueryDict, name: str, read: Callable[[str], Value]) -> set[Value]:
    """Read every value of a parameter; empty ones and those beyond the limit are left out."""
    return {read(value) for value in params.getlist(name)[:MOST_VALUES] if value}


def read_one(params: QueryDict, name: str, allowed: tuple[str, ...], notes: list[str]) -> str:
    """Read a parameter that has few values; another value is noted and read as none."""
    value = params.get(name, "")
    if value and value not in allowed:
        notes.append(f"{name}={shorten(value)} is not known; it is ignored.")
        return ""
    return value


def read_states(params: QueryDict, notes: list[str]) -> frozenset[str]:
    """Read the states and healths asked for; unknown words are noted and ignored."""
    asked = read_values(params, "state", str)
    for unknown in sorted(asked - set(STATES)):
        notes.append(f"state={shorten(unknown)} is not known; it is ignored.")
    return frozenset(asked & set(STATES))


def find_absences(wanted: Filter, snapshot: Snapshot) -> list[str]:
    """Say which projects, networks and drivers asked for are not in the reading.

    They stay in the filter: a project that is down for a minute comes back to an open page.
    """
    projects = {container.project for container in snapshot.containers}
    projects |= {network.project for network in snapshot.networks}
    drivers = {network.driver for network in snapshot.networks}
    return [
        *(
            f"There is no project {shorten(name)} now."
            for name in sorted(wanted.projects - projects)
        ),
        *(
            f"There is no network {shorten(id_)} now."
            for id_ in sorted(wanted.networks - snapshot.networks_by_id.keys())
        ),
        *(
            f"No network has the driver {shorten(name)}."
            for name in sorted(wanted.drivers - drivers)
        ),
    ]


def shorten(text: str) -> str:
    """Shorten a value for a sentence."""
    return text if len(text) <= 40 else f"{text[:39]}…"
