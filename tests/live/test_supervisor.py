"""Which process watches which engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from netdash.live import lease, store
from netdash.live.supervisor import Supervisor
from netdash.models import Engine
from tests.brokers import Broker
from tests.live.following import wait_for_state, wait_for_truth
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """A simulated three-tier engine."""
    engine = SimulatedEngine(scene="tiers")
    yield engine
    engine.close()


@pytest.fixture
def row(engine: SimulatedEngine, broker: Broker, transactional_db: None) -> Engine:
    """The row of the engine, and a store."""
    return Engine.objects.create(name="Sim", slug="sim", address=engine.address)


@pytest.fixture
def start(broker: Broker) -> Iterator[Callable[[], Supervisor]]:
    """Start supervisors whose looks the test takes itself."""
    supervisors: list[Supervisor] = []

    def start_one() -> Supervisor:
        supervisors.append(Supervisor())
        return supervisors[-1]

    yield start_one
    for supervisor in supervisors:
        supervisor.is_stopped.set()
        supervisor.run()


def watches(supervisor: Supervisor) -> set[int]:
    return set(supervisor._watches_by_id)


def test_of_two_watchers_one_watches(row: Engine, start: Callable[[], Supervisor]) -> None:
    first, second = start(), start()
    for supervisor in (first, second, first, second):
        supervisor.look()
    assert (watches(first), watches(second)) == ({row.pk}, set())
    wait_for_state("live", row.pk)


def test_a_watcher_that_is_killed_is_succeeded(
    row: Engine,
    engine: SimulatedEngine,
    start: Callable[[], Supervisor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 2)
    killed, successor = start(), start()
    killed.look()
    wait_for_state("live", row.pk)
    killed._watches_by_id.pop(row.pk).stop()  # no lease is given back, no more beats

    def has_succeeded() -> bool:
        successor.look()
        return row.pk in watches(successor)

    wait_until(has_succeeded, "the lease has run out")
    engine.docker("network", "create", "after")
    wait_for_truth(engine.address, row.pk)
    wait_for_state("live", row.pk)


def test_a_watcher_that_ends_says_so_and_gives_the_lease_back(
    row: Engine, start: Callable[[], Supervisor]
) -> None:
    supervisor = start()
    supervisor.look()
    wait_for_state("live", row.pk)
    supervisor.is_stopped.set()
    supervisor.run()
    assert store.read_status(row.pk).state == "stale"
    assert lease.hold(row.pk, "a successor")


def test_a_row_that_is_added_or_switched_off_is_followed_without_a_restart(
    row: Engine, engine: SimulatedEngine, start: Callable[[], Supervisor]
) -> None:
    supervisor = start()
    supervisor.look()
    wait_for_state("live", row.pk)
    other = Engine.objects.create(name="Other", slug="other", address=engine.address)
    supervisor.look()
    assert watches(supervisor) == {row.pk, other.pk}
    Engine.objects.filter(pk=row.pk).update(is_enabled=False)
    supervisor.look()
    assert watches(supervisor) == {other.pk}
    other.delete()
    supervisor.look()
    assert watches(supervisor) == set()


def test_a_corrected_address_is_watched_instead(
    row: Engine, engine: SimulatedEngine, start: Callable[[], Supervisor]
) -> None:
    Engine.objects.filter(pk=row.pk).update(address="unix:///run/none.sock")
    supervisor = start()
    supervisor.look()
    wait_for_state("away", row.pk)
    Engine.objects.filter(pk=row.pk).update(address=engine.address)
    supervisor.look()
    wait_for_state("live", row.pk)
    wait_for_truth(engine.address, row.pk)


def test_a_redis_that_lost_all_is_filled_again_though_nothing_happens(
    row: Engine,
    engine: SimulatedEngine,
    start: Callable[[], Supervisor],
    own_broker: Broker,
) -> None:
    supervisor = start()
    supervisor.look()
    wait_for_state("live", row.pk)
    own_broker.stop()
    own_broker.folder.joinpath("valkey.rdb").unlink(missing_ok=True)
    supervisor.look()
    own_broker.start()
    supervisor.look()
    wait_for_truth(engine.address, row.pk)
    wait_for_state("live", row.pk)
