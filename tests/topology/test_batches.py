"""Many networks foreseen: made, there already, otherwise there, in somebody's way, or wrong."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from netdash.topology.batches import Batch, foresee_batch
from netdash.topology.changes import CreateNetwork
from netdash.topology.differences import list_differences
from netdash.topology.effects import apply_plan, build_network
from netdash.topology.refusals import foresee_refusals
from netdash.topology.rows import Row
from netdash.topology.settled import is_as_wanted
from netdash.topology.snapshot import EngineFacts, Network, Snapshot, Subnet
from tests.alike import choose_change
from tests.builders import topology

ENGINE = EngineFacts(api_version="1.47")
SHOP = Network(
    "a" * 64,
    "shop",
    subnets=(Subnet("172.20.0.0/24", "172.20.0.1"),),
    options=(("com.docker.network.bridge.name", "br-shop"),),
    labels=(("env", "prod"),),
)
NOW = Snapshot((SHOP,), engine=ENGINE)


def foresee(*creations: CreateNetwork, now: Snapshot = NOW) -> Batch:
    rows = [Row(creation, f"line {number}") for number, creation in enumerate(creations, 2)]
    return foresee_batch(now, rows)


def make(name: str, cidr: str = "", **rest: object) -> CreateNetwork:
    subnets = (Subnet(cidr),) if cidr else ()
    return CreateNetwork(name, subnets=subnets, **rest)  # type: ignore[arg-type]


def test_what_is_new_is_made_with_the_gateway_that_docker_takes() -> None:
    batch = foresee(make("blog", "10.0.0.0/24"), make("wiki"))
    assert [row.state for row in batch.rows] == ["create", "create"]
    assert batch.rows[0].subnets == (("10.0.0.0/24", "10.0.0.1"),)
    assert batch.plan.title == "Create 2 networks"
    assert batch.commands.splitlines() == [
        "docker network create --subnet 10.0.0.0/24 blog",
        "docker network create wiki",
    ]


def test_what_is_there_as_asked_is_no_obstacle() -> None:
    batch = foresee(make("shop", labels=(("env", "prod"),)), make("shop2"))
    assert [row.state for row in batch.rows] == ["already", "create"]
    assert batch.rows[0].subnets == (("172.20.0.0/24", "172.20.0.1"),)
    assert batch.obstacles == 0
    assert [change.name for change in batch.plan.changes if isinstance(change, CreateNetwork)] == [
        "shop2"
    ]


def test_what_is_there_otherwise_says_how() -> None:
    batch = foresee(make("shop", "10.0.0.0/24", driver="macvlan", labels=(("env", "dev"),)))
    assert batch.rows[0].state == "differs"
    assert batch.rows[0].sentence == (
        "shop is there, but: driver bridge, not macvlan; label env prod, not dev; "
        "172.20.0.0/24, not 10.0.0.0/24."
    )


def test_who_collides_with_whom_is_said_with_what_is_free() -> None:
    batch = foresee(
        make("blog", "172.20.0.128/25"), make("wiki", "10.0.0.0/24"), make("x", "10.0.0.0/23")
    )
    assert [row.state for row in batch.rows] == ["collides", "create", "collides"]
    assert batch.rows[0].sentence == "172.20.0.128/25 overlaps shop (172.20.0.0/24)."
    assert batch.rows[2].sentence == "10.0.0.0/23 overlaps wiki (10.0.0.0/24)."
    assert "Free is for example 172.17.0.0/23" in batch.rows[2].remedy


def test_a_bridge_name_that_another_has_collides() -> None:
    options = (("com.docker.network.bridge.name", "br-shop"),)
    mine = (("com.docker.network.bridge.name", "br-mine"),)
    batch = foresee(make("a", options=options), make("b", options=mine), make("c", options=mine))
    assert [row.state for row in batch.rows] == ["collides", "create", "collides"]
    assert "b" in batch.rows[2].sentence


def test_a_name_asked_for_twice_names_the_other_line() -> None:
    batch = foresee(make("blog"), make("blog"))
    assert [row.state for row in batch.rows] == ["create", "refused"]
    assert batch.rows[1].sentence == "blog is asked for twice: line 2 has the name too."


@pytest.mark.parametrize("name", ["", "host", "bridge", "a b", "-x", "a" * 64, "é", "a\nb"])
def test_names_that_docker_or_people_cannot_use_are_refused(name: str) -> None:
    now = replace(topology("bridge", "host", "none"), engine=ENGINE)
    assert foresee(make(name), now=now).rows[0].state == "refused"


def test_more_networks_than_pools_are_counted() -> None:
    batch = foresee(*(make(f"n{number}") for number in range(40)))
    assert (batch.pools_free, batch.pools_wanted) == (30, 40)
    assert batch.lacks_pools
    assert batch.obstacles == 0
    planned = foresee(*(make(f"n{number}", f"10.0.{number}.0/24") for number in range(40)))
    assert not planned.lacks_pools


def test_subnets_of_other_rows_use_pools_up() -> None:
    batch = foresee(make("a", "172.18.0.0/24"), make("b"))
    assert batch.pools_free == 29


def test_nothing_gives_an_empty_plan() -> None:
    batch = foresee()
    assert batch.plan.steps == ()
    assert sum(batch.counts.values()) == 0


@pytest.mark.parametrize("seed", range(60))
def test_each_row_is_judged_as_a_single_creation_would_be(seed: int) -> None:
    """One by one, on the snapshot that the rows before leave: the slow way gives the same."""
    chance = random.Random(seed)
    now = replace(topology("web: front", "api: front back", "db: back", "alone"), engine=ENGINE)
    asked = [choose_change(chance, now) for _ in range(60)]
    creations = [change for change in asked if isinstance(change, CreateNetwork)][:8]
    for row in foresee(*creations, now=now).rows:
        change = row.row.creation
        alone = foresee_refusals(change, now)
        is_named = any(network.name == change.name for network in now.networks)
        if row.state in ("create", "collides", "refused") and not is_named:
            earlier = "asked for twice" in row.sentence or "overlaps" in row.sentence
            assert bool(alone) <= (row.state != "create")
            assert earlier or bool(alone) == (row.state != "create"), (row, alone)
        elif row.state == "already":
            assert not alone


def test_a_plan_of_a_batch_does_what_the_rows_say() -> None:
    creations = [make(f"n{number}", f"10.0.{number}.0/24") for number in range(20)]
    after = apply_plan(NOW, foresee(*creations).plan)
    assert {row.state for row in foresee(*creations, now=after).rows} == {"already"}


@pytest.mark.parametrize(
    "creation",
    [
        make("shop", "172.20.0.0/24"),
        make("shop", "172.20.0.0/25"),
        make("shop", driver="ipvlan"),
        make("shop", is_internal=True),
        make("shop", has_ipv6=True, cidr="fd00::/64"),
        make("shop", labels=(("env", "dev"),)),
        make("shop", options=(("a", "b"),)),
        make("shop", ipam_driver="other"),
        CreateNetwork("shop", subnets=(Subnet("172.20.0.0/24", "172.20.0.9"),)),
        CreateNetwork("shop", subnets=(Subnet("172.20.0.0/24", ip_range="172.20.0.0/25"),)),
    ],
)
def test_differences_are_said_exactly_when_the_network_is_not_as_wanted(
    creation: CreateNetwork,
) -> None:
    words = list_differences(SHOP, creation, ENGINE)
    assert bool(words) != is_as_wanted(SHOP, creation, NOW)


def test_a_network_does_not_differ_from_itself() -> None:
    creation = make("shop", "10.0.0.0/24", labels=(("a", "b"),), is_internal=True)
    assert list_differences(build_network(creation, ENGINE), creation, ENGINE) == ()


def test_all_that_speaks_against_a_row_is_said() -> None:
    wrong = replace(make("a b"), subnets=(Subnet("172.20.0.0/25", "10.0.0.1", "10.0.0.0/25"),))
    row = foresee(wrong).rows[0]
    kinds = [refusal.kind for refusal in row.refusals]
    assert kinds == ["name_odd", "overlap", "gateway_outside", "range_outside"]
    assert row.state == "refused"
    twice = foresee(make("blog"), make("blog", "172.20.0.0/25")).rows[1]
    assert [refusal.kind for refusal in twice.refusals] == ["name_twice", "overlap"]


def test_of_half_a_row_nothing_is_said_that_rests_on_the_missing_half() -> None:
    halves = (
        make("shop", driver="macvlan"),
        make(""),
        make(""),
        make("six", has_ipv6=True),
        make("blog", "172.20.0.0/25"),
    )
    rows = [Row(creation, is_half=True) for creation in halves]
    said = [[one.kind for one in row.refusals] for row in foresee_batch(NOW, rows).rows]
    assert said == [[], [], [], [], ["overlap"]]
