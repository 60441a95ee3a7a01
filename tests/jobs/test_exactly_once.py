"""Each item of a job happens once, whoever dies meanwhile: with real workers and a real Redis."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.jobs.plant import Plant, expect_each_once, plan_networks
from tests.simulated import SimulatedEngine


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """An engine that takes its time, so that a kill hits something under way."""
    engine = SimulatedEngine()
    engine.faults.slow(0.5)
    yield engine
    engine.close()


def test_workers_and_redis_are_killed_in_the_middle(engine: SimulatedEngine) -> None:
    with Plant(engine.address, plan_networks(40)) as plant:
        plant.live_dangerously(worker_kills=3, redis_kills=2)
        assert plant.wait_for_end() == "done", plant.log.read_text()
        engine.faults.clear()
        expect_each_once(plant, engine.docker)


def test_a_worker_that_is_asked_to_end_hands_its_job_on(engine: SimulatedEngine) -> None:
    engine.faults.slow(1)
    with Plant(engine.address, plan_networks(30)) as plant:
        worker = plant.start_worker()
        plant.wait_for_items(3)
        plant.kill(worker, signal.SIGTERM)
        assert worker.returncode == 0
        assert plant.read_job() == ("waiting", "Its worker was stopped; the next one goes on.")
        assert plant.count("running") == 0
        assert 3 <= plant.count("done") < 30
        engine.faults.clear()
        plant.start_worker()
        assert plant.wait_for_end() == "done", plant.log.read_text()
        expect_each_once(plant, engine.docker)
