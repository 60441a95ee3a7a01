"""Entry points of what runs by the clock, and the signs of life of worker and beat."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

from celery import Task, shared_task
from celery.signals import (
    after_task_publish,
    beat_init,
    heartbeat_sent,
    worker_ready,
    worker_shutting_down,
)
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from netdash.jobs import policies, queue, reports, runs, schedules
from netdash.jobs.leases import LEASE_SECONDS
from netdash.jobs.settling import settle_rows
from netdash.jobs.work import stopping
from netdash.jobs.working import carry_out
from netdash.live import beats
from netdash.live.store import StoreAway
from netdash.models import CleanupPolicy, CleanupRun, Job, JournalEntry

LOG_DAYS = 30
NOTE_SECONDS = 5.0

_noted_at = {"worker": float("-inf")}


@shared_task
def note_beat() -> None:
    """Prove, every 30 s, that what beat sends is carried out."""
    beats.note("task")


@shared_task
def sweep() -> None:
    """Forget what is old: sessions, records of sign-ins, journal rows, jobs and clean-up runs."""
    oldest = timezone.now() - timedelta(days=settings.JOURNAL_DAYS)
    JournalEntry.objects.filter(at__lt=oldest).delete()
    Job.objects.filter(ended_at__lt=oldest).delete()
    runs.sweep_runs()
    call_command("clearsessions", verbosity=0)
    call_command("axes_reset_logs", age=LOG_DAYS, verbosity=0)


@shared_task
def settle_journal() -> None:
    """End, each minute, the journal rows that a killed process left under way."""
    with suppress(StoreAway):
        settle_rows()


@beat_init.connect
def send_first(**_: Any) -> None:
    """Send the task when beat starts: its first turn would come 30 s later."""
    note_beat.apply_async(expires=60, retry=False)


@after_task_publish.connect(sender="netdash.jobs.tasks.note_beat")
def note_beat_process(**_: Any) -> None:
    """Note that beat is there: it alone sends this task."""
    with suppress(StoreAway):
        beats.note("beat")


@worker_ready.connect
@heartbeat_sent.connect
def note_worker(**_: Any) -> None:
    """Note that a worker is there; Celery's own heart beats every 2 s."""
    if time.monotonic() < _noted_at["worker"] + NOTE_SECONDS:
        return
    _noted_at["worker"] = time.monotonic()
    with suppress(StoreAway):
        beats.note("worker")


@shared_task
def carry_out_job(job_id: int) -> None:
    """Carry out a job, unless somebody else is at it or it has ended."""
    carry_out(job_id)


@shared_task
def pick_up_jobs() -> None:
    """Send again, every 10 s, what waits and what a killed worker left behind."""
    queue.pick_up()


@worker_ready.connect
def pick_up_at_start(**_: Any) -> None:
    """Look at once, and again when the leases of a worker that was killed have run out."""
    for seconds in (0, LEASE_SECONDS + 1):
        with suppress(OperationalError):
            pick_up_jobs.apply_async(countdown=seconds, expires=seconds + 30, retry=False)


@worker_shutting_down.connect
def stop_jobs(**_: Any) -> None:
    """Let jobs stop between two items; the pool's threads live in this very process."""
    stopping.set()


@shared_task(bind=True)
def run_cleanup_policy(
    self: Task, policy: int, trigger: str = CleanupRun.Trigger.SCHEDULE, **asked: Any
) -> None:
    """Run a policy; what beat sends for a moment of its schedule runs once."""
    row = CleanupPolicy.objects.select_related("task").filter(pk=policy).first()
    if row is None or (trigger == CleanupRun.Trigger.SCHEDULE and not row.is_enabled):
        return
    if trigger == CleanupRun.Trigger.SCHEDULE:
        asked["tick"] = schedules.name_tick(row, self.request.id, timezone.now())
    policies.run_policy(row, trigger, **asked)


@shared_task
def send_cleanup_report(run_id: int) -> None:
    """Send the report of a clean-up run."""
    reports.send_report(run_id)


@shared_task
def settle_cleanup_runs() -> None:
    """Close runs whose end nobody told, and send reports that are due."""
    runs.settle_runs()
    reports.send_due_reports()
