"""From Redis to open browsers: one subscription per engine and process, however many look.

A listener at once gets the version and the status, and again each time they change. Messages
are only doorbells: the store is asked after each, and every few seconds without one, since a
watcher that died rings no bell.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import redis
from django.conf import settings
from redis import asyncio as aredis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from netdash.live.connection import ANSWER_SECONDS, name_key
from netdash.live.feed import Message, open_subscription, read_message
from netdash.live.status import FIELDS, Status, judge

LOOK_SECONDS = 3.0
PAUSE_SECONDS = 1.0
LONGEST_QUEUE = 100
MOST_CANCELLATIONS = 10
STORE_AWAY = Status(
    "stale", None, "netdash's store (Redis) does not answer.", "Start it; the page then recovers."
)
END = Message("end", {})
"""The last message: the process that sends is about to end."""
last_words: list[Message] = []
"""END, once the process is about to end: for who joins too late to hear it."""

Listener = asyncio.Queue[Message]


class Broadcast:
    """Follows one engine for every listener of an event loop."""

    def __init__(self, url: str, engine_id: int) -> None:
        self._url, self._engine_id = url, engine_id
        self.listeners: set[Listener] = set()
        self._newest: dict[str, Message] = {}
        self.task = asyncio.create_task(self._run(), name=f"broadcast {engine_id}")

    def add(self) -> Listener:
        """Begin a listener with what is known."""
        listener: Listener = asyncio.Queue(LONGEST_QUEUE)
        for message in (*self._newest.values(), *last_words):
            listener.put_nowait(message)
        self.listeners.add(listener)
        return listener

    async def end(self) -> None:
        """End the task, though a cancellation may be swallowed on its way."""
        for _ in range(MOST_CANCELLATIONS):
            self.task.cancel()
            if (await asyncio.wait({self.task}, timeout=0.1))[0]:
                return

    async def _run(self) -> None:
        """Follow for ever; while Redis is away say so, and try again each second."""
        while not is_cancelled():
            try:
                await self._follow()
            except (redis.RedisError, OSError):
                self._tell(Message("status", describe(STORE_AWAY)))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _follow(self) -> None:
        client = aredis.Redis.from_url(
            self._url, socket_timeout=ANSWER_SECONDS, retry=Retry(NoBackoff(), 0)
        )
        try:
            async with open_subscription(client, self._engine_id) as subscription:
                while not is_cancelled():
                    await self._look(client)
                    found = await subscription.get_message(timeout=LOOK_SECONDS)
                    while found is not None:
                        self._pass_on(read_message(found))
                        found = await subscription.get_message(timeout=0)
        finally:
            await client.aclose()

    async def _look(self, client: Any) -> None:
        """Ask the store, and tell what is new."""
        seconds, microseconds = await client.time()
        fields = ["version", *FIELDS]
        found = await client.hmget(name_key(self._engine_id), fields)
        if found[0] is not None:
            self._tell(Message("snapshot", {"version": int(found[0])}))
        status = judge(found[1:], int(seconds) + int(microseconds) / 1_000_000)
        self._tell(Message("status", describe(status)))

    def _pass_on(self, message: Message) -> None:
        """Pass a message that is more than a doorbell (a job's progress) to everybody."""
        if message.topic not in ("snapshot", "status"):
            self.send(message)

    def _tell(self, message: Message) -> None:
        if self._newest.get(message.topic) != message:
            self._newest[message.topic] = message
            self.send(message)

    def send(self, message: Message) -> None:
        """Queue for every listener; one that does not take anything any more loses the oldest."""
        for listener in self.listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(message)


_broadcasts: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, int], Broadcast]]
_broadcasts = WeakKeyDictionary()


@asynccontextmanager
async def listen(engine_id: int) -> AsyncIterator[Listener]:
    """Join the broadcast of an engine; the first listener begins it, the last one ends it."""
    broadcasts = _broadcasts.setdefault(asyncio.get_running_loop(), {})
    key = (settings.REDIS_URL, engine_id)
    if key not in broadcasts or broadcasts[key].task.done():
        broadcasts[key] = Broadcast(*key)
    broadcast = broadcasts[key]
    listener = broadcast.add()
    try:
        yield listener
    finally:
        broadcast.listeners.discard(listener)
        if not broadcast.listeners and broadcasts.get(key) is broadcast:
            del broadcasts[key]
            await broadcast.end()


def end_streams() -> None:
    """Tell every listener, and who joins later, that this process ends.

    May be called by a signal's handler.
    """
    last_words[:] = [END]
    for loop, broadcasts in tuple(_broadcasts.items()):
        for broadcast in tuple(broadcasts.values()):
            loop.call_soon_threadsafe(broadcast.send, END)


def is_cancelled() -> bool:
    """Tell whether this task was asked to end; ``wait_for`` may have swallowed the exception.

    Without this the end of a process could wait for ever (Python before 3.12).
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def describe(status: Status) -> dict[str, str | None]:
    """Give a status as the browser reads it."""
    return {
        "state": status.state,
        "since": status.since.isoformat() if status.since else None,
        "sentence": status.sentence,
        "remedy": status.remedy,
    }
