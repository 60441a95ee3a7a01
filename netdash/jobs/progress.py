"""How far jobs are: counted in the database, told to whoever follows the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from netdash.jobs.pace import Pace
from netdash.live import feed
from netdash.live.connection import StoreAway
from netdash.models import Job, JobItem

STATES = tuple(state.value for state in JobItem.State)
SHORTEST = 0.001


@dataclass(frozen=True, slots=True)
class Progress:
    """Items of a job by state, how fast they end, and how long the rest will take."""

    total: int = 0
    done: int = 0
    already: int = 0
    skipped: int = 0
    failed: int = 0
    cancelled: int = 0
    waiting: int = 0
    running: int = 0
    per_second: float = 0.0
    """0 while nobody can tell: too little has ended, or the job does not run."""
    seconds_left: float | None = None
    """None while nobody can tell."""

    @property
    def ended(self) -> int:
        """Count the items that nothing more will happen to."""
        return self.total - self.waiting - self.running

    @property
    def fraction(self) -> float:
        """Give the part that has ended, 0 to 1; a job of nothing is all done."""
        return self.ended / self.total if self.total else 1.0


def measure(job: Job) -> Progress:
    """Count the items of one job: one query."""
    return measure_all([job])[job.pk]


def measure_all(jobs: Iterable[Job]) -> Mapping[int, Progress]:
    """Count the items of several jobs by the jobs' keys: one query."""
    jobs_by_pk, now = {job.pk: job for job in jobs}, timezone.now()
    of_this_run = Q(started_at__gte=F("job__went_on_at"), ended_at__isnull=False)
    late = is_late(jobs_by_pk.values(), now)
    rows = (
        JobItem.objects.filter(job__in=jobs_by_pk)
        .order_by()
        .values("job_id")
        .annotate(
            since=Min("started_at", filter=of_this_run),
            early=Count("pk", filter=of_this_run & ~late),
            late=Count("pk", filter=of_this_run & late),
            **{state: Count("pk", filter=Q(state=state)) for state in STATES},
        )
    )
    found: dict[int, dict[str, Any]] = {row["job_id"]: {**row} for row in rows}
    return {pk: build_progress(job, found.get(pk, {}), now) for pk, job in jobs_by_pk.items()}


def is_late(jobs: Iterable[Job], now: datetime) -> Q:
    """Pick the items that ended in the second half of the time since their job went on."""
    cuts = ((job.pk, find_cut(job, now)) for job in jobs)
    picked = (Q(job=pk, ended_at__gte=cut) for pk, cut in cuts if cut)
    return reduce(or_, picked, Q(pk__in=()))


def find_cut(job: Job, now: datetime) -> datetime | None:
    """Find the middle of the time since a job went on; None for one that does not run."""
    if job.state != Job.State.RUNNING or job.went_on_at is None:
        return None
    return job.went_on_at + (now - job.went_on_at) / 2


def build_progress(job: Job, row: Mapping[str, Any], now: datetime) -> Progress:
    """Put counts and times of a job together."""
    counts = {state: row.get(state, 0) for state in STATES}
    plain = Progress(total=sum(counts.values()), **counts)
    pace = find_pace(job, row, now)
    # Nobody knows how far an item under way is: it counts as half an item.
    left = pace.foresee(plain.waiting + plain.running / 2)
    if left is not None:
        left += job.reading_seconds
    return replace(plain, per_second=pace.per_second, seconds_left=left)


def find_pace(job: Job, row: Mapping[str, Any], now: datetime) -> Pace:
    """Find the pace of a running job since it went on.

    What happened before (its worker was killed, its engine was away) does not count.
    """
    since, cut = row.get("since"), find_cut(job, now)
    if since is None or cut is None:
        return Pace(0, 0, 0, 0)
    return Pace(row["early"], row["late"], count_seconds(since, now), count_seconds(cut, now))


def count_seconds(since: datetime, until: datetime) -> float:
    """Count the seconds between two moments; never none."""
    return max((until - since).total_seconds(), SHORTEST)


def publish(job: Job) -> None:
    """Tell every page that follows the engine; a Redis that is away is told nothing."""
    is_left = Q(state__in=(JobItem.State.WAITING, JobItem.State.RUNNING))
    found = job.items.aggregate(total=Count("pk"), done=Count("pk", filter=~is_left))
    payload = {"job": job.pk, "state": job.state, **found}
    with suppress(StoreAway):
        feed.publish(job.engine_id, "job", payload)
