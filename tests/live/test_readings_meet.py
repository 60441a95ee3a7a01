"""Readings that meet: of the watcher, of a request, and of another thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from netdash.live import refresh, store, watcher
from netdash.live.answering import answering, is_answering
from netdash.live.connection import read_shared_clock
from netdash.models import Engine
from netdash.topology.snapshot import Container, Snapshot
from tests.brokers import Broker
from tests.engine.proxies import forward_to, open_unix_door
from tests.live.following import (
    ENGINE,
    engine,
    has_network,
    read_stored,
    read_version,
    requests_of_lists,
    wait_for,
    wait_for_truth,
    watching,
)
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

__all__ = ["engine"]


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


def find(found: Snapshot, name: str) -> Container:
    return next(one for one in found.containers if one.name == name)
