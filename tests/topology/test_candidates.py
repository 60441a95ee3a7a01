"""Clean-up never takes what anybody needs, and says why of everything."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from netdash.jobs.cleanup import find_objection
from netdash.topology.candidates import (
    CleanupFilter,
    Memory,
    UnreadableFilterError,
    decode_filter,
    encode_filter,
    find_candidates,
    find_spared,
    plan_cleanup,
    review,
)
from netdash.topology.changes import RemoveNetwork
from netdash.topology.naming import find_namings, find_used
from netdash.topology.pruning import compare_prune, would_prune, write_prune
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot
from tests.builders import topology
from tests.cleanups import DAY, NOW, build_world, come_into_use, list_namers, write_time

WORLDS = range(1000)
OLD = write_time(NOW - 40 * DAY)
EVERYTHING = CleanupFilter()


def choose_filter(random: Random) -> CleanupFilter:
    return CleanupFilter(
        labels=random.choice(((), (), ("environment",), ("environment=dev",))),
        not_labels=random.choice(((), (), ("team",), ("team=a", "environment"))),
        name_pattern=random.choice(("", "", "net-*", "net-[0-4]")),
        drivers=random.choice(((), (), ("bridge",))),
        older_than_seconds=random.choice((0, 0, 3600, 30 * DAY)),
        unused_since_seconds=random.choice((0, 0, 0, 7 * DAY)),
    )


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


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (CleanupFilter(labels=("x",)), "It does not have the label x."),
        (CleanupFilter(labels=("env=prod",)), "It does not have the label env=prod."),
        (CleanupFilter(not_labels=("env=dev",)), "It has the label env=dev."),
        (CleanupFilter(name_pattern="Front"), "Its name does not match Front."),
        (CleanupFilter(drivers=("macvlan",)), "Its driver is bridge."),
        (CleanupFilter(networks=("2",)), "Not one of the chosen networks."),
        (
            CleanupFilter(older_than_seconds=60 * DAY),
            "Created 40 days ago; only what is older than 60 days goes.",
        ),
        (
            CleanupFilter(unused_since_seconds=30 * DAY),
            "netdash has watched for 20 days only, so whether it was used within 30 days is"
            " not known.",
        ),
        (
            CleanupFilter(unused_since_seconds=10 * DAY),
            "In use until 5 days ago; only what was unused for 10 days goes.",
        ),
    ],
)
def test_a_filter_says_what_it_leaves_out(wanted: CleanupFilter, why: str) -> None:
    network = Network("1", "front", labels=(("env", "dev"),), created_at=OLD)
    used = {"1": NOW - 5 * DAY} if wanted.unused_since_seconds == 10 * DAY else {}
    memory = Memory(NOW - 20 * DAY, used)
    (spared,) = find_spared(Snapshot((network,)), wanted, NOW, memory)
    assert spared.why == why


def test_a_network_unused_for_long_enough_goes() -> None:
    network = Network("1", "front", created_at=OLD)
    wanted = CleanupFilter(unused_since_seconds=10 * DAY)
    memory = Memory(NOW - 20 * DAY, {"1": NOW - 11 * DAY})
    assert find_candidates(Snapshot((network,)), wanted, NOW, memory)
    assert not find_candidates(Snapshot((network,)), wanted, NOW)


def test_a_network_of_unknown_age_is_not_older_than_anything() -> None:
    world = Snapshot((Network("1", "front", created_at="0001-01-01T00:00:00Z"),))
    assert not find_candidates(world, CleanupFilter(older_than_seconds=1), NOW)


def test_a_filter_is_read_back_as_it_was_written() -> None:
    for seed in range(100):
        wanted = choose_filter(Random(seed))
        assert decode_filter(encode_filter(wanted)) == wanted
    full = CleanupFilter(("a",), ("b=c",), "x*", ("bridge",), 1, 2, True, ("1", "2"))
    assert decode_filter(encode_filter(full)) == full


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"format": 2},
        {"format": 1, "later": True},
        {"format": 1, "labels": "a"},
        {"format": 1, "labels": [1]},
        {"format": 1, "older_than_seconds": -1},
        {"format": 1, "older_than_seconds": True},
        {"format": 1, "ignores_stopped": 1},
    ],
)
def test_a_filter_that_is_not_understood_is_refused(nonsense: dict[str, object]) -> None:
    with pytest.raises(UnreadableFilterError):
        decode_filter(nonsense)


def test_prune_takes_what_has_no_live_endpoint_and_we_say_the_difference() -> None:
    world = Snapshot(
        (
            Network("1", "idle", created_at=OLD),
            Network("2", "needed", created_at=OLD),
            Network("3", "kept", created_at=OLD, labels=(("netdash.keep", "1"),)),
            Network("4", "cfg", "null", is_config_only=True, created_at=OLD),
            Network("5", "used", created_at=OLD),
            Network("6", "bridge", created_at=OLD),
        ),
        (
            Container("a", "job", state="exited", endpoints=(Endpoint("2", "needed"),)),
            Container("b", "web", endpoints=(Endpoint("5", "used", id="e"),)),
        ),
    )
    assert [one.name for one in would_prune(world)] == ["idle", "needed", "kept"]
    difference = compare_prune(world, EVERYTHING, review(world, EVERYTHING, NOW), NOW)
    assert difference.more == (
        "Docker would also remove 1 network that stopped containers need, whose next start"
        " would fail: needed.",
        "Docker would also remove 1 network that netdash.keep protects: kept.",
    )
    assert difference.less == ("Docker would leave 1 unused configuration: cfg.",)


def test_prune_needs_all_of_several_labels_to_leave_a_network_out() -> None:
    network = Network("1", "a", labels=(("x", "1"),), created_at=OLD)
    assert would_prune(Snapshot((network,)), not_labels=("x", "y"))
    assert not would_prune(Snapshot((network,)), not_labels=("x",))
    assert not would_prune(Snapshot((network,)), labels=("x", "y"))


def test_prune_leaves_what_was_created_after_until() -> None:
    network = Network("1", "a", created_at=OLD)
    assert not would_prune(Snapshot((network,)), until=NOW - 41 * DAY)
    assert would_prune(Snapshot((network,)), until=NOW - 39 * DAY)


def test_the_command_has_the_filters_that_prune_knows() -> None:
    wanted = CleanupFilter(("a=b c",), ("x",), "net-*", (), 90)
    assert write_prune(wanted) == (
        "docker network prune --filter 'label=a=b c' --filter 'label!=x' --filter until=90s"
    )


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
