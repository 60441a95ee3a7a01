"""One item of a job: its turn, its journal row, the engine, and what became of it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Literal

from django.db import transaction
from django.utils import timezone

from netdash.engine.errors import EngineError
from netdash.engine.reader import take_snapshot
from netdash.jobs import looking
from netdash.jobs.cleanup import find_objection
from netdash.jobs.queue import read_step
from netdash.jobs.steps import Ending, attempt, attempt_blindly, close, fail
from netdash.jobs.work import Stopped, Work
from netdash.jobs.writing import write_entry
from netdash.live.connection import StoreAway
from netdash.live.refresh import carry_details
from netdash.live.turns import Busy, taking_turn
from netdash.models import JobItem, JournalEntry
from netdash.models.texts import without_nul
from netdash.topology import codec
from netdash.topology.changes import CreateNetwork, RemoveNetwork, Step
from netdash.topology.lookup import find_named
from netdash.topology.settled import is_done
from netdash.topology.snapshot import Snapshot

TURN_SECONDS = 2
PATIENCE_SECONDS = 300
SETTLE_SECONDS = 5
"""How long after its request a network may still come into being that nobody waits for."""
LOOK_SECONDS = 0.2
State = Literal["done", "already", "skipped", "failed", "cancelled"]
STATES: dict[State, JobItem.State] = {
    "done": JobItem.State.DONE,
    "already": JobItem.State.ALREADY,
    "skipped": JobItem.State.SKIPPED,
    "failed": JobItem.State.FAILED,
    "cancelled": JobItem.State.CANCELLED,
}
WRITTEN_AT_END = (
    "state",
    "started_at",
    "ended_at",
    "sentence",
    "remedy",
    "engine_words",
    "entry",
)
BUSY = "Another change of the same network or container has not ended."


def carry_out_item(work: Work, item: JobItem) -> Ending:
    """Carry out one item that waits, or settle one that a killed worker left under way.

    Waits for other changes of the same things, for Redis and for the engine; what the engine
    refuses is an ending. Raises Stopped where the job must stop before the item is begun.
    """
    step, ends_at = read_step(item), time.monotonic() + PATIENCE_SECONDS
    failed = Ending("failed", BUSY)
    while True:
        is_begun = item.state == JobItem.State.RUNNING
        if work.must_hand_on or (work.must_stop and not is_begun):
            raise Stopped
        try:
            ending = take_turn(work, item, step)
        except StoreAway:
            work.wait_for_store()
        except Busy:
            work.say(f"Waits for another change that touches the same: {item.summary}.")
        except EngineError as error:
            failed = replace(fail(error, step, work.known), is_known=item.entry is None)
            if error.status_code is not None:
                ends_at = 0
            elif not work.wait_for_engine():
                ends_at, work.given_up = 0, error.sentence
        else:
            work.say("")
            return ending
        if time.monotonic() > ends_at:
            return end_item(work, item, failed, step, work.known)


def take_turn(work: Work, item: JobItem, step: Step) -> Ending:
    """Carry out an item alone among those that touch the same."""
    holder = f"{work.job.plan_id}:{item.position}"
    with taking_turn(work.job.engine_id, (step.change,), TURN_SECONDS, holder):
        if item.state == JobItem.State.RUNNING:
            return settle(work, item, step)
        return carry_out_waiting(work, item, step)


def carry_out_waiting(work: Work, item: JobItem, step: Step) -> Ending:
    """Look, write the row, carry out, and write down how it ended."""
    change, known = step.change, work.known
    is_blind = isinstance(change, CreateNetwork) and not find_named(known, change.name)
    before = known if is_blind else look(work, step)
    if objection := object_to(work, step, before):
        return end_item(work, item, Ending("skipped", objection))
    if not is_blind and is_done(change, before):
        return end_item(work, item, Ending("already"))
    begin_item(work, item, step, before)
    if is_blind:
        ending = attempt_blindly(work.client, step, before)
    else:
        ending = attempt(work.client, step, before, before, looks_after=False)
    if ending.is_known:
        return end_item(work, item, ending, step, before)
    if work.wait_for_engine():
        return settle(work, item, step)
    work.given_up = ending.sentence
    return end_item(work, item, ending, step, before)


def object_to(work: Work, step: Step, seen: Snapshot) -> str:
    """Say why the job's guard spares a network at its very moment; empty when it may go."""
    if not work.job.guard or not isinstance(step.change, RemoveNetwork):
        return ""
    return find_objection(work.job.guard, step.change, seen)


def look(work: Work, step: Step) -> Snapshot:
    """Read freshly what a step is about; for a removal every container, stopped ones too."""
    if not isinstance(step.change, RemoveNetwork):
        return looking.look(work.client, work.known, (step.change,))
    seen = take_snapshot(work.client, work.known.engine)
    return carry_details(seen, work.known)


def begin_item(work: Work, item: JobItem, step: Step, before: Snapshot) -> None:
    """Write down, in one go, that an item is under way and its row of the journal.

    Raises Stopped when somebody deleted the job.
    """
    job, now = work.job, timezone.now()
    place = (job.plan_id, item.position, item.undoes)
    rows = JobItem.objects.filter(pk=item.pk)
    with work.writing, transaction.atomic():
        entry = write_entry(job.engine, step, before, work.author, *place)
        if not rows.update(entry=entry, state=JobItem.State.RUNNING, started_at=now):
            raise Stopped
    item.entry, item.state, item.started_at = entry, JobItem.State.RUNNING, now


def end_item(
    work: Work,
    item: JobItem,
    ending: Ending,
    step: Step | None = None,
    before: Snapshot | None = None,
) -> Ending:
    """Write down, in one go, how an item ended and what that leaves in the journal."""
    entry = item.entry
    item.state, item.ended_at = STATES[ending.state], timezone.now()
    item.started_at = item.started_at or item.ended_at
    if ending.state in ("failed", "skipped"):
        item.sentence = without_nul(ending.sentence)
        item.remedy = without_nul(ending.refusal.remedy if ending.refusal else "")
        item.engine_words = without_nul(ending.engine_words)
    if ending.state in ("already", "skipped", "cancelled"):
        item.entry = None
    with work.writing, transaction.atomic():
        item.save(update_fields=WRITTEN_AT_END)
        if entry is not None and step is not None and before is not None:
            close(entry, ending, step, before)
    work.ended += 1
    return ending


def settle(work: Work, item: JobItem, step: Step) -> Ending:
    """Find out what became of an item that was under way, and do it where it did not happen.

    Its journal row stays the one row: closed when the engine shows the change, used again when
    it does not.
    """
    entry = item.entry
    if entry is None:
        return carry_out_waiting(work, item, step)
    before = read_before(entry, work.known)
    since = timezone.now() - (item.started_at or timezone.now())
    ends_at = time.monotonic() + SETTLE_SECONDS - since.total_seconds()
    seen = look(work, step)
    while not is_done(step.change, seen) and time.monotonic() < ends_at:
        time.sleep(LOOK_SECONDS)
        seen = look(work, step)
    if not is_done(step.change, seen):
        if work.is_cancelled:
            return end_item(work, item, Ending("cancelled"), step, before)
        if objection := object_to(work, step, seen):
            return end_item(work, item, Ending("skipped", objection), step, before)
    ending = attempt(work.client, step, seen, seen, looks_after=False)
    if ending.state == "already":
        ending = replace(ending, state="done")
    return end_item(work, item, ending, step, before)


def read_before(entry: JournalEntry, known: Snapshot) -> Snapshot:
    """Read what a row says was there before its change."""
    return codec.decode(entry.before) if entry.before else known
