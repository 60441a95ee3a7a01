"""Carry out a job: what a worker does between the lease and the end."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from netdash.engine.client import connect
from netdash.jobs.progress import measure, publish
from netdash.jobs.queue import end, read_step
from netdash.jobs.runner import read_known
from netdash.jobs.steps import attempt, close
from netdash.jobs.writing import Author, write_entry
from netdash.live.refresh import refresh
from netdash.models import Job, JobItem


def carry_out(job_id: int) -> None:
    """Carry out what is left of a job, unless it has ended."""
    job = Job.objects.select_related("engine", "author").get(pk=job_id)
    if job.is_ended:
        return
    job.state, job.started_at = job.State.RUNNING, job.started_at or timezone.now()
    job.save(update_fields=("state", "started_at"))
    for item in job.items.filter(state=JobItem.State.WAITING).select_related("undoes"):
        carry_out_item(job, item)
        refresh(job.engine)
        progress = measure(job)
        publish(job, progress.ended, progress.total)
    end(job, Job.State.FAILED if measure(job).failed else Job.State.DONE, "")


def carry_out_item(job: Job, item: JobItem) -> None:
    """Carry out one item, with its journal row."""
    client, step = connect(job.engine), read_step(item)
    before = read_known(job.engine, client)
    author = Author(job.author, job.author_name, job.note)
    with transaction.atomic():
        entry = write_entry(
            job.engine, step, before, author, job.plan_id, item.position, item.undoes
        )
        item.state, item.started_at, item.entry = item.State.RUNNING, timezone.now(), entry
        item.save()
    ending = attempt(client, step, before)
    with transaction.atomic():
        if ending.state in ("already", "skipped"):
            item.entry = None
        item.state, item.ended_at, item.sentence = ending.state, timezone.now(), ending.sentence
        item.save()
        close(entry, ending, step, before)
