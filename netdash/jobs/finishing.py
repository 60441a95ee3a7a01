"""The end of a job: what becomes of the items that nobody will carry out, and who is told."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.utils import timezone

from netdash.jobs.endings import job_ended
from netdash.models import Job, JobItem, JournalEntry

MADE = (JobItem.State.DONE, JobItem.State.ALREADY)


def finish(job: Job, given_up: str = "", holder: str = "") -> bool:
    """Write down how a job ended; False when ``holder`` does not hold it any more.

    Items that wait are cancelled, or skipped where ``given_up`` says why nothing more was tried.
    One that a killed worker left under way has failed then: nobody could look what became of it.
    """
    rows = Job.objects.select_for_update().filter(pk=job.pk, ended_at=None)
    with transaction.atomic():
        if rows.filter(**({"holder": holder} if holder else {})).first() is None:
            return False
        left = job.items.filter(state=JobItem.State.RUNNING)
        left.update(state=JobItem.State.FAILED, sentence=f"How this ended is not known: {given_up}")
        waiting = job.items.filter(state=JobItem.State.WAITING)
        if given_up:
            sentence = f"Not tried: {given_up}"
            waiting.update(state=JobItem.State.SKIPPED, sentence=sentence)
        else:
            waiting.update(state=JobItem.State.CANCELLED)
        counts = Counter(job.items.values_list("state", flat=True))
        mark_undone(job)
        state = choose_state(counts, given_up)
        return end(job, state, given_up or say_end(state, counts), holder)


def choose_state(counts: Counter[str], given_up: str) -> Job.State:
    """Name the end that the items' ends make."""
    if counts[JobItem.State.CANCELLED]:
        return Job.State.CANCELLED
    return Job.State.FAILED if counts[JobItem.State.FAILED] or given_up else Job.State.DONE


def say_end(state: Job.State, counts: Counter[str]) -> str:
    """Say where a job stopped that did not come to its end."""
    if state != Job.State.CANCELLED:
        return ""
    left = counts[JobItem.State.CANCELLED]
    return f"Cancelled after {counts.total() - left} of {counts.total()}."


def end(job: Job, state: Job.State, sentence: str, holder: str = "") -> bool:
    """Write down that nothing more will happen, and tell whoever waits for it."""
    job.state, job.sentence, job.ended_at = state, sentence, timezone.now()
    rows = Job.objects.filter(pk=job.pk, ended_at=None)
    if holder:
        rows = rows.filter(holder=holder)
    ended = rows.update(state=state, sentence=sentence, ended_at=job.ended_at)
    if ended:
        transaction.on_commit(lambda: tell(job))
    return bool(ended)


def tell(job: Job) -> None:
    """Tell whoever waits for the end of a job."""
    job_ended.send_robust(sender=Job, job=job)


def mark_undone(job: Job) -> None:
    """Note on the rows that a job takes back that all of their steps are true now."""
    wanted = job.items.exclude(undoes=None)
    if not wanted:
        return
    open_steps = wanted.exclude(state__in=MADE)
    rows = JournalEntry.objects.filter(pk__in=wanted.values("undoes"), undone_at=None)
    rows.exclude(pk__in=open_steps.values("undoes")).update(undone_at=timezone.now())
