"""A request that changes an engine reads it itself: the watcher lets it go first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from netdash.live.connection import StoreAway, name_key, reaching

LONGEST_MILLISECONDS = 1000
AFTERWARDS_MILLISECONDS = 200
"""The browser draws what was stored; a reading that only confirms it would slow that down."""


@contextmanager
def answering(engine_id: int) -> Iterator[None]:
    """Say that whoever is in here will store what it changed; forgotten soon after."""
    key = name_key(engine_id, "answering")
    with reaching() as client:
        client.set(key, 1, px=LONGEST_MILLISECONDS)
    try:
        yield
    finally:
        with suppress(StoreAway), reaching() as client:
            client.pexpire(key, AFTERWARDS_MILLISECONDS)


def is_answering(engine_id: int) -> bool:
    """Tell whether a request is about to store its own change, or has just done so."""
    with reaching() as client:
        return bool(client.exists(name_key(engine_id, "answering")))
