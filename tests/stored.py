"""An engine's row that has been read, and what the store holds of it, for tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netdash.engine.client import forget
from netdash.live import store
from netdash.live.refresh import refresh
from netdash.models import Engine
from netdash.topology.snapshot import Snapshot
from tests.brokers import Broker
from tests.simulated import SimulatedEngine


@pytest.fixture
def tiers() -> Iterator[SimulatedEngine]:
    """The scene of three tiers: nginx, react on frontend; api between; postgres, redis."""
    engine = SimulatedEngine(scene="tiers")
    yield engine
    engine.close()


@pytest.fixture
def row(db: None, broker: Broker, tiers: SimulatedEngine) -> Iterator[Engine]:
    """The row of the engine of three tiers, read once."""
    yield from make_read_row(tiers.address)


@pytest.fixture
def shared_row(transactional_db: None, broker: Broker, tiers: SimulatedEngine) -> Iterator[Engine]:
    """The same, where other threads look at it too."""
    yield from make_read_row(tiers.address)


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
