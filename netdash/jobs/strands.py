"""The strands of a job: side by side, each in order, and everybody told meanwhile."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from itertools import groupby

from django.db import OperationalError, connection

from netdash.engine.errors import EngineError
from netdash.jobs.items import carry_out_item, end_item
from netdash.jobs.progress import publish
from netdash.jobs.queue import say_switched_off
from netdash.jobs.settling import UNREADABLE
from netdash.jobs.steps import Ending
from netdash.jobs.work import Stopped, Work
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
LEFT = (JobItem.State.RUNNING, JobItem.State.WAITING)
UNREADABLE_STEP = "Another version of netdash wrote this step, so it is not known what it asks for."
UNEXPECTED = "netdash itself failed here; the log of its worker says how."

logger = logging.getLogger(__name__)


def carry_out_strands(work: Work) -> None:
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
            refresh_known(work)
            return work.save_reading()
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
    began_at = time.monotonic()
    refresh(work.job.engine)
    work.job.reading_seconds = time.monotonic() - began_at
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
            publish(work.job)
        if reading and reading.done():
            next_at, reading = reading.result(), None
            work.save_reading()
        if not reading and work.ended != seen and time.monotonic() > next_at:
            seen, reading = work.ended, reader.submit(refresh_meanwhile, work)
    publish(work.job)
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
