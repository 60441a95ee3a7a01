"""Fixtures of running engines; a folder's conftest imports the ones that its tests use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.engines import RealEngine, RunningEngine
from tests.simulated import SimulatedEngine

VERSIONS = tuple((os.environ.get("NETDASH_ENGINES") or "20.10").split(","))
SIMULATED = ("20.10", "28.5")


REAL = tuple(pytest.param(f"real {version}", marks=pytest.mark.engine) for version in VERSIONS)


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
    params=[*(pytest.param(f"simulated {version}") for version in SIMULATED), *REAL],
)
def any_engine_of_session(request: pytest.FixtureRequest) -> Iterator[RunningEngine]:
    """Start each engine that a contract holds for: simulated and real, by version."""
    yield from run_any(request.param)


@pytest.fixture
def any_engine(any_engine_of_session: RunningEngine) -> Iterator[RunningEngine]:
    """Give each engine that a contract holds for, with nothing on it."""
    yield any_engine_of_session
    any_engine_of_session.empty()


def run_any(name: str) -> Iterator[RunningEngine]:
    """Run ``simulated 28.5`` or ``real 20.10``."""
    kind, _, version = name.partition(" ")
    if kind == "real":
        yield from run_real(version)
        return
    engine = SimulatedEngine(version=version)
    yield engine
    engine.close()


def run_real(version: str) -> Iterator[RealEngine]:
    """Run a dockerd, or skip loudly."""
    if obstacle := RealEngine.find_obstacle(version):
        pytest.skip(f"NO REAL ENGINE: {obstacle}")
    engine = RealEngine(version)
    try:
        yield engine
    finally:
        engine.close()
