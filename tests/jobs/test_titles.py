"""Titles of jobs that try again what an earlier one did not do."""

from __future__ import annotations

import pytest

from netdash.jobs import queue
from netdash.jobs.titles import name_part
from netdash.jobs.writing import Author
from netdash.models import Engine
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    Plan,
    RemoveNetwork,
    Step,
)

MAKE = CreateNetwork("lab")
REMOVE = RemoveNetwork("n", "lab")
JOIN = ConnectContainer("n", "lab", "c", "web")
LEAVE = DisconnectContainer("n", "lab", "c", "web")


@pytest.mark.parametrize(
    ("changes", "number", "words"),
    [
        ([MAKE] * 160, 2, "Again: create 2 of 160 networks"),
        ([MAKE] * 3, 3, "Again: create 3 networks"),
        ([MAKE], 1, "Again: create 1 network"),
        ([REMOVE] * 1200, 1100, "Again: remove 1,100 of 1,200 networks"),
        ([JOIN] * 4, 1, "Again: make 1 of 4 connections"),
        ([LEAVE] * 4, 1, "Again: end 1 of 4 connections"),
        ([LEAVE, LEAVE, REMOVE], 1, "Again: 1 of 3 steps"),
        ([], 0, "Again: 0 steps"),
    ],
)
def test_a_title_counts_what_is_tried_again(
    engine_row: Engine, changes: list[Change], number: int, words: str
) -> None:
    plan = Plan(tuple(Step(change, "") for change in changes))
    assert name_part("Again", queue.start(engine_row, plan, Author()), number) == words
