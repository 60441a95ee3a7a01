"""The table of contents: which request is answered by what."""

from __future__ import annotations

import re
from collections.abc import Callable

from netdash.simulator import (
    connections,
    containers,
    controls,
    lifecycle,
    networks,
    streams,
    system,
)
from netdash.simulator.answers import write_inspected_network, write_network, write_row
from netdash.simulator.calls import Answer, Call, Chunks
from netdash.simulator.filters import find_containers, find_networks
from netdash.simulator.inspections import write_container, write_image, write_image_row
from netdash.simulator.lookup import find_container, find_image, find_network
from netdash.simulator.refusals import Refusal
from netdash.simulator.state import Container

Route = Callable[[Call], Answer | Chunks]
DONE = Answer(204)


def list_containers(call: Call) -> Answer:
    """Answer ``GET /containers/json``."""
    limit = int(call.query.get("limit") or 0)
    has_all = call.flag("all") or limit > 0
    found = list(find_containers(call.state, call.filters, has_all=has_all))
    now = call.state.now()
    rows = [write_row(call.state, c, now) for c in found[: limit if limit > 0 else None]]
    return Answer(data=rows)


def inspect_container(call: Call) -> Answer:
    """Answer ``GET /containers/{id}/json``."""
    container = find_container(call.state, call.name)
    return Answer(data=write_container(call.state, container, call.api))


def create_container(call: Call) -> Answer:
    """Answer ``POST /containers/create``."""
    name, body = call.query.get("name", ""), call.read_body()
    container = containers.create_container(call.state, name, body, call.api)
    is_host = container.mode == "host" and container.host_config.get("PortBindings")
    warnings = ["Published ports are discarded when using host network mode"] if is_host else []
    return Answer(201, {"Id": container.id, "Warnings": warnings})


def start_container(call: Call) -> Answer:
    """Answer ``POST /containers/{id}/start``: 304 when it runs already."""
    was_down = lifecycle.start(call.state, find_container(call.state, call.name))
    return DONE if was_down else Answer(304)


def stop_container(call: Call) -> Answer:
    """Answer ``POST /containers/{id}/stop``: 304 when it does not run."""
    ran = lifecycle.stop(call.state, find_container(call.state, call.name))
    return DONE if ran else Answer(304)


def kill_container(call: Call) -> Answer:
    """Answer ``POST /containers/{id}/kill``."""
    container = find_container(call.state, call.name)
    lifecycle.kill(call.state, container, call.query.get("signal") or "KILL")
    return DONE


def rename_container(call: Call) -> Answer:
    """Answer ``POST /containers/{id}/rename``."""
    containers.rename_container(call.state, call.name, call.query.get("name", ""))
    return DONE


def remove_container(call: Call) -> Answer:
    """Answer ``DELETE /containers/{id}``."""
    if call.flag("link"):
        raise Refusal(501, "the simulated engine knows no links")
    containers.remove_container(call.state, call.name, is_forced=call.flag("force"))
    return DONE


def change(action: Callable[..., None]) -> Route:
    """Make a route of what is done to one container."""

    def answer(call: Call) -> Answer:
        container: Container = find_container(call.state, call.name)
        action(call.state, container)
        return DONE

    return answer


def list_networks(call: Call) -> Answer:
    """Answer ``GET /networks``."""
    found = find_networks(call.state, call.filters)
    return Answer(data=[write_network(call.state, network) for network in found])


def inspect_network(call: Call) -> Answer:
    """Answer ``GET /networks/{id}``."""
    network = find_network(call.state, call.name)
    return Answer(data=write_inspected_network(call.state, network))


def create_network(call: Call) -> Answer:
    """Answer ``POST /networks/create``."""
    network, warning = networks.create_network(call.state, call.read_body())
    return Answer(201, {"Id": network.id, "Warning": warning})


def remove_network(call: Call) -> Answer:
    """Answer ``DELETE /networks/{id}``."""
    networks.remove_network(call.state, call.name)
    return DONE


def connect(call: Call) -> Answer:
    """Answer ``POST /networks/{id}/connect``."""
    connections.connect(call.state, call.name, call.read_body())
    return Answer()


def disconnect(call: Call) -> Answer:
    """Answer ``POST /networks/{id}/disconnect``."""
    connections.disconnect(call.state, call.name, call.read_body())
    return Answer()


def prune_networks(call: Call) -> Answer:
    """Answer ``POST /networks/prune``: null where nothing went."""
    names = networks.prune_networks(call.state, call.filters)
    return Answer(data={"NetworksDeleted": names or None})


def list_images(call: Call) -> Answer:
    """Answer ``GET /images/json``."""
    return Answer(data=[write_image_row(*image) for image in call.state.images.items()])


def inspect_image(call: Call) -> Answer:
    """Answer ``GET /images/{name}/json``."""
    return Answer(data=write_image(*find_image(call.state, call.name)))


def pull_image(_: Call) -> Answer:
    """Refuse to fetch an image: there is no registry behind this engine."""
    raise Refusal(500, "the simulated engine has no registry; see its images with docker images")


ROUTES: tuple[tuple[str, str, Route], ...] = (
    ("GET", r"/_ping", system.ping),
    ("HEAD", r"/_ping", system.ping),
    ("GET", r"/version", system.tell_version),
    ("GET", r"/info", system.tell_info),
    ("GET", r"/events", streams.follow_events),
    ("GET", r"/containers/json", list_containers),
    ("POST", r"/containers/create", create_container),
    ("GET", r"/containers/([^/]+)/json", inspect_container),
    ("POST", r"/containers/([^/]+)/start", start_container),
    ("POST", r"/containers/([^/]+)/stop", stop_container),
    ("POST", r"/containers/([^/]+)/restart", change(lifecycle.restart)),
    ("POST", r"/containers/([^/]+)/kill", kill_container),
    ("POST", r"/containers/([^/]+)/pause", change(lifecycle.pause)),
    ("POST", r"/containers/([^/]+)/unpause", change(lifecycle.unpause)),
    ("POST", r"/containers/([^/]+)/rename", rename_container),
    ("POST", r"/containers/([^/]+)/wait", streams.wait_container),
    ("DELETE", r"/containers/([^/]+)", remove_container),
    ("GET", r"/networks", list_networks),
    ("POST", r"/networks/create", create_network),
    ("POST", r"/networks/prune", prune_networks),
    ("GET", r"/networks/(.+)", inspect_network),
    ("POST", r"/networks/(.+)/connect", connect),
    ("POST", r"/networks/(.+)/disconnect", disconnect),
    ("DELETE", r"/networks/(.+)", remove_network),
    ("GET", r"/images/json", list_images),
    ("POST", r"/images/create", pull_image),
    ("GET", r"/images/(.+)/json", inspect_image),
    ("GET", r"/_faults", controls.tell),
    ("POST", r"/_faults/([a-z-]+)", controls.set_fault),
)
COMPILED = tuple((method, re.compile(pattern), route) for method, pattern, route in ROUTES)


def find_route(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """Find who answers, and the open parts of the path."""
    for known, pattern, route in COMPILED:
        if known == method and (match := pattern.fullmatch(path)):
            return route, match.groups()
    return None
