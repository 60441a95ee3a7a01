"""Fixtures of running engines; a folder's conftest imports the ones that its tests use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from netdash.simulator.editions import EDITIONS
from netdash.simulator.engine import SimulatedEngine
from tests.engines import RealEngine, RunningEngine

VERSIONS = tuple((os.environ.get("NETDASH_ENGINES") or "20.10").split(","))
SIMULATED = tuple(version for version in EDITIONS if not version.startswith("26."))


@pytest.fixture(scope="session", params=VERSIONS)
def real_engine_of_session(request: pytest.FixtureRequest) -> Iterator[RealEngine]:
    """Start one dockerd per version and worker; skip, saying why, where there is none."""
    yield from run_real(request.param)


@pytest.fixture
def real_engine(real_engine_of_session: RealEngine) -> Iterator[RealEngine]:
    """Give the worker's real engine, with nothing on it."""
    yield real_engine_of_session
    real_engine_of_session.empty()


@pytest.fixture(
    scope="session",
    params=[
        *(pytest.param(f"simulated {version}") for version in SIMULATED),
        *(pytest.param(f"real {version}", marks=pytest.mark.engine) for version in VERSIONS),
    ],
)
def any_engine_of_session(request: pytest.FixtureRequest) -> Iterator[RunningEngine]:
    """Start each engine that a contract holds for: simulated and real, by version."""
    kind, _, version = request.param.partition(" ")
    if kind == "simulated":
        with SimulatedEngine(version=version) as engine:
            yield engine
    else:
        yield from run_real(version)


@pytest.fixture
def any_engine(any_engine_of_session: RunningEngine) -> Iterator[RunningEngine]:
    """Give each engine that a contract holds for, with nothing on it."""
    yield any_engine_of_session
    empty(any_engine_of_session)


def run_real(version: str) -> Iterator[RealEngine]:
    """Run a dockerd, or skip loudly."""
    if obstacle := RealEngine.find_obstacle(version):
        pytest.skip(f"NO REAL ENGINE: {obstacle}")
    engine = RealEngine(version)
    try:
        yield engine
    finally:
        engine.close()


def empty(engine: RunningEngine) -> None:
    """Remove every container and every network that a test made."""
    if containers := engine.docker("ps", "-aq").split():
        engine.docker("rm", "-f", *containers)
    if networks := engine.docker("network", "ls", "-q", "--filter", "type=custom").split():
        engine.docker("network", "rm", *networks)
