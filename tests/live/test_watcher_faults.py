"""A watched engine that goes wrong is said to be, and is followed again when it comes back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from netdash.engine.client import Address
from netdash.live import status, store, watcher
from tests.brokers import Broker
from tests.engine.proxies import forward_to, open_unix_door
from tests.live.following import (
    ENGINE,
    engine,
    read_stored,
    wait_for_state,
    wait_for_truth,
    watching,
)
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

__all__ = ["engine"]


def test_an_engine_that_restarts_is_followed_again(engine: SimulatedEngine, broker: Broker) -> None:
    with watching(engine.address):
        wait_for_truth(engine.address)
        engine.kill()
        wait_for_state("reconnecting")
        assert store.read_status(ENGINE).sentence
        engine.start()
        wait_for_state("live")
        engine.docker("network", "create", "after")
        wait_for_truth(engine.address)


def test_an_engine_that_stays_away_is_said_to_be_with_a_remedy(
    engine: SimulatedEngine, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "HOPE_SECONDS", 0.0)
    with watching(engine.address):
        wait_for_truth(engine.address)
        before = read_stored()
        engine.stop()
        wait_until(
            lambda: "no engine socket" in store.read_status(ENGINE).sentence,
            "it says what is wrong",
        )
        said = store.read_status(ENGINE)
        assert said.state == "away"
        assert said.remedy
        assert said.since is not None
        assert read_stored() == before
        engine.start()
        wait_for_state("live")
        wait_for_truth(engine.address)


def test_a_dropped_event_stream_is_opened_again(engine: SimulatedEngine, broker: Broker) -> None:
    with watching(engine.address):
        wait_for_truth(engine.address)
        engine.faults.drop_events()
        engine.docker("network", "create", "meanwhile")
        wait_for_truth(engine.address)
        engine.docker("network", "create", "afterwards")
        wait_for_truth(engine.address)


def test_an_engine_that_refuses_is_not_live_until_it_answers(
    engine: SimulatedEngine, broker: Broker
) -> None:
    with watching(engine.address):
        engine.faults.refuse()
        engine.state.events.publish("network", "create", "x", {"name": "x"})
        wait_for_state("away")
        assert "refuse" in store.read_status(ENGINE).sentence
        engine.faults.clear()
        wait_for_state("live")
        wait_for_truth(engine.address)


def test_a_redis_that_is_killed_and_loses_all_is_filled_again(
    engine: SimulatedEngine, own_broker: Broker
) -> None:
    with watching(engine.address) as watch:
        wait_for_truth(engine.address)
        own_broker.stop(signal.SIGKILL)
        engine.docker("network", "create", "meanwhile")
        own_broker.start()
        own_broker.empty()
        watch.restore()  # what the supervisor does when it meets another run of the server
        wait_for_truth(engine.address)
        wait_for_state("live")
        wait_until(
            lambda: store.load_raw(ENGINE, "container", read_stored().containers[0].id),
            "the engine's own JSON is kept again",
        )


class Barrier(list[str]):
    """Requests; while it is shut, a list of containers waits on its way to the engine."""

    def __init__(self) -> None:
        super().__init__()
        self.is_open = threading.Event()
        self.is_open.set()

    def append(self, request: str) -> None:
        """Note a request, and hold it up."""
        super().append(request)
        if "/containers/json" in request:
            self.is_open.wait()


@pytest.fixture
def barrier() -> Iterator[Barrier]:
    """Open to everything, until a test shuts it."""
    barrier = Barrier()
    yield barrier
    barrier.is_open.set()


def test_an_engine_that_hangs_during_a_reading_is_not_live_until_it_answers(
    engine: SimulatedEngine,
    broker: Broker,
    tmp_path: Path,
    barrier: Barrier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(status, "PATIENT_SECONDS", 0.5)
    with (
        open_unix_door(tmp_path / "s", forward_to(engine.address, barrier)) as address,
        watching(address),
    ):
        wait_for_truth(engine.address)
        barrier.is_open.clear()
        engine.docker("pause", engine.docker("ps", "-q", "--filter", "status=running").split()[0])
        wait_for_state("stale")
        assert store.read_status(ENGINE).since is not None
        barrier.is_open.set()
        wait_for_state("live")
        wait_for_truth(engine.address)


def test_a_watch_ends_when_it_is_told_and_leaves_no_stream_open(
    engine: SimulatedEngine, broker: Broker
) -> None:
    with watching(engine.address):
        assert len(engine.state.events.streams) == 1
    wait_until(lambda: not engine.state.events.streams, "the stream is closed")


def test_a_watch_of_nothing_ends_as_quickly(broker: Broker, tmp_path: Path) -> None:
    watch = watcher.Watch(ENGINE, Address(f"unix://{tmp_path}/none.sock"))
    watch.start()
    wait_for_state("away")
    watch.stop()
    watch.join(30)
    assert not watch.is_alive()
