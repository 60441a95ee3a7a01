"""The names of shared networks stand in pills, one below the other: none touches the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest

from netdash.drawing.board import Options, draw_board
from netdash.drawing.shapes import Density
from netdash.topology.snapshot import COMPOSE_PROJECT, Snapshot
from netdash.views.line_marks import write_lane, write_streets
from netdash.views.marks import Names
from tests.builders import topology

GAP = 1.5
NAMES = Names({}, {}, "c/", "n/", "d")
PILL = re.compile(r'class="pi" x="[^"]*" y="([^"]*)" width="[^"]*" height="([^"]*)"')


def build_shared() -> Snapshot:
    """Two projects on three shared networks; on ``logs`` one stands alone, so it has a tray."""
    snapshot = topology(
        "loki: logs", "entry: proxy logs", "web: proxy mesh logs mine", "api: mesh logs proxy mine"
    )
    projects = {"loki": "infra", "entry": "infra", "web": "shop", "api": "blog"}
    return replace(
        snapshot,
        containers=tuple(
            replace(found, labels=((COMPOSE_PROJECT, projects[found.name]),))
            for found in snapshot.containers
        ),
    )


def find_pills(markup: str) -> Iterator[tuple[float, float]]:
    """Find the top and the bottom of each pill."""
    for top, height in PILL.findall(markup):
        yield float(top), float(top) + float(height)


@pytest.mark.parametrize("density", get_args(Density))
def test_pills_keep_a_gap(density: Density) -> None:
    board, _ = draw_board(build_shared(), Options(density=density))
    columns: list[str] = [write_streets(board, NAMES)]
    columns += ["".join(write_lane(n, density, NAMES) for n in p.lanes) for p in board.panels]
    gaps = []
    for markup in columns:
        pills = sorted(find_pills(markup))
        gaps += [lower - bottom for (_, bottom), (lower, _) in pairwise(pills)]
    assert len(gaps) >= 5
    assert any(lane.is_shared and not lane.is_thin for p in board.panels for lane in p.lanes)
    assert min(gaps) >= GAP
