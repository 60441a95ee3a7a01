"""Rows that a killed process left under way end by themselves, with what the engine shows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from netdash.jobs.settling import settle_rows
from netdash.jobs.undoing import find_plan_entries, plan_undo, undo
from netdash.jobs.writing import Author, write_entry
from netdash.live.refresh import refresh
from netdash.live.turns import taking_turn
from netdash.models import Engine, JournalEntry
from netdash.topology.changes import ConnectContainer, Step
from netdash.topology.snapshot import Snapshot
from tests.brokers import Broker
from tests.simulated import SimulatedEngine
from tests.stored import make_read_row, read

NOBODY = Author(name="somebody")


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """Two networks, and web on one of them."""
    engine = SimulatedEngine()
    for name in ("front", "back"):
        engine.docker("network", "create", name)
    engine.docker("run", "-d", "--name", "web", "--network", "front", "busybox:local")
    yield engine
    engine.close()


@pytest.fixture
def row(db: None, broker: Broker, engine: SimulatedEngine) -> Iterator[Engine]:
    """The row of the engine, read once."""
    yield from make_read_row(engine.address)


def connect_to_back(snapshot: Snapshot) -> ConnectContainer:
    network = next(one for one in snapshot.networks if one.name == "back")
    return ConnectContainer(network.id, "back", snapshot.containers[0].id, "web")


def leave_row(row: Engine, minutes: int = 6) -> JournalEntry:
    """Write the row of a connection whose process was killed some minutes ago."""
    before = read(row)
    entry = write_entry(row, Step(connect_to_back(before)), before, NOBODY, uuid.uuid4(), 0)
    JournalEntry.objects.update(at=timezone.now() - timedelta(minutes=minutes))
    return entry


def test_what_the_engine_shows_was_done_and_can_be_taken_back(
    row: Engine, engine: SimulatedEngine
) -> None:
    entry = leave_row(row)
    engine.docker("network", "connect", "back", "web")
    assert settle_rows() == 1
    entry.refresh_from_db()
    assert entry.outcome == "done"
    refresh(row)
    assert undo(plan_undo(find_plan_entries(entry), read(row)), NOBODY).is_done
    places = [one.network_name for one in read(row).containers[0].endpoints]
    assert places == ["front"]


def test_what_the_engine_does_not_show_is_not_known(row: Engine) -> None:
    entry = leave_row(row)
    assert settle_rows() == 1
    entry.refresh_from_db()
    assert (entry.outcome, entry.undo) == ("unknown", [])
    assert "does not show" in entry.sentence
    assert settle_rows() == 0


def test_a_row_that_cannot_be_read_any_more_keeps_no_other_one_open(row: Engine) -> None:
    unreadable = leave_row(row)
    JournalEntry.objects.update(change={"kind": "what no version knows"})
    entry = leave_row(row)
    assert settle_rows() == 2
    for one in (unreadable, entry):
        one.refresh_from_db()
        assert one.outcome == "unknown"
    assert "another version" in unreadable.sentence


def test_a_row_that_somebody_is_at_is_left_alone(row: Engine) -> None:
    leave_row(row, minutes=4)
    assert settle_rows() == 0
    leave_row(row)
    with taking_turn(row.pk, [connect_to_back(read(row))]):
        assert settle_rows() == 0
    assert not JournalEntry.objects.exclude(outcome="running").exists()


def test_an_engine_that_does_not_answer_is_waited_for_but_not_for_ever(
    row: Engine, engine: SimulatedEngine
) -> None:
    entry = leave_row(row)
    engine.close()
    assert settle_rows() == 0
    JournalEntry.objects.update(at=timezone.now() - timedelta(hours=2))
    assert settle_rows() == 1
    entry.refresh_from_db()
    assert entry.outcome == "unknown"
