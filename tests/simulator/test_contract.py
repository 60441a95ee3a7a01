"""The simulated engine and a real one of the same version answer the same stories alike."""

from __future__ import annotations

import itertools
import json
import time

import pytest

from netdash.simulator.addresses import DEFAULT_POOLS
from tests.engines import RealEngine
from tests.simulated import SimulatedEngine
from tests.simulator.container_stories import CONTAINER_STORIES
from tests.simulator.network_stories import NETWORK_STORIES
from tests.simulator.transcripts import Json, Step, Teller

STORIES = CONTAINER_STORIES | NETWORK_STORIES
SETTLE_SECONDS = 10
"""An engine's list lags behind what it did, and events behind answers."""


@pytest.mark.engine
@pytest.mark.parametrize("title", STORIES)
def test_both_engines_tell_the_same_story(real_engine: RealEngine, title: str) -> None:
    with SimulatedEngine(real_engine.version) as simulated:
        align_pools(real_engine, simulated)
        ours, theirs = Teller(simulated.address), Teller(real_engine.address)
        for step in STORIES[title]:
            expected = plain(ours.tell(step))
            assert tell_like(theirs, step, expected) == expected, step
        expected = sort_runs(ours.tell_events())
        assert settle(lambda: sort_runs(theirs.tell_events()), expected) == expected


def align_pools(real: RealEngine, simulated: SimulatedEngine) -> None:
    """Let both engines give the same default pool next: 20.10 goes on from the last one."""
    teller = Teller(real.address)
    teller.send("POST", "/networks/create", {"Name": "probe"})
    _, probe = teller.send("GET", "/networks/probe")
    teller.send("DELETE", "/networks/probe")
    place = [str(pool) for pool in DEFAULT_POOLS].index(probe["IPAM"]["Config"][0]["Subnet"])
    simulated.state.next_pool = place + 1


def tell_like(teller: Teller, step: Step, expected: Json) -> Json:
    """Take a step; read again what is only read, until it is as expected."""
    if step[0] != "GET":
        return plain(teller.tell(step))
    return settle(lambda: plain(teller.tell(step)), expected)


def settle(read: Json, expected: Json) -> Json:
    """Read until it is as expected, or for so long that it will not be."""
    ends_at = time.monotonic() + SETTLE_SECONDS
    while (found := read()) != expected and time.monotonic() < ends_at:
        time.sleep(0.05)
    return found


def plain(data: Json) -> Json:
    """Bring data into the form that JSON gives back."""
    return json.loads(json.dumps(data))


def sort_runs(events: list[Json]) -> list[Json]:
    """Sort each run of connects and of disconnects: their order is an engine's whim."""
    runs = itertools.groupby(plain(events), key=lambda event: event[:2])
    return [
        event
        for (kind, _), run in runs
        for event in (sorted(run, key=str) if kind == "network" else run)
    ]
