"""Strands: which steps of a plan must wait for each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    Plan,
    RemoveNetwork,
    Step,
)
from netdash.topology.plans import find_strands, list_touched


def enter(network: str, container: str, network_id: str | None = None) -> ConnectContainer:
    id_ = f"id-{network}" if network_id is None else network_id
    return ConnectContainer(id_, network, f"id-{container}", container)


def leave(network: str, container: str) -> DisconnectContainer:
    return DisconnectContainer(f"id-{network}", network, f"id-{container}", container)


def remove(network: str) -> RemoveNetwork:
    return RemoveNetwork(f"id-{network}", network)


def part(*changes: Change) -> tuple[int, ...]:
    return find_strands(Plan(tuple(map(Step, changes))))


def test_a_plan_of_nothing_has_no_strands() -> None:
    assert part() == ()


def test_networks_are_made_side_by_side() -> None:
    assert part(CreateNetwork("a"), CreateNetwork("b"), CreateNetwork("c")) == (0, 1, 2)


def test_a_container_enters_a_network_that_an_earlier_step_makes() -> None:
    made = part(CreateNetwork("a"), CreateNetwork("b"), enter("a", "web", network_id=""))
    assert made == (0, 1, 0)


def test_containers_enter_one_network_side_by_side_so_that_one_refusal_stops_nobody_else() -> None:
    assert part(enter("a", "web"), enter("a", "api"), enter("a", "db")) == (0, 1, 2)


def test_the_steps_of_one_container_go_in_order() -> None:
    assert part(enter("b", "web"), enter("c", "api"), leave("a", "web")) == (0, 1, 0)


def test_a_network_goes_when_everybody_has_left_it() -> None:
    assert part(leave("a", "web"), leave("a", "api"), leave("b", "db"), remove("a")) == (0, 0, 1, 0)


def test_strands_join_through_what_they_have_in_common() -> None:
    found = part(
        CreateNetwork("a"), CreateNetwork("b"), enter("a", "web", ""), enter("b", "web", "")
    )
    assert found == (0, 0, 0, 0)


def test_a_network_made_behind_a_removal_may_need_its_subnet() -> None:
    assert part(remove("old"), CreateNetwork("new"), enter("other", "web")) == (0, 0, 1)


def test_a_network_removed_behind_a_creation_of_others_stands_alone() -> None:
    assert part(CreateNetwork("new"), remove("old")) == (0, 1)


def test_a_creation_touches_what_a_later_step_knows_by_name_alone() -> None:
    assert list_touched(CreateNetwork("a")) & list_touched(enter("a", "web", ""))


NAMES = st.sampled_from("abcd")
CHANGES = st.one_of(
    st.builds(CreateNetwork, NAMES),
    st.builds(remove, NAMES),
    st.builds(enter, NAMES, NAMES),
    st.builds(leave, NAMES, NAMES),
)


@given(st.lists(CHANGES, max_size=12))
def test_steps_of_different_strands_may_swap(changes: list[Change]) -> None:
    strands = part(*changes)
    assert len(strands) == len(changes)
    assert list(dict.fromkeys(strands)) == list(range(len(set(strands))))
    for number, change in enumerate(changes):
        for other in range(number):
            common = list_touched(change) & list_touched(changes[other])
            are_connections = all(
                isinstance(one, ConnectContainer | DisconnectContainer)
                for one in (change, changes[other])
            )
            matters = any(key.startswith("container ") or not are_connections for key in common)
            assert not matters or strands[number] == strands[other]
