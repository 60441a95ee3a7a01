"""Rows of the journal that tests look at."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse
from django.utils import timezone

from netdash.models import Engine, Job, JournalEntry
from tests.views.job_pages import end_items, write_job

Outcome = JournalEntry.Outcome


def write_rows(
    engine: Engine, names: list[str], plan_id: uuid.UUID | None = None, **fields: Any
) -> list[JournalEntry]:
    """Write the rows of one plan that created networks."""
    plan_id = plan_id or uuid.uuid4()
    kept = {"kind": "create", "change": {}, "undo": [{}], "outcome": Outcome.DONE, **fields}
    rows = [
        JournalEntry(
            engine=engine,
            summary=f"Create network {name}",
            author_name="ada",
            plan_id=plan_id,
            position=position,
            **kept,
        )
        for position, name in enumerate(names)
    ]
    return JournalEntry.objects.bulk_create(rows)


def write_ended_job(engine: Engine, count: int, failed: int = 0, **fields: Any) -> Job:
    """Write a job that ended, with a row of each of its items."""
    state = Job.State.FAILED if failed else Job.State.DONE
    kept = {"title": f"Create {count} networks", "state": state, "ended_at": timezone.now()}
    job = write_job(engine, count, **(kept | fields))
    end_items(job, "done", range(count - failed))
    end_items(job, "failed", range(count - failed, count))
    rows = write_rows(engine, [f"net-{n}" for n in range(count)], job.plan_id)
    late = [row.pk for row in rows[count - failed :]]
    JournalEntry.objects.filter(pk__in=late).update(
        outcome=Outcome.REFUSED, sentence="The pool is empty."
    )
    return job


def open_address(engine: Engine, plan_id: uuid.UUID, more: str = "") -> str:
    return f"{reverse('journal', args=[engine.slug])}?{more}open={plan_id}"
