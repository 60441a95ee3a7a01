"""The stream says what happened, in the words of one vocabulary, on every engine."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from netdash.engine.client import open_client
from netdash.engine.events import EngineEvent, EventStream, format_since, parse_event, watch
from tests.engine.scenes import run
from tests.engines import IMAGE, RunningEngine
from tests.waiting import wait_until


class Listener:
    """Reads a stream in a thread of its own."""

    def __init__(self, engine: RunningEngine, since: int | None = None) -> None:
        self.client = open_client(engine.address)
        self.stream: EventStream = watch(self.client, since)
        self.heard: list[EngineEvent] = []
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        for event in self.stream:
            self.heard.append(event)

    def wait(self, kind: str, action: str, name: str) -> EngineEvent:
        def find() -> EngineEvent | None:
            for event in list(self.heard):
                if (event.kind, event.action, event.name) == (kind, action, name):
                    return event
            return None

        found = wait_until(find, f"the engine tells: {kind} {action} {name}")
        assert found is not None
        return found

    def close(self) -> None:
        self.stream.close()
        wait_until(lambda: not self.thread.is_alive(), "a closed stream ends")
        self.client.close()


@pytest.fixture
def listener(any_engine: RunningEngine) -> Iterator[Listener]:
    listener = Listener(any_engine)
    yield listener
    listener.close()


def test_every_change_of_the_topology_rings(any_engine: RunningEngine, listener: Listener) -> None:
    docker = any_engine.docker
    network_id = docker("network", "create", "front")
    run(any_engine, "web", "bridge")
    web_id = docker("inspect", "--format", "{{.Id}}", "web")
    docker("network", "connect", "front", "web")
    docker("network", "disconnect", "front", "web")
    docker("rename", "web", "site")
    docker("pause", "site")
    docker("unpause", "site")
    docker("stop", "site")
    docker("rm", "site")
    docker("network", "rm", "front")

    made = listener.wait("network", "create", "front")
    assert (made.id, made.network_id, made.container_id) == (network_id, network_id, "")
    started = listener.wait("container", "start", "web")
    assert (started.id, started.container_id, started.network_id) == (web_id, web_id, "")
    for action in ("connect", "disconnect"):
        moved = listener.wait("network", action, "front")
        assert (moved.network_id, moved.container_id) == (network_id, web_id)
    for action in ("rename", "pause", "unpause", "die", "stop", "destroy"):
        assert listener.wait("container", action, "site").container_id == web_id
    assert listener.wait("network", "destroy", "front").network_id == network_id
    stamps = [event.at_nanoseconds for event in listener.heard]
    assert all(stamp > 10**18 for stamp in stamps)


def test_probes_of_health_and_netdashs_own_containers_are_silent(
    any_engine: RunningEngine, listener: Listener
) -> None:
    any_engine.docker("create", "--name", "probe", "--label", "netdash.helper=1", IMAGE)
    any_engine.docker("create", "--name", "web", IMAGE)
    listener.wait("container", "create", "web")
    assert "probe" not in {event.name for event in listener.heard}
    assert not [event for event in listener.heard if event.action.startswith("exec")]


def test_since_repeats_what_was_told_from_that_moment_on(any_engine: RunningEngine) -> None:
    first = Listener(any_engine)
    any_engine.docker("network", "create", "one")
    any_engine.docker("network", "create", "two")
    seen = first.wait("network", "create", "two")
    first.close()
    again = Listener(any_engine, since=seen.at_nanoseconds)
    assert again.wait("network", "create", "two") == seen, "the moment itself is included"
    assert [event.name for event in again.heard] == ["two"]
    again.close()


def test_the_stream_ends_without_an_error_when_the_engine_stops(any_engine: RunningEngine) -> None:
    listener = Listener(any_engine)
    any_engine.stop()
    wait_until(lambda: not listener.thread.is_alive(), "the stream of a stopped engine ends")
    any_engine.start()
    listener.client.close()
    again = Listener(any_engine)
    any_engine.docker("network", "create", "front")
    again.wait("network", "create", "front")
    again.close()


def test_nanoseconds_are_written_whole() -> None:
    assert format_since(1795885611000000007) == "1795885611.000000007"
    assert format_since(None) is None


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"Type": "image", "Action": "pull"},
        {"Type": "container", "Action": "exec_start: true"},
        {"Type": "container", "Action": "kill", "Actor": None},
    ],
)
def test_what_does_not_concern_the_topology_is_dropped(found: dict[str, object]) -> None:
    assert parse_event(found) is None


def test_health_rings_whatever_its_outcome() -> None:
    found = {
        "Type": "container",
        "Action": "health_status: unhealthy",
        "Actor": {"ID": "c1", "Attributes": {"name": "web"}},
        "timeNano": 7,
    }
    assert parse_event(found) == EngineEvent(
        "container", "health_status", "c1", "web", container_id="c1", at_nanoseconds=7
    )


def test_a_prune_names_nothing() -> None:
    found = {"Type": "network", "Action": "prune", "Actor": {"ID": "", "Attributes": {}}}
    assert parse_event(found) == EngineEvent("network", "prune")
