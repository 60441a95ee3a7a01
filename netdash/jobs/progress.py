"""How far jobs are: counted in the database, told to whoever follows the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from netdash.live import feed
from netdash.live.connection import StoreAway
from netdash.models import Job, JobItem

STATES = tuple(state.value for state in JobItem.State)
FEWEST = 3
"""Items that must have ended before their pace says anything."""
FEWEST_RECENT = 10
"""Where fewer ended of late the pace on the whole says more."""
PACE_SECONDS = 15
"""So far back the pace is counted: engines become slower with each network that they have."""
SHORTEST = 0.001
LONGEST_READING = 10.0
"""Seconds that a reading of an engine may take; a job that took longer to begin had to wait."""


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
    seconds_left: float | None = None
    """None while nobody can tell: nothing has ended yet, or the job does not run."""

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
    cut = now - timedelta(seconds=PACE_SECONDS)
    counts = {state: Count("pk", filter=Q(state=state)) for state in STATES}
    rows = (
        JobItem.objects.filter(job__in=jobs_by_pk)
        .order_by()
        .values("job_id")
        .annotate(
            first=Min("started_at"),
            last=Max("ended_at"),
            recent=Count("pk", filter=Q(started_at__gte=cut, ended_at__isnull=False)),
            since=Min("started_at", filter=Q(started_at__gte=cut)),
            **counts,
        )
    )
    found: dict[int, dict[str, Any]] = {row["job_id"]: {**row} for row in rows}
    return {pk: build_progress(job, found.get(pk, {}), now) for pk, job in jobs_by_pk.items()}


def build_progress(job: Job, row: Mapping[str, Any], now: datetime) -> Progress:
    """Put counts and times of a job together."""
    counts = {state: row.get(state, 0) for state in STATES}
    plain = Progress(total=sum(counts.values()), **counts)
    pace = find_pace(plain, row, now) if plain.ended else 0.0
    left = None
    if job.state == Job.State.RUNNING and plain.ended >= FEWEST and pace:
        left = (plain.total - plain.ended) / pace + foresee_reading(job, row)
    return replace(plain, per_second=pace, seconds_left=left)


def foresee_reading(job: Job, row: Mapping[str, Any]) -> float:
    """Tell how many seconds the reading at the end of a job takes: as many as that before it."""
    first = row.get("first")
    if first is None or job.started_at is None:
        return 0.0
    return min(count_seconds(job.started_at, first), LONGEST_READING)


def find_pace(progress: Progress, row: Mapping[str, Any], now: datetime) -> float:
    """Tell how many items end in a second: of late while some are left, else on the whole.

    What happened before a pause (its worker was killed, its engine was away) does not count.
    """
    is_under_way = progress.ended < progress.total
    recent: int = row.get("recent", 0)
    if is_under_way and recent >= FEWEST_RECENT:
        return recent / count_seconds(row["since"], now)
    first, last = row.get("first"), row.get("last")
    if first is None or last is None:
        return 0.0
    return progress.ended / count_seconds(first, now if is_under_way else last)


def count_seconds(since: datetime, until: datetime) -> float:
    """Count the seconds between two moments; never none."""
    return max((until - since).total_seconds(), SHORTEST)


def publish(job: Job) -> None:
    """Tell every page that follows the engine; a Redis that is away is told nothing."""
    found = measure(job)
    payload = {"job": job.pk, "state": job.state, "done": found.ended, "total": found.total}
    with suppress(StoreAway):
        feed.publish(job.engine_id, "job", payload)
