"""Each item of a job happens once on a real engine, whoever dies meanwhile.

``NETDASH_JOB=300,5,2`` runs it at full size: networks, kills of the worker, kills of Redis.
"""

from __future__ import annotations

import os

import pytest

from tests.engines import RealEngine
from tests.jobs.plant import Plant, expect_each_once, plan_networks

COUNT, WORKER_KILLS, REDIS_KILLS = map(int, os.environ.get("NETDASH_JOB", "30,2,1").split(","))


@pytest.mark.engine
@pytest.mark.timeout(900)
def test_a_job_of_many_networks_survives_its_workers_and_redis(real_engine: RealEngine) -> None:
    with Plant(real_engine.address, plan_networks(COUNT)) as plant:
        plant.live_dangerously(WORKER_KILLS, REDIS_KILLS)
        assert plant.wait_for_end(seconds=600) == "done", plant.log.read_text()
        expect_each_once(plant, real_engine.docker)
