"""Laws that hold for every drawing."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netdash.drawing.board import Options, draw_board
from netdash.drawing.plan import decode_plan, encode_plan
from netdash.drawing.shapes import Board, Density, Grouping
from netdash.topology.snapshot import Container, Snapshot
from tests.drawing.worlds import check_laws, find_inside, growing, snapshots

DENSITIES: tuple[Density, ...] = ("cards", "chips", "dots")
GROUPINGS: tuple[Grouping, ...] = ("project", "tier", "none")
every_view = pytest.mark.parametrize(
    "options",
    [Options(density=d, grouping=g) for d in DENSITIES for g in GROUPINGS],
    ids=lambda options: f"{options.density}-{options.grouping}",
)
few = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@every_view
@few
@given(snapshot=snapshots())
def test_nothing_overlaps_and_no_riser_crosses_a_foreign_card(
    options: Options, snapshot: Snapshot
) -> None:
    board, _ = draw_board(snapshot, options)
    check_laws(board)


@every_view
@few
@given(snapshot=snapshots())
def test_every_container_is_drawn_exactly_once(options: Options, snapshot: Snapshot) -> None:
    board, _ = draw_board(snapshot, options)
    drawn = [key for p in board.panels for card in p.cards for key in card.container_ids]
    drawn += [tab.container_id for p in board.panels for card in p.cards for tab in card.tabs]
    assert sorted(drawn) == sorted(container.id for container in snapshot.containers)


@few
@given(snapshot=snapshots(), grouping=st.sampled_from(GROUPINGS), seed=st.integers(0, 9))
def test_the_order_of_a_reading_does_not_matter(
    snapshot: Snapshot, grouping: Grouping, seed: int
) -> None:
    lot = random.Random(seed)
    shuffled = replace(
        snapshot,
        networks=tuple(lot.sample(snapshot.networks, len(snapshot.networks))),
        containers=tuple(lot.sample(snapshot.containers, len(snapshot.containers))),
    )
    options = Options(grouping=grouping)
    assert draw_board(shuffled, options) == draw_board(snapshot, options)


@every_view
@few
@given(snapshot=snapshots())
def test_a_remembered_board_of_the_same_snapshot_is_the_same(
    options: Options, snapshot: Snapshot
) -> None:
    board, plan = draw_board(snapshot, options)
    again, kept = draw_board(snapshot, options, decode_plan(encode_plan(plan)))
    assert again == board
    assert kept == plan


@every_view
@few
@given(world=growing())
def test_a_new_container_moves_nothing_inside_other_panels(
    options: Options, world: tuple[Snapshot, Snapshot, Container]
) -> None:
    before, after, new = world
    board, plan = draw_board(before, options)
    grown, _ = draw_board(after, options, plan)
    check_laws(grown)
    places = {panel.key: panel for panel in board.panels}
    for panel in grown.panels:
        mine = [card.container_ids for card in panel.cards]
        tabs = [tab.container_id for card in panel.cards for tab in card.tabs]
        if panel.key in places and not any(new.id in ids for ids in (*mine, tabs)):
            old = places[panel.key]
            assert find_inside(panel) == find_inside(old)
            assert panel.x >= old.x
            assert panel.y >= old.y
            if {lane.network_id for lane in panel.lanes} == {n.network_id for n in old.lanes}:
                assert panel.height == old.height
                assert panel.width >= old.width, "it still covers its columns"


@every_view
@few
@given(snapshot=snapshots(), data=st.data())
def test_a_recreated_container_takes_its_old_place(
    options: Options, snapshot: Snapshot, data: st.DataObject
) -> None:
    board, plan = draw_board(snapshot, options)
    if not snapshot.containers:
        return
    gone = data.draw(st.sampled_from(snapshot.containers))
    rest = tuple(c for c in snapshot.containers if gone.id not in (c.id, c.owner_id))
    without, kept = draw_board(replace(snapshot, containers=rest), options, plan)
    check_laws(without)
    again, _ = draw_board(snapshot, options, kept)
    check_laws(again)
    if {panel.key for panel in without.panels} == {panel.key for panel in board.panels}:
        assert find_places(again) == find_places(board)


def find_places(board: Board) -> dict[str, tuple[float, float]]:
    return {
        card.key: (panel.x + card.x, panel.y + card.y)
        for panel in board.panels
        for card in panel.cards
    }


@few
@given(data=st.data(), snapshot=snapshots(40), grouping=st.sampled_from(GROUPINGS))
def test_laws_hold_after_many_changes(
    data: st.DataObject, snapshot: Snapshot, grouping: Grouping
) -> None:
    options = Options(density="chips", grouping=grouping)
    plan = None
    for _ in range(4):
        chosen = data.draw(st.sets(st.sampled_from(range(41)), max_size=20))
        kept = tuple(c for n, c in enumerate(snapshot.containers) if n not in chosen)
        board, plan = draw_board(replace(snapshot, containers=kept), options, plan)
        check_laws(board)
