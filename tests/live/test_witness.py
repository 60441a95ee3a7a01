"""Changes made elsewhere are written down once, with the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from netdash.live import store, witness
from netdash.live.connection import read_shared_clock
from netdash.live.entries import describe_change
from netdash.live.refresh import refresh
from netdash.models import Engine, JournalEntry
from netdash.topology.change_codec import decode_change
from netdash.topology.changes import ConnectContainer, DisconnectContainer
from netdash.topology.snapshot import Snapshot
from tests.brokers import Broker
from tests.live.following import read_stored, wait_for_truth, watching
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

PLACE = ("network_id", "network_name", "container_id", "container_name")


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """A simulated engine with a container on one of two networks."""
    engine = SimulatedEngine()
    for name in ("front", "back"):
        engine.docker("network", "create", name)
    engine.docker("run", "-d", "--name", "web", "--network", "front", "busybox:local")
    yield engine
    engine.close()


@pytest.fixture
def row(engine: SimulatedEngine, broker: Broker, db: None) -> Engine:
    """The row of the engine, and a store."""
    return Engine.objects.create(name="Sim", slug="sim", address=engine.address)


@pytest.fixture
def look(engine: SimulatedEngine, row: Engine) -> Iterator[Callable[[], int]]:
    """Watch the engine; the function looks once the store equals it."""
    with watching(engine.address, row.pk):

        def look_once() -> int:
            wait_for_truth(engine.address, row.pk)
            return witness.look(row.pk)

        look_once()
        yield look_once


def list_summaries() -> list[str]:
    return [row.summary for row in JournalEntry.objects.order_by("pk")]


def test_what_was_there_at_first_is_no_change(look: Callable[[], int]) -> None:
    assert look() == 0
    assert not JournalEntry.objects.exists()


def test_a_connection_made_at_the_command_line_is_one_row_with_its_undo(
    engine: SimulatedEngine, look: Callable[[], int], row: Engine
) -> None:
    engine.docker("network", "connect", "--alias", "w", "back", "web")
    assert look() == 1
    assert look() == 0
    entry = JournalEntry.objects.get()
    assert (entry.origin, entry.outcome, entry.kind) == ("outside", "done", "connect")
    assert "--alias" in entry.command
    undo = decode_change(entry.undo[0])
    assert isinstance(undo, DisconnectContainer)
    live_ids = {one.id for found in read_stored(row.pk).containers for one in found.endpoints}
    assert undo.endpoint_id in live_ids


def test_own_changes_get_no_second_row(
    engine: SimulatedEngine, look: Callable[[], int], row: Engine
) -> None:
    before = read_stored(row.pk)
    own = JournalEntry(engine=row, outcome="done")
    describe_change(own, connect_to_back(before))
    own.save()
    engine.docker("network", "connect", "back", "web")
    assert look() == 0
    own.refresh_from_db()
    assert own.is_witnessed
    engine.docker("network", "disconnect", "back", "web")
    assert look() == 1
    engine.docker("network", "connect", "back", "web")
    assert look() == 1


def test_own_changes_that_cancel_out_between_two_looks_hide_no_later_one(
    engine: SimulatedEngine, look: Callable[[], int], row: Engine
) -> None:
    before = read_stored(row.pk)
    enter = connect_to_back(before)
    leave = DisconnectContainer(*(getattr(enter, name) for name in PLACE))
    for change in (enter, leave):
        own = JournalEntry(engine=row, outcome="done")
        describe_change(own, change)
        own.save()
    assert look() == 0
    looked_at = read_shared_clock()

    def is_read_again() -> bool:
        refresh(row)
        stored = store.latest(row.pk)
        return stored is not None and stored.taken_at.timestamp() > looked_at + 1.1

    wait_until(is_read_again, "a reading that began well after the first look")
    assert look() == 0
    assert not JournalEntry.objects.filter(is_witnessed=False).exists()
    engine.docker("network", "connect", "back", "web")
    assert look() == 1
    assert JournalEntry.objects.filter(origin="outside").count() == 1


def connect_to_back(snapshot: Snapshot) -> ConnectContainer:
    network = next(one for one in snapshot.networks if one.name == "back")
    return ConnectContainer(network.id, "back", snapshot.containers[0].id, "web")


def test_networks_made_and_removed_are_rows_but_runs_and_stops_are_not(
    engine: SimulatedEngine, look: Callable[[], int]
) -> None:
    engine.docker("network", "create", "side")
    assert look() == 1
    engine.docker("run", "-d", "--name", "db", "--network", "side", "busybox:local")
    engine.docker("stop", "web")
    engine.docker("start", "web")
    engine.docker("restart", "web")
    assert look() == 0
    engine.docker("rm", "-f", "db")
    engine.docker("network", "rm", "side")
    assert look() == 1
    assert list_summaries() == ["Create network side", "Remove network side"]


def test_a_connection_made_right_after_a_run_is_a_row_with_its_undo(
    engine: SimulatedEngine, look: Callable[[], int], row: Engine
) -> None:
    engine.docker("run", "-d", "--name", "db", "--network", "front", "busybox:local")
    engine.docker("network", "connect", "--alias", "store", "back", "db")
    assert look() == 1
    assert look() == 0
    entry = JournalEntry.objects.get()
    assert (entry.summary, entry.origin) == ("Connect db to back", "outside")
    assert "--alias" in entry.command
    undo = decode_change(entry.undo[0])
    assert isinstance(undo, DisconnectContainer)
    made = next(one for one in read_stored(row.pk).containers if one.name == "db").endpoints
    assert undo.endpoint_id in {one.id for one in made if one.network_name == "back"}


def test_a_connection_to_a_network_made_just_before_is_a_row_with_its_undo(
    engine: SimulatedEngine, look: Callable[[], int]
) -> None:
    engine.docker("network", "create", "side")
    engine.docker("network", "connect", "side", "web")
    assert look() == 2
    made, joined = JournalEntry.objects.order_by("pk")
    assert [made.summary, joined.summary] == ["Create network side", "Connect web to side"]
    undo = decode_change(joined.undo[0])
    assert isinstance(undo, DisconnectContainer)
    assert undo.network_id == made.network_id


def test_what_happened_while_no_watcher_was_there_is_caught_up(
    engine: SimulatedEngine, row: Engine
) -> None:
    with watching(engine.address, row.pk):
        wait_for_truth(engine.address, row.pk)
        witness.look(row.pk)
    engine.docker("network", "disconnect", "front", "web")
    engine.docker("network", "rm", "front")
    with watching(engine.address, row.pk):
        wait_for_truth(engine.address, row.pk)
        assert witness.look(row.pk) == 2
    assert list_summaries() == ["Disconnect web from front", "Remove network front"]
