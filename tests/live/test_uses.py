"""What netdash remembers of the use of networks, and since when."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from netdash.live import store, uses
from netdash.models import Engine, JournalEntry
from netdash.topology.snapshot import Snapshot
from tests.brokers import Broker
from tests.builders import topology

pytestmark = pytest.mark.django_db
NOW = 1_000_000.0
MINUTE = 60.0
USED, LEFT = topology("web: front", "back"), topology("web: back", "front")


@pytest.fixture(autouse=True)
def _broker(broker: Broker) -> None:
    """Every test here has an empty store and a process that remembers nothing."""
    uses._watched_at_by_key.clear()


def watch(*readings: tuple[float, Snapshot]) -> None:
    for at, snapshot in readings:
        uses.note(7, snapshot, at)


def test_nothing_is_known_before_the_first_reading() -> None:
    assert uses.read_memory(7).watched_since is None


def test_a_network_was_last_used_when_it_was_first_seen_unused() -> None:
    watch((NOW, USED), (NOW + MINUTE, LEFT), (NOW + 2 * MINUTE, LEFT))
    memory = uses.read_memory(7)
    assert memory.watched_since == NOW
    assert memory.last_used_at_by_network_id["net-front"] == NOW + MINUTE


def test_a_network_in_use_is_used_now() -> None:
    watch((NOW, LEFT))
    assert uses.read_memory(7).last_used_at_by_network_id["net-back"] == pytest.approx(
        time.time(), abs=60
    )


def test_a_network_that_nobody_used_is_not_in_the_memory() -> None:
    watch((NOW, USED), (NOW + MINUTE, USED))
    assert "net-back" not in uses.read_memory(7).last_used_at_by_network_id


def test_a_pause_begins_the_watch_anew() -> None:
    watch((NOW, USED), (NOW + 14 * MINUTE, USED))
    assert uses.read_memory(7).watched_since == NOW
    later = NOW + 14 * MINUTE + uses.LONGEST_GAP_SECONDS + 1
    watch((later, LEFT))
    memory = uses.read_memory(7)
    assert memory.watched_since == later
    assert memory.last_used_at_by_network_id["net-front"] == later


def test_a_network_that_is_gone_is_forgotten() -> None:
    watch((NOW, USED), (NOW + MINUTE, topology("web: back")))
    assert set(uses.read_memory(7).last_used_at_by_network_id) == {"net-back"}


def test_each_reading_that_is_kept_is_noted() -> None:
    now = time.time()
    store.save(7, USED, begun_at=now - 20)
    store.save(7, LEFT, begun_at=now - 10)
    memory = uses.read_memory(7)
    assert memory.watched_since == pytest.approx(now - 20, abs=0.01)
    assert memory.last_used_at_by_network_id["net-front"] == pytest.approx(now - 10, abs=0.01)


def test_a_reading_that_came_too_late_is_not_noted() -> None:
    now = time.time()
    store.save(7, LEFT, begun_at=now - 20)
    store.save(7, USED, begun_at=now - 10)
    store._decoded_by_key.clear()  # another process, whose slow reading is passed by
    store.save(7, LEFT, begun_at=now - 11)
    last = uses.read_memory(7).last_used_at_by_network_id["net-front"]
    assert last == pytest.approx(time.time(), abs=5)


def test_what_was_stored_and_not_noted_is_noted_within_a_minute() -> None:
    watch((NOW, USED))  # whoever stored what comes next was killed before it was noted
    uses.note(7, LEFT, NOW + 2 * MINUTE, is_new=False)
    memory = uses.read_memory(7)
    assert memory.watched_since == NOW
    assert memory.last_used_at_by_network_id["net-front"] == NOW + 2 * MINUTE


def test_a_forgotten_engine_is_forgotten_here_too() -> None:
    watch((NOW, USED))
    store.forget(7)
    assert uses.read_memory(7).watched_since is None


@pytest.mark.usefixtures("broker")
def test_the_journal_tells_what_came_and_went_between_two_readings() -> None:
    row = Engine.objects.create(name="Local", slug="local", address="unix:///x")
    now = time.time()
    for ago, kind, outcome in (
        (500, "connect", "done"),
        (400, "disconnect", "done"),
        (300, "connect", "refused"),
        (200, "remove", "done"),
    ):
        JournalEntry.objects.create(
            engine=row,
            at=datetime.fromtimestamp(now - ago, UTC),
            kind=kind,
            outcome=outcome,
            network_id="net-back",
            summary="x",
            change={},
        )
    last = uses.read_memory(row.pk).last_used_at_by_network_id["net-back"]
    assert last == pytest.approx(now - 400, abs=1)
