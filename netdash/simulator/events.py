"""What the engine tells as it happens: a ring of 256 events and the streams that follow it."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

RING_SIZE = 256
QUEUE_SIZE = 1024
"""A stream that is this far behind loses what comes next, as with Docker."""

LEGACY_TYPES = ("container", "image")


@dataclass(frozen=True, slots=True)
class Event:
    """One event; ``attributes`` are those of its actor."""

    kind: str
    action: str
    id: str
    attributes: dict[str, str]
    at: int

    def as_json(self) -> dict[str, Any]:
        """Write it as ``GET /events`` does."""
        legacy = {}
        if self.kind in LEGACY_TYPES:
            legacy = {"status": self.action, "id": self.id}
            if image := self.attributes.get("image"):
                legacy["from"] = image
        return legacy | {
            "Type": self.kind,
            "Action": self.action,
            "Actor": {"ID": self.id, "Attributes": self.attributes},
            "scope": "local",
            "time": self.at // 10**9,
            "timeNano": self.at,
        }


Stream = queue.Queue[Event | None]


@dataclass
class EventLog:
    """The ring and its followers; ``None`` in a stream means that it is over."""

    ring: deque[Event] = field(default_factory=lambda: deque(maxlen=RING_SIZE))
    streams: list[Stream] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    last_at: int = 0

    def publish(self, kind: str, action: str, actor_id: str, attributes: dict[str, str]) -> Event:
        """Stamp an event, later than every one before it, and hand it to all streams."""
        with self.lock:
            self.last_at = max(time.time_ns(), self.last_at + 1)
            event = Event(kind, action, actor_id, attributes, self.last_at)
            self.ring.append(event)
            for stream in self.streams:
                if stream.qsize() < QUEUE_SIZE:
                    stream.put(event)
        return event

    def follow(self, since: int | None) -> tuple[list[Event], Stream]:
        """Open a stream; first come the events kept from ``since`` on (inclusive), if asked."""
        stream: Stream = queue.Queue()
        with self.lock:
            self.streams.append(stream)
            past = [] if since is None else [e for e in self.ring if e.at >= since]
        return past, stream

    def leave(self, stream: Stream) -> None:
        """Close one stream."""
        with self.lock:
            if stream in self.streams:
                self.streams.remove(stream)
        stream.put(None)

    def drop_streams(self) -> int:
        """End every open stream, as an engine that goes away does; say how many."""
        with self.lock:
            dropped, self.streams = self.streams, []
        for stream in dropped:
            stream.put(None)
        return len(dropped)

    def forget(self) -> None:
        """Empty the ring, as a restart does."""
        with self.lock:
            self.ring.clear()
