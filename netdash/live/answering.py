"""A request that changes an engine reads it itself: the watcher lets it go first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from netdash.live.connection import StoreAway, name_key, reaching

LONGEST_MILLISECONDS = 1000


@contextmanager
def answering(engine_id: int) -> Iterator[None]:
    """Say that whoever is in here will store what it changed; forgotten soon if it never ends."""
    key = name_key(engine_id, "answering")
    with reaching() as client:
        client.set(key, 1, px=LONGEST_MILLISECONDS)
    try:
        yield
    finally:
        with suppress(StoreAway), reaching() as client:
            client.delete(key)


def is_answering(engine_id: int) -> bool:
    """Tell whether a request is about to store its own change."""
    with reaching() as client:
        return bool(client.exists(name_key(engine_id, "answering")))
