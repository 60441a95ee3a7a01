"""Boards whose shapes are known by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from netdash.drawing.shapes import Density
from netdash.drawing.sizes import SIZES, choose_density
from netdash.topology.snapshot import COMPOSE_PROJECT, Endpoint, Snapshot
from netdash.views.marks import MEASURES
from tests.builders import topology
from tests.drawing.drawn import TIERS, card_of, draw, in_project, lane_of, riser_of


def test_nothing_is_an_empty_board() -> None:
    board = draw(Snapshot())
    assert board.panels == ()
    assert board.trunks == ()


def test_tiers_run_from_top_to_bottom() -> None:
    (panel,) = draw(topology(*TIERS)).panels
    assert [lane.name for lane in panel.lanes] == ["front", "back", "db"]


def test_who_bridges_stands_right_of_everybody_on_one_network() -> None:
    board = draw(topology(*TIERS))
    single = [card_of(board, name) for name in ("nginx", "react", "auth", "pg")]
    bridging = [card_of(board, name) for name in ("api", "worker")]
    assert all(card.is_bridging for card in bridging)
    assert not any(card.is_bridging for card in single)
    assert max(c.x + c.width for c in single) < min(c.x for c in bridging)


def test_a_riser_has_a_ring_on_each_bus_that_it_joins() -> None:
    (panel,) = draw(topology(*TIERS)).panels
    riser = riser_of(panel, "id-api")
    front, back = lane_of(panel, "front"), lane_of(panel, "back")
    assert [(ring.network_id, ring.y) for ring in riser.rings] == [
        ("net-front", front.bus_y),
        ("net-back", back.bus_y),
    ]
    assert front.bus_x2 >= riser.x
    assert min(part.y1 for part in riser.parts) == front.bus_y
    assert max(part.y2 for part in riser.parts) == back.bus_y
    assert [part.role for part in riser.parts] == ["frontend", "backend"]


def test_the_last_of_several_rings_in_one_place_stands_for_all_of_them() -> None:
    """Both stand in one column, above the line and below it.

    front --o--
          web db
    app   --o--   web, db and api
           api
    back  --o--
    """
    (panel,) = draw(topology("web: front app", "db: front app", "api: app back")).panels
    upper, lower = riser_of(panel, "id-web"), riser_of(panel, "id-api")
    assert upper.x == lower.x
    above, covered = upper.rings
    shared, below = lower.rings
    assert (covered.x, covered.y) == (shared.x, shared.y)
    assert above.container_ids == ("id-db", "id-web")
    assert covered.container_ids == ()
    assert shared.container_ids == ("id-db", "id-web", "id-api")
    assert below.container_ids == ("id-api",)


def test_the_cards_that_hold_a_segment_together_are_marked() -> None:
    board = draw(topology(*TIERS))
    marked = [c.name for p in board.panels for c in p.cards if c.is_cut_point]
    assert sorted(marked) == ["api", "worker"]


def test_host_and_none_are_the_last_lanes_and_none_has_no_bus() -> None:
    (panel,) = draw(topology("agent: host", "tool: none", "web: bridge")).panels
    assert [lane.name for lane in panel.lanes] == ["bridge", "host", "none"]
    assert [lane.bus_style for lane in panel.lanes] == ["solid", "solid", "none"]
    assert [lane.sublabel for lane in panel.lanes[1:]] == ["host stack", "no network"]
    assert {lane.role for lane in panel.lanes} == {"neutral"}


def test_a_container_on_no_network_has_a_lane_of_its_own() -> None:
    (panel,) = draw(topology("lonely:")).panels
    (lane,) = panel.lanes
    assert (lane.network_id, lane.label, lane.bus_style) == ("", "no network", "none")
    assert [card.name for card in panel.cards] == ["lonely"]


def test_a_network_that_is_gone_is_drawn_dashed() -> None:
    snapshot = topology("web: front")
    gone = Endpoint("net-lost", "lost")
    web = replace(snapshot.containers[0], endpoints=(*snapshot.containers[0].endpoints, gone))
    board = draw(replace(snapshot, containers=(web,)))
    lane = next(lane for p in board.panels for lane in p.lanes if lane.name == "lost")
    assert (lane.bus_style, lane.sublabel) == ("dashed", "gone")
    assert card_of(board, "web").network_ids == ("net-front", "net-lost")


def test_two_networks_of_one_name_are_two_lanes() -> None:
    snapshot = topology("a: x")
    twin = replace(snapshot.networks[0], id="net-x-2")
    board = draw(replace(snapshot, networks=(*snapshot.networks, twin)))
    assert [lane.network_id for p in board.panels for lane in p.lanes] == ["net-x", "net-x-2"]


def test_a_companion_hangs_on_the_card_of_its_owner() -> None:
    board = draw(topology("api: front", "side: container:api", "more: container:side"))
    api = card_of(board, "api")
    assert [tab.name for tab in api.tabs] == ["side", "more"]
    assert api.tabs[0].y == api.y + api.height
    assert [c.name for p in board.panels for c in p.cards] == ["api"]


def test_a_companion_whose_owner_is_gone_stands_alone() -> None:
    board = draw(topology("side: container:ghost"))
    assert card_of(board, "side").tabs == ()


def test_an_unlabelled_container_joins_the_project_of_its_network() -> None:
    snapshot = topology("web: front", "tool: front")
    front = replace(snapshot.networks[0], labels=((COMPOSE_PROJECT, "shop"),))
    board = draw(in_project(replace(snapshot, networks=(front,)), "shop", "web"))
    assert [(p.title, p.subtitle) for p in board.panels] == [("shop", "2 containers")]


def test_a_network_of_two_projects_is_a_trunk_with_a_pill_in_each() -> None:
    snapshot = topology("web: proxy", "blog: proxy mine", "own: mine")
    snapshot = in_project(in_project(snapshot, "shop", "web"), "blog", "blog", "own")
    board = draw(snapshot)
    (trunk,) = board.trunks
    assert trunk.label == "proxy · 2"
    taps = {(x, y) for x, y in trunk.taps}
    for panel in board.panels:
        lane = lane_of(panel, "proxy")
        assert lane.is_shared
        assert lane.bus_x1 == 0
        assert panel.y + lane.bus_y in {y for _, y in taps}
    blog = next(panel for panel in board.panels if panel.title == "blog")
    assert lane_of(blog, "proxy").is_thin
    assert not lane_of(blog, "mine").is_shared


@pytest.mark.parametrize("density", ["cards", "chips", "dots"])
def test_the_pills_of_six_trunks_stand_as_far_apart_as_those_in_panels(density: Density) -> None:
    shared = " ".join(f"shared{n}" for n in range(6))
    snapshot = topology(f"web: {shared}", f"blog: {shared}")
    snapshot = in_project(in_project(snapshot, "shop", "web"), "blog", "blog")
    board = draw(snapshot, density=density)
    places = [trunk.label_y for trunk in board.trunks]
    half, pill = MEASURES[density].pill_height / 2, MEASURES[density].pill_height
    assert len(places) == 6
    assert {low - high for high, low in pairwise(places)} == {SIZES[density].thin_lane}
    assert places[0] - half > 0
    assert places[-1] + half + SIZES[density].thin_lane - pill < min(p.y for p in board.panels)


def test_a_panel_is_capped_at_200_containers_and_12_networks() -> None:
    many = in_project(topology(*(f"c{n}: net{n % 30}" for n in range(450))), "big", *(
        f"c{n}" for n in range(450)
    ))  # fmt: skip
    board = draw(many, density="chips", open_keys=frozenset())
    assert len(board.panels) > 2
    for number, panel in enumerate(board.panels, 1):
        assert len([lane for lane in panel.lanes if not lane.is_thin]) <= 12
        assert sum(len(card.container_ids) for card in panel.cards) <= 200
        assert panel.title == f"big ({number} of {len(board.panels)})"


def test_one_project_can_be_drawn_alone() -> None:
    snapshot = in_project(topology("web: front", "tool: bridge"), "shop", "web")
    assert [p.title for p in draw(snapshot, only_project="shop").panels] == ["shop"]
    assert [p.title for p in draw(snapshot, only_project="standalone").panels] == ["standalone"]


@pytest.mark.parametrize(
    ("count", "before", "density"),
    [
        (120, None, "cards"),
        (121, None, "chips"),
        (600, None, "chips"),
        (601, None, "dots"),
        (125, "cards", "cards"),
        (115, "chips", "chips"),
        (100, "chips", "cards"),
        (640, "chips", "chips"),
        (590, "dots", "dots"),
    ],
)
def test_the_density_follows_the_count_without_flapping(
    count: int, before: str | None, density: str
) -> None:
    assert choose_density(count, before) == density  # type: ignore[arg-type]


def test_a_riser_that_ends_at_its_cards_ends_at_their_frame() -> None:
    rows = ("a: up mid", "b: up mid", "x: up low", "y: mid low", "z: low")
    for panel in draw(topology(*rows)).panels:
        for riser in panel.risers:
            lowest = max(part.y2 for part in riser.parts)
            joined = max(ring.y for ring in riser.rings)
            if riser.frame and riser.frame[1] > joined:
                assert lowest == riser.frame[1]
            else:
                assert lowest >= joined
