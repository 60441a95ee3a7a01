"""Engines for the tests of the simulator, and who speaks to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine_fixtures import real_engine, real_engine_of_session
from tests.simulated import SimulatedEngine
from tests.simulator.speaking import client, follow

__all__ = ["client", "follow", "real_engine", "real_engine_of_session"]


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """Simulate the newest version, with nothing on it."""
    with SimulatedEngine() as running:
        yield running


@pytest.fixture
def tiers() -> Iterator[SimulatedEngine]:
    """Simulate the newest version with the scene of three tiers."""
    with SimulatedEngine(scene="tiers") as running:
        yield running
