"""Doorbells between processes: "snapshot 42 of engine 1", "its status changed", "job 7".

A message may be lost (nobody listens while Redis restarts), so listeners also look at the
store now and then; what a message says is never needed to be right.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from redis import asyncio as aredis

from netdash.live.connection import name_key, reaching


@dataclass(frozen=True, slots=True)
class Message:
    """One doorbell: its topic (snapshot, status, job …) and what it says."""

    topic: str
    payload: dict[str, Any]


def publish(engine_id: int, topic: str, payload: dict[str, Any]) -> None:
    """Tell every process that follows this engine."""
    with reaching() as client:
        client.publish(name_key(engine_id, "feed"), json.dumps([topic, payload]))


@asynccontextmanager
async def open_subscription(
    client: aredis.Redis, engine_id: int
) -> AsyncIterator[aredis.client.PubSub]:
    """Subscribe to one engine; every message from now on waits in the subscription."""
    subscription = client.pubsub(ignore_subscribe_messages=True)
    try:
        await subscription.subscribe(name_key(engine_id, "feed"))
        yield subscription
    finally:
        await subscription.aclose()  # type: ignore[no-untyped-call]


def read_message(found: dict[str, Any]) -> Message:
    """Translate what a subscription received."""
    topic, payload = json.loads(found["data"])
    return Message(topic, payload)
