"""Start, cancel, retry and take back jobs; what carries them out is in ``working``."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from netdash.celery import app
from netdash.jobs import leases
from netdash.jobs.finishing import end, finish
from netdash.jobs.titles import name_part
from netdash.jobs.undoing import Undoing, plan_undo
from netdash.jobs.writing import Author
from netdash.live import store
from netdash.models import Engine, Job, JobItem, JournalEntry
from netdash.models.texts import without_nul
from netdash.topology.change_codec import decode_change, encode_change, kind_of
from netdash.topology.changes import Change, Plan, Step, describe
from netdash.topology.plans import find_strands, list_touched
from netdash.topology.snapshot import Snapshot

TASK = "netdash.jobs.tasks.carry_out_job"
LATE_SECONDS = 60
"""A message that nobody took is forgotten then: the next look sends another."""
LEFT = (JobItem.State.FAILED, JobItem.State.CANCELLED)
"""Items that a retry tries again, with those that were left out behind a failed one."""

logger = logging.getLogger(__name__)


def start(  # noqa: PLR0913 - one for each thing that a job is asked for
    engine: Engine,
    plan: Plan,
    author: Author,
    kind: str = Job.Kind.CHANGE,
    *,
    title: str = "",
    token: uuid.UUID | None = None,
    guard: dict[str, Any] | None = None,
    undoes: Sequence[JournalEntry | None] = (),
    follows: Job | None = None,
) -> Job:
    """Write down a job and send it to a worker once that is committed.

    ``token`` names the request: the same one again gives the same job. ``undoes`` names, step
    by step, the row that is taken back. An empty plan is a job that is done at once. A job
    that could not be sent waits for the next look of beat or of a worker that starts.
    """
    job = Job(
        engine=engine,
        kind=kind,
        title=without_nul(title or plan.title or "Change"),
        author=author.user,
        author_name=author.name,
        note=without_nul(author.note),
        plan_id=token or uuid.uuid4(),
        guard=guard or {},
        follows=follows,
        touches=without_nul(sorted(frozenset().union(*map(list_touched, plan.changes)))),
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            JobItem.objects.bulk_create(build_items(job, plan, undoes))
    except IntegrityError:
        if earlier := Job.objects.filter(plan_id=job.plan_id).first():
            return earlier
        raise
    if plan.steps:
        transaction.on_commit(partial(send, job.pk))
    else:
        end(job, Job.State.DONE, "There was nothing to do.")
    return job


def build_items(job: Job, plan: Plan, undoes: Sequence[JournalEntry | None]) -> list[JobItem]:
    """Make an item of each step."""
    sources = [*undoes, *[None] * len(plan.steps)]
    return [
        JobItem(
            job=job,
            position=position,
            strand=strand,
            change=without_nul(encode_change(step.change)),
            kind=kind_of(step.change),
            summary=without_nul(describe(step.change)),
            reason=without_nul(step.reason),
            undoes=sources[position],
        )
        for position, (step, strand) in enumerate(zip(plan.steps, find_strands(plan), strict=True))
    ]


def send(job_id: int) -> None:
    """Tell the workers of a job; without a broker it waits for the next look."""
    try:
        app.send_task(TASK, (job_id,), retry=False, expires=LATE_SECONDS)
    except OperationalError as error:
        logger.warning("job %s waits until the broker is back: %s", job_id, error)


def cancel(job: Job) -> None:
    """Stop a job between two items; one that nobody is at ends at once."""
    Job.objects.filter(pk=job.pk).update(is_cancel_asked=True)
    lease = leases.take(job.pk)
    if lease is None:
        return  # its worker looks several times a second
    try:
        is_settled = not job.items.filter(state=JobItem.State.RUNNING).exists()
        if is_settled:
            finish(job, holder=lease.holder)
    finally:
        leases.release(lease)
    if is_settled:
        wake(job.engine_id)
    else:
        send(job.pk)


def find_blocker(job: Job) -> tuple[Job, str] | None:
    """Find the job that this one waits for, and what both touch; None for one that has begun.

    Of two that wait the earlier one goes first, so nobody waits for each other.
    """
    if job.started_at is not None:
        return None
    others = Job.objects.filter(engine=job.engine_id, ended_at=None).exclude(pk=job.pk)
    return find_common(
        job, others.filter(Q(pk__lt=job.pk) | Q(started_at__isnull=False)).order_by("pk")
    )


def find_common(job: Job, others: Iterable[Job]) -> tuple[Job, str] | None:
    """Find the first of other jobs that touches the same, and what that is."""
    mine = set(job.touches)
    for other in others:
        if common := sorted(mine.intersection(other.touches), key=lambda key: "#" in key):
            return other, common[0]
    return None


def say_blocker(blocker: tuple[Job, str]) -> str:
    """Say what a job waits for."""
    return f"Waits for “{blocker[0].title}”, which touches {blocker[1]} too."


def say_switched_off(job: Job) -> str:
    """Say that nobody may change the engine now."""
    return f"Waits: the engine {job.engine.name} is switched off."


def wake(engine_id: int) -> None:
    """Send the jobs of an engine that nobody is at; those behind another one say behind which."""
    free = set(leases.find_free().filter(engine=engine_id).values_list("pk", flat=True))
    rows = Job.objects.filter(engine=engine_id, ended_at=None).defer("guard")
    before: list[Job] = []
    for job in sorted(rows, key=lambda job: (job.started_at is None, job.pk)):
        may_go_on = job.started_at is not None or job.is_cancel_asked
        blocker = None if may_go_on else find_common(job, before)
        before.append(job)
        if job.pk in free and blocker:
            rows.filter(pk=job.pk, started_at=None).update(sentence=say_blocker(blocker))
        elif job.pk in free:
            send(job.pk)


def pick_up() -> None:
    """Send every job that nobody is at: new ones that got lost, and those of killed workers."""
    for engine_id in set(leases.find_free().values_list("engine", flat=True)):
        wake(engine_id)


def retry(job: Job, author: Author, token: uuid.UUID | None = None) -> Job:
    """Start a new job of the items that failed or were not reached, in the same order.

    ``token`` names the request, as in ``start``. What a guard spared is not tried again.
    """
    left = LEFT if job.guard else (*LEFT, JobItem.State.SKIPPED)
    items = tuple(job.items.filter(state__in=left).select_related("undoes"))
    plan = Plan(tuple(map(read_step, items)), name_part("Again", job, len(items)))
    sources = [item.undoes for item in items]
    return start(
        job.engine,
        plan,
        author,
        Job.Kind.RETRY,
        token=token,
        guard=job.guard,
        undoes=sources,
        follows=job,
    )


def read_step(item: JobItem) -> Step:
    """Read what an item shall do."""
    return Step(read_change(item), item.reason)


def read_change(item: JobItem) -> Change:
    """Read the change of an item."""
    return decode_change(item.change)


def plan_job_undo(job: Job, now: Snapshot) -> Undoing:
    """Plan how everything that a job did is taken back, the last thing first."""
    rows = JournalEntry.objects.filter(plan_id=job.plan_id).order_by("-position")
    return plan_undo([row for row in rows if row.can_be_undone], now)


def start_undo(job: Job, author: Author, token: uuid.UUID | None = None) -> Job:
    """Start the job that takes back what a job did; raises StoreAway.

    ``token`` names the request, as in ``start``. What cannot be restored any more is left out;
    ``plan_job_undo`` says what that is.
    """
    stored = store.latest(job.engine_id)
    undoing = plan_job_undo(job, stored.snapshot if stored else Snapshot())
    return start(
        job.engine,
        undoing.plan,
        author,
        Job.Kind.UNDO,
        title=f"Undo: {job.title.removeprefix('Undo: ')}",
        token=token,
        undoes=undoing.closing,
        follows=job,
    )
