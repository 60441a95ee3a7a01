"""What a drawing remembers, so that what did not change does not move.

Containers are remembered by name and networks by name too where it is theirs alone: what is
made anew under its old name takes its old place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from netdash.drawing.shapes import Density, Grouping

FORMAT = 1


class LanePlan(NamedTuple):
    """A lane's place: its position in the panel's list, its least height, its slots."""

    key: str
    is_thin: bool
    height: float
    names: tuple[str, ...]
    """Who had each slot of the tray; ``""`` for nobody."""


class BlockPlan(NamedTuple):
    """A bridging block's place."""

    keys: tuple[str, ...]
    """The networks it joins, sorted."""
    bay: str
    x: float
    """From where the right half begins."""
    columns: int
    names: tuple[str, ...]


class PanelPlan(NamedTuple):
    """A panel's place and its inside."""

    column: int
    span: int
    y: float
    width: float
    height: float
    tray_columns: int
    row_cap: int
    lanes: tuple[LanePlan, ...]
    blocks: tuple[BlockPlan, ...]
    homes: tuple[str, ...]
    """The networks at home in it."""
    members: tuple[str, ...]
    """The names of its containers, those of today first."""

    def hits(self, other: PanelPlan) -> bool:
        """Tell whether two panels overlap."""
        return (
            self.column < other.column + other.span
            and other.column < self.column + self.span
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class BoardPlan:
    """A board's places. ``columns`` holds each column's x and width."""

    density: Density
    grouping: Grouping
    top: float
    trunks: int
    """For how many trunks there is room."""
    fill: float
    """The share of the fresh board that panels filled."""
    columns: tuple[tuple[float, float], ...]
    panels: dict[str, PanelPlan] = field(default_factory=dict)


def encode_plan(plan: BoardPlan) -> dict[str, Any]:
    """Turn a plan into a JSON-ready dict."""
    return {
        "format": FORMAT,
        "density": plan.density,
        "grouping": plan.grouping,
        "top": plan.top,
        "trunks": plan.trunks,
        "fill": plan.fill,
        "columns": [list(column) for column in plan.columns],
        "panels": {key: encode_panel(panel) for key, panel in plan.panels.items()},
    }


def encode_panel(panel: PanelPlan) -> list[Any]:
    """Turn a panel's plan into a list, in the order of its fields."""
    return [
        panel.column,
        panel.span,
        panel.y,
        panel.width,
        panel.height,
        panel.tray_columns,
        panel.row_cap,
        [[lane.key, lane.is_thin, lane.height, list(lane.names)] for lane in panel.lanes],
        [
            [list(block.keys), block.bay, block.x, block.columns, list(block.names)]
            for block in panel.blocks
        ],
        list(panel.homes),
        list(panel.members),
    ]


def decode_plan(document: Mapping[str, Any] | None) -> BoardPlan | None:
    """Turn ``encode_plan``'s dict back; None for nothing and for another format."""
    if not document or document.get("format") != FORMAT:
        return None
    return BoardPlan(
        density=document["density"],
        grouping=document["grouping"],
        top=document["top"],
        trunks=document["trunks"],
        fill=document["fill"],
        columns=tuple((x, width) for x, width in document["columns"]),
        panels={key: decode_panel(found) for key, found in document["panels"].items()},
    )


def decode_panel(found: list[Any]) -> PanelPlan:
    """Turn a panel's list back."""
    column, span, y, width, height, trays, cap, lanes, blocks, homes, members = found
    return PanelPlan(
        column=column,
        span=span,
        y=y,
        width=width,
        height=height,
        tray_columns=trays,
        row_cap=cap,
        lanes=tuple(LanePlan(key, thin, height, tuple(n)) for key, thin, height, n in lanes),
        blocks=tuple(
            BlockPlan(tuple(keys), bay, x, columns, tuple(names))
            for keys, bay, x, columns, names in blocks
        ),
        homes=tuple(homes),
        members=tuple(members),
    )
