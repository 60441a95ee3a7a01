"""The words on a board: short, clean, and what is left out."""

from __future__ import annotations

from dataclasses import replace

from netdash.topology.snapshot import COMPOSE_PROJECT, PublishedPort, Snapshot
from tests.builders import topology
from tests.drawing.drawn import card_of, draw, in_project, lane_of, riser_of


def test_replicas_are_folded_until_they_are_opened() -> None:
    names = [f"shop-api-{n}" for n in range(1, 5)]
    snapshot = in_project(topology(*(f"{n}: front" for n in names)), "shop", *names, service="api")
    sick = replace(snapshot.containers[2], health="unhealthy")
    rest = tuple(sick if c.id == sick.id else c for c in snapshot.containers)
    snapshot = replace(snapshot, containers=rest)
    (card,) = draw(snapshot).panels[0].cards
    assert (card.key, card.name, card.label) == ("shop/api", "api ×4", "api")
    assert card.glyph == "unhealthy"
    assert card.pips == ("running", "running", "unhealthy", "running")
    opened = draw(snapshot, open_keys=frozenset({"shop/api"})).panels[0].cards
    assert [card.label for card in opened] == ["api", "api ·2", "api ·3", "api ·4"]
    assert len(draw(snapshot, density="dots").panels[0].cards) == 4


def test_a_common_first_word_is_left_out_of_many_labels() -> None:
    names = ("crawler-audit", "crawler-billing", "crawler-cart", "crawler-geo-x", "crawler-search")
    cards = draw(topology(*(f"{name}: front" for name in names))).panels[0].cards
    assert [card.label for card in cards][:2] == ["…audit", "…billing"]
    jobs = draw(topology(*(f"ci-job-{n}: front" for n in range(6)))).panels[0].cards
    assert jobs[1].label == "ci-job-1"


def test_ports_and_images_are_short() -> None:
    snapshot = topology("web: front")
    ports = (
        PublishedPort(443, host_port=8443),
        PublishedPort(80, host_port=8080),
        PublishedPort(9),
    )
    web = replace(snapshot.containers[0], image="ghcr.io/team/web:2@sha256:00", ports=ports)
    card = card_of(draw(replace(snapshot, containers=(web,))), "web")
    assert (card.sublabel, card.port) == ("web:2", ":8080+")


def test_hostile_names_are_cut_and_cleaned() -> None:
    name = "\u202e<b>" + "x" * 10_000
    snapshot = topology("web: front")
    network = replace(snapshot.networks[0], name=name)
    web = replace(snapshot.containers[0], name=name, image=name, labels=((COMPOSE_PROJECT, name),))
    (panel,) = draw(Snapshot((network,), (web,))).panels
    (card,), (lane,) = panel.cards, panel.lanes
    for text in (card.label, lane.label, panel.title):
        assert text.startswith("<b>x")
        assert text.endswith("…xxxxx")
        assert len(text) < 60
    assert panel.key.isascii()
    assert len(panel.key) < 60


def test_a_driver_is_cut_before_the_subnet() -> None:
    snapshot = topology("web: front")
    network = replace(snapshot.networks[0], driver="weaveworks/net-plugin:latest")
    (panel,) = draw(replace(snapshot, networks=(network,))).panels
    assert panel.lanes[0].sublabel.endswith("… · 10.0.0.0/24")
    assert "weaveworks/net-plugin:latest" in panel.lanes[0].description


def test_an_empty_lane_has_room_for_a_long_name() -> None:
    rows = ("web: front", "api: front blog-dev-backend-network", "blog-dev-database-network")
    (panel,) = draw(topology(*rows), grouping="none").panels
    assert {lane.label for lane in panel.lanes} == {lane.name for lane in panel.lanes}
    front, crossed, empty = (lane_of(panel, row.split()[-1]) for row in rows)
    riser = riser_of(panel, "id-api")
    assert front.bus_x1 < crossed.bus_x1 < crossed.bus_x2 == riser.x, "it begins behind the name"
    assert front.bus_x1 < empty.bus_x1 < empty.bus_x2 < riser.x
    (short,) = draw(topology("web: front", "api: front back", "db"), grouping="none").panels
    assert (short.width, short.height) == (panel.width, panel.height)
    assert [card[-6:] for card in short.cards] == [card[-6:] for card in panel.cards]


def test_a_long_name_may_reach_above_the_first_card_as_far_as_its_stub() -> None:
    name = "blog-dev-front-network"
    for density in ("cards", "chips"):
        (panel,) = draw(topology(f"web: {name}"), density=density).panels
        (lane,), (card,) = panel.lanes, panel.cards
        assert lane.label == name
        assert card.x < lane.bus_x1 < lane.stubs[0][0] == lane.bus_x2
        (short,) = draw(topology("web: front"), density=density).panels
        assert (short.width, short.height) == (panel.width, panel.height)
        assert short.lanes[0].sublabel == lane.sublabel


def test_a_long_name_ends_before_the_first_card_the_first_riser_and_the_edge() -> None:
    name = "customer-portal-production-backend-network-of-the-north"
    for rows in (
        (f"web: {name}",),
        (name,),
        ("web: front", f"api: front {name}"),
        (f"api: {name} front",),
    ):
        (panel,) = draw(topology(*rows)).panels
        assert lane_of(panel, name).label.endswith("…north")


def test_panels_of_several_projects_name_them() -> None:
    snapshot = topology("shop-web: shop_net", "blog-web: blog_net")
    networks = tuple(
        replace(n, labels=((COMPOSE_PROJECT, n.name.partition("_")[0]),)) for n in snapshot.networks
    )
    snapshot = in_project(replace(snapshot, networks=networks), "shop", "shop-web", service="web")
    snapshot = in_project(snapshot, "blog", "blog-web", service="web")
    (panel,) = draw(snapshot, grouping="none").panels
    assert sorted(card.label for card in panel.cards) == ["blog/web", "shop/web"]
    assert sorted(lane.label for lane in panel.lanes) == ["blog_net", "shop_net"]
