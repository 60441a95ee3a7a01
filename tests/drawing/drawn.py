"""Draw a snapshot by the laws, and find what was drawn by its name."""

from __future__ import annotations

from dataclasses import replace

from netdash.drawing.board import Options, draw_board
from netdash.drawing.shapes import Board, Card, Lane, Panel, Riser
from netdash.topology.snapshot import COMPOSE_NUMBER, COMPOSE_PROJECT, COMPOSE_SERVICE, Snapshot
from tests.drawing.worlds import check_laws

TIERS = (
    "nginx: front",
    "react: front",
    "api: front back",
    "auth: back",
    "worker: back db",
    "pg: db",
)


def draw(snapshot: Snapshot, **options: object) -> Board:
    board, _ = draw_board(snapshot, Options(**options))  # type: ignore[arg-type]
    check_laws(board)
    return board


def in_project(snapshot: Snapshot, project: str, *names: str, service: str = "") -> Snapshot:
    def label(number: int, name: str) -> tuple[tuple[str, str], ...]:
        facts = {
            COMPOSE_PROJECT: project,
            COMPOSE_SERVICE: service or name,
            COMPOSE_NUMBER: str(number),
        }
        return tuple(sorted(facts.items()))

    labels = {name: label(number, name) for number, name in enumerate(names, 1)}
    return replace(
        snapshot,
        containers=tuple(
            replace(c, labels=labels.get(c.name, c.labels)) for c in snapshot.containers
        ),
    )


def lane_of(panel: Panel, name: str) -> Lane:
    (found,) = [lane for lane in panel.lanes if lane.name == name]
    return found


def card_of(board: Board, name: str) -> Card:
    (found,) = [c for p in board.panels for c in p.cards if c.name == name]
    return found


def riser_of(panel: Panel, container_id: str) -> Riser:
    (found,) = [riser for riser in panel.risers if container_id in riser.container_ids]
    return found
