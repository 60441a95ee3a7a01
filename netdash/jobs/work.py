"""The state of a job that is being carried out, shared by its threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from netdash.engine.client import EngineClient, connect, read_facts
from netdash.engine.errors import EngineError
from netdash.jobs.leases import LEASE_SECONDS, Lease
from netdash.jobs.writing import Author
from netdash.live.connection import StoreAway, read_shared_clock
from netdash.models import Job
from netdash.topology.snapshot import Snapshot

LOOK_SECONDS = 0.25
STORE_PATIENCE_SECONDS = 60
ENGINE_PATIENCE_SECONDS = 120

stopping = threading.Event()
"""Set when this process shall end: jobs stop between two items and are handed on."""


class Stopped(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """No other item may be begun; ``Work`` says why."""


@dataclass
class Work:
    """A job under way."""

    job: Job
    lease: Lease
    known: Snapshot = field(default_factory=Snapshot)
    """The whole engine as last read."""
    failed_by_strand: Mapping[int, str] = field(default_factory=dict)
    """What failed before this worker came, by its strand."""
    is_cancelled: bool = False
    is_lost: bool = False
    """Somebody else holds the lease."""
    given_up: str = ""
    """Why the rest is not even tried."""
    handed_on: str = ""
    """Why the rest is left to another look, later."""
    renewed_at: float = field(default_factory=time.monotonic)
    ended: int = 0
    """Items that ended here; grows."""
    writing: threading.Lock = field(default_factory=threading.Lock)
    """SQLite lets one write at a time and others poll: here they queue."""

    @property
    def author(self) -> Author:
        """Name who asked for it."""
        return Author(self.job.author, self.job.author_name, self.job.note)

    @property
    def row(self) -> QuerySet[Job]:
        """Find the job's row, as long as this worker holds it."""
        return Job.objects.filter(pk=self.job.pk, holder=self.lease.holder)

    @property
    def client(self) -> EngineClient:
        """Give the client of the engine; raises EngineError."""
        return connect(self.job.engine)

    @property
    def must_hand_on(self) -> bool:
        """Tell whether this process may not go on with the job."""
        is_stale = time.monotonic() > self.renewed_at + LEASE_SECONDS - 1
        return bool(stopping.is_set() or self.is_lost or self.handed_on or is_stale)

    @property
    def must_stop(self) -> bool:
        """Tell whether no other item may be begun."""
        return bool(self.must_hand_on or self.is_cancelled or self.given_up)

    def say(self, sentence: str) -> None:
        """Write down what the job waits for; nothing when it goes on."""
        with self.writing:
            if sentence != self.job.sentence:
                self.job.sentence = sentence
                self.row.update(sentence=sentence)

    def go_on(self) -> None:
        """Write down that the job goes on after it stood still."""
        with self.writing:
            self.job.sentence, self.job.went_on_at = "", timezone.now()
            self.row.update(sentence="", went_on_at=self.job.went_on_at)

    def save_reading(self) -> None:
        """Write down how long the last reading of the engine took."""
        with self.writing:
            self.row.update(reading_seconds=self.job.reading_seconds)

    def put_off(self, sentence: str) -> None:
        """Write down that the job waits for another look, and for what."""
        self.job.state, self.job.sentence = Job.State.WAITING, sentence
        self.row.update(state=self.job.state, sentence=sentence)

    def wait_for_store(self) -> None:
        """Wait until Redis answers; raises Stopped when that takes too long."""
        if not self.wait(has_store, STORE_PATIENCE_SECONDS, "Waits: Redis does not answer."):
            self.handed_on = "Waits until Redis answers again."
            raise Stopped

    def wait_for_engine(self) -> bool:
        """Wait until the engine answers; False when that takes too long."""
        name = self.job.engine.name
        return self.wait(
            self.has_engine, ENGINE_PATIENCE_SECONDS, f"Waits: {name} does not answer."
        )

    def has_engine(self) -> bool:
        """Tell whether the engine answers."""
        try:
            return bool(read_facts(self.client).api_version)
        except EngineError:
            return False

    def wait(self, is_there: Callable[[], bool], patience_seconds: float, sentence: str) -> bool:
        """Wait, and say so, until something is there; raises Stopped when the job is handed on."""
        ends_at, stood_still = time.monotonic() + patience_seconds, False
        while not is_there():
            if self.must_hand_on:
                raise Stopped
            if time.monotonic() > ends_at:
                return False
            self.say(sentence)
            time.sleep(LOOK_SECONDS)
            stood_still = True
        if stood_still:
            self.go_on()
        return True


def has_store() -> bool:
    """Tell whether Redis answers."""
    try:
        return bool(read_shared_clock())
    except StoreAway:
        return False
