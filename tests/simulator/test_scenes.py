"""The scenes: what stands in them, and that they are the same in every run."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from netdash.simulator.answers import write_network, write_row
from netdash.simulator.editions import EDITIONS, find_edition
from netdash.simulator.filters import find_containers
from netdash.simulator.inspections import write_container
from netdash.simulator.scenes import SCENES, build_scene
from netdash.simulator.state import EngineState

PROJECT = "com.docker.compose.project"
NEWEST = find_edition("28.5")


def count(state: EngineState) -> tuple[int, int, int]:
    projects = {c.labels[PROJECT] for c in state.containers.values() if PROJECT in c.labels}
    return len(state.containers), len(state.networks), len(projects)


def is_bridging(container: Any) -> bool:
    return len(container.endpoints) > 1


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("empty", (0, 3, 0)),
        ("tiers", (6, 6, 0)),
        ("company", (60, 15, 5)),
        ("large", (500, 80, 23)),
        ("huge", (2000, 300, 90)),
    ],
)
def test_each_scene_has_as_many_as_it_says(name: str, counts: tuple[int, int, int]) -> None:
    assert count(build_scene(name, NEWEST)) == counts


def test_the_company_bridges_and_ails_as_drawn() -> None:
    containers = list(build_scene("company", NEWEST).containers.values())
    assert sum(map(is_bridging, containers)) == 23
    assert sum(len(c.endpoints) for c in containers) == 83
    states = Counter(c.state for c in containers)
    assert states == {"running": 50, "exited": 8, "paused": 1, "restarting": 1}
    assert [c.name for c in containers if c.health == "unhealthy"] == [
        "shop-staging-recommendation-engine-1"
    ]
    by_project = Counter(c.labels.get(PROJECT, "") for c in containers)
    assert by_project == {
        "infra": 8, "shop-prod": 15, "shop-staging": 11, "shop-dev": 8, "blog": 4, "": 14,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["large", "huge"])
def test_crowds_are_mixed_as_real_hosts_are(name: str) -> None:
    containers = list(build_scene(name, NEWEST).containers.values())
    share = len(containers) / 100
    states = Counter(c.state for c in containers)
    assert 34 <= sum(map(is_bridging, containers)) / share <= 46
    assert 85 <= states["running"] / share <= 91
    assert 7 <= states["exited"] / share <= 11
    assert 2 <= sum(c.health == "unhealthy" for c in containers) / share <= 4
    assert states["paused"]
    assert states["restarting"]
    assert states["created"]
    assert any(c.is_sharing for c in containers)
    assert {"host", "none"} <= {c.mode for c in containers}


@pytest.mark.parametrize("name", ["tiers", "company", "large"])
def test_a_scene_is_the_same_in_every_run(name: str) -> None:
    first, second = build_scene(name, NEWEST), build_scene(name, NEWEST)
    rows = [[write_row(s, c, 10**19) for c in s.containers.values()] for s in (first, second)]
    for row in (*rows[0], *rows[1]):
        del row["Status"]
    assert rows[0] == rows[1]
    assert [write_network(first, n) for n in first.networks.values()] == [
        write_network(second, n) for n in second.networks.values()
    ]


@pytest.mark.parametrize("version", EDITIONS)
@pytest.mark.parametrize("name", sorted({*SCENES} - {"huge"}))
def test_every_scene_stands_on_every_version(name: str, version: str) -> None:
    state = build_scene(name, EDITIONS[version])
    for container in find_containers(state, {}, has_all=True):
        assert write_container(state, container, EDITIONS[version].api)["Id"] == container.id


@pytest.mark.parametrize("name", ["company", "large"])
def test_no_address_is_held_twice(name: str) -> None:
    state = build_scene(name, NEWEST)
    for network in state.networks.values():
        held = [place.ipv4 for place in network.live.values() if place.ipv4]
        assert len(held) == len(set(held))
        gateways = {pool.gateway_in_use for pool in network.pools}
        assert not gateways & set(held)


def test_running_companions_share_a_running_container() -> None:
    state = build_scene("large", NEWEST)
    sharers = [c for c in state.containers.values() if c.is_sharing]
    for sharer in sharers:
        owner = state.containers[sharer.mode.partition(":")[2]]
        assert owner.is_running
        assert sharer.endpoints == {}
