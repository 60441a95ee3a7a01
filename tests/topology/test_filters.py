from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netdash.topology.filters import Filter, find_network_words, find_words, narrow
from netdash.topology.snapshot import COMPOSE_PROJECT, Snapshot
from tests.builders import topology
from tests.drawing.worlds import NAMES, PROJECTS, STATES, snapshots

WORLD = topology(
    "web: front", "api: front back", "db: back", "side: container:api", "agent: host", "tool: none"
)


def names(snapshot: Snapshot) -> tuple[list[str], list[str]]:
    return [n.name for n in snapshot.networks], [c.name for c in snapshot.containers]


def label(snapshot: Snapshot, name: str, **labels: str) -> Snapshot:
    pairs = tuple(sorted((key.replace("_", "."), value) for key, value in labels.items()))
    return replace(
        snapshot,
        containers=tuple(
            replace(c, labels=pairs) if c.name == name else c for c in snapshot.containers
        ),
    )


def test_an_empty_filter_gives_the_same_snapshot_back() -> None:
    assert narrow(WORLD, Filter()) is WORLD


def test_a_network_keeps_its_containers_with_all_their_networks() -> None:
    found = narrow(WORLD, Filter(networks=frozenset({"net-back"})))
    assert names(found) == (["back", "front"], ["api", "db", "side"])


def test_a_driver_is_that_of_any_network() -> None:
    assert names(narrow(WORLD, Filter(drivers=frozenset({"host"}))))[1] == ["agent"]


def test_hiding_built_in_networks_hides_who_stands_only_there() -> None:
    assert names(narrow(WORLD, Filter(hides_built_in=True))) == (
        ["back", "front"],
        ["api", "db", "side", "web"],
    )


def test_a_bridging_container_loses_only_its_hidden_endpoint() -> None:
    found = narrow(topology("a: bridge front"), Filter(hides_built_in=True))
    assert [e.network_name for e in found.containers[0].endpoints] == ["front"]


def test_a_companion_brings_the_owner_of_its_stack() -> None:
    assert names(narrow(WORLD, Filter(text="side")))[1] == ["api", "side"]


@pytest.mark.parametrize("text", ["10.0.0.3", "net-back"[4:], "DB", "image-db"[6:]])
def test_text_finds_names_addresses_networks_and_images(text: str) -> None:
    assert "db" in names(narrow(WORLD, Filter(text=text)))[1]


def test_text_that_nothing_holds_leaves_nothing() -> None:
    assert names(narrow(WORLD, Filter(text="no such thing"))) == ([], [])


def test_states_are_states_and_healths() -> None:
    sick = replace(
        WORLD,
        containers=tuple(
            replace(c, health="unhealthy") if c.name == "db" else c for c in WORLD.containers
        ),
    )
    assert names(narrow(sick, Filter(states=frozenset({"unhealthy"})))) == (["back"], ["db"])


def test_the_empty_project_asks_for_those_of_none() -> None:
    shop = label(WORLD, "web", **{COMPOSE_PROJECT.replace(".", "_"): "shop"})
    assert names(narrow(shop, Filter(projects=frozenset({"shop"}))))[1] == ["web"]
    assert "web" not in names(narrow(shop, Filter(projects=frozenset({""}))))[1]


def test_a_label_is_asked_for_by_key_or_with_its_value() -> None:
    shop = label(WORLD, "web", team="red")
    for wanted, found in ((("team", ""), True), (("team", "red"), True), (("team", "blue"), False)):
        kept = names(narrow(shop, Filter(labels=frozenset({wanted}))))[1]
        assert ("web" in kept) is found


def test_kinds_of_wishes_are_joined_by_and() -> None:
    wanted = Filter(networks=frozenset({"net-front"}), text="10.0.0.")
    assert names(narrow(WORLD, wanted))[1] == ["api", "side"]


def test_words_are_folded_and_hold_what_the_search_box_promises() -> None:
    web = label(WORLD, "web", team="Red").containers_by_id["id-web"]
    words = find_words(WORLD, web).split("\n")
    assert {"web", "front", "10.1.0.2", "team=red"} <= set(words)
    assert "10.1.0.0/24" in find_network_words(WORLD.networks_by_id["net-front"])


filters = st.builds(
    Filter,
    projects=st.frozensets(st.sampled_from(PROJECTS), max_size=2),
    networks=st.frozensets(st.sampled_from(("n-0", "n-1", "n-bridge", "n-gone")), max_size=2),
    drivers=st.frozensets(st.sampled_from(("bridge", "overlay", "host")), max_size=2),
    states=st.frozensets(st.sampled_from(STATES), max_size=3),
    text=st.sampled_from(("", "shop", *NAMES)),
    hides_built_in=st.booleans(),
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(snapshots(12), filters)
def test_narrowing_drops_and_never_invents(snapshot: Snapshot, wanted: Filter) -> None:
    found = narrow(snapshot, wanted)
    assert set(found.networks) <= set(snapshot.networks)
    assert {c.id for c in found.containers} <= {c.id for c in snapshot.containers}
    known = {
        e.network_id for c in snapshot.containers for e in c.endpoints if snapshot.is_dangling(e)
    }
    dangling = {e.network_id for c in found.containers for e in c.endpoints if found.is_dangling(e)}
    assert dangling <= known
    assert narrow(found, wanted) == found
