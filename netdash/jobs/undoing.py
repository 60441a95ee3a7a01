"""Take journal rows back: a plan of what restores the world, and what cannot come back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from netdash.jobs.old_addresses import find_lost, foretell, read_before
from netdash.jobs.runner import Run, carry_out_plan
from netdash.jobs.writing import Author
from netdash.models import JournalEntry
from netdash.topology.change_codec import UnreadableChangeError, decode_change
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    Plan,
    RemoveNetwork,
    Step,
)
from netdash.topology.inverses import Row, order_connections, renew
from netdash.topology.preview import ForeseenStep, foresee
from netdash.topology.settled import is_done
from netdash.topology.snapshot import Endpoint, Snapshot

UNREADABLE = "Another version of netdash wrote this row. It cannot be taken back."


@dataclass(frozen=True, slots=True)
class Undoing:
    """How rows of one engine are taken back now: steps, the row each step takes back, losses."""

    plan: Plan
    sources: tuple[JournalEntry, ...]
    obstacles: tuple[str, ...] = ()
    """Sentences: what cannot be restored, and why."""
    hindered: tuple[JournalEntry, ...] = ()
    """The rows of which a part cannot be restored."""
    in_use: tuple[RemoveNetwork, ...] = ()
    """What stays only because somebody is still on it."""
    addresses: tuple[str, ...] = ()
    """Sentences: which addresses the engine chooses again."""
    endpoints: tuple[Endpoint | None, ...] = ()
    """The endpoint that each step gives back."""

    @property
    def closing(self) -> tuple[JournalEntry | None, ...]:
        """Name, step by step, the row that is taken back altogether once its steps are done."""
        open_ids = {entry.pk for entry in self.hindered}
        return tuple(None if entry.pk in open_ids else entry for entry in self.sources)


def find_plan_entries(entry: JournalEntry) -> tuple[JournalEntry, ...]:
    """List the rows of a row's plan that can be taken back, last one first."""
    rows = JournalEntry.objects.filter(plan_id=entry.plan_id).order_by("-position")
    return tuple(row for row in rows if row.can_be_undone)


def plan_undo(entries: Sequence[JournalEntry], now: Snapshot) -> Undoing:
    """Plan how rows are taken back; give them last one first.

    Steps that are true already stay: the runner skips them, so that a row whose undo broke off
    can be taken back again. Steps that would be refused now are left out and said, as are rows
    that this version cannot read.
    """
    readable = tuple(entry for entry in entries if read_undo(entry) is not None)
    unreadable = tuple(entry for entry in entries if entry not in readable)
    rows: list[Row[JournalEntry]] = []
    for entry in readable:
        undo = renew(read_undo(entry) or (), now, find_later(entry))
        before = read_before(entry)
        rows += [(change, find_lost(change, entry, before), entry) for change in undo]
    rows = order_connections(rows)
    endpoints = [lost for _, lost, _ in rows]
    sources = [entry for *_, entry in rows]
    steps = join_remade([Step(back, f"Takes back: {row.summary}") for back, _, row in rows], now)
    preview = foresee(now, Plan(tuple(steps)))
    foreseen = preview.steps
    kept = [number for number, step in enumerate(foreseen) if step.state != "refused"]
    title = f"Undo: {entries[0].summary}" if len(entries) == 1 else f"Undo {len(entries)} changes"
    return Undoing(
        Plan(tuple(steps[number] for number in kept), title),
        tuple(sources[number] for number in kept),
        (
            *(f"{entry.summary}: {UNREADABLE}" for entry in unreadable),
            *(say_obstacle(step) for step in foreseen if step.state == "refused"),
        ),
        (*unreadable, *(sources[n] for n in range(len(foreseen)) if n not in kept)),
        tuple(find_in_use(foreseen)),
        tuple(foretell(zip(foreseen, endpoints, strict=True), preview.after)),
        tuple(endpoints[number] for number in kept),
    )


def find_in_use(foreseen: Sequence[ForeseenStep]) -> Iterator[RemoveNetwork]:
    """Find the removals that wait for nothing but who is still on the network."""
    for step in foreseen:
        is_in_use = {refusal.kind for refusal in step.refusals} == {"in_use"}
        if is_in_use and isinstance(step.change, RemoveNetwork) and step.change.network_id:
            yield step.change


def join_remade(steps: list[Step], now: Snapshot) -> list[Step]:
    """Let connections to a network that is gone find the one that an earlier step makes again."""
    made: set[str] = set()
    left = set(now.networks_by_id)
    found: list[Step] = []
    for step in steps:
        found.append(Step(join_one(step.change, made, left), step.reason))
        if isinstance(step.change, CreateNetwork):
            made.add(step.change.name)
        elif isinstance(step.change, RemoveNetwork):
            left.discard(step.change.network_id)
    return found


def join_one(change: Change, made: set[str], left: set[str]) -> Change:
    """Let one connection find its network by name, when that is made again and its id is gone."""
    if not isinstance(change, ConnectContainer) or change.network_name not in made:
        return change
    is_gone = change.network_id not in left
    return replace(change, network_id="") if is_gone else change


def say_obstacle(step: ForeseenStep) -> str:
    """Say what of an undo cannot be done, why, and what helps."""
    why = (f"{refusal.sentence} {refusal.remedy}".strip() for refusal in step.refusals)
    return f"{step.sentence}: {' '.join(why)}"


def has_nothing_left(undoing: Undoing, now: Snapshot) -> bool:
    """Tell whether all of it is true already."""
    return all(is_done(change, now) for change in undoing.plan.changes)


def undo(undoing: Undoing, author: Author, plan_id: uuid.UUID | None = None) -> Run:
    """Carry out an undo, and note on its rows which of them are taken back altogether.

    Raises what ``carry_out_plan`` raises.
    """
    engine = undoing.sources[0].engine
    run = carry_out_plan(engine, undoing.plan, author, plan_id, undoes=undoing.sources)
    reached = len(undoing.sources) if run.is_done else run.entries[-1].position
    left = [
        source
        for source, step in zip(undoing.sources, undoing.plan.steps, strict=True)
        if step in run.skipped
    ]
    open_rows = {entry.pk for entry in (*undoing.hindered, *undoing.sources[reached:], *left)}
    ids = {entry.pk for entry in undoing.sources} - open_rows
    JournalEntry.objects.filter(pk__in=ids).update(undone_at=timezone.now())
    return run


def read_undo(entry: JournalEntry) -> tuple[Change, ...] | None:
    """Read the changes that take a row back; None when another version wrote them."""
    try:
        return tuple(decode_change(found) for found in entry.undo)
    except UnreadableChangeError:
        return None


def find_later(entry: JournalEntry) -> tuple[Change, ...]:
    """List which connections of the same container have been made or ended since, each as its
    end; only a connection's undo asks.
    """
    if not entry.container_id:
        return ()
    later = JournalEntry.objects.filter(
        engine=entry.engine_id,
        container_id=entry.container_id,
        at__gt=entry.at,
        outcome=JournalEntry.Outcome.DONE,
    )
    rows = later.values_list("network_id", "network_name", "container_id", "container_name")
    return tuple(DisconnectContainer(*row) for row in rows)
