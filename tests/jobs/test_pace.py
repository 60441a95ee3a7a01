"""How long the rest of a job takes, when its pace stays and when it changes."""

from __future__ import annotations

import pytest

from netdash.jobs.pace import Pace


def find_pace_of_a_line(total: int, ended: int, slower: float) -> tuple[Pace, float]:
    """Look at a job whose items take one second and ever more; give also the true time left."""
    ends, at = [], 0.0
    for number in range(total):
        at += 1 + slower * number
        ends.append(at)
    now = ends[ended - 1]
    early = sum(end < now / 2 for end in ends)
    return Pace(early, ended - early, now, now / 2), ends[-1] - now


def test_a_steady_pace_goes_on() -> None:
    pace, left = find_pace_of_a_line(300, 100, 0.0)
    assert pace.per_second == pytest.approx(1.0, rel=0.05)
    assert pace.foresee(200) == pytest.approx(left, rel=0.05)


@pytest.mark.parametrize("ended", [75, 150, 225, 290])
@pytest.mark.parametrize("slower", [0.002, 0.003, -0.001])
def test_a_pace_that_changes_changes_on(ended: int, slower: float) -> None:
    pace, left = find_pace_of_a_line(300, ended, slower)
    assert pace.foresee(300 - ended) == pytest.approx(left, rel=0.3)
    assert pace.per_second == pytest.approx(1 / (1 + slower * ended), rel=0.3)


def test_a_sudden_change_is_carried_on_no_further_than_it_was_seen() -> None:
    slower = Pace(400, 20, 105, 50)
    assert (slower.on_the_whole, slower.of_late) == (0.25, 2.5)
    assert slower.foresee(1000) == pytest.approx(1000 * (2.5 + 2.25))
    assert slower.foresee(20) == pytest.approx(20 * (2.5 + 2.25 / 10))
    faster = Pace(20, 400, 105, 50)
    assert faster.foresee(1000) == pytest.approx(1000 * 0.125 / 2)


def test_an_engine_that_nearly_stops_is_seen_to() -> None:
    pace = Pace(400, 7, 60, 30)
    assert (pace.per_second, pace.foresee(32)) == (8 / 30, 32 * 30 / 8)
    assert Pace(401, 19, 105, 50).foresee(1000) == pytest.approx(2500)


def test_few_items_say_their_pace_on_the_whole() -> None:
    pace = Pace(10, 30, 80, 40)
    assert (pace.per_second, pace.foresee(10)) == (0.5, 20.0)


@pytest.mark.parametrize("ended", [0, 1, 2])
def test_nobody_can_tell_before_a_few_items_have_ended(ended: int) -> None:
    pace = Pace(0, ended, 5, 2)
    assert (pace.per_second, pace.foresee(10)) == (0.0, None)
