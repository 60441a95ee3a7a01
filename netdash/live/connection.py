"""One Redis client per process and address, and the one word for "it does not answer"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import ConstantBackoff
from redis.retry import Retry

ANSWER_SECONDS = 5


class StoreAway(Exception):  # noqa: N818
    """Redis does not answer; nothing can be shown until it does."""


def connect() -> Any:
    """Return this process's client for ``REDIS_URL``; no connection is opened yet.

    Its annotations say "bytes or text" of every answer; here all answers are bytes.
    """
    return open_client(settings.REDIS_URL)


@lru_cache(maxsize=8)
def open_client(url: str) -> Any:
    """Make the client of an address.

    A connection that broke (Redis restarted) is opened anew once, without a wait.
    """
    return redis.Redis.from_url(
        url,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(ConstantBackoff(0.02), 2),
    )


@contextmanager
def reaching() -> Iterator[Any]:
    """Give the client; turn "no connection", "still loading" and timeouts into `StoreAway`."""
    try:
        yield connect()
    except (redis.ConnectionError, redis.TimeoutError, OSError) as error:
        raise StoreAway(str(error)) from error


def name_key(engine_id: int, *parts: str) -> str:
    """Name a key of an engine."""
    return ":".join(("netdash", "engine", str(engine_id), *parts))


def read_clock(client: Any) -> float:
    """Read the one clock that all processes share, Redis's: seconds since 1970."""
    seconds, microseconds = client.time()
    return int(seconds) + int(microseconds) / 1_000_000


def read_shared_clock() -> float:
    """Read the clock that all processes share, when nothing else is asked of Redis."""
    with reaching() as client:
        return read_clock(client)
