"""How far jobs are, in words and as a bar; nothing is said that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from netdash.jobs.progress import Progress, measure_all
from netdash.live import beats
from netdash.live.connection import StoreAway
from netdash.models import Job

from .words import say_number, say_span

SILENT_SECONDS = 30.0
"""A worker shows itself every 5 s."""
NO_WORKER = "No worker is running, so nothing carries it out. Start one: celery -A netdash worker"
NO_STORE = "The store (Redis) does not answer: no worker hears of it before it is back."
LEFT_BEHIND = "Its worker does not answer any more; another one takes over where it stopped."
ENDS = (
    ("done", "done"),
    ("already", "already so"),
    ("skipped", "skipped"),
    ("failed", "failed"),
    ("cancelled", "not reached"),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, in items."""

    state: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class JobCard:
    """One job as it is shown: in the panel, in the list, on its page."""

    job: Job
    progress: Progress
    remark: str
    """What it waits for, or why it ended as it did."""
    now: datetime

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Give the parts of the bar that have ended, in the order of ``ENDS``."""
        return tuple(list_segments(self.progress))

    @property
    def count_words(self) -> str:
        """Count the items that have ended: ``123 of 300``."""
        return f"{say_number(self.progress.ended)} of {say_number(self.progress.total)}"

    @property
    def result_words(self) -> str:
        """Say what became of the items: ``296 done, 2 already so, 2 failed``."""
        counts = ((getattr(self.progress, name), words) for name, words in ENDS)
        parts = [f"{say_number(count)} {words}" for count, words in counts if count]
        return ", ".join(parts) or ("nothing to do" if not self.progress.total else "nothing yet")

    @property
    def mixed_words(self) -> str:
        """Say what became of the items where that is more than how many have ended."""
        found = self.progress
        is_plain = not self.job.is_ended and found.done == found.ended
        return "" if is_plain else self.result_words

    @property
    def end_words(self) -> str:
        """Say in a line how an ended job ended: ``cancelled: 30 done, 170 not reached``."""
        is_done = self.job.state == Job.State.DONE
        return self.result_words if is_done else f"{self.state_words}: {self.result_words}"

    @property
    def rate_words(self) -> str:
        """Say how fast the items end; empty while none has."""
        return say_rate(self.progress.per_second) if self.is_moving else ""

    @property
    def left_words(self) -> str:
        """Say how long the rest takes; empty while nobody can tell."""
        if self.is_moving and self.progress.ended == self.progress.total:
            return "finishing"
        left = self.progress.seconds_left
        return f"{say_left(left)} left" if self.is_moving and left is not None else ""

    @property
    def is_moving(self) -> bool:
        """Tell whether items end at this moment."""
        return self.job.state == Job.State.RUNNING and not self.remark

    @property
    def took_words(self) -> str:
        """Say how long an ended job took; empty for one that never began."""
        if not self.job.started_at or not self.job.ended_at:
            return ""
        return say_left((self.job.ended_at - self.job.started_at).total_seconds())

    @property
    def state_words(self) -> str:
        """Say how far the job is, in a word or two."""
        if self.job.is_cancel_asked and not self.job.is_ended:
            return "stopping"
        if self.job.state == Job.State.FAILED and not self.progress.done + self.progress.already:
            return "failed"
        return self.job.get_state_display()

    @property
    def can_cancel(self) -> bool:
        """Tell whether there is something left to stop."""
        return not self.job.is_ended and not self.job.is_cancel_asked

    @property
    def left_out(self) -> int:
        """Count the items that a retry would try again; what a guard spared stays spared."""
        found = self.progress
        skipped = 0 if self.job.guard else found.skipped
        return found.failed + found.cancelled + skipped if self.job.is_ended else 0

    @property
    def said(self) -> str:
        """Say it for those who listen: the same words until a quarter more is done."""
        if self.job.is_ended:
            return f"{self.job.title}: {self.state_words}. {self.result_words}."
        quarters = int(self.progress.fraction * 4)
        return f"{self.job.title}: {self.remark or f'{quarters * 25} % done'}"


def show_jobs(jobs: Iterable[Job]) -> tuple[JobCard, ...]:
    """Make the cards of jobs: one query for all counts, one question to the store at most."""
    found = tuple(jobs)
    if not found:
        return ()
    progress, now = measure_all(found), timezone.now()
    is_open = any(not job.is_ended for job in found)
    hindrance = find_hindrance() if is_open else ""
    return tuple(
        JobCard(job, progress[job.pk], find_remark(job, hindrance, now), now) for job in found
    )


def find_remark(job: Job, hindrance: str, now: datetime) -> str:
    """Say what keeps a job from moving, or why it ended as it did."""
    if job.is_ended:
        return job.sentence
    if job.state == Job.State.RUNNING and (not job.leased_until or job.leased_until < now):
        return hindrance or LEFT_BEHIND
    if job.state == Job.State.WAITING:
        return hindrance or job.sentence or "Waits for a worker."
    return job.sentence


def find_hindrance() -> str:
    """Say why no job at all can go on; empty when a worker is there."""
    try:
        now, stamps = beats.read_all()
    except StoreAway:
        return NO_STORE
    seen = stamps.get("worker")
    is_there = seen is not None and (now - seen).total_seconds() <= SILENT_SECONDS
    return "" if is_there else NO_WORKER


def list_segments(progress: Progress) -> Iterator[Segment]:
    """List the parts of a bar that are not empty, from its left end."""
    start = 0
    for name, _ in ENDS:
        length = getattr(progress, name)
        if length:
            yield Segment(name, start, length)
        start += length


def say_rate(per_second: float) -> str:
    """Say a pace in whole things: ``14 a second``, ``40 a minute``."""
    if per_second >= 1.5:
        return f"{round(per_second)} a second"
    if per_second * 60 >= 1:
        return f"{round(per_second * 60)} a minute"
    return ""


def say_left(seconds: float) -> str:
    """Say a duration as exactly as it can be known: ``12 s``, ``3 min``, ``2 hours``."""
    if seconds < 1:
        return "1 s" if seconds > 0.5 else "less than 1 s"
    if seconds < 90:
        return f"{round(seconds)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return say_span(seconds)
