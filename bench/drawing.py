"""Measure the drawing against its budgets: ``python -m bench.drawing [--runs 7]``.

Prints CPU milliseconds cold (nothing drawn before) and after one change (with the plan),
crossings, and what share of untouched containers one change moves. A loop of additions before
and after each run says how slow the machine is just then, and calibrates the second figure.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from netdash.drawing.board import draw_board
from netdash.drawing.shapes import Board
from netdash.drawing.sheets import SHEETS
from netdash.engine.reader import Listing, parse_listing
from netdash.simulator.answers import write_network, write_row
from netdash.simulator.editions import DEFAULT_VERSION, EDITIONS
from netdash.simulator.scenes import build_scene
from netdash.topology.codec import decode, encode
from netdash.topology.snapshot import Container, EngineFacts, Snapshot


@dataclass(frozen=True)
class Budget:
    """What a scene may cost."""

    scene: str
    cold_ms: float
    crossings: int
    moved_percent: float


BUDGETS = (Budget("company", 5, 0, 10), Budget("large", 30, 15, 5), Budget("huge", 90, 50, 2))
QUIET_SECONDS = 0.024
"""What the calibration takes on the machine of the budgets when nothing else runs."""


def calibrate() -> float:
    """Say how many times as slow as the quiet machine this one is just now."""
    start, total = time.process_time(), 0
    for number in range(500_000):
        total += number
    return (time.process_time() - start) / QUIET_SECONDS


def read_scene(name: str) -> Snapshot:
    state = build_scene(name, EDITIONS[DEFAULT_VERSION])
    now = state.now()
    listing = Listing(
        tuple(write_network(state, network) for network in state.networks.values()),
        tuple(write_row(state, container, now) for container in state.containers.values()),
    )
    return parse_listing(listing, EngineFacts())


def forget() -> None:
    """Forget everything that was drawn or measured before."""
    SHEETS.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith(("netdash.drawing", "netdash.topology")):
            for found in vars(module).values():
                with suppress(AttributeError):
                    found.cache_clear()


def measure(work: Callable[[], Any]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def count_crossings(board: Board) -> int:
    return sum(len(riser.halos) for panel in board.panels for riser in panel.risers)


def find_places(board: Board) -> dict[str, tuple[float, float]]:
    return {
        container_id: (panel.x + card.x, panel.y + card.y)
        for panel in board.panels
        for card in panel.cards
        for container_id in card.container_ids
    }


def make_changes(snapshot: Snapshot, count: int) -> Iterator[tuple[Snapshot, str]]:
    """Add or remove one container, ``count`` times over, each time from the same snapshot."""
    lot = random.Random(7)
    for number in range(count):
        chosen = lot.choice(snapshot.containers)
        if number % 2:
            rest = tuple(c for c in snapshot.containers if c.id != chosen.id)
        else:
            twin: Container = replace(chosen, id=f"new{number}", name=f"{chosen.name}-new")
            rest = tuple(sorted((*snapshot.containers, twin), key=lambda c: (c.name, c.id)))
        yield replace(snapshot, containers=rest), chosen.id


def report(budget: Budget, runs: int) -> None:
    document = encode(read_scene(budget.scene))
    cold, paces, warm, moved = [], [], [], []
    for _ in range(runs):
        forget()
        snapshot = decode(document)
        before = calibrate()
        cold.append(measure(lambda: draw_board(snapshot)))  # noqa: B023
        paces.append((before + calibrate()) / 2)
    board, plan = draw_board(snapshot)
    draw_board(snapshot, None, plan)
    places = find_places(board)
    loose = 0.0
    for changed, touched in make_changes(snapshot, 40):
        fresh = decode(encode(changed))
        warm.append(measure(lambda: draw_board(fresh, None, plan)))  # noqa: B023
        after, _ = draw_board(fresh, None, plan)
        found = find_places(after)
        shifted = [k for k, v in found.items() if k != touched and places.get(k, v) != v]
        moved.append(100 * len(shifted) / len(found))
        loose = max(loose, after.height / board.height)
    calibrated = statistics.median(ms / pace for ms, pace in zip(cold, paces, strict=True))
    row = [
        f"{budget.scene:8}",
        f"cold {min(cold):6.1f} ms, {min(cold) / budget.cold_ms:.2f} of budget",
        f"calibrated {calibrated:.1f} ms",
        f"one change {statistics.median(warm):6.1f} ms",
        f"crossings {count_crossings(board)} of {budget.crossings}",
        f"moved {statistics.mean(moved):.2f} % of {budget.moved_percent} %",
        f"at most {loose:.2f} times as high",
        f"{board.width:.0f} x {board.height:.0f} px",
    ]
    print("  ".join(row))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)  # as views/warming.py sets a web process up
    print(f"machine: {calibrate():.2f} times as slow as when quiet")
    for budget in BUDGETS:
        report(budget, runs)


if __name__ == "__main__":
    main()
