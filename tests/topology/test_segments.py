from __future__ import annotations

from dataclasses import replace

from netdash.topology.communities import find_communities
from netdash.topology.graph import build_graph
from netdash.topology.segments import find_bridging, find_cut_points, find_segments
from netdash.topology.snapshot import Endpoint, Snapshot
from tests.builders import topology


def names_of(snapshot: Snapshot) -> list[str]:
    return [container.name for container in find_cut_points(snapshot)]


def test_nothing_has_no_segments() -> None:
    assert find_segments(Snapshot()) == ()


def test_the_container_in_the_middle_is_a_cut_point() -> None:
    # web --front-- api --back-- db
    assert names_of(topology("web: front", "api: front back", "db: back")) == ["api"]


def test_two_bridges_hold_each_other_up() -> None:
    # web --front-- api, worker --back-- db
    snapshot = topology("web: front", "api: front back", "worker: front back", "db: back")
    assert names_of(snapshot) == []
    assert [found.name for found in find_bridging(snapshot)] == ["api", "worker"]


def test_a_network_with_nobody_else_does_not_fall_off() -> None:
    assert names_of(topology("web: front", "api: front empty")) == []


def test_host_and_none_join_nobody() -> None:
    snapshot = topology("agent: host", "probe: host", "tool: none", "job: none")
    assert sorted(len(segment.containers) for segment in find_segments(snapshot))[-1] == 1
    assert find_bridging(topology("odd: host none")) == ()


def test_segments_come_largest_first() -> None:
    first, second, third = find_segments(topology("a: x", "b: x y", "c: y", "d: z", "e:"))
    assert [found.name for found in first.networks] == ["x", "y"]
    assert [found.name for found in first.containers] == ["a", "b", "c"]
    assert [found.name for found in second.containers] == ["d"]
    assert [found.name for found in third.containers] == ["e"]


def test_a_network_that_is_gone_still_joins() -> None:
    snapshot = topology("a: x", "b: y")
    gone = Endpoint("lost", "lost")
    joined = replace(
        snapshot,
        containers=tuple(replace(c, endpoints=(*c.endpoints, gone)) for c in snapshot.containers),
    )
    assert len(find_segments(joined)) == 1
    assert build_graph(joined).nodes["lost"] == {"kind": "network"}


def test_two_networks_of_one_name_are_two() -> None:
    snapshot = topology("a: x")
    twin = replace(snapshot.networks[0], id="net-x-2")
    assert len(find_segments(replace(snapshot, networks=(*snapshot.networks, twin)))) == 2


def test_a_hub_does_not_make_one_community_of_all() -> None:
    rows = {f"{group}{n}": (f"net-{group}", "hub") for group in "abcdefghijkl" for n in range(3)}
    found = find_communities(rows)
    assert sorted("".join(sorted(each))[0] for each in found) == list("abcdefghijkl")
