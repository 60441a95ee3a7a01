"""One process of watchers: a watch for each enabled engine whose lease it holds."""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid

from django.db import DatabaseError, close_old_connections

from netdash.engine.client import Address, read_address
from netdash.live import feed, lease, store, witness
from netdash.live.connection import StoreAway
from netdash.live.status import BEAT_SECONDS, NO_WATCHER
from netdash.live.watcher import Watch
from netdash.models import Engine

END_SECONDS = 0.5

log = logging.getLogger(__name__)


class Supervisor:
    """Looks every two seconds which engines are to be watched, and by whom."""

    def __init__(self) -> None:
        self.is_stopped = threading.Event()
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._watches_by_id: dict[int, Watch] = {}
        self._addresses_by_id: dict[int, Address] = {}
        self._server_id = ""
        self._is_store_away = False

    def run(self) -> None:
        """Watch until told to stop, then give the leases back."""
        try:
            while not self.is_stopped.is_set():
                self.look()
                self.is_stopped.wait(BEAT_SECONDS)
        finally:
            self._end()

    def look(self) -> None:
        """Follow the rows and the leases once; what does not answer is asked at the next look."""
        try:
            close_old_connections()
            self._addresses_by_id = {
                engine.pk: read_address(engine) for engine in Engine.objects.filter(is_enabled=True)
            }
        except DatabaseError as error:
            log.warning("The database does not answer: %s", error)
        try:
            self._follow_store()
            self._follow_rows()
            for engine_id in self._watches_by_id:
                witness.look(engine_id)
            self._is_store_away = False
        except StoreAway as error:
            if not self._is_store_away:
                log.warning("Redis does not answer: %s", error)
            self._is_store_away = True
        except DatabaseError as error:
            log.warning("The journal cannot be written now: %s", error)

    def _follow_store(self) -> None:
        """Notice a restart of Redis, however short: nothing else would tell a quiet engine."""
        before, self._server_id = self._server_id, lease.read_server_id()
        if before not in ("", self._server_id):
            for watch in self._watches_by_id.values():
                watch.restore()

    def _follow_rows(self) -> None:
        for engine_id, watch in tuple(self._watches_by_id.items()):
            if self._addresses_by_id.get(engine_id) != watch.address:
                self._drop(engine_id)
                lease.release(engine_id, self._holder)
                if not Engine.objects.filter(pk=engine_id).exists():
                    store.forget(engine_id)
        for engine_id, address in self._addresses_by_id.items():
            if lease.hold(engine_id, self._holder):
                self._keep_up(engine_id, address)
            elif engine_id in self._watches_by_id:
                self._drop(engine_id)

    def _keep_up(self, engine_id: int, address: Address) -> None:
        """Beat for a watch that lives; begin one that does not."""
        watch = self._watches_by_id.get(engine_id)
        if watch is not None and watch.is_alive():
            store.note_beat(engine_id)
            return
        log.info("engine %s: watching %s", engine_id, address.address)
        self._watches_by_id[engine_id] = watch = Watch(engine_id, address)
        watch.start()

    def _drop(self, engine_id: int) -> None:
        watch = self._watches_by_id.pop(engine_id)
        watch.stop()
        watch.join(END_SECONDS)

    def _end(self) -> None:
        """Stop every watch, and say so: a page need not wait for the silence to be noticed."""
        for watch in self._watches_by_id.values():
            watch.stop()
        for engine_id, watch in self._watches_by_id.items():
            watch.join(END_SECONDS / len(self._watches_by_id))
            try:
                store.note_status(engine_id, "stale", "The watcher was stopped.", NO_WATCHER)
                feed.publish(engine_id, "status", {"state": "stale"})
                lease.release(engine_id, self._holder)
            except StoreAway:
                return
