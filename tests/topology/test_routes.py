from __future__ import annotations

from dataclasses import replace

from netdash.topology.routes import find_default_route
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot


def build(*endpoints: Endpoint, **internal: bool) -> Snapshot:
    names = [endpoint.network_name for endpoint in endpoints]
    networks = tuple(
        Network(id=f"net-{name}", name=name, is_internal=internal.get(name, False))
        for name in names
    )
    return Snapshot(networks, (Container(id="id-app", name="app", endpoints=endpoints),))


def place(name: str, priority: int | None = None, *, gateway: str = "10.0.0.1") -> Endpoint:
    return Endpoint(
        f"net-{name}", name, id=f"ep-{name}", gateway=gateway, gateway_priority=priority
    )


def find_name(snapshot: Snapshot) -> str:
    found = find_default_route(snapshot, snapshot.containers[0])
    return found.network_name if found else ""


def test_the_first_name_wins_among_equals() -> None:
    assert find_name(build(place("blue"), place("amber"))) == "amber"


def test_the_highest_gateway_priority_wins_before_the_name() -> None:
    assert find_name(build(place("amber", 0), place("blue", 5))) == "blue"
    assert find_name(build(place("amber", -1), place("blue"))) == "blue"


def test_an_internal_network_is_never_the_default_route() -> None:
    assert find_name(build(place("amber"), place("blue"), amber=True)) == "blue"
    assert find_name(build(place("amber"), amber=True)) == ""


def test_a_stopped_endpoint_or_one_without_a_gateway_is_no_route() -> None:
    stopped = replace(place("amber"), id="")
    assert find_name(build(stopped, place("blue"))) == "blue"
    assert find_name(build(place("amber", gateway=""))) == ""


def test_a_dangling_endpoint_is_no_route() -> None:
    snapshot = build(place("amber"))
    assert find_name(replace(snapshot, networks=())) == ""


def test_a_sharer_of_a_stack_has_its_owners_route() -> None:
    owned = build(place("amber"))
    sharer = Container(id="id-side", name="side", network_mode="container:id-app")
    snapshot = replace(owned, containers=(*owned.containers, sharer))
    found = find_default_route(snapshot, sharer)
    assert found == place("amber")
    orphan = replace(sharer, network_mode="container:id-gone")
    assert find_default_route(snapshot, orphan) is None
    itself = replace(sharer, network_mode="container:id-side")
    looped = replace(snapshot, containers=(itself,))
    assert find_default_route(looped, itself) is None
