"""A watched engine, as the tests of this folder hold it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from netdash.engine.client import Address, open_client, read_facts
from netdash.engine.details import add_details, take_details
from netdash.engine.reader import take_snapshot
from netdash.live import store
from netdash.live.watcher import Watch
from netdash.topology.snapshot import Snapshot
from tests.simulated import SimulatedEngine
from tests.waiting import LIMIT_SECONDS, wait_until

ENGINE = 1


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """A simulated three-tier engine."""
    engine = SimulatedEngine(scene="tiers")
    yield engine
    engine.close()


@contextmanager
def watching(address: str, engine_id: int = ENGINE) -> Iterator[Watch]:
    """Watch an engine in a thread, from live on to the end of the block."""
    watch = Watch(engine_id, Address(address))
    watch.start()
    try:
        wait_for_state("live", engine_id)
        yield watch
    finally:
        watch.stop()
        watch.join(30)
        assert not watch.is_alive()


def read_stored(engine_id: int = ENGINE) -> Snapshot:
    """Give what the pages would show now, or nothing while there is nothing."""
    try:
        stored = store.latest(engine_id)
    except store.StoreAway:
        return Snapshot()
    return stored.snapshot if stored else Snapshot()


def read_version(engine_id: int = ENGINE) -> int:
    """Give the version that the pages would show now; 0 while there is none."""
    stored = store.latest(engine_id)
    return stored.version if stored else 0


def wait_for(
    is_there: Callable[[Snapshot], object],
    what: str,
    engine_id: int = ENGINE,
    seconds: float = LIMIT_SECONDS,
) -> None:
    """Wait until the pages would show it."""
    wait_until(lambda: is_there(read_stored(engine_id)), what, seconds)


def wait_for_state(state: str, engine_id: int = ENGINE) -> None:
    """Wait until the pages would say so."""

    def is_said() -> bool:
        try:
            return store.read_status(engine_id).state == state
        except store.StoreAway:
            return False

    wait_until(is_said, f"the status is {state}")


def read_truth(address: str) -> Snapshot:
    """Read the engine itself, with every detail, on a connection of its own."""
    client = open_client(address)
    try:
        snapshot = take_snapshot(client, read_facts(client))
        details = {one.id: take_details(client, one.id) for one in snapshot.containers}
        return add_details(snapshot, details)
    finally:
        client.close()


def wait_for_truth(address: str, engine_id: int = ENGINE) -> None:
    """Wait until the pages would show exactly what the engine says, details included."""
    truth = read_truth(address)
    wait_until(lambda: read_stored(engine_id) == truth, "the store equals the engine")


def has_state(found: Snapshot, name: str, state: str) -> bool:
    """Tell whether a container of that name is in that state."""
    return any(one.name == name and one.state == state for one in found.containers)


def has_network(found: Snapshot, name: str) -> bool:
    """Tell whether there is a network of that name."""
    return any(one.name == name for one in found.networks)


def requests_of_lists(requests: list[str]) -> list[str]:
    """Name the lists that requests asked for, in their order."""
    words = ("/containers/json", "/networks")
    return [word for request in requests for word in words if word in request]
