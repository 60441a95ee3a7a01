"""Watch one engine: subscribe, read everything, then read what events touched; for ever.

An event is a doorbell, never data. The first one is answered at once, the following ones
together at most every 250 ms, and every 750 ms once that has gone on for two seconds;
everything is read again every 30 s, because silence is no proof: connecting a stopped container
rings no bell.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue

from netdash.engine.client import Address, connect, ping, read_facts
from netdash.engine.details import ContainerDetails, add_details
from netdash.engine.errors import EngineError
from netdash.engine.events import EngineEvent
from netdash.live import feed, store
from netdash.live.answering import is_answering
from netdash.live.connection import StoreAway
from netdash.live.listening import DetailsReader, Ended, EventReader, Ring, Stopped, StoreRestarted
from netdash.live.pending import Pending
from netdash.live.reading import Reading, read_all, read_touched
from netdash.live.records import Records
from netdash.live.refresh import save_on_newest
from netdash.live.status import State, awaiting, note_asked

COALESCE_SECONDS = 0.25
LONG_COALESCE_SECONDS, LONG_AFTER, AT_ONCE_SECONDS = 0.75, 8, 0.05
"""After so many readings in a row that had to wait their turn: who changes hundreds of things
wants the engine for that.
"""
REREAD_SECONDS = 0.1
LONGEST_COURTESY_SECONDS, COURTESY_PAUSE_SECONDS = 0.3, 0.03
RECONCILE_SECONDS = 30.0
PING_SECONDS = 10.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 5.0
LONGEST_REMOTE_PAUSE_SECONDS = 30.0
HOPE_SECONDS = 15.0
"""An engine that restarts is back sooner; until then the page says "reconnecting"."""

log = logging.getLogger(__name__)


class StreamLost(Exception):  # noqa: N818
    """The event stream ended; ``error`` is what the engine said, if anything."""

    def __init__(self, error: EngineError | None) -> None:
        super().__init__("the event stream ended")
        self.error = error


class Watch:
    """The life of watching one engine, in a thread of its own."""

    def __init__(self, engine_id: int, address: Address) -> None:
        self.engine_id, self.address = engine_id, address
        self.is_stopped = threading.Event()
        self.rings: SimpleQueue[Ring] = SimpleQueue()
        self._failures = 0
        self._live_at = self._lost_at = float("-inf")
        self._thread = threading.Thread(target=self.run, name=f"watch {engine_id}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def is_alive(self) -> bool:
        """Tell whether the thread still runs; only a fault of netdash itself ends it."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ask it to end; it does so within moments unless the engine holds it up."""
        self.is_stopped.set()
        self.rings.put(Stopped())

    def restore(self) -> None:
        """Read everything again, details too, because the store may have lost it."""
        self.rings.put(StoreRestarted())

    def join(self, seconds: float) -> None:
        """Wait for its end."""
        self._thread.join(seconds)

    def run(self) -> None:
        """Follow the engine until stopped; begin anew, ever more patiently, when it breaks."""
        while not self.is_stopped.is_set():
            try:
                Following(self).run()
            except StreamLost as lost:
                self._say_lost(lost.error)
            except EngineError as error:
                self._say_lost(error)
            except StoreAway:
                log.debug(
                    "engine %s: Redis does not answer", self.engine_id
                )  # its supervisor warns
                self._failures = 1
            self.is_stopped.wait(self._choose_pause())

    def note_live(self) -> None:
        """Say that everything was read and events arrive."""
        self._failures = 0
        self.say("live")

    def say(self, state: State, sentence: str = "", remedy: str = "") -> None:
        """Keep and publish a status, when it is news."""
        if state == "live":
            self._live_at = time.monotonic()
        if store.note_status(self.engine_id, state, sentence, remedy):
            feed.publish(self.engine_id, "status", {"state": state})
            log.info("engine %s: %s %s", self.engine_id, state, sentence)

    def _say_lost(self, error: EngineError | None) -> None:
        self._failures += 1
        sentence = error.sentence if error else "The engine ended the connection."
        if self._failures == 1 and self._live_at > self._lost_at:
            self._lost_at = time.monotonic()
        is_passing = error is None or error.kind in ("away", "timeout")
        is_hopeful = is_passing and time.monotonic() < self._lost_at + HOPE_SECONDS
        state: State = "reconnecting" if is_hopeful else "away"
        try:
            self.say(state, sentence, error.remedy if error else "")
        except StoreAway:
            log.debug("engine %s: Redis does not answer", self.engine_id)

    def _choose_pause(self) -> float:
        is_local = self.address.address.startswith("unix://")
        longest = LONGEST_PAUSE_SECONDS if is_local else LONGEST_REMOTE_PAUSE_SECONDS
        pause = FIRST_PAUSE_SECONDS * 2.0 ** min(self._failures, 10)
        return float(min(pause, longest) * random.uniform(0.7, 1.0))  # noqa: S311


