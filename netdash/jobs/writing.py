"""Write journal rows: what a change was, what was there before, and how it ended."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import User

from netdash.live.entries import cut, describe_change
from netdash.models import Engine, JournalEntry
from netdash.topology import codec
from netdash.topology.changes import Step
from netdash.topology.command_lines import as_command
from netdash.topology.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks for a plan, and why; no user for what runs on a schedule."""

    user: User | None = None
    name: str = ""
    note: str = ""


def write_entry(
    engine: Engine,
    step: Step,
    before: Snapshot,
    author: Author,
    plan_id: uuid.UUID,
    position: int,
    undoes: JournalEntry | None = None,
) -> JournalEntry:
    """Write the row of a change that is about to be carried out; ``undoes`` is what it takes back.

    Raises IntegrityError when this very step of this very plan has a row already.
    """
    change = step.change
    row = JournalEntry(
        engine=engine,
        author=author.user,
        author_name=author.name,
        note=author.note,
        reason=step.reason,
        plan_id=plan_id,
        position=position,
        undoes=undoes,
        command=as_command(change, before),
        before=codec.encode(cut(before, change)),
    )
    describe_change(row, change)
    row.save(force_insert=True)
    return row
