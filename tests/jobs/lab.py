"""A small simulated engine, and short words for jobs on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from netdash.jobs import queue
from netdash.jobs.policies import run_policy
from netdash.jobs.working import carry_out
from netdash.jobs.writing import Author
from netdash.models import CleanupPolicy, CleanupRun, Engine, Job
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    Plan,
    RemoveNetwork,
    Step,
)
from netdash.topology.snapshot import Subnet
from tests.brokers import Broker
from tests.simulated import SimulatedEngine
from tests.stored import make_read_row, read

POLICY = Author(name="policy Nightly", note="every night")


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """Two running containers: web on front, api on back."""
    engine = SimulatedEngine()
    for network, container in (("front", "web"), ("back", "api")):
        engine.docker("network", "create", network)
        engine.docker("run", "-d", "--name", container, "--network", network, "busybox:local")
    yield engine
    engine.close()


@pytest.fixture
def row(transactional_db: None, broker: Broker, engine: SimulatedEngine) -> Iterator[Engine]:
    """The row of the engine, read once."""
    yield from make_read_row(engine.address)


def make(*names: str, first: int = 0) -> list[CreateNetwork]:
    return [
        CreateNetwork(name, subnets=(Subnet(f"10.90.{first + number}.0/24"),))
        for number, name in enumerate(names)
    ]


def enter(row: Engine, container: str, network: str) -> ConnectContainer:
    seen = read(row)
    web = next(one for one in seen.containers if one.name == container)
    ids = [one.id for one in seen.networks if one.name == network]
    return ConnectContainer(ids[0] if ids else "", network, web.id, web.name)


def remove(row: Engine, name: str) -> RemoveNetwork:
    found = next(one for one in read(row).networks if one.name == name)
    return RemoveNetwork(found.id, found.name)


def start(row: Engine, *changes: Change, title: str = "Several", **how: object) -> Job:
    plan = Plan(tuple(Step(change, "as asked") for change in changes), title)
    return queue.start(row, plan, POLICY, **how)  # type: ignore[arg-type]


def run(job: Job) -> Job:
    carry_out(job.pk)
    job.refresh_from_db()
    return job


def states(job: Job) -> list[str]:
    return list(job.items.order_by("position").values_list("state", flat=True))


def names(row: Engine) -> set[str]:
    return {one.name for one in read(row).networks} - {"bridge", "host", "none"}


def run_and_close(pk: int) -> None:
    try:
        carry_out(pk)
    finally:
        connection.close()


def run_to_its_end(policy: CleanupPolicy, **asked: Any) -> CleanupRun:
    """Run a policy that has one engine, and its job, as a worker would."""
    (run,) = run_policy(policy, asked.pop("trigger", CleanupRun.Trigger.SCHEDULE), **asked)
    if run.job is not None:
        carry_out(run.job.pk)
        run.refresh_from_db()
    return run
