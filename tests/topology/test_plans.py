"""Plans of several changes, free places, and networks like others."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdash.topology.addresses import find_free, find_gateway, find_holder, list_taken
from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    RemoveNetwork,
)
from netdash.topology.effects import apply_plan
from netdash.topology.facts import Facts
from netdash.topology.inverses import invert_plan, pin, renew
from netdash.topology.likeness import ask_alike, hint_name
from netdash.topology.plans import (
    list_lost_addresses,
    plan_connect,
    plan_disconnect,
    plan_migration,
    plan_removal,
)
from netdash.topology.preview import foresee
from netdash.topology.snapshot import Network, Snapshot, Subnet
from netdash.topology.subnets import (
    DEFAULT_POOLS,
    find_free_subnets,
    find_next_pool,
    find_overlaps,
)
from netdash.topology.supports import list_drivers
from tests.alike import mask
from tests.builders import topology


def find(snapshot: Snapshot, name: str) -> Network:
    return next(network for network in snapshot.networks if network.name == name)


def complete(snapshot: Snapshot) -> Snapshot:
    """As after the details pass: nothing was asked for."""
    containers = tuple(
        replace(
            container,
            endpoints=tuple(
                replace(
                    endpoint,
                    aliases=(),
                    static_ipv4="",
                    static_ipv6="",
                    link_local=(),
                    driver_options=(),
                    gateway=f"10.{endpoint.ipv4.split('.')[1]}.0.1",
                    dns_names=tuple(sorted((container.name, container.id[:12]))),
                )
                for endpoint in container.endpoints
            ),
        )
        for container in snapshot.containers
    )
    return replace(snapshot, containers=containers)


def test_a_removal_disconnects_everybody_first() -> None:
    world = topology("web: front", "api: front back")
    plan = plan_removal(world, find(world, "front"))
    assert [type(change) for change in plan.changes] == [
        DisconnectContainer,
        DisconnectContainer,
        RemoveNetwork,
    ]
    assert all(step.reason for step in plan.steps)
    assert {network.name for network in apply_plan(world, plan).networks} == {"back"}


def test_bulk_plans_leave_out_those_who_are_there_or_not_there() -> None:
    world = topology("web: front", "api: front back", "back")
    back = find(world, "back")
    plan = plan_connect(back, world.containers, EndpointSettings("10.0.0.9", aliases=("x",)))
    (change,) = plan.changes
    assert isinstance(change, ConnectContainer)
    assert change.settings == EndpointSettings(aliases=("x",))
    (change,) = plan_disconnect(back, world.containers).changes
    assert change == DisconnectContainer("net-back", "back", "id-api", "api")


def test_a_migration_moves_everybody_and_can_be_taken_back() -> None:
    world = complete(topology("web: front", "api: front back", "db: back"))
    wanted = CreateNetwork("front-2", subnets=(Subnet("10.50.0.0/24"),))
    plan = plan_migration(world, find(world, "front"), wanted)
    after = apply_plan(world, plan)
    assert {network.name for network in after.networks} == {"back", "front-2"}
    assert [e.network_name for c in after.containers for e in c.endpoints] == [
        "back",
        "front-2",
        "back",
        "front-2",
    ]
    assert mask(apply_plan(after, invert_plan(plan, world))) == mask(world)


def test_a_migration_keeps_fixed_addresses_that_fit_and_says_which_do_not() -> None:
    world = complete(topology("web: front", "api: front"))
    fixed = tuple(
        replace(c, endpoints=(replace(c.endpoints[0], static_ipv4=c.endpoints[0].ipv4),))
        for c in world.containers
    )
    world = replace(world, containers=fixed)
    front = find(world, "front")
    narrow = CreateNetwork("front", subnets=(Subnet("10.0.0.0/30"),))
    plan = plan_migration(world, front, narrow)
    assert isinstance(plan.changes[0], DisconnectContainer)
    addresses = [c.settings.ipv4 for c in plan.changes if isinstance(c, ConnectContainer)]
    assert sorted(addresses) == ["", "10.0.0.2"]
    assert any("10.0.0.3 does not fit" in step.reason for step in plan.steps)
    assert not foresee(world, plan).refusals
    (lost,) = list_lost_addresses(world, front, narrow)
    assert "its fixed address 10.0.0.3." in lost
    assert list_lost_addresses(world, front, replace(narrow, subnets=front.subnets)) == ()


def test_of_many_lost_addresses_the_first_are_said_and_the_others_counted() -> None:
    world = topology(*(f"c{number:02}: front" for number in range(20)))
    fixed = tuple(
        replace(c, endpoints=(replace(c.endpoints[0], static_ipv4="10.0.0.9"),))
        for c in world.containers
    )
    world = replace(world, containers=fixed)
    wanted = CreateNetwork("front", subnets=(Subnet("10.77.0.0/24"),))
    said = list_lost_addresses(world, find(world, "front"), wanted)
    assert (len(said), said[-1]) == (9, "And 12 more fixed addresses.")


def test_automatic_addresses_come_back_because_an_undo_goes_by_address() -> None:
    world = complete(topology("c: front", "a: front", "b: front"))
    plan = plan_disconnect(find(world, "front"), world.containers)
    undone = apply_plan(apply_plan(world, plan), invert_plan(plan, world))
    addresses = {c.name: c.endpoints[0].ipv4 for c in undone.containers}
    assert addresses == {c.name: c.endpoints[0].ipv4 for c in world.containers}


def test_an_old_undo_follows_a_restart_but_not_a_new_connection() -> None:
    world = topology("web: front")
    undo = pin((DisconnectContainer("net-front", "front", "id-web", "web"),), "", "ep-old")
    (followed,) = renew(undo, world)
    assert isinstance(followed, DisconnectContainer)
    assert followed.endpoint_id == "ep-web-front"
    later = (ConnectContainer("net-front", "front", "id-web", "web"),)
    assert renew(undo, world, later) == undo


def test_an_old_undo_finds_a_network_made_again_under_its_name() -> None:
    undo = (ConnectContainer("gone", "front", "id-web", "web"),)
    (found,) = renew(undo, topology("web: back", "front"))
    assert isinstance(found, ConnectContainer)
    assert found.network_id == "net-front"


def test_free_subnets_keep_clear_of_networks_and_routes() -> None:
    world = Snapshot(networks=(Network("a", "a", subnets=(Subnet("172.17.0.0/16"),)),))
    assert find_next_pool(world) == "172.18.0.0/16"
    assert find_free_subnets(world, 24, count=2) == ("172.18.0.0/24", "172.18.1.0/24")
    assert find_free_subnets(world, 24, taken=("172.16.0.0/12",)) == ("192.168.0.0/24",)
    assert find_free_subnets(world, 64)[0].startswith("fd00::")
    full = Snapshot(networks=tuple(Network(p, p, subnets=(Subnet(p),)) for p in DEFAULT_POOLS))
    assert find_next_pool(full) == ""
    assert find_free_subnets(full, 24) == ("10.0.0.0/24",)


@given(
    st.lists(st.tuples(st.integers(0, 255), st.integers(20, 28)), max_size=12),
    st.integers(22, 28),
)
def test_a_free_subnet_overlaps_nothing(used: list[tuple[int, int]], prefix: int) -> None:
    cidrs = [str(ip_network(f"10.0.{third}.0/{size}", strict=False)) for third, size in used]
    world = Snapshot(
        networks=tuple(Network(str(n), c, subnets=(Subnet(c),)) for n, c in enumerate(cidrs))
    )
    for found in find_free_subnets(world, prefix, within="10.0.0.0/16", count=5):
        assert find_overlaps(world, found) == ()
        assert ip_network(found).prefixlen == prefix


def test_taken_addresses_say_by_whom() -> None:
    world = topology("web: front", "api: front")
    subnet = Subnet("10.0.0.0/29", "10.0.0.1", "", (("printer", "10.0.0.5"),))
    world = replace(world, networks=(replace(world.networks[0], subnets=(subnet,)),))
    front = world.networks[0]
    taken = [(t.address, t.kind, t.holder) for t in list_taken(world, front)]
    assert taken == [
        ("10.0.0.0", "network", ""),
        ("10.0.0.1", "gateway", "front"),
        ("10.0.0.2", "container", "web"),
        ("10.0.0.3", "container", "api"),
        ("10.0.0.5", "auxiliary", "printer"),
        ("10.0.0.7", "broadcast", ""),
    ]
    assert find_free(world, front, 9) == ("10.0.0.4", "10.0.0.6")
    holder = find_holder(world, front, "10.0.0.3")
    assert holder is not None
    assert holder.holder == "api"
    assert find_gateway(world, front, Subnet("10.0.0.0/29")) == "10.0.0.1"


def test_a_network_like_this_one_has_its_own_name_and_place() -> None:
    world = topology("web: front")
    front = replace(
        find(world, "front"),
        options=(("com.docker.network.bridge.name", "br0"), ("x", "y")),
        labels=(("com.docker.compose.project", "shop"), ("team", "web")),
        is_internal=True,
    )
    world = replace(world, networks=(front,))
    alike = ask_alike(world, front)
    assert alike == CreateNetwork(
        "front-2",
        subnets=(Subnet("172.17.0.0/24"),),
        options=(("x", "y"),),
        labels=(("team", "web"),),
        is_internal=True,
    )
    assert not foresee(world, plan_removal(world, front)).refusals


@pytest.mark.parametrize("name", ["net1", "test", "my-network", "mon-reseau", "network_2"])
def test_names_that_say_nothing(name: str) -> None:
    assert name in hint_name(name)


@pytest.mark.parametrize("name", ["", "shop-backend", "frontend", "monitoring", "tests-of-shop"])
def test_names_that_say_something(name: str) -> None:
    assert hint_name(name) == ""


def test_drivers_that_cannot_be_chosen_say_why() -> None:
    choices = {choice.name: choice for choice in list_drivers(Snapshot(), Facts(is_swarm=False))}
    offered = [name for name, choice in choices.items() if choice.is_offered]
    assert offered == ["bridge", "macvlan", "ipvlan"]
    assert all(choice.explanation for choice in choices.values())
