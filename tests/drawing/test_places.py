"""A board keeps its places while it can, and says so by its signatures."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from netdash.drawing.board import Options, draw_board
from netdash.drawing.plan import decode_plan
from netdash.drawing.shapes import Board
from netdash.topology.snapshot import Snapshot
from tests.builders import topology
from tests.drawing.drawn import draw, in_project
from tests.drawing.worlds import check_laws


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


def test_all_panels_step_aside_alike_for_a_network_that_joins_two_of_them() -> None:
    def build(*first: str) -> Snapshot:
        rows = [f"{p}{n}: net-{p}" for p in "abcdef" for n in range(4)]
        snapshot = topology(*first, *rows[len(first) :])
        for project in "abcdef":
            snapshot = in_project(snapshot, project, *(f"{project}{n}" for n in range(4)))
        return snapshot

    board, plan = draw_board(build())
    assert board.trunks == ()
    joined = build("a0: net-a net-f")
    after, wider = draw_board(joined, plan=plan)
    check_laws(after)
    (trunk,) = after.trunks
    assert trunk.label.startswith("net-f")
    old = {panel.key: panel for panel in board.panels}
    still = [panel for panel in after.panels if panel.title in "bcde"]
    assert min(panel.y - old[panel.key].y for panel in still) > 0
    assert all(panel._replace(x=0, y=0) == old[panel.key]._replace(x=0, y=0) for panel in still)
    moved = {panel.x: panel.x - old[panel.key].x for panel in still}
    assert [shift for _, shift in sorted(moved.items())] == sorted(moved.values())
    assert min(moved.values()) > 0
    assert draw_board(joined, plan=wider)[0] == after
    apart = {panel.key: panel for panel in draw_board(build(), plan=wider)[0].panels}
    assert all(apart[panel.key] == panel for panel in still), "the room stays"


def test_a_board_that_has_become_loose_says_so() -> None:
    rows = [f"c{n}: net" for n in range(60)]
    _, plan = draw_board(topology(*rows), Options(density="cards"))
    few, _ = draw_board(topology(*rows[:4]), Options(density="cards"), plan)
    assert few.is_loose
    assert not draw_board(topology(*rows), Options(density="cards"), plan)[0].is_loose


def test_a_newcomer_stands_with_its_network_and_networks_without_anybody_stay() -> None:
    """30 networks that nobody is on fill several panels; then somebody comes onto one of them."""
    rows = ("db: bridge", *(f"net{number:02}" for number in range(30)))
    board, plan = draw_board(topology(*rows))
    homes = find_homes(board)
    assert len(board.panels) == 3
    assert homes["net20"] != homes["net00"] == homes["bridge"]
    later, plan = draw_board(topology(*rows, "ci: net20"), None, plan)
    check_laws(later)
    assert later.trunks == ()
    assert find_homes(later) == homes
    (panel,) = [panel for panel in later.panels if panel.key == homes["net20"]]
    assert [card.name for card in panel.cards] == ["ci"]
    moved, _ = draw_board(topology(*rows, "ci: bridge net20"), None, plan)
    assert find_homes(moved) | {"bridge": homes["bridge"]} == homes


def find_homes(board: Board) -> dict[str, str]:
    """Map networks to the panel they are in; the last of several that a trunk joins."""
    return {lane.name: panel.key for panel in board.panels for lane in panel.lanes}


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


def test_containers_without_a_project_stand_around_a_network_that_not_all_are_on() -> None:
    """a, b, c --app-net-- c --back-- d;  and a world apart"""
    rows = ("a: app-net", "b: app-net", "c: app-net back", "d: back", "x: far", "y: far")
    board, plan = draw_board(topology(*rows))
    assert {"around app-net", "around far"} == {panel.title for panel in board.panels}
    again, _ = draw_board(topology(*rows, "e: back"), None, plan)
    assert {"around app-net", "around far"} == {panel.title for panel in again.panels}
