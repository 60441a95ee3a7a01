"""What a preview says a change gives, takes and endangers."""

from __future__ import annotations

from dataclasses import replace

from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    Plan,
    RemoveNetwork,
    Step,
    plan_one,
)
from netdash.topology.facts import NO_FACTS, Facts
from netdash.topology.preview import Preview, foresee
from netdash.topology.snapshot import (
    COMPOSE_PROJECT,
    Container,
    EngineFacts,
    PublishedPort,
    Snapshot,
    Subnet,
)
from tests.builders import topology

WEB_PORT = (PublishedPort(80, "tcp", "0.0.0.0", 8080),)


def connect(container: str, network: str, **settings: object) -> ConnectContainer:
    wanted = replace(EndpointSettings(), **settings)  # type: ignore[arg-type]
    return ConnectContainer(f"net-{network}", network, f"id-{container}", container, wanted)


def disconnect(container: str, network: str) -> DisconnectContainer:
    return DisconnectContainer(f"net-{network}", network, f"id-{container}", container)


def see(snapshot: Snapshot, *changes: Change, facts: Facts = NO_FACTS) -> Preview:
    return foresee(snapshot, Plan(tuple(Step(change) for change in changes)), facts)


def alter(snapshot: Snapshot, name: str, **fields: object) -> Snapshot:
    """Change fields of one container or network."""
    containers = tuple(
        replace(found, **fields) if found.name == name else found  # type: ignore[arg-type]
        for found in snapshot.containers
    )
    networks = tuple(
        replace(found, **fields) if found.name == name else found  # type: ignore[arg-type]
        for found in snapshot.networks
    )
    return replace(snapshot, containers=containers, networks=networks)


def with_gateways(snapshot: Snapshot) -> Snapshot:
    containers = tuple(
        replace(
            found,
            endpoints=tuple(
                replace(endpoint, gateway=f"gw-{endpoint.network_name}")
                for endpoint in found.endpoints
            ),
        )
        for found in snapshot.containers
    )
    return replace(snapshot, containers=containers)


def list_kinds(preview: Preview) -> list[str]:
    return [notice.kind for notice in preview.notices]


def test_connecting_gives_reach_of_those_who_were_out_of_reach() -> None:
    """web --front-- api --back-- db, cache;  web joins back: api was in reach before"""
    world = topology("web: front", "api: front back", "db: back", "cache: back")
    (gain,) = see(world, connect("web", "back")).reach
    assert gain.is_gain
    assert gain.network_name == "back"
    assert (gain.who.shown, gain.whom.shown) == (("web",), ("cache", "db"))
    assert gain.sentence == "On back, web reaches cache and db, in both directions."


def test_disconnecting_takes_only_what_no_other_network_gives() -> None:
    """api and web share front and side: leaving side loses the others alone"""
    world = topology("web: front side", "api: front side", "db: side")
    (loss,) = see(world, disconnect("web", "side")).reach
    assert not loss.is_gain
    assert loss.whom.shown == ("db",)


def test_moving_everybody_changes_nobodys_reach() -> None:
    world = topology("web: old", "api: old", "db: old")
    create = CreateNetwork("new", subnets=(Subnet("10.77.0.0/24"),))
    moves = [ConnectContainer("", "new", f"id-{name}", name) for name in ("web", "api", "db")]
    leaves = [disconnect(name, "old") for name in ("web", "api", "db")]
    preview = see(world, create, *moves, *leaves, RemoveNetwork("net-old", "old"))
    assert not preview.refusals
    assert preview.reach == ()
    assert {network.name for network in preview.after.networks} == {"new"}


def test_several_who_join_together_gain_each_other() -> None:
    world = topology("a: one", "b: two", "back")
    preview = see(world, connect("a", "back"), connect("b", "back"))
    (gain,) = preview.reach
    assert gain.who.shown == gain.whom.shown == ("a", "b")
    assert gain.sentence == "On back, a and b reach each other."
    assert [name.sentence for name in preview.names] == ["On back, a and b resolve a and b."]


def test_several_who_join_others_gain_these_and_each_other() -> None:
    """a --one,  b --two;  both join back, where c is"""
    preview = see(
        topology("a: one", "b: two", "c: back"), connect("a", "back"), connect("b", "back")
    )
    assert [gain.sentence for gain in preview.reach] == [
        "On back, a and b reach each other.",
        "On back, a and b reach c, in both directions.",
    ]
    assert [name.sentence for name in preview.names] == [
        "On back, c resolves a and b.",
        "On back, a and b resolve a, b and c.",
    ]


