"""The table of many networks before they are made: what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass

from netdash.topology.batches import OBSTACLES, Batch, ForeseenRow, State
from netdash.topology.refusal import Refusal

MOST_SHOWN = 300
MOST_COMMANDS = 40
WORDS: dict[State, tuple[str, str, str]] = {
    "create": ("new", "to create", "to create"),
    "already": ("exists", "exists already", "exist already"),
    "differs": ("differs", "exists, but differs", "exist, but differ"),
    "collides": ("collides", "collides", "collide"),
    "refused": ("refused", "refused", "refused"),
}
"""How a state is said: of a row, and of how many."""
ORDER: tuple[State, ...] = (*OBSTACLES, "create", "already")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One network of the table."""

    state: State
    word: str
    name: str
    place: str
    kind: str
    """Driver and flags."""
    subnets: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    against: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class BatchTable:
    """The rows that are shown, what stands in the way first, and counts of all."""

    rows: tuple[TableRow, ...] = ()
    counts: tuple[tuple[State, str], ...] = ()
    hidden: int = 0
    obstacles: int = 0
    new: int = 0
    commands: str = ""
    hidden_commands: int = 0


def build_table(batch: Batch) -> BatchTable:
    """Build the table: at most 300 rows, whatever stands in the way on top."""
    ordered = sorted(batch.rows, key=lambda one: ORDER.index(one.state))
    lines = batch.commands.splitlines()
    return BatchTable(
        rows=tuple(build_row(one) for one in ordered[:MOST_SHOWN]),
        counts=tuple((s, say_count(s, batch.counts[s])) for s in ("create", "already", *OBSTACLES)),
        hidden=max(0, len(ordered) - MOST_SHOWN),
        obstacles=batch.obstacles,
        new=batch.counts["create"],
        commands="\n".join(lines[:MOST_COMMANDS]),
        hidden_commands=max(0, len(lines) - MOST_COMMANDS),
    )


def list_obstacles(batch: Batch) -> BatchTable:
    """Build the table of what stands in the way alone."""
    return build_table(Batch(tuple(one for one in batch.rows if one.state in OBSTACLES)))


def build_row(one: ForeseenRow) -> TableRow:
    """Build one row."""
    creation = one.row.creation
    flags = (("internal", creation.is_internal), ("attachable", creation.is_attachable))
    return TableRow(
        state=one.state,
        word=WORDS[one.state][0],
        name=creation.name,
        place=one.row.place,
        kind=" · ".join([creation.driver, *(word for word, is_so in flags if is_so)]),
        subnets=one.subnets,
        labels=tuple(f"{key}={value}" for key, value in creation.labels),
        against=one.refusals,
    )


def say_count(state: State, number: int) -> str:
    """Say how many there are of a state; nothing when there are none."""
    if not number:
        return ""
    return f"{number:,} {WORDS[state][1 if number == 1 else 2]}"
