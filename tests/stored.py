"""An engine's row that has been read, and what the store holds of it, for tests."""

from __future__ import annotations

from collections.abc import Iterator

from netdash.engine.client import forget
from netdash.live import store
from netdash.live.refresh import refresh
from netdash.models import Engine
from netdash.topology.snapshot import Snapshot


def make_read_row(address: str) -> Iterator[Engine]:
    """Make the row of an engine and read it once; for a fixture to yield from."""
    row = Engine.objects.create(name="Lab", slug="lab", address=address)
    refresh(row)
    yield row
    forget(row)


def read(row: Engine) -> Snapshot:
    """Give the stored reading."""
    stored = store.latest(row.pk)
    assert stored is not None
    return stored.snapshot