def test_several_who_leave_together_lose_each_other() -> None:
    world = topology("a: one", "b: one", "c: one")
    preview = see(world, disconnect("a", "one"), disconnect("b", "one"))
    assert {loss.sentence for loss in preview.reach} == {
        "On one, a and b no longer reach each other.",
        "On one, a and b no longer reach c, in either direction.",
    }


def test_without_communication_between_containers_nobody_is_reached_but_names_resolve() -> None:
    world = topology("web: front", "db: back")
    world = alter(world, "back", options=(("com.docker.network.bridge.enable_icc", "false"),))
    preview = see(world, connect("web", "back"))
    assert preview.reach == ()
    assert preview.names
    assert "closed" in list_kinds(preview)


def test_the_default_bridge_gives_reach_without_names() -> None:
    world = topology("web: front", "old: bridge")
    preview = see(world, connect("web", "bridge"))
    assert [change.whom.shown for change in preview.reach] == [("old",)]
    assert preview.names == ()
    assert "no_names" in list_kinds(preview)


def test_names_that_become_resolvable_are_listed_in_both_directions() -> None:
    world = topology("web: front", "db: back")
    first, second = see(world, connect("web", "back", aliases=("shop",))).names
    assert (first.who.shown, first.names.shown) == (("db",), ("shop", "web"))
    assert (second.who.shown, second.names.shown) == (("web",), ("db",))
    assert second.sentence == "On back, web resolves db."


def test_long_lists_are_capped_and_counted() -> None:
    world = topology("web: front", *(f"c{number:03}: back" for number in range(50)))
    (gain,) = see(world, connect("web", "back")).reach
    assert gain.whom.total == 50
    assert len(gain.whom.shown) == 8
    assert "42 more" in gain.sentence


def test_a_way_to_the_machine_gives_the_ports_published_there() -> None:
    """deep is internal; joining front leads to the machine, where shop publishes 8080"""
    world = topology("db: deep", "shop: street", "front")
    world = alter(alter(world, "deep", is_internal=True), "shop", ports=WEB_PORT)
    (gain,) = see(world, connect("db", "front")).reach
    assert (gain.way, gain.whom.shown) == ("published", ("shop",))
    assert gain.sentence == "db reaches what shop publishes on the machine."


def test_netdash_is_not_cut_off_without_being_told() -> None:
    """proxy --edge-- netdash --data-- store"""
    world = topology("proxy: edge", "netdash: edge data", "store: data")
    world = alter(world, "netdash", id="a" * 64)
    facts = Facts(own_ids=("a" * 12,), proxy_ids=("id-proxy-is-long",))
    leaving = DisconnectContainer("net-data", "data", "a" * 64, "netdash")
    preview = see(world, leaving, facts=facts)
    assert preview.needs_override
    assert list_kinds(preview) == ["cuts_netdash"]
    assert not see(world, disconnect("store", "data"), facts=facts).needs_override


def test_netdash_and_its_proxy_are_known_by_name_as_well() -> None:
    """proxy --edge-- netdash --data-- store"""
    world = topology("proxy: edge", "netdash: edge data", "store: data")
    facts = Facts(own_ids=("netdash",), proxy_ids=("proxy",))
    assert list_kinds(see(world, disconnect("netdash", "data"), facts=facts)) == ["cuts_netdash"]
    assert "cuts_proxy" in list_kinds(see(world, disconnect("proxy", "edge"), facts=facts))
    other = Facts(own_ids=("net",), proxy_ids=("prox",))
    assert not see(world, disconnect("netdash", "data"), facts=other).needs_override


def test_the_proxy_in_front_is_not_cut_off_without_being_told() -> None:
    world = topology("proxy: edge side", "netdash: edge", "other: side")
    world = alter(alter(world, "netdash", id="a" * 64), "proxy", id="b" * 64)
    facts = Facts(own_ids=("a" * 64,), proxy_ids=("b" * 64,))
    leaving = DisconnectContainer("net-edge", "edge", "b" * 64, "proxy")
    assert list_kinds(see(world, leaving, facts=facts)) == ["cuts_proxy"]


