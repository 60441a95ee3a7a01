"""Which changes are seen between two readings."""

from __future__ import annotations

from dataclasses import replace

from netdash.topology.changes import describe
from netdash.topology.diff import compare
from netdash.topology.snapshot import Container, Snapshot
from tests.builders import topology


def summarize(before: Snapshot, after: Snapshot) -> list[str]:
    return [describe(found.change) for found in compare(before, after)]


def change(snapshot: Snapshot, name: str, **fields: object) -> Snapshot:
    """Change one container."""
    return replace(
        snapshot,
        containers=tuple(
            replace(one, **fields) if one.name == name else one  # type: ignore[arg-type]
            for one in snapshot.containers
        ),
    )


def find(snapshot: Snapshot, name: str) -> Container:
    return next(one for one in snapshot.containers if one.name == name)


def test_equal_readings_show_nothing() -> None:
    assert summarize(topology("web: front"), topology("web: front")) == []
    assert summarize(Snapshot(), Snapshot()) == []


def test_a_connection_gained_and_one_lost_are_told_in_an_order_that_could_happen() -> None:
    before = topology("api: front back", "side")
    after = topology("api: back side", "front")
    assert summarize(before, after) == ["Disconnect api from front", "Connect api to side"]


def test_networks_come_after_what_left_them_and_before_what_joins_them() -> None:
    before = topology("api: old")
    after = topology("api: young")
    assert summarize(before, after) == [
        "Disconnect api from old",
        "Remove network old",
        "Create network young",
        "Connect api to young",
    ]


def test_a_run_and_a_removal_of_containers_are_no_changes_of_networks() -> None:
    assert summarize(topology("web: front", "front"), topology("db: front", "front")) == []


def test_what_a_new_container_joined_besides_its_own_network_is_a_change() -> None:
    before, after = topology("front", "back"), topology("web: front back")
    front = next(one for one in after.networks if one.name == "front")
    for mode in ("front", front.id):
        assert summarize(before, change(after, "web", network_mode=mode)) == ["Connect web to back"]
    on_default = topology("web: bridge back")
    for mode in ("default", "bridge"):
        came = change(on_default, "web", network_mode=mode)
        assert summarize(topology("bridge", "back"), came) == ["Connect web to back"]


def test_what_came_on_several_networks_at_once_joined_none() -> None:
    before, after = topology("front", "back"), topology("web: front back")
    labels = (("com.docker.compose.project", "shop"),)
    made = change(after, "web", network_mode="front", labels=labels)
    assert summarize(before, made) == []
    assert summarize(before, change(after, "web", network_mode="gone")) == []


def test_built_in_networks_are_never_made_or_removed() -> None:
    assert summarize(topology("agent: host"), Snapshot()) == []


def test_a_stop_is_no_disconnect_and_a_start_no_connection() -> None:
    running = topology("web: front")
    place = find(running, "web").endpoints[0]
    stopped = change(
        running, "web", state="exited", endpoints=(replace(place, id="", ipv4="", ipv4_prefix=0),)
    )
    assert summarize(running, stopped) == []
    assert summarize(stopped, running) == []


def test_a_failed_connect_on_a_running_container_is_none() -> None:
    before = topology("web: front", "back")
    web = find(before, "web")
    failed = replace(web.endpoints[0], network_id="net-back", network_name="back", id="")
    assert summarize(before, change(before, "web", endpoints=(*web.endpoints, failed))) == []


def test_a_new_fixed_address_is_a_disconnect_and_a_connect() -> None:
    before = topology("web: front")
    place = replace(find(before, "web").endpoints[0], static_ipv4="10.0.0.9", aliases=())
    known = change(before, "web", endpoints=(place,))
    moved = change(before, "web", endpoints=(replace(place, static_ipv4="10.0.0.10"),))
    assert summarize(known, moved) == ["Disconnect web from front", "Connect web to front"]
    assert summarize(before, moved) == [], "what was not known was not changed"


def test_what_never_ran_follows_its_network_by_name() -> None:
    before = topology("web: front")
    place = replace(find(before, "web").endpoints[0], id="")
    waiting = change(before, "web", state="created", endpoints=(place,))
    made_again = replace(waiting, networks=(replace(waiting.networks[0], id="net-new"),))
    made_again = change(made_again, "web", endpoints=(replace(place, network_id="net-new"),))
    assert summarize(waiting, made_again) == ["Remove network front", "Create network front"]
