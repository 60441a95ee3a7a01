"""Carry out a job: what a worker does between the lease and the end."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone

from netdash.jobs import leases
from netdash.jobs.finishing import finish
from netdash.jobs.progress import publish
from netdash.jobs.queue import find_blocker, say_blocker, say_switched_off, send, wake
from netdash.jobs.strands import LEFT, UNEXPECTED, carry_out_strands
from netdash.jobs.work import Stopped, Work, stopping
from netdash.live.store import StoreAway
from netdash.models import Job

MOST_FAULTS = 5

logger = logging.getLogger(__name__)


def carry_out(job_id: int) -> None:
    """Carry out what is left of a job, unless somebody else is at it or it must wait.

    Each item happens once, however often and wherever this is called. Where it cannot go on
    the job waits, says for what, and is taken up again by ``pick_up``.
    """
    held = leases.take(job_id)
    if held is None:
        return
    try:
        job = Job.objects.select_related("engine", "author").get(pk=job_id)
        work = Work(job, held)
        try:
            if obstacle := find_obstacle(job):
                work.put_off(obstacle)
            else:
                carry_out_leased(work)
        except (OperationalError, InterfaceError, StoreAway):
            raise
        except Exception:
            logger.exception("job %s", job_id)
            note_fault(work)
    finally:
        leases.release(held)
    if job.is_ended:
        wake(job.engine_id)
    elif stopping.is_set():
        send(job_id)


def note_fault(work: Work) -> None:
    """Let a job wait at which netdash itself failed; end it when that happens again and again."""
    job = work.job
    job.faults += 1
    Job.objects.filter(pk=job.pk, holder=work.lease.holder).update(faults=F("faults") + 1)
    if job.faults < MOST_FAULTS:
        work.put_off(UNEXPECTED)
    else:
        finish(job, UNEXPECTED, work.lease.holder)
    publish(work.job)


def find_obstacle(job: Job) -> str:
    """Say why a job may not begin or go on now; empty when it may. A cancelled one may end."""
    if job.is_cancel_asked:
        return ""
    if settings.IS_READ_ONLY:
        return "Waits: netdash is set to change nothing (NETDASH_READ_ONLY)."
    if not job.engine.is_enabled:
        return say_switched_off(job)
    if blocker := find_blocker(job):
        return say_blocker(blocker)
    return ""


def carry_out_leased(work: Work) -> None:
    """Carry out a job whose lease is held, and is renewed meanwhile."""
    is_over = threading.Event()
    renewing = threading.Thread(target=keep_lease, args=(work, is_over), daemon=True)
    renewing.start()
    try:
        begin(work)
        with suppress(Stopped):
            carry_out_strands(work)
        if not hand_on(work):
            finish(work.job, work.given_up, work.lease.holder)
        publish(work.job)
    finally:
        is_over.set()
        renewing.join()


def keep_lease(work: Work, is_over: threading.Event) -> None:
    """Renew a lease until the work is over; a database that is away is asked again."""
    try:
        while not is_over.wait(leases.RENEW_SECONDS):
            try:
                work.is_lost = not leases.renew(work.lease)
                work.renewed_at = time.monotonic()
            except (DatabaseError, InterfaceError):
                connection.close()  # a broken one stays broken; the next look opens another
    finally:
        connection.close()


def begin(work: Work) -> None:
    """Write down that the job runs."""
    job = work.job
    job.state, job.sentence = job.State.RUNNING, ""
    job.went_on_at = timezone.now()
    job.started_at = job.started_at or job.went_on_at
    job.save(update_fields=("state", "sentence", "started_at", "went_on_at"))
    work.is_cancelled = job.is_cancel_asked
    publish(work.job)


def hand_on(work: Work) -> bool:
    """Leave a job to the next worker where this one may not end it; tell whether it did."""
    if work.is_lost:
        return True
    if not (work.must_hand_on and work.job.items.filter(state__in=LEFT).exists()):
        return False
    work.put_off(work.handed_on or "Its worker was stopped; the next one goes on.")
    return True
