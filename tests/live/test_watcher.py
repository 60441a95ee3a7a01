"""The store equals a watched engine after whatever happened on it, at the cost of few calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from netdash.engine.client import open_client
from netdash.live import store, watcher
from tests.brokers import Broker
from tests.engine.proxies import forward_to, open_unix_door
from tests.engines import RealEngine
from tests.live.following import (
    ENGINE,
    engine,
    has_network,
    has_state,
    read_stored,
    requests_of_lists,
    wait_for,
    wait_for_truth,
    watching,
)
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

__all__ = ["engine"]


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
