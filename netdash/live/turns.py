"""One at a time: changes of one engine wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis.exceptions import LockNotOwnedError

from netdash.live.connection import name_key, reaching

LONGEST_SECONDS = 180
"""Longer than any single call to an engine; after that a dead holder is passed over."""
PATIENCE_SECONDS = 30


class Busy(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """Somebody else's change of this engine has been under way for too long."""


@contextmanager
def taking_turn(engine_id: int, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold an engine's turn; raises Busy when it does not come, StoreAway without Redis."""
    with reaching() as client:
        turn = client.lock(
            name_key(engine_id, "turn"),
            timeout=LONGEST_SECONDS,
            sleep=0.02,
            blocking_timeout=patience_seconds,
        )
        has_turn = turn.acquire()
    if not has_turn:
        raise Busy
    try:
        yield
    finally:
        with reaching(), suppress(LockNotOwnedError):
            turn.release()
