"""Boards whose shapes are known by hand."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from netdash.drawing.board import Options, draw_board
from netdash.drawing.plan import decode_plan
from netdash.drawing.shapes import Board, Card, Lane, Panel, Riser
from netdash.drawing.sizes import choose_density
from netdash.topology.snapshot import (
    COMPOSE_NUMBER,
    COMPOSE_PROJECT,
    COMPOSE_SERVICE,
    Endpoint,
    PublishedPort,
    Snapshot,
)
from tests.builders import topology
from tests.drawing.worlds import check_laws

TIERS = (
    "nginx: front",
    "react: front",
    "api: front back",
    "auth: back",
    "worker: back db",
    "pg: db",
)


def draw(snapshot: Snapshot, **options: object) -> Board:
    board, _ = draw_board(snapshot, Options(**options))  # type: ignore[arg-type]
    check_laws(board)
    return board


def in_project(snapshot: Snapshot, project: str, *names: str, service: str = "") -> Snapshot:
    def label(number: int, name: str) -> tuple[tuple[str, str], ...]:
        facts = {
            COMPOSE_PROJECT: project,
            COMPOSE_SERVICE: service or name,
            COMPOSE_NUMBER: str(number),
        }
        return tuple(sorted(facts.items()))

    labels = {name: label(number, name) for number, name in enumerate(names, 1)}
    return replace(
        snapshot,
        containers=tuple(
            replace(c, labels=labels.get(c.name, c.labels)) for c in snapshot.containers
        ),
    )


def lane_of(panel: Panel, name: str) -> Lane:
    (found,) = [lane for lane in panel.lanes if lane.name == name]
    return found


def card_of(board: Board, name: str) -> Card:
    (found,) = [c for p in board.panels for c in p.cards if c.name == name]
    return found


def riser_of(panel: Panel, container_id: str) -> Riser:
    (found,) = [riser for riser in panel.risers if container_id in riser.container_ids]
    return found


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


def test_a_plan_of_another_format_is_no_plan() -> None:
    assert decode_plan(None) is None
    assert decode_plan({"format": 0}) is None


def test_a_panel_that_grows_pushes_only_those_below_it() -> None:
    rows = [f"{p}{n}: net-{p}" for p in "abcdef" for n in range(4)]
    snapshot = topology(*rows)
    for project in "abcdef":
        snapshot = in_project(snapshot, project, *(f"{project}{n}" for n in range(4)))
    board, plan = draw_board(snapshot)
    more = in_project(topology(*rows, *(f"a{n}: net-a" for n in range(4, 10))), "a", *(
        f"a{n}" for n in range(10)
    ))  # fmt: skip
    for project in "bcdef":
        more = in_project(more, project, *(f"{project}{n}" for n in range(4)))
    grown, _ = draw_board(more, None, plan)
    check_laws(grown)
    first = {panel.key: panel for panel in board.panels}
    for panel in grown.panels:
        old = first[panel.key]
        assert panel.x == old.x
        if panel.key != "a":
            is_below = old.x == first["a"].x and old.y > first["a"].y
            assert (panel.y > old.y) is is_below


def test_a_panel_that_becomes_too_wide_keeps_its_place_and_pushes_the_others_right() -> None:
    def build(bridging: str = "") -> Snapshot:
        rows = [f"{p}{n}: {net}-{p}" for p in "abcdef" for n, net in enumerate(("in", "in", "out"))]
        rows = [
            f"{row} in-{bridging}" if row == f"{bridging}2: out-{bridging}" else row for row in rows
        ]
        snapshot = topology(*rows)
        for project in "abcdef":
            snapshot = in_project(snapshot, project, *(f"{project}{n}" for n in range(3)))
        return snapshot

    board, plan = draw_board(build())
    grown, plan = draw_board(build("a"), None, plan)
    check_laws(grown)
    old, new = ({panel.key: panel for panel in found.panels} for found in (board, grown))
    more = new["a"].width - old["a"].width
    assert more > 0
    for key, panel in old.items():
        pushed = more if panel.x > old["a"].x else 0
        assert (new[key].x, new[key].y) == (panel.x + pushed, panel.y)
    assert any(panel.x > old["a"].x for panel in old.values())
    again, plan = draw_board(build(), None, plan)
    assert [(p.x, p.y) for p in again.panels] == [(p.x, p.y) for p in grown.panels]
    below = next(p for p in grown.panels if p.x == new["a"].x and p.key != "a")
    roomy, _ = draw_board(build(bridging=below.key), None, plan)
    assert [p.x for p in roomy.panels] == [p.x for p in grown.panels], "its columns have the room"


def test_a_board_that_has_become_loose_says_so() -> None:
    rows = [f"c{n}: net" for n in range(60)]
    _, plan = draw_board(topology(*rows), Options(density="cards"))
    few, _ = draw_board(topology(*rows[:4]), Options(density="cards"), plan)
    assert few.is_loose
    assert not draw_board(topology(*rows), Options(density="cards"), plan)[0].is_loose


def test_a_signature_changes_with_the_words_and_not_with_the_place() -> None:
    snapshot = topology("web: front", "db: back")
    before = draw(snapshot)
    paused = replace(snapshot.containers[1], state="paused")
    after = draw(replace(snapshot, containers=(snapshot.containers[0], paused)))
    signatures = [
        (p.signature, q.signature) for p, q in zip(before.panels, after.panels, strict=True)
    ]
    assert any(one != other for one, other in signatures)
    assert draw(snapshot) == before


def test_signatures_are_the_same_in_every_process() -> None:
    code = (
        "from tests.builders import topology; from netdash.drawing.board import draw_board;"
        "board, _ = draw_board(topology('web: front', 'api: front back'));"
        "print([panel.signature for panel in board.panels])"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


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
