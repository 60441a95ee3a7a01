"""What is said of who reaches a container, and of its way out."""

from __future__ import annotations

from dataclasses import replace

from netdash.topology.snapshot import PublishedPort, Snapshot
from netdash.topology.standing import say_way_out, say_who_reaches
from tests.builders import topology
from tests.topology.test_preview import alter, with_gateways


def ask(world: Snapshot, name: str) -> list[str]:
    return [*say_who_reaches(world, world.containers_by_id[f"id-{name}"])]


def ask_way_out(world: Snapshot, name: str) -> list[str]:
    return [*say_way_out(world, world.containers_by_id[f"id-{name}"])]


def stop(world: Snapshot, name: str) -> Snapshot:
    container = world.containers_by_id[f"id-{name}"]
    places = tuple(replace(one, id="", ipv4="") for one in container.endpoints)
    return alter(world, name, state="exited", endpoints=places)


def test_only_those_on_a_common_network_reach_it() -> None:
    """web --front-- api --back-- db"""
    world = topology("web: front", "api: front back", "db: back")
    assert ask(world, "db") == ["Over its networks it reaches api, and is reached from there."]
    assert ask(world, "api") == [
        "Over its networks it reaches db and web, and is reached from there."
    ]


def test_stopped_ones_count_once_started() -> None:
    world = stop(topology("api: back", "db: back", "job: back"), "job")
    assert ask(world, "db") == [
        "Over its networks it reaches api, and is reached from there.",
        "Once started, job will too.",
    ]
    assert ask(world, "job") == [
        "Once it runs, it reaches api and db over its networks, and is reached from there."
    ]
    alone = stop(topology("db: back", "job: back"), "job")
    assert ask(alone, "db") == [
        "No running container reaches it over its networks.",
        "Once started, job will.",
    ]


def test_a_published_port_is_open_to_whoever_reaches_the_machine() -> None:
    world = alter(topology("web: front"), "web", ports=(PublishedPort(80, "tcp", "0.0.0.0", 8080),))
    assert ask(world, "web") == [
        "No running container reaches it over its networks.",
        "Whoever reaches the engine's machine reaches it there on port 8080.",
    ]
    own = alter(world, "web", ports=(PublishedPort(80, "tcp", "127.0.0.1", 8080),))
    assert not any("machine" in sentence for sentence in ask(own, "web"))


def test_the_way_out_is_named_or_said_to_be_missing() -> None:
    world = with_gateways(topology("web: front"))
    (way,) = ask_way_out(world, "web")
    assert way == "It gets out through front (gw-front)."
    closed = alter(world, "front", is_internal=True)
    assert ask_way_out(closed, "web") == [
        "It has no way out: it reaches nothing outside its networks."
    ]
