"""Each item of a job happens once, whoever dies meanwhile: with real workers and a real Redis."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from netdash.topology.changes import CreateNetwork, Plan, Step
from netdash.topology.snapshot import Subnet
from tests.jobs.plant import Plant
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

COUNT = 40
PLAN = Plan(
    tuple(
        Step(CreateNetwork(f"net-{number:03}", subnets=(Subnet(f"10.80.{number}.0/24"),)))
        for number in range(COUNT)
    ),
    "Forty networks",
)


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """An engine that takes its time, so that a kill hits something under way."""
    engine = SimulatedEngine()
    engine.faults.slow(0.2)
    yield engine
    engine.close()


@pytest.fixture
def plant(engine: SimulatedEngine) -> Iterator[Plant]:
    """Everything but a worker."""
    with Plant(engine.address, PLAN) as plant:
        yield plant


def expect_each_once(plant: Plant, engine: SimulatedEngine) -> None:
    engine.faults.clear()
    names = engine.docker("network", "ls", "--filter", "type=custom", "--format", "{{.Name}}")
    assert Counter(names.split()) == {f"net-{number:03}": 1 for number in range(COUNT)}
    rows = plant.ask(
        "select position, outcome, network_id != '', undo != '[]' from netdash_journalentry"
    )
    assert sorted(rows) == [(number, "done", 1, 1) for number in range(COUNT)]
    assert plant.count("done") == COUNT


def test_workers_and_redis_are_killed_in_the_middle(plant: Plant, engine: SimulatedEngine) -> None:
    for count in (3, 12, 20):
        worker = plant.start_worker()
        plant.wait_for_items(count)
        plant.kill(worker)
    worker = plant.start_worker()
    for count in (24, 30):
        plant.wait_for_items(count)
        plant.broker.stop(signal.SIGKILL)
        wait_until(lambda: "Redis" in plant.read_job()[1], "the job says that it waits for Redis")
        assert plant.read_job()[0] == "running"
        plant.broker.start()
    assert plant.wait_for_end() == "done", plant.log.read_text()
    expect_each_once(plant, engine)


def test_a_worker_that_is_asked_to_end_hands_its_job_on(
    plant: Plant, engine: SimulatedEngine
) -> None:
    engine.faults.slow(1)
    worker = plant.start_worker()
    plant.wait_for_items(5)
    plant.kill(worker, signal.SIGTERM)
    assert worker.returncode == 0
    assert plant.read_job() == ("waiting", "Its worker was stopped; the next one goes on.")
    assert plant.count("running") == 0
    assert 5 <= plant.count("done") < COUNT
    engine.faults.slow(0.1)
    plant.start_worker()
    assert plant.wait_for_end() == "done", plant.log.read_text()
    expect_each_once(plant, engine)
