"""A watched engine and its store are equal again after whatever happened to either."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from netdash.engine.client import Address, open_client
from netdash.live import refresh, status, store, watcher
from netdash.live.answering import answering, is_answering
from netdash.live.connection import read_shared_clock
from netdash.models import Engine
from netdash.topology.snapshot import Container, Snapshot
from tests.brokers import Broker
from tests.engine.proxies import forward_to, open_unix_door
from tests.engines import RealEngine
from tests.live.following import (
    ENGINE,
    read_stored,
    read_version,
    wait_for,
    wait_for_state,
    wait_for_truth,
    watching,
)
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """A simulated three-tier engine."""
    engine = SimulatedEngine(scene="tiers")
    yield engine
    engine.close()


def count(requests: list[str], word: str) -> int:
    return sum(word in request for request in requests)


def count_lists(requests: list[str]) -> int:
    return count(requests, "/containers/json") + count(requests, "/networks")


def test_the_first_reading_is_complete_with_details(
    engine: SimulatedEngine, broker: Broker
) -> None:
    with watching(engine.address):
        wait_for_truth(engine.address)
        stored = read_stored()
    assert len(stored.containers) >= 5
    assert all(container.started_at is not None for container in stored.containers)


@pytest.mark.parametrize("scene", ["tiers", "large"])
def test_a_refresh_after_events_is_two_calls_whatever_the_size(
    scene: str, broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "RECONCILE_SECONDS", 3600.0)
    engine, requests = SimulatedEngine(scene=scene), list[str]()
    engine.docker("network", "create", "aside")
    engine.docker("create", "--name", "one", "--network", "aside", "busybox:local")
    engine.docker("start", "one")
    with (
        open_unix_door(tmp_path / "s", forward_to(engine.address, requests)) as address,
        watching(address),
    ):
        wait_for_truth(engine.address)
        assert count_lists(requests) == 2
        requests.clear()
        engine.docker("pause", "one")
        wait_for(lambda found: has_state(found, "one", "paused"), "the pause shows")
        assert count_lists(requests) == 2
        assert count(requests, "filters=%7B%22id%22") == 1
        requests.clear()
        engine.docker("network", "create", "another")
        wait_for(lambda found: has_network(found, "another"), "the network shows")
        assert requests_of_lists(requests) == ["/networks"]
    engine.close()


def has_state(found: Snapshot, name: str, state: str) -> bool:
    return any(one.name == name and one.state == state for one in found.containers)


def has_network(found: Snapshot, name: str) -> bool:
    return any(one.name == name for one in found.networks)


def requests_of_lists(requests: list[str]) -> list[str]:
    words = ("/containers/json", "/networks")
    return [word for request in requests for word in words if word in request]


def test_health_probes_and_signals_cost_nothing(
    engine: SimulatedEngine, broker: Broker, tmp_path: Path
) -> None:
    requests: list[str] = []
    container = next(iter(engine.state.containers.values()))
    with (
        open_unix_door(tmp_path / "s", forward_to(engine.address, requests)) as address,
        watching(address),
    ):
        wait_for_truth(engine.address)
        requests.clear()
        for number in range(200):
            action = ("exec_create: sh", "exec_start: sh", "exec_die", "kill", "top")[number % 5]
            engine.state.events.publish("container", action, container.id, {"name": "x"})
        engine.docker("network", "create", "last")
        wait_for(lambda found: has_network(found, "last"), "the network shows")
        assert requests_of_lists(requests) == ["/networks"]


def test_a_burst_of_5000_events_costs_few_calls_and_ends_equal(
    engine: SimulatedEngine, broker: Broker, tmp_path: Path
) -> None:
    requests: list[str] = []
    ids = list(engine.state.containers)
    with (
        open_unix_door(tmp_path / "s", forward_to(engine.address, requests)) as address,
        watching(address),
    ):
        wait_for_truth(engine.address)
        requests.clear()
        engine.faults.burst(5000, ids[0])
        engine.docker("network", "create", "after-the-burst")
        wait_for(lambda found: has_network(found, "after-the-burst"), "the last event shows")
        wait_for_truth(engine.address)
        assert count_lists(requests) < 500


def test_a_story_of_changes_ends_equal(engine: SimulatedEngine, broker: Broker) -> None:
    with watching(engine.address):
        engine.docker("network", "create", "--subnet", "10.77.0.0/24", "side")
        engine.docker("create", "--name", "idle", "--network", "side", "busybox:local")
        engine.docker("run", "-d", "--name", "busy", "--network", "side", "busybox:local")
        engine.docker("network", "create", "more")
        engine.docker("network", "connect", "--alias", "b", "more", "busy")
        wait_for_truth(engine.address)
        engine.docker("rename", "busy", "busier")
        engine.docker("network", "disconnect", "side", "busier")
        engine.docker("stop", "busier")
        wait_for_truth(engine.address)
        engine.docker("rm", "-f", "busier")
        engine.docker("network", "rm", "more")
        wait_for_truth(engine.address)


def test_a_network_that_goes_and_comes_under_its_name_moves_what_waits_for_it(
    engine: SimulatedEngine, broker: Broker
) -> None:
    engine.docker("network", "create", "side")
    engine.docker("create", "--name", "idle", "--network", "side", "busybox:local")
    with watching(engine.address):
        wait_for_truth(engine.address)
        engine.docker("network", "rm", "side")
        wait_for_truth(engine.address)
        engine.docker("network", "create", "side")
        wait_for_truth(engine.address)


def test_what_rings_no_bell_is_seen_by_the_next_full_reading(
    engine: SimulatedEngine, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "RECONCILE_SECONDS", 1.0)
    engine.docker("network", "create", "side")
    engine.docker("create", "--name", "idle", "busybox:local")
    with watching(engine.address):
        wait_for_truth(engine.address)
        engine.docker("network", "connect", "--alias", "lazy", "side", "idle")
        wait_for_truth(engine.address)


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


def test_the_engine_s_own_words_are_kept_and_outlive_the_thing(
    engine: SimulatedEngine, broker: Broker
) -> None:
    engine.docker("network", "create", "side")
    with watching(engine.address):
        wait_for_truth(engine.address)
        network = next(one for one in read_stored().networks if one.name == "side")
        raw = wait_until(lambda: store.load_raw(ENGINE, "network", network.id), "its JSON is kept")
        assert (raw or {})["Name"] == "side"
        assert store.find_gone_at(ENGINE, "network", network.id) is None
        engine.docker("network", "rm", "side")
        wait_until(lambda: store.find_gone_at(ENGINE, "network", network.id), "it is noted as gone")
        assert store.load_raw(ENGINE, "network", network.id) == raw


def test_a_refresh_of_one_s_own_knows_what_rings_no_bell(
    engine: SimulatedEngine, broker: Broker
) -> None:
    row = Engine(pk=ENGINE, name="e", slug="e", address=engine.address)
    engine.docker("network", "create", "side")
    engine.docker("create", "--name", "idle", "busybox:local")
    with watching(engine.address):
        wait_for_truth(engine.address)
        engine.docker("network", "connect", "--alias", "lazy", "side", "idle")
        version = refresh.refresh(row)
        assert read_version() >= version
        wait_for_truth(engine.address)
        endpoints = {e.network_name: e for e in find(read_stored(), "idle").endpoints}
        assert endpoints["side"].aliases == ("lazy",)
        engine.docker("network", "create", "other")  # an event must not bring the old back
        wait_for_truth(engine.address)


def test_a_request_that_stores_its_own_change_holds_the_watcher_up_for_a_moment_only(
    engine: SimulatedEngine, broker: Broker
) -> None:
    with watching(engine.address):
        with answering(ENGINE):
            assert is_answering(ENGINE)
            engine.docker("network", "create", "side")
            wait_for(lambda found: has_network(found, "side"), "the network shows")
        wait_until(lambda: not is_answering(ENGINE), "the request is forgotten")


class Meddler(list[str]):
    """Requests; at the next list of networks somebody stores a reading that began later."""

    is_armed = False

    def append(self, request: str) -> None:
        """Note a request, and meddle once."""
        super().append(request)
        if self.is_armed and "/networks" in request:
            self.is_armed = False
            store.save(ENGINE, read_stored(), read_shared_clock() + 0.5)


def test_a_reading_that_came_too_late_to_be_kept_is_made_again_at_once(
    engine: SimulatedEngine, broker: Broker, tmp_path: Path
) -> None:
    requests = Meddler()
    with (
        open_unix_door(tmp_path / "s", forward_to(engine.address, requests)) as address,
        watching(address),
    ):
        wait_for_truth(engine.address)
        requests.is_armed = True
        engine.docker("network", "create", "side")
        wait_for(
            lambda found: has_network(found, "side"),
            "it shows long before everything is read anyway",
            seconds=watcher.RECONCILE_SECONDS * 0.8,
        )
        assert not requests.is_armed


@contextmanager
def forgetting() -> Iterator[None]:
    """Let nothing that this process decoded be remembered, as when other threads ask too."""
    is_over = threading.Event()

    def forget() -> None:
        while not is_over.wait(0.0001):
            store._decoded_by_key.clear()

    thread = threading.Thread(target=forget)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def test_a_reading_that_another_thread_decodes_meanwhile_is_not_made_again(
    engine: SimulatedEngine, broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "RECONCILE_SECONDS", 3600.0)
    requests: list[str] = []
    with (
        open_unix_door(tmp_path / "s", forward_to(engine.address, requests)) as address,
        watching(address),
    ):
        wait_for_truth(engine.address)
        requests.clear()
        with forgetting():
            for name in ("one", "two", "three"):
                engine.docker("network", "create", name)
                wait_for(partial(has_network, name=name), "the network shows")
        assert requests_of_lists(requests) == ["/networks"] * 3


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


def find(found: Snapshot, name: str) -> Container:
    return next(one for one in found.containers if one.name == name)


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


@pytest.mark.engine
def test_a_real_engine_is_followed_through_a_story(real_engine: RealEngine, broker: Broker) -> None:
    docker, address = real_engine.docker, real_engine.address
    open_client(address).close()
    with watching(address):
        docker("network", "create", "front")
        docker("network", "create", "back")
        docker("run", "-d", "--name", "web", "--network", "front", "busybox:local")
        wait_for(lambda found: has_state(found, "web", "running"), "the container runs")
        docker("network", "connect", "--alias", "w", "back", "web")
        docker("network", "disconnect", "front", "web")
        wait_for_truth(address)
        docker("stop", "web")
        wait_for(lambda found: has_state(found, "web", "exited"), "the container stopped")
        docker("start", "web")
        wait_for_truth(address)
        docker("rm", "-f", "web")
        docker("network", "rm", "front", "back")
        wait_for_truth(address)
