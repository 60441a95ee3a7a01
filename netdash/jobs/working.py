"""Carry out a job: what a worker does between the lease and the end."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from itertools import groupby

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone

from netdash.engine.errors import EngineError
from netdash.jobs import leases
from netdash.jobs.finishing import finish
from netdash.jobs.items import carry_out_item, end_item
from netdash.jobs.progress import measure, publish
from netdash.jobs.queue import find_blocker, say_blocker, send, wake
from netdash.jobs.settling import UNREADABLE
from netdash.jobs.steps import Ending
from netdash.jobs.work import Stopped, Work, stopping
from netdash.live import lease, store
from netdash.live.refresh import refresh
from netdash.live.store import StoreAway
from netdash.models import Job, JobItem

SIDE_BY_SIDE = 4
"""Items under way at once: engines take hardly more, and pages want to be answered meanwhile."""
TICK_SECONDS = 0.1
REFRESH_SECONDS = 1.0
WATCHED_SECONDS = 5.0
REFRESH_SHARE = 4
"""An engine that is slow to read is read less often: a fifth of the time at most."""
MOST_READINGS = 3
MOST_FAULTS = 5
LEFT = (JobItem.State.RUNNING, JobItem.State.WAITING)
UNREADABLE_STEP = "Another version of netdash wrote this step, so it is not known what it asks for."
UNEXPECTED = "netdash itself failed here; the log of its worker says how."

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
    publish_progress(work)


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


def say_switched_off(job: Job) -> str:
    """Say that nobody may change the engine now."""
    return f"Waits: the engine {job.engine.name} is switched off."


def carry_out_leased(work: Work) -> None:
    """Carry out a job whose lease is held, and is renewed meanwhile."""
    is_over = threading.Event()
    renewing = threading.Thread(target=keep_lease, args=(work, is_over), daemon=True)
    renewing.start()
    try:
        begin(work)
        with suppress(Stopped):
            carry_out_items(work)
        if not hand_on(work):
            finish(work.job, work.given_up, work.lease.holder)
        publish_progress(work)
    finally:
        is_over.set()
        renewing.join()


def keep_lease(work: Work, is_over: threading.Event) -> None:
    """Renew a lease until the work is over; a database that is away is asked again."""
    try:
        while not is_over.wait(leases.RENEW_SECONDS):
            with suppress(DatabaseError):
                work.is_lost = not leases.renew(work.lease)
                work.renewed_at = time.monotonic()
    finally:
        connection.close()


def begin(work: Work) -> None:
    """Write down that the job runs."""
    job = work.job
    job.state, job.sentence = job.State.RUNNING, ""
    job.started_at = job.started_at or timezone.now()
    job.save(update_fields=("state", "sentence", "started_at"))
    work.is_cancelled = job.is_cancel_asked
    publish_progress(work)


def hand_on(work: Work) -> bool:
    """Leave a job to the next worker where this one may not end it; tell whether it did."""
    if work.is_lost:
        return True
    if not (work.must_hand_on and work.job.items.filter(state__in=LEFT).exists()):
        return False
    work.put_off(work.handed_on or "Its worker was stopped; the next one goes on.")
    return True


def carry_out_items(work: Work) -> None:
    """Carry out all strands, side by side, and keep everybody informed meanwhile."""
    left = (JobItem.State.RUNNING,) if work.is_cancelled else LEFT
    items = work.job.items.filter(state__in=left).select_related("entry", "undoes")
    strands = deque(split(items.order_by("strand", "position")))
    if not strands:
        return
    read_known(work)
    failed = work.job.items.filter(state=JobItem.State.FAILED)
    work.failed_by_strand = dict(failed.values_list("strand", "summary"))
    count = min(SIDE_BY_SIDE, len(strands))
    with ThreadPoolExecutor(count, "items") as pool, ThreadPoolExecutor(1, "reading") as reader:
        threads = [pool.submit(work_off, work, strands) for _ in range(count)]
        with stopping_all(work):
            watch(work, threads, reader)
    for thread in threads:
        thread.result()


def split(items: Iterable[JobItem]) -> list[list[JobItem]]:
    """Part items into their strands; those that were under way come first."""
    strands = [list(strand) for _, strand in groupby(items, key=lambda item: item.strand)]
    return sorted(strands, key=lambda strand: strand[0].state != JobItem.State.RUNNING)


def read_known(work: Work) -> None:
    """Read the engine before the first item; waits for it and for Redis."""
    refused = ""
    for _ in range(MOST_READINGS):
        try:
            return refresh_known(work)
        except StoreAway:
            work.wait_for_store()
        except EngineError as error:
            refused = error.sentence
            if not work.wait_for_engine():
                refused = f"{work.job.engine.name} does not answer."
                break
    work.given_up = refused or "Redis answers only now and then."
    raise Stopped


def refresh_known(work: Work) -> None:
    """Read the whole engine anew, for everybody; raises EngineError and StoreAway."""
    refresh(work.job.engine)
    if stored := store.latest(work.job.engine_id):
        work.known = stored.snapshot


def watch(work: Work, threads: Iterable[Future[None]], reader: Executor) -> None:
    """Tell how far the job is, look at the engine now and then, until its threads end."""
    told = seen = work.ended
    next_at = time.monotonic() + REFRESH_SECONDS
    reading: Future[float] | None = None
    while wait(threads, TICK_SECONDS).not_done:
        heed(work)
        if work.ended != told:
            told = work.ended
            publish_progress(work)
        if reading and reading.done():
            next_at, reading = reading.result(), None
        if not reading and work.ended != seen and time.monotonic() > next_at:
            seen, reading = work.ended, reader.submit(refresh_meanwhile, work)
    publish_progress(work)
    with suppress(EngineError, StoreAway):
        refresh_known(work)


def refresh_meanwhile(work: Work) -> float:
    """Read the engine while items are under way; give when to do so again.

    A watcher sees all but connections of stopped containers, and the end is read anyway.
    """
    began_at, pause = time.monotonic(), REFRESH_SECONDS
    with suppress(EngineError, StoreAway):
        refresh_known(work)
        pause = WATCHED_SECONDS if lease.is_held(work.job.engine_id) else REFRESH_SECONDS
    ended_at = time.monotonic()
    return ended_at + max(pause, REFRESH_SHARE * (ended_at - began_at))


def heed(work: Work) -> None:
    """Notice that somebody cancelled the job or switched its engine off."""
    row = Job.objects.filter(pk=work.job.pk)
    for is_cancelled, is_enabled in row.values_list("is_cancel_asked", "engine__is_enabled"):
        work.is_cancelled = is_cancelled
        if not is_enabled:
            work.handed_on = say_switched_off(work.job)


def publish_progress(work: Work) -> None:
    """Tell every page how far the job is."""
    progress = measure(work.job)
    publish(work.job, progress.ended, progress.total)


def work_off(work: Work, strands: deque[list[JobItem]]) -> None:
    """Carry out strands until none is left or the job must stop."""
    try:
        with stopping_all(work), suppress(Stopped):
            while strand := take_strand(strands):
                carry_out_strand(work, strand)
    finally:
        connection.close()


def take_strand(strands: deque[list[JobItem]]) -> list[JobItem]:
    """Take the next strand; empty when another thread took the last one."""
    try:
        return strands.popleft()
    except IndexError:
        return []


@contextmanager
def stopping_all(work: Work) -> Iterator[None]:
    """Let the other threads stop too when one breaks off, for example without a database."""
    try:
        yield
    except Stopped:
        raise
    except BaseException:
        work.handed_on = UNEXPECTED
        raise


def carry_out_strand(work: Work, items: list[JobItem]) -> None:
    """Carry out items in order; behind one that failed the others are left out."""
    failed = work.failed_by_strand.get(items[0].strand, "")
    for item in items:
        if failed:
            sentence = f"Left out, because this failed before it: {failed}."
            end_item(work, item, Ending("skipped", sentence))
        elif carry_out_safely(work, item).state == "failed":
            failed = item.summary


def carry_out_safely(work: Work, item: JobItem) -> Ending:
    """Carry out an item; where netdash itself fails that is the item's end, not the job's."""
    try:
        return carry_out_item(work, item)
    except (Stopped, OperationalError):
        raise
    except UNREADABLE:
        return end_item(work, item, Ending("failed", UNREADABLE_STEP))
    except Exception:
        logger.exception("job %s, item %s", work.job.pk, item.position)
        return end_item(work, item, Ending("failed", UNEXPECTED))
