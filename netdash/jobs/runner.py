"""Carry out a plan: one change after the other, each with its journal row."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from netdash.engine.client import EngineClient, connect, read_facts
from netdash.engine.commands import Outcome
from netdash.engine.errors import EngineError
from netdash.engine.reader import take_snapshot
from netdash.jobs.looking import look, look_again
from netdash.jobs.steps import attempt, close
from netdash.jobs.writing import Author, write_entry
from netdash.live import store
from netdash.live.answering import answering
from netdash.live.turns import taking_turn
from netdash.models import Engine, JournalEntry
from netdash.topology.changes import Plan, Step
from netdash.topology.effects import apply
from netdash.topology.refusal import Refusal
from netdash.topology.settled import is_done
from netdash.topology.snapshot import Snapshot

LOOK = "Look whether it is as wanted, then do what is missing."


class Drifted(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """What the plan touches is no longer as it was when it was looked at."""

    def __init__(self, now: Snapshot) -> None:
        super().__init__("the engine has changed since")
        self.now = now


@dataclass(frozen=True, slots=True)
class Run:
    """How a plan went: rows of what was tried, in order, and what ended it early."""

    plan_id: uuid.UUID
    entries: tuple[JournalEntry, ...] = ()
    already: tuple[Step, ...] = ()
    """Steps that were true before."""
    refusal: Refusal | None = None
    left_out: tuple[Step, ...] = ()
    """Steps behind the one that failed."""
    skipped: tuple[Step, ...] = ()
    """Steps that were left alone on purpose."""
    notes: tuple[str, ...] = ()
    """Sentences about these."""
    outcome: Outcome | None = None
    """What the last change left behind."""

    @property
    def is_done(self) -> bool:
        """Tell whether everything the plan wants is true now."""
        return self.refusal is None


def carry_out_plan(
    engine: Engine,
    plan: Plan,
    author: Author,
    plan_id: uuid.UUID | None = None,
    check: Callable[[Snapshot], None] | None = None,
    undoes: Sequence[JournalEntry | None] = (),
) -> Run:
    """Carry out a plan and read the engine once afterwards; stop at the first failure.

    ``plan_id`` names the request: the same one again changes nothing and gives the first run's
    rows. ``check`` sees what the plan touches, freshly read, and may raise Drifted. ``undoes``
    names, step by step, the row that is taken back. Raises EngineError when the engine cannot
    be read at all, Busy and StoreAway.
    """
    plan_id = plan_id or uuid.uuid4()
    with taking_turn(engine.pk, plan.changes):
        if earlier := tuple(JournalEntry.objects.filter(plan_id=plan_id).order_by("position")):
            return Run(plan_id, earlier, refusal=read_refusal(earlier[-1]))
        client = connect(engine)
        before = look(client, read_known(engine, client), plan.changes)
        if check is not None:
            check(before)
        with answering(engine.pk):
            run = None
            try:
                run = carry_out_steps(engine, client, plan, author, plan_id, before, undoes)
                return run
            finally:
                with suppress(EngineError):
                    is_single = run is not None and len(plan.steps) == 1
                    look_again(engine, plan.changes, run.outcome if run and is_single else None)


def read_known(engine: Engine, client: EngineClient) -> Snapshot:
    """Take the stored reading, or a first one when nobody has read this engine yet."""
    stored = store.latest(engine.pk)
    return stored.snapshot if stored else take_snapshot(client, read_facts(client))


def carry_out_steps(
    engine: Engine,
    client: EngineClient,
    plan: Plan,
    author: Author,
    plan_id: uuid.UUID,
    before: Snapshot,
    undoes: Sequence[JournalEntry | None],
) -> Run:
    """Carry out the steps on what was just read, and keep what each one leaves behind."""
    entries: list[JournalEntry] = []
    already: list[Step] = []
    skipped: list[Step] = []
    notes: list[str] = []
    outcome = None
    seen = before if len(plan.steps) == 1 else None
    for position, step in enumerate(plan.steps):
        if is_done(step.change, before):
            already.append(step)
            continue
        source = undoes[position] if position < len(undoes) else None
        try:
            with transaction.atomic():
                entry = write_entry(engine, step, before, author, plan_id, position, source)
        except IntegrityError:
            continue
        ending = attempt(client, step, before, seen)
        close(entry, ending, step, before)
        outcome = ending.outcome
        if ending.state in ("already", "skipped"):
            (already if ending.state == "already" else skipped).append(step)
            notes += [ending.sentence] if ending.state == "skipped" else []
            continue
        entries.append(entry)
        if ending.refusal is not None:
            rest = plan.steps[position + 1 :]
            left = (tuple(skipped), tuple(notes))
            return Run(plan_id, tuple(entries), tuple(already), ending.refusal, rest, *left)
        before = apply(before, step.change)
    left = (tuple(skipped), tuple(notes))
    return Run(plan_id, tuple(entries), tuple(already), None, (), *left, outcome)


def read_refusal(last: JournalEntry) -> Refusal | None:
    """Read why a plan ended at a row, or nothing when that row went well."""
    if last.outcome == JournalEntry.Outcome.DONE:
        return None
    if last.outcome == JournalEntry.Outcome.RUNNING:
        return Refusal(last.outcome, f"{last.summary}: how this ended is not known.", LOOK)
    return Refusal(last.outcome, last.sentence, last.remedy)
