"""What a preview says of reach and names, held against who shares a network before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from netdash.topology.changes import Change, ConnectContainer, DisconnectContainer, EndpointSettings
from netdash.topology.preview import Preview
from tests.builders import topology
from tests.topology.test_preview import alter, connect, see, with_gateways

NETWORKS = ("one", "two", "three", "four")
CONTAINERS = ("a", "b", "c", "d", "e", "f")
Places = dict[str, frozenset[str]]
Twins = frozenset[str]
places = st.fixed_dictionaries(
    {name: st.frozensets(st.sampled_from(NETWORKS)) for name in CONTAINERS}
)


def move(before: Places, after: Places, twins: Twins = frozenset()) -> Preview:
    """Move containers; those of ``twins`` answer to one more name, which is ``svc`` for all."""
    rows = [f"{name}: {' '.join(sorted(before[name]))}" for name in CONTAINERS]
    changes: list[Change] = []
    for name in CONTAINERS:
        for network in sorted(after[name] - before[name]):
            settings = EndpointSettings(aliases=("svc",) if name in twins else ())
            changes.append(
                ConnectContainer(f"net-{network}", network, f"id-{name}", name, settings)
            )
        for network in sorted(before[name] - after[name]):
            changes.append(DisconnectContainer(f"net-{network}", network, f"id-{name}", name))
    world = topology(*rows, *NETWORKS)
    for found in world.containers:
        if found.name in twins:
            places = tuple(replace(one, aliases=("svc",)) for one in found.endpoints)
            world = alter(world, found.name, endpoints=places)
    return see(world, *changes)


def pair_up(who: Iterable[str], whom: Iterable[str]) -> set[tuple[str, str]]:
    return {(one, other) for one, other in product(who, whom) if one != other}


def share(all_places: Places, name: str | None = None) -> set[tuple[str, str]]:
    """List the ordered pairs on a common network, or on the one of a name."""
    return {
        (one, other)
        for one, other in pair_up(CONTAINERS, CONTAINERS)
        if any(name in (None, common) for common in all_places[one] & all_places[other])
    }


@given(before=places, after=places)
def test_reach_that_is_told_is_true_and_all_that_is_true_is_told(
    before: Places, after: Places
) -> None:
    preview = move(before, after)
    for is_gain, old, new in ((False, before, after), (True, after, before)):
        truth = share(old) - share(new)
        told: set[tuple[str, str]] = set()
        for change in preview.reach:
            if change.way == "network" and change.is_gain == is_gain:
                who, whom = change.who.shown, change.whom.shown
                pairs = pair_up(who, whom) | pair_up(whom, who)
                told |= pairs
                assert pairs <= share(old, change.network_name), change.sentence
                assert pairs - truth <= (share(new) if change.is_partial else set())
        assert truth <= told


def resolve(all_places: Places, twins: Twins, network: str | None = None) -> set[tuple[str, str]]:
    """List who resolves which name: all of a common network, each other's."""
    pairs = share(all_places, network)
    return pairs | {(one, "svc") for one, other in pairs if other in twins}


@given(before=places, after=places, twins=st.frozensets(st.sampled_from(CONTAINERS)))
def test_names_that_are_told_are_true_and_all_that_are_true_are_told(
    before: Places, after: Places, twins: Twins
) -> None:
    preview = move(before, after, twins)
    for is_gain, old, new in ((False, before, after), (True, after, before)):
        own = {(name, "svc") for name in twins}  # a name of one's own is no news
        truth = resolve(old, twins) - resolve(new, twins) - own
        told: set[tuple[str, str]] = set()
        for change in preview.names:
            if change.is_gain == is_gain:
                pairs = pair_up(change.who.shown, change.names.shown) - own
                told |= pairs
                if not change.is_partial:
                    assert pairs <= truth & resolve(old, twins, change.network_name), change
        assert truth <= told


def test_who_still_meets_elsewhere_is_not_said_to_be_lost() -> None:
    """web, api, db --bridge and app;  edge --app"""
    world = topology("web: other app", "api: other app", "db: other app", "edge: app")
    leaving = [
        DisconnectContainer("net-app", "app", f"id-{name}", name)
        for name in ("web", "api", "db", "edge")
    ]
    preview = see(world, *leaving)
    assert [change.sentence for change in preview.reach] == [
        "On app, edge no longer reaches api, db and web, in either direction."
    ]
    assert [change.sentence for change in preview.names] == [
        "On app, edge no longer resolves api, db and web.",
        "On app, api, db and web no longer resolve edge.",
    ]


def test_many_groups_are_told_at_once_with_what_is_left_open() -> None:
    """Pairs on networks of their own leave the one that joined them."""
    world = topology(*(f"c{n}: shared own{n // 2}" for n in range(10)))
    leaving = [DisconnectContainer("net-shared", "shared", f"id-c{n}", f"c{n}") for n in range(10)]
    preview = see(world, *leaving)
    (loss,) = preview.reach
    names = "c0, c1, c2, c3, c4, c5, c6, c7 and 2 more"
    assert loss.sentence == (
        f"On shared, {names} no longer reach each other, save those that share another network."
    )
    (forgotten,) = preview.names
    assert forgotten.sentence == f"On shared, {names} no longer resolve some of {names}."


def test_a_container_without_a_way_out_is_said_to_gain_one() -> None:
    """cache --back (internal);  joins front"""
    world = alter(with_gateways(topology("cache: back", "web: front")), "back", is_internal=True)
    world = alter(
        world, "cache", endpoints=(replace(world.containers[0].endpoints[0], gateway=""),)
    )
    (route,) = see(world, connect("cache", "front")).routes
    assert route.sentence.startswith("cache gains a way out: its default route goes through front")


def test_an_alias_that_leads_to_another_container_already_is_told() -> None:
    world = topology("web: front", "db: back", "api: back")
    world = alter(
        world,
        "api",
        endpoints=(replace(world.containers_by_id["id-api"].endpoints[0], aliases=("svc",)),),
    )
    preview = see(world, connect("web", "back", aliases=("DB", "svc", "www")))
    told = {(notice.level, notice.sentence) for notice in preview.notices}
    assert ("warn", "DB is the name of db on back: from now on it leads to both, in turn.") in told
    assert (
        "info",
        "svc already leads to api on back: from now on it leads to both, in turn.",
    ) in told
    assert not any("www" in sentence for _, sentence in told)


def test_an_alias_of_many_is_told_once_and_stopped_ones_hold_none() -> None:
    world = topology("web: front", "one: back", "two: back", "three: back")
    for name in ("one", "two", "three"):
        place = replace(world.containers_by_id[f"id-{name}"].endpoints[0], aliases=("svc",))
        world = alter(world, name, endpoints=(place,))
    down = replace(world.containers_by_id["id-three"].endpoints[0], id="", ipv4="")
    world = alter(world, "three", state="exited", endpoints=(down,))
    preview = see(world, connect("web", "back", aliases=("svc",)))
    assert [notice.sentence for notice in preview.notices if notice.kind == "name_shared"] == [
        "svc already leads to one and two on back: from now on it leads to all of them, in turn."
    ]
