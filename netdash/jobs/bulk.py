"""Start the job that makes many networks, and make a plan of what an earlier one left over."""

from __future__ import annotations

import uuid

from netdash.jobs.bulk_files.csv_rows import write_csv
from netdash.jobs.queue import read_change, start
from netdash.jobs.titles import name_part
from netdash.jobs.writing import Author
from netdash.models import Engine, Job, JobItem
from netdash.topology.batches import Batch
from netdash.topology.changes import CreateNetwork
from netdash.topology.creation_words import say_pools_exhausted

LEFT = (JobItem.State.FAILED, JobItem.State.CANCELLED, JobItem.State.SKIPPED)


def start_bulk(
    engine: Engine,
    batch: Batch,
    author: Author,
    token: uuid.UUID | None = None,
    follows: Job | None = None,
) -> Job:
    """Start a job of the networks of a batch that can be made; the others are left out.

    ``follows`` names a job that did not make some of them; a job of nothing else is its rest.
    """
    plan = batch.plan
    left = {one.name for one in list_left(follows)} if follows else set()
    is_rest = list_names(batch) <= left
    title = name_part("The rest", follows, len(plan.steps)) if follows and is_rest else ""
    kind = Job.Kind.CREATE
    return start(engine, plan, author, kind, title=title, token=token, follows=follows)


def list_names(batch: Batch) -> set[str]:
    """List the names of the networks that a batch makes."""
    return {step.change.name for step in batch.plan.steps if isinstance(step.change, CreateNetwork)}


def offers_plan(job: Job) -> bool:
    """Tell whether some network failed because the engine had no address pool left."""
    words = say_pools_exhausted(()).sentence
    return job.items.filter(state=JobItem.State.FAILED, kind="create", sentence=words).exists()


def list_left(job: Job) -> tuple[CreateNetwork, ...]:
    """List the networks that a job was to make and did not."""
    items = job.items.filter(state__in=LEFT, kind="create").order_by("position")
    changes = map(read_change, items)
    return tuple(change for change in changes if isinstance(change, CreateNetwork))


def write_left(job: Job) -> str:
    """Write the networks that a job did not make as CSV."""
    return write_csv(list_left(job))