class Following:
    """One connection's worth of watching: ends by an exception, or quietly when stopped."""

    def __init__(self, watch: Watch) -> None:
        self._watch, self._engine_id = watch, watch.engine_id
        self._rings: SimpleQueue[Ring] = SimpleQueue()
        self._pending = Pending()
        self._details: dict[str, ContainerDetails] = {}
        self._records = Records(self._engine_id)
        self._read_at = self._heard_at = self._reconciled_at = float("-inf")
        self._in_a_row = 0
        watch.rings = self._rings

    def run(self) -> None:
        """Open the stream first, then read everything, then answer the bell."""
        address = self._watch.address
        store.claim(self._engine_id, address.address)
        note_asked(self._engine_id)
        self._client = connect(address)
        self._facts = read_facts(self._client)
        events = EventReader(address, self._rings)
        self._inspector = DetailsReader(self._engine_id, address, self._rings)
        try:
            self._read_everything()
            self._watch.note_live()
            while not self._watch.is_stopped.is_set():
                self._step()
        finally:
            self._inspector.close()
            events.close()

    def _step(self) -> None:
        """Wait for the bell or for what is due, and do it."""
        self._gather(max(0.0, min(self._list_due()) - time.monotonic()))
        now = time.monotonic()
        if self._details:
            self._add_details()
        if now >= self._heard_at + PING_SECONDS:  # first: a reading may take long, this may not
            self._ping()
        elif now >= self._reconciled_at + RECONCILE_SECONDS:
            self._read_everything()
            self._watch.say("live")
        elif self._pending and now >= self._choose_reading_at():
            self._read_touched()

    def _list_due(self) -> Iterator[float]:
        yield self._reconciled_at + RECONCILE_SECONDS
        yield self._heard_at + PING_SECONDS
        if self._pending:
            yield self._choose_reading_at()

    def _choose_reading_at(self) -> float:
        if self._in_a_row >= LONG_AFTER:
            return self._read_at + LONG_COALESCE_SECONDS
        return self._read_at + (REREAD_SECONDS if self._pending.is_overdue else COALESCE_SECONDS)

    def _gather(self, wait_seconds: float) -> None:
        """Take every ring that is there, after waiting for the first."""
        try:
            self._take(self._rings.get(timeout=wait_seconds))
            while True:
                self._take(self._rings.get(block=False))
        except Empty:
            return

    def _take(self, ring: Ring) -> None:
        if isinstance(ring, Ended):
            raise StreamLost(ring.error)
        if isinstance(ring, EngineEvent):
            self._pending.add([ring], time.monotonic())
        elif isinstance(ring, tuple):
            self._details |= {one.container_id: one for one in ring}
        elif isinstance(ring, StoreRestarted):
            self._records = Records(self._engine_id)
            self._reconciled_at = float("-inf")

    def _ping(self) -> None:
        ping(self._client)
        self._heard_at = time.monotonic()

    def _read_everything(self) -> None:
        with awaiting(self._engine_id) as begun_at:
            reading = read_all(self._client, self._facts, begun_at)
        self._reconciled_at = time.monotonic()
        self._keep(reading)

    def _read_touched(self) -> None:
        """Read what events asked for; everything, when the store lost what it had."""
        has_waited = time.monotonic() < self._choose_reading_at() + AT_ONCE_SECONDS
        is_next = has_waited and not self._pending.is_overdue
        self._in_a_row = self._in_a_row + 1 if is_next else 0
        self._let_answer_first()
        stored = store.latest(self._engine_id)
        if stored is None:
            self._records = Records(self._engine_id)
            self._read_everything()
            return
        ids = self._pending.container_ids
        with awaiting(self._engine_id) as begun_at:
            reading = read_touched(self._client, stored.snapshot, ids, begun_at)
        self._keep(reading)

    def _let_answer_first(self) -> None:
        """Wait a little for a request that changes the engine right now, or has just done so: its
        own reading is stored and drawn sooner, and this one then finds nothing new.
        """
        end = time.monotonic() + LONGEST_COURTESY_SECONDS
        while is_answering(self._engine_id) and time.monotonic() < end:
            self._watch.is_stopped.wait(COURTESY_PAUSE_SECONDS)
        self._gather(0.0)

    def _keep(self, reading: Reading) -> None:
        """Put a reading on the newest snapshot, whoever stored that, and save the outcome."""
        self._read_at = self._heard_at = time.monotonic()
        _, snapshot = save_on_newest(
            self._engine_id,
            lambda base: reading.put_on(base, self._facts),
            begun_at=reading.begun_at,
        )
        self._pending.settle(snapshot, time.monotonic())
        stored = store.latest(self._engine_id)
        if stored is not None and stored.snapshot != snapshot:
            # A request looked at its own change meanwhile, and this reading was older: dropped.
            self._reconciled_at = float("-inf")
        touched = self._pending.take_inspected()
        self._inspector.want(*self._records.find_wanted(snapshot, touched))
        self._records.keep_networks(reading.raw_networks)

    def _add_details(self) -> None:
        """Put what the inspector found on the newest snapshot; no call to the engine."""
        details, self._details = self._details, {}
        save_on_newest(self._engine_id, lambda base: add_details(base, details))
