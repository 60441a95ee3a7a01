"""One step of a plan: try it, and keep what it leaves behind in its journal row."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from netdash.engine.client import EngineClient
from netdash.engine.commands import Outcome, carry_out
from netdash.engine.errors import EngineError
from netdash.engine.reader import take_networks
from netdash.engine.refusals import explain
from netdash.models import JournalEntry
from netdash.topology.change_codec import encode_change
from netdash.topology.changes import Step
from netdash.topology.inverses import inverse, pin
from netdash.topology.refusal import Refusal
from netdash.topology.snapshot import Snapshot

WRITTEN_AT_END = ("outcome", "sentence", "remedy", "network_id", "undo")
"""Fields of a row that its end decides; the watcher may have marked it as seen meanwhile."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a step ended: by what the engine did, or by why it did not."""

    state: Literal["done", "already", "skipped", "failed", "cancelled"]
    sentence: str = ""
    outcome: Outcome | None = None
    """None when it failed."""
    refusal: Refusal | None = None
    engine_words: str = ""
    is_known: bool = True
    """False when the engine did not answer, so that nobody knows whether it did it."""


def attempt(
    client: EngineClient,
    step: Step,
    before: Snapshot,
    seen: Snapshot | None = None,
    looks_after: bool = True,
) -> Ending:
    """Carry out a step; a refusal is an ending like others.

    ``seen`` and ``looks_after`` save looks as in ``carry_out``; ``before`` puts a refusal into
    words.
    """
    try:
        outcome = carry_out(client, step.change, seen, looks_after)
    except EngineError as error:
        return fail(error, step, before)
    return Ending(outcome.state, outcome.sentence, outcome)


def attempt_blindly(client: EngineClient, step: Step, known: Snapshot) -> Ending:
    """Create a network without looking first: the engine itself refuses what exists already."""
    try:
        outcome = carry_out(client, step.change, Snapshot(engine=known.engine), looks_after=False)
    except EngineError as error:
        with suppress(EngineError):
            known = replace(known, networks=take_networks(client))
        return fail(error, step, known)
    return Ending(outcome.state, outcome.sentence, outcome)


def fail(error: EngineError, step: Step, before: Snapshot) -> Ending:
    """Make the ending of a step that the engine refused, or that it did not answer."""
    refusal = refuse(error, step, before)
    is_known = error.status_code is not None
    return Ending("failed", refusal.sentence, None, refusal, error.sentence, is_known)


def refuse(error: EngineError, step: Step, before: Snapshot) -> Refusal:
    """Put a refusal into words that know the change and the engine's networks."""
    if error.status_code is None:
        return Refusal(error.kind, error.sentence, error.remedy)
    return explain(error.status_code, error.sentence, step.change, before)


def close(entry: JournalEntry, ending: Ending, step: Step, before: Snapshot) -> None:
    """Write into a step's row how it ended; what changed nothing leaves none."""
    if ending.refusal is not None:
        close_refused(entry, ending.refusal, ending.is_known)
    elif ending.state == "done" and ending.outcome is not None:
        close_done(entry, ending.outcome, step, before)
    else:
        entry.delete()


def close_refused(entry: JournalEntry, refusal: Refusal, is_known: bool = True) -> None:
    """Note on a row that the engine would not, or that nobody knows whether it did."""
    entry.outcome = entry.Outcome.REFUSED if is_known else entry.Outcome.UNKNOWN
    entry.sentence, entry.remedy = refusal.sentence, refusal.remedy
    entry.save(update_fields=WRITTEN_AT_END)


def close_done(entry: JournalEntry, outcome: Outcome, step: Step, before: Snapshot) -> None:
    """Note on a row that the change is made, and how it is taken back."""
    entry.network_id = entry.network_id or outcome.network_id
    undo = pin(inverse(step.change, before), outcome.network_id, outcome.endpoint_id)
    entry.undo = [encode_change(change) for change in undo]
    entry.outcome = entry.Outcome.DONE
    entry.save(update_fields=WRITTEN_AT_END)
