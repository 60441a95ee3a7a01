"""The order of lanes: tiers first, and out of order only where that saves a crossing.

``order_lanes`` takes scores in the order of tiers and the lanes that each riser joins.
"""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from netdash.drawing.crossings import count_crossings
from netdash.drawing.lanes import order_lanes

RISERS = st.lists(
    st.frozensets(st.integers(0, 4), min_size=2).map(lambda lanes: tuple(sorted(lanes))),
    max_size=6,
    unique=True,
).map(lambda risers: tuple(sorted(risers)))


def test_a_riser_that_ends_right_of_a_bus_does_not_cross_it() -> None:
    """0 --o-------   1 --+  (ends before)   2 --o-------"""
    assert count_crossings((0, 1, 2), [(0, 2)]) == 0
    assert count_crossings((0, 1, 2), [(0, 1), (1, 2), (0, 2)]) == 0


def test_one_of_two_risers_that_skip_each_others_bus_crosses() -> None:
    assert count_crossings((0, 1, 2, 3), [(0, 2), (1, 3)]) == 1
    assert count_crossings((0, 2, 1, 3), [(0, 2), (1, 3)]) == 0


def test_lanes_keep_the_order_of_tiers_while_nothing_crosses() -> None:
    assert order_lanes((-4.0, 0.0, 6.0), ((0, 2),)) == (0, 1, 2)
    assert order_lanes((2.0, -4.0, 0.0, 6.0), ((0, 3), (1, 2)), 1) == (0, 1, 2, 3)


def test_lanes_leave_the_order_of_tiers_to_save_a_crossing() -> None:
    assert order_lanes((-4.0, 0.0, 3.0, 6.0), ((0, 2), (1, 3))) == (0, 2, 1, 3)


def test_thin_lanes_stand_in_the_order_of_tiers_unless_a_riser_crosses() -> None:
    assert order_lanes((2.0, -6.0, 0.0), ((0, 2), (1, 2)), 2) == (1, 0, 2)
    assert order_lanes((2.0, -6.0, -4.0, 0.0), ((0, 3), (1, 2)), 2) == (0, 1, 2, 3)


@given(RISERS, st.integers(0, 3))
def test_no_order_of_tiers_would_cross_less_and_thin_lanes_stay_on_top(
    risers: tuple[tuple[int, ...], ...], fixed: int
) -> None:
    scores = tuple(float(lane) for lane in range(5))
    order = order_lanes(scores, risers, fixed)
    assert set(order[:fixed]) == set(range(fixed))
    assert sorted(order) == [*range(5)]
    straight = range(fixed, 5)
    least = min(count_crossings((*tops, *straight), risers) for tops in permutations(range(fixed)))
    if least == 0 and fixed < 2:
        assert order == (*range(5),)
    if fixed < 2:
        assert count_crossings(order, risers) <= least
