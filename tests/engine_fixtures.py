"""Fixtures of running engines; a folder's conftest imports the ones that its tests use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.engines import RealEngine, RunningEngine, running

VERSIONS = tuple((os.environ.get("NETDASH_ENGINES") or "20.10").split(","))


@pytest.fixture(scope="session", params=VERSIONS)
def real_engine_of_session(request: pytest.FixtureRequest) -> Iterator[RealEngine]:
    """Start one dockerd per version and worker; skip, saying why, where there is none."""
    version: str = request.param
    if obstacle := RealEngine.find_obstacle(version):
        pytest.skip(f"NO REAL ENGINE: {obstacle}")
    with running(RealEngine(version)) as engine:
        assert isinstance(engine, RealEngine)
        yield engine


@pytest.fixture
def real_engine(real_engine_of_session: RealEngine) -> Iterator[RunningEngine]:
    """Give the worker's real engine, with nothing on it."""
    yield real_engine_of_session
    real_engine_of_session.empty()
