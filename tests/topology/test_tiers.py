from __future__ import annotations

from dataclasses import replace

import pytest

from netdash.topology.snapshot import Network, PublishedPort, Snapshot
from netdash.topology.tiers import Tier, find_tiers
from tests.builders import topology


def tiers_by_name(snapshot: Snapshot) -> dict[str, Tier]:
    tiers = find_tiers(snapshot)
    return {network.name: tiers[network.id] for network in snapshot.networks}


def with_images(snapshot: Snapshot, **images: str) -> Snapshot:
    return replace(
        snapshot,
        containers=tuple(
            replace(c, image=images.get(c.name, c.image)) for c in snapshot.containers
        ),
    )


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("proxy", "edge"),
        ("shop_frontend", "frontend"),
        ("backend", "backend"),
        ("userdb", "data"),
        ("mysql-net", "data"),
        ("event-bus", "queue"),
        ("monitoring", "observability"),
        ("mgmt", "admin"),
        ("frontend-proxy", "edge"),
    ],
)
def test_a_name_tells_the_role(name: str, role: str) -> None:
    assert tiers_by_name(topology(name))[name].role == role


@pytest.mark.parametrize("name", ["build", "plan", "metadata", "default"])
def test_letters_inside_a_word_tell_nothing(name: str) -> None:
    assert tiers_by_name(topology(name))[name].name == "other"


def test_names_order_from_the_edge_down_to_the_data() -> None:
    tiers = tiers_by_name(topology("db", "queue", "backend", "frontend", "edge"))
    ordered = sorted(tiers, key=lambda name: tiers[name].score)
    assert ordered == ["edge", "frontend", "backend", "queue", "db"]


def test_the_label_decides_over_the_name() -> None:
    front = Network("f", "frontend", labels=(("netdash.tier", "42"),))
    tier = find_tiers(Snapshot((front,)))["f"]
    assert tier.score == 42
    assert tier.role == "frontend"
    assert tier.reason == "its label says netdash.tier=42"


@pytest.mark.parametrize("value", ["", "deep", "1e9", "99999", "1 2"])
def test_a_label_that_is_no_number_is_passed_over(value: str) -> None:
    front = Network("f", "frontend", labels=(("netdash.tier", value),))
    assert find_tiers(Snapshot((front,)))["f"].reason == "its name says frontend"


def test_images_tell_the_role_where_the_name_does_not() -> None:
    snapshot = with_images(topology("a: x", "b: x"), a="postgres:16", b="library/redis:7@sha256:0")
    tier = tiers_by_name(snapshot)["x"]
    assert tier.role == "data"
    assert tier.reason == "its containers run postgres, redis"


def test_one_image_of_another_kind_makes_images_silent() -> None:
    snapshot = with_images(topology("a: x", "b: x"), a="postgres:16", b="shop:1")
    assert tiers_by_name(snapshot)["x"].name == "other"


def test_distance_from_a_published_port_orders_the_rest() -> None:
    snapshot = topology("web: aa", "mid: aa bb", "end: bb cc", "lone: zz")
    published = (PublishedPort(80, host_port=8080),)
    snapshot = replace(
        snapshot,
        containers=tuple(
            replace(c, ports=published) if c.name == "web" else c for c in snapshot.containers
        ),
    )
    tiers = tiers_by_name(snapshot)
    assert sorted(tiers, key=lambda name: tiers[name].score) == ["aa", "bb", "cc", "zz"]
    assert [tiers[name].reason for name in ("aa", "bb", "cc", "zz")] == [
        "a container on it publishes a port",
        "1 network away from a published port",
        "2 networks away from a published port",
        "no published port is near",
    ]


def test_unknown_networks_keep_their_colour_when_others_come() -> None:
    before = tiers_by_name(topology("a: mesh"))["mesh"].role
    assert tiers_by_name(topology("a: mesh aaa bbb"))["mesh"].role == before
