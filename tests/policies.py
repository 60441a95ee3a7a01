"""A policy on a simulated engine whose networks are old enough to go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netdash.engine.client import forget
from netdash.models import CleanupPolicy, CleanupRun, Engine
from netdash.topology.candidates import CleanupFilter, encode_filter
from tests.brokers import Broker
from tests.simulated import SimulatedEngine

DAY_NANOSECONDS = 86_400 * 10**9


def make_old_networks(engine: SimulatedEngine, *names: str) -> None:
    """Make networks that nobody uses and that have been there for long."""
    for name in names:
        engine.docker("network", "create", name)
    with engine.state.lock:
        for network in engine.state.networks.values():
            network.created_at -= DAY_NANOSECONDS


def list_names(engine: SimulatedEngine) -> set[str]:
    """List the names of the networks that the engine has."""
    return set(engine.docker("network", "ls", "--format", "{{.Name}}").split())


def make_policy(*engines: Engine, pattern: str = "ci-*", **values: object) -> CleanupPolicy:
    """Make a policy of what begins with ci-."""
    wanted = encode_filter(CleanupFilter(name_pattern=pattern))
    policy = CleanupPolicy.objects.create(
        name="nightly", filter=wanted, **{"every": 60, "period": "seconds", **values}
    )
    policy.engines.set(engines)
    return policy


def sum_up(runs: tuple[CleanupRun, ...]) -> list[tuple[str, str]]:
    """Give outcome and sentence of each run."""
    return [(run.outcome, run.sentence) for run in runs]


@pytest.fixture
def ci() -> Iterator[SimulatedEngine]:
    """An engine with three old networks that nobody uses, and one in use."""
    engine = SimulatedEngine(scene="tiers")
    make_old_networks(engine, "ci-1", "ci-2", "ci-3")
    yield engine
    engine.close()


@pytest.fixture
def ci_row(db: None, broker: Broker, ci: SimulatedEngine) -> Iterator[Engine]:
    """The row of that engine."""
    row = Engine.objects.create(name="CI", slug="ci", address=ci.address)
    yield row
    forget(row)
