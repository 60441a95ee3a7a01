"""What a preview says of the default route: which network has it, and that nobody has it."""

from __future__ import annotations

from dataclasses import replace

from netdash.topology.snapshot import EngineFacts
from tests.builders import topology
from tests.topology.test_preview import (
    WEB_PORT,
    alter,
    connect,
    disconnect,
    list_kinds,
    see,
    with_gateways,
)


def test_the_winner_of_the_default_route_is_named() -> None:
    world = with_gateways(topology("web: front", "db: back"))
    (route,) = see(world, connect("web", "back")).routes
    assert (route.before_network, route.after_network) == ("front", "back")
    world = replace(world, engine=EngineFacts(api_version="1.48"))
    assert see(world, connect("web", "back", gateway_priority=-1)).routes == ()


def test_the_last_network_gone_says_what_that_means() -> None:
    world = with_gateways(topology("web: front", "api: front"))
    preview = see(alter(world, "web", ports=WEB_PORT), disconnect("web", "front"))
    assert not preview.refusals
    assert "on_no_network" in list_kinds(preview)
    assert preview.routes[0].after_network == ""
    assert any(change.way == "entrance" and change.ports == ("8080",) for change in preview.reach)
