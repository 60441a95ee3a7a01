"""Threads of a watch that only gather: the event stream, and the details of containers."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from queue import SimpleQueue

from netdash.engine.client import Address, connect, open_client
from netdash.engine.details import ContainerDetails, take_details
from netdash.engine.errors import EngineError
from netdash.engine.events import EngineEvent, watch
from netdash.live import store
from netdash.live.connection import StoreAway

DETAILS_AT_ONCE = 200


class Ended:
    """The stream ended; ``error`` says why where it said anything."""

    def __init__(self, error: EngineError | None = None) -> None:
        self.error = error


class Stopped:
    """The watch was told to end."""


class StoreRestarted:
    """Redis began anew: it may have lost what was read."""


Details = tuple[ContainerDetails, ...]
Ring = EngineEvent | Details | Ended | Stopped | StoreRestarted


class EventReader:
    """Reads the stream into a queue, and does nothing else: a slow reader loses events."""

    def __init__(self, address: Address, rings: SimpleQueue[Ring]) -> None:
        self._client = open_client(address)
        self._rings = rings
        try:
            self._stream = watch(self._client)
        except EngineError:
            self._client.close()
            raise
        threading.Thread(target=self._read, name="events", daemon=True).start()

    def _read(self) -> None:
        error = None
        try:
            for event in self._stream:
                self._rings.put(event)
        except EngineError as found:
            error = found
        finally:
            self._rings.put(Ended(error))

    def close(self) -> None:
        """End the stream and its connection."""
        self._stream.close()
        self._client.close()


class DetailsReader:
    """Inspects containers one after the other, in the background, each at most once per wish."""

    def __init__(self, engine_id: int, address: Address, rings: SimpleQueue[Ring]) -> None:
        self._engine_id, self._address, self._rings = engine_id, address, rings
        self._wanted: dict[str, None] = {}
        self._changed = threading.Condition()
        self._is_closed = False
        threading.Thread(target=self._read, name="details", daemon=True).start()

    def want(self, urgent: Iterable[str], others: Iterable[str]) -> None:
        """Ask for containers; urgent ones go before those that wait."""
        with self._changed:
            self._wanted = dict.fromkeys(urgent) | self._wanted | dict.fromkeys(others)
            self._changed.notify()

    def close(self) -> None:
        """End after the inspect that is under way."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _next(self) -> list[str]:
        with self._changed:
            while not self._wanted and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                return []
            ids = list(self._wanted)[:DETAILS_AT_ONCE]
            for id_ in ids:
                del self._wanted[id_]
            return ids

    def _read(self) -> None:
        while ids := self._next():
            try:
                self._read_some(ids)
            except (EngineError, StoreAway):
                continue  # The watch meets the same trouble, and asks for all of them again.

    def _read_some(self, ids: list[str]) -> None:
        found = tuple(one for one in map(self._inspect, ids) if one is not None)
        self._rings.put(tuple(replace(one, raw={}) for one in found))
        store.keep_raw(self._engine_id, "container", {one.container_id: one.raw for one in found})

    def _inspect(self, id_: str) -> ContainerDetails | None:
        """Inspect one; None for one that vanished, or that the engine cannot describe in time.

        One that hangs keeps the details of no other.
        """
        if self._is_closed:
            return None
        try:
            return take_details(connect(self._address), id_)
        except EngineError as error:
            if error.kind not in ("refused", "timeout"):
                raise
            return None
