"""Clean-up never takes what anybody needs, and says why of everything."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from netdash.jobs.cleanup import find_objection
from netdash.topology.candidates import (
    CleanupFilter,
    Memory,
    encode_filter,
    find_candidates,
    find_spared,
    plan_cleanup,
    review,
)
from netdash.topology.changes import RemoveNetwork
from netdash.topology.naming import find_namings, find_used
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot
from tests.builders import topology
from tests.cleanups import (
    DAY,
    EVERYTHING,
    NOW,
    OLD,
    build_world,
    choose_filter,
    come_into_use,
    list_namers,
    write_time,
)

WORLDS = range(1000)


def removed(snapshot: Snapshot, wanted: CleanupFilter) -> list[Network]:
    memory = Memory(NOW - 60 * DAY)
    plan = plan_cleanup(find_candidates(snapshot, wanted, NOW, memory))
    changes = [change for change in plan.changes if isinstance(change, RemoveNetwork)]
    assert len(changes) == len(plan.changes)
    return [snapshot.networks_by_id[change.network_id] for change in changes]


def test_in_a_thousand_worlds_no_plan_takes_what_a_container_names() -> None:
    taken = 0
    for seed in WORLDS:
        random = Random(seed)
        world = build_world(random)
        for network in removed(world, choose_filter(random)):
            assert not list(list_namers(world, network)), (seed, network.name)
            assert not network.is_built_in, seed
            assert network.scope == "local", seed
            assert ("netdash.keep", "true") not in network.labels, seed
            assert not any(one.config_from == network.name for one in world.networks), seed
            taken += 1
    assert taken > 500


def test_ignoring_stopped_containers_still_spares_what_a_running_one_names() -> None:
    taken = 0
    for seed in WORLDS:
        world = build_world(Random(seed))
        for found in find_candidates(world, CleanupFilter(ignores_stopped=True), NOW):
            namers = list(list_namers(world, found.network))
            assert not any(one.is_running for one in namers), (seed, found.network.name)
            assert bool(namers) <= bool(found.doubts), seed
            taken += bool(namers)
    assert taken > 100


def test_each_network_is_either_taken_or_spared_with_a_reason() -> None:
    for seed in WORLDS[:300]:
        random = Random(seed)
        world = build_world(random)
        found = review(world, choose_filter(random), NOW)
        ids = [one.network.id for one in found.candidates]
        ids += [one.network.id for one in found.spared]
        assert sorted(ids) == sorted(world.networks_by_id)
        assert all(one.reason for one in found.candidates)
        assert all(one.why for one in found.spared)


def test_what_came_into_use_since_the_review_is_not_removed() -> None:
    came = 0
    for seed in WORLDS:
        random = Random(seed)
        world = build_world(random)
        candidates = find_candidates(world, EVERYTHING, NOW)
        used = {one.network.id for one in candidates if random.random() < 0.2}
        now = world
        for network_id in sorted(used):
            now = come_into_use(random, now, world.networks_by_id[network_id])
        for change in plan_cleanup(candidates).changes:
            assert isinstance(change, RemoveNetwork)
            objection = find_objection(encode_filter(EVERYTHING), change, now)
            namers = list(list_namers(now, world.networks_by_id[change.network_id]))
            assert bool(objection) == bool(namers), (seed, change.network_name)
            came += bool(namers)
    assert came > 200


def test_a_network_is_spared_by_name_by_id_and_by_the_beginning_of_its_id() -> None:
    network = Network("0123456789abcdef" * 4, "front", created_at=OLD)
    for word in ("front", network.id, network.id[:12], network.id[:4]):
        for container in (
            Container("1", "web", state="created", network_mode=word),
            Container("1", "web", state="exited", endpoints=(Endpoint("", word),)),
            Container("1", "web", network_mode=word),
        ):
            assert not find_candidates(Snapshot((network,), (container,)), EVERYTHING, NOW), word


def test_a_word_that_is_a_name_is_not_the_beginning_of_an_id() -> None:
    named = Network("9" * 64, "abc", created_at=OLD)
    other = Network("abc" + "0" * 61, "other", created_at=OLD)
    web = Container("1", "web", state="created", network_mode="abc")
    found = find_candidates(Snapshot((named, other), (web,)), EVERYTHING, NOW)
    assert [one.network.name for one in found] == ["other"]


def test_of_two_networks_with_one_name_both_are_needed_by_who_names_it() -> None:
    twins = tuple(Network(digit * 64, "front", created_at=OLD) for digit in "12")
    web = Container("1", "web", endpoints=(Endpoint("1" * 64, "front", id="e"),))
    assert not find_candidates(Snapshot(twins, (web,)), EVERYTHING, NOW)


def test_a_container_in_the_stack_of_another_names_nothing_itself() -> None:
    world = topology("web: front", "side: container:web", "lone")
    assert set(find_namings(world)) == {"net-front"}


@pytest.mark.parametrize(
    ("network", "container", "kind", "words"),
    [
        (Network("1", "bridge"), None, "own", "Docker's own"),
        (Network("1", "in", "overlay", "swarm", is_ingress=True), None, "own", "ingress"),
        (Network("1", "docker_gwbridge"), None, "own", "Swarm's own bridge"),
        (Network("1", "a", "overlay", "swarm"), None, "swarm", "cannot be seen from here"),
        (Network("1", "a", labels=(("netdash.keep", ""),)), None, "keep", "netdash.keep"),
        (
            Network("1", "a"),
            Container("c", "web", endpoints=(Endpoint("1", "a", id="e"),)),
            "running",
            "In use by web.",
        ),
        (
            Network("1", "a"),
            Container("c", "web", network_mode="a"),
            "running",
            "web was created with it",
        ),
        (
            Network("1", "a"),
            Container("c", "job", state="exited", endpoints=(Endpoint("1", "a"),)),
            "stopped",
            "job (stopped) names it and needs it to start.",
        ),
    ],
)
def test_who_stays_says_why(
    network: Network, container: Container | None, kind: str, words: str
) -> None:
    world = Snapshot((network,), (container,) if container else ())
    (spared,) = find_spared(world, EVERYTHING, NOW)
    assert spared.kind == kind
    assert words in spared.why


def test_a_configuration_in_use_stays_and_an_idle_one_goes_with_a_doubt() -> None:
    config = Network("1", "cfg", "null", is_config_only=True, created_at=OLD)
    made = Network("2", "made", config_from="cfg", created_at=OLD)
    (spared,) = find_spared(Snapshot((config, made)), EVERYTHING, NOW)
    assert spared.why == "A configuration that made was made from."
    (idle,) = find_candidates(Snapshot((config,)), EVERYTHING, NOW)
    assert "made later" in idle.doubts[0]


def test_doubts_are_said_of_what_may_go() -> None:
    shop = (("com.docker.compose.project", "shop"),)
    young = Network("1", "shop_a", labels=shop, created_at=write_time(NOW - 180))
    web = Container("c", "web", labels=shop)
    memory = Memory(NOW - DAY, {"1": NOW - 120})
    (found,) = find_candidates(Snapshot((young,), (web,)), EVERYTHING, NOW, memory)
    assert found.doubts == (
        "Its Compose project shop still has 1 container.",
        "Created 3 minutes ago: somebody may be about to use it.",
        "It was in use until 2 minutes ago.",
    )


def test_what_is_left_of_a_project_says_so() -> None:
    shop = (("com.docker.compose.project", "shop"),)
    world = Snapshot((Network("1", "shop_a", labels=shop, created_at=OLD),))
    (found,) = find_candidates(world, EVERYTHING, NOW)
    assert found.reason == "Left over from shop, of which no container is left."
    assert not found.doubts


def test_a_hostile_name_does_not_break_a_sentence() -> None:
    evil = "x\n<script>\u202e" + "y" * 300
    network = Network("1", "a", created_at=OLD)
    web = Container("c", evil, endpoints=(Endpoint("1", "a", id="e"),))
    (spared,) = find_spared(Snapshot((network,), (web,)), EVERYTHING, NOW)
    assert "\n" not in spared.why
    assert len(spared.why) < 200


def test_a_review_does_not_depend_on_the_order_of_containers() -> None:
    world = build_world(Random(3))
    turned = replace(world, containers=world.containers[::-1])
    assert review(world, EVERYTHING, NOW) == review(turned, EVERYTHING, NOW)


def test_what_is_used_is_what_running_containers_name() -> None:
    for seed in WORLDS[:300]:
        world = build_world(Random(seed))
        namings = find_namings(world).items()
        used = {key for key, found in namings if any(one.is_running for one in found)}
        built_in = {one.id for one in world.networks if one.name in ("bridge", "host", "none")}
        assert find_used(world) - built_in == used - built_in, seed
