"""The tools over a drawing or a table: which view, how grouped, how dense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.urls import reverse

from netdash.drawing.shapes import Density, Grouping

from .filters import ViewQuery, write_query

View = Literal["topology", "matrix", "table", "project"]
VIEWS: tuple[tuple[View, str], ...] = (
    ("topology", "Lanes"),
    ("matrix", "Matrix"),
    ("table", "Table"),
)
GROUPINGS: tuple[tuple[Grouping, str], ...] = (
    ("project", "project"),
    ("tier", "tier"),
    ("none", "nothing"),
)
DENSITIES: tuple[tuple[Density | None, str], ...] = (
    (None, "automatic"),
    ("cards", "cards"),
    ("chips", "chips"),
    ("dots", "dots"),
)


@dataclass(frozen=True, slots=True)
class Tool:
    """One choice of the toolbar: a link to the same page, chosen otherwise."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Toolbar:
    """The toolbar of one view; ``densities`` is empty where nothing is drawn."""

    views: tuple[Tool, ...]
    groupings: tuple[Tool, ...]
    grouping: str
    densities: tuple[Tool, ...]
    density: str
    svg_address: str
    json_address: str
    tidy_address: str
    query: str


def build_toolbar(slug: str, view: View, query: ViewQuery, drawn: Density | None = None) -> Toolbar:
    """Build the toolbar of a view; ``drawn`` is the density of what is on the page."""
    text = write_query(query)
    return Toolbar(
        views=tuple(
            Tool(label, write_address(reverse(name, args=[slug]), text), name == view)
            for name, label in VIEWS
        ),
        groupings=tuple(
            Tool(label, "?" + write_query(query, grouping=value), value == query.grouping)
            for value, label in GROUPINGS
        ),
        grouping=dict(GROUPINGS)[query.grouping],
        densities=list_densities(query) if drawn else (),
        density=drawn or "",
        svg_address=write_address(reverse("export-svg", args=[slug]), text),
        json_address=reverse("export-json", args=[slug]),
        tidy_address=reverse("topology-tidy", args=[slug]),
        query=text,
    )


def list_densities(query: ViewQuery) -> tuple[Tool, ...]:
    """List the densities to choose from."""
    return tuple(
        Tool(label, "?" + write_query(query, density=value), value == query.density)
        for value, label in DENSITIES
    )


def write_address(path: str, query: str) -> str:
    """Join a path and a query that may be empty."""
    return f"{path}?{query}" if query else path