def test_removal_names_the_stopped_who_count_on_the_network() -> None:
    world = topology("web: front", "front")
    stopped = replace(world.containers[0].endpoints[0], id="", ipv4="")
    world = alter(world, "web", state="exited", endpoints=(stopped,))
    preview = see(world, RemoveNetwork("net-front", "front"))
    assert not preview.refusals
    assert "stopped_count_on_it" in list_kinds(preview)
    newer = replace(world, engine=EngineFacts(api_version="1.45"))
    assert "bound" in list_kinds(see(newer, RemoveNetwork("net-front", "front")))


def test_a_new_network_of_the_same_name_serves_those_created_with_the_old_one() -> None:
    world = replace(topology("web: front"), engine=EngineFacts(api_version="1.45"))
    front, web = world.networks[0], world.containers[0]
    leaving = DisconnectContainer(front.id, front.name, web.id, web.name)
    removing = RemoveNetwork(front.id, front.name)
    assert "bound" in list_kinds(see(world, leaving, removing, CreateNetwork("other")))
    assert "bound" not in list_kinds(see(world, leaving, removing, CreateNetwork(front.name)))
    by_id = alter(world, "web", network_mode=front.id)
    assert "bound" in list_kinds(see(by_id, leaving, removing, CreateNetwork(front.name)))


def test_a_compose_project_that_counts_on_the_network_is_named() -> None:
    labels = ((COMPOSE_PROJECT, "shop"),)
    world = alter(alter(topology("web: front"), "web", labels=labels), "front", labels=labels)
    assert "compose_reconnects" in list_kinds(see(world, disconnect("web", "front")))


def test_a_sharer_moves_along() -> None:
    world = topology("web: front", "exporter: container:web", "back")
    preview = see(world, connect("web", "back"))
    assert "sharers" in list_kinds(preview)


def test_refused_steps_are_judged_on_what_the_steps_before_leave() -> None:
    world = topology("web: front", "api: front", "back")
    taken = see(
        world, connect("web", "back", ipv4="10.0.0.9"), connect("api", "back", ipv4="10.0.0.9")
    )
    assert [step.state for step in taken.steps] == ["ready", "refused"]
    assert taken.refusals[0].kind == "address_taken"
    assert taken.refusals
    removal = see(
        world,
        disconnect("web", "front"),
        disconnect("api", "front"),
        RemoveNetwork("net-front", "front"),
    )
    assert not removal.refusals
    twice = see(world, CreateNetwork("x"), CreateNetwork("x", driver="macvlan"))
    assert [step.state for step in twice.steps] == ["ready", "refused"]


def test_commands_are_those_still_to_run() -> None:
    world = topology("web: front", "api: back")
    preview = see(world, connect("web", "front"), connect("api", "front"))
    assert preview.commands == ("docker network connect front api",)
    assert see(world, connect("web", "front")).commands == ("docker network connect front web",)


def test_what_is_already_true_is_nothing_to_do() -> None:
    preview = foresee(topology("web: front"), plan_one(connect("web", "front")))
    assert preview.is_empty
    assert (preview.reach, preview.names, preview.routes, preview.notices) == ((), (), (), ())


def test_a_fixed_address_that_a_stopped_container_waits_for_is_told() -> None:
    world = topology("web: front", "db: back")
    waiting = replace(world.containers[0].endpoints[0], id="", ipv4="", static_ipv4="10.0.0.50")
    world = alter(world, "db", state="exited", endpoints=(waiting,))
    preview = see(world, connect("web", "back", ipv4="10.0.0.50"))
    assert "address_awaited" in list_kinds(preview)


def test_a_name_that_says_nothing_gets_a_hint() -> None:
    pool = (Subnet("10.70.0.0/24"),)
    assert list_kinds(see(Snapshot(), CreateNetwork("net1", subnets=pool))) == ["dull_name"]
    assert see(Snapshot(), CreateNetwork("shop-backend", subnets=pool)).notices == ()


def test_an_empty_world_foresees_nothing() -> None:
    assert foresee(Snapshot(), Plan()).is_empty
    gone = foresee(Snapshot(containers=(Container("c", "c"),)), plan_one(connect("x", "y")))
    assert [refusal.kind for refusal in gone.refusals] == ["container_gone", "network_gone"]
