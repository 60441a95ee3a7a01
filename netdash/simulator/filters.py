"""Filters of lists and of the event stream, as the engine reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from netdash.simulator.events import Event
from netdash.simulator.networks import has_label
from netdash.simulator.refusals import Refusal
from netdash.simulator.state import PREDEFINED, Container, EngineState, Network

Filters = dict[str, list[str]]


def parse_filters(text: str) -> Filters:
    """Read a ``filters`` parameter: lists, or the older maps to true."""
    if not text:
        return {}
    try:
        raw = json.loads(text)
        return {key: [str(value) for value in values] for key, values in raw.items()}
    except (ValueError, TypeError, AttributeError):
        raise Refusal(400, f"invalid filter: {text[:80]}") from None


def refuse_filter(state: EngineState, key: str) -> Refusal:
    """Refuse a filter that the list does not know."""
    word = "invalid" if state.edition.is_from(26) else "Invalid"
    return Refusal(400, f"{word} filter '{key}'")


def matches_name(pattern: str, name: str) -> bool:
    """Match a name as Docker does: as a regular expression, anywhere."""
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return pattern in name


ContainerTest = Callable[[EngineState, Container, str], bool]
CONTAINER_TESTS: dict[str, ContainerTest] = {
    "id": lambda _, container, value: container.id.startswith(value),
    "name": lambda _, container, value: (
        matches_name(value, f"/{container.name}") or matches_name(value, container.name)
    ),
    "status": lambda _, container, value: container.state == value,
    "label": lambda _, container, value: has_label(container.labels, value),
    "network": lambda _, container, value: is_on_network(container, value),
    "health": lambda _, container, value: (container.health or "none") == value,
    "ancestor": lambda _, container, value: container.image in (value, f"{value}:latest"),
    "exited": lambda _, container, value: (
        container.state == "exited" and str(container.exit_code) == value
    ),
}


def is_on_network(container: Container, value: str) -> bool:
    """Tell whether a container has an entry of a network, by its name or id."""
    return value in container.endpoints or any(
        bool(place.network_id) and place.network_id.startswith(value)
        for place in container.endpoints.values()
    )


def find_containers(state: EngineState, filters: Filters, *, has_all: bool) -> Iterable[Container]:
    """List the containers that pass, newest first; running ones alone unless asked."""
    for key in filters:
        if key not in CONTAINER_TESTS:
            raise refuse_filter(state, key)
    is_every_state = has_all or "status" in filters or "exited" in filters
    found = [
        container
        for container in state.containers.values()
        if (is_every_state or container.is_running or container.state == "restarting")
        and passes(state, container, filters)
    ]
    return sorted(found, key=lambda container: container.created_at, reverse=True)


def passes(state: EngineState, container: Container, filters: Filters) -> bool:
    """Tell whether a container passes every filter; labels must all match, others any."""
    return all(
        (all if key == "label" else any)(
            CONTAINER_TESTS[key](state, container, value) for value in values
        )
        for key, values in filters.items()
    )


NETWORK_TESTS: dict[str, Callable[[Network, str], bool]] = {
    "id": lambda network, value: network.id.startswith(value),
    "name": lambda network, value: matches_name(value, network.name),
    "driver": lambda network, value: network.driver == value,
    "scope": lambda network, value: network.scope == value,
    "label": lambda network, value: has_label(network.labels, value),
    "type": lambda network, value: (network.name in PREDEFINED) == (value == "builtin"),
    # Before 29 "dangling" admits every network that is not predefined, also those in use.
    "dangling": lambda network, value: (
        (network.name not in PREDEFINED) == (value.lower() in ("true", "1"))
    ),
}


def find_networks(state: EngineState, filters: Filters) -> Iterable[Network]:
    """List the networks that pass the filters."""
    for key in filters:
        if key not in NETWORK_TESTS:
            raise refuse_filter(state, key)
    return [
        network
        for network in state.networks.values()
        if all(
            (all if key == "label" else any)(NETWORK_TESTS[key](network, value) for value in values)
            for key, values in filters.items()
        )
    ]


EVENT_TESTS: dict[str, Callable[[Event, str], bool]] = {
    "type": lambda event, value: event.kind == value,
    "event": lambda event, value: event.action == value or event.action.startswith(f"{value}:"),
    "container": lambda event, value: event.kind == "container" and is_actor(event, value),
    "network": lambda event, value: event.kind == "network" and is_actor(event, value),
    "image": lambda event, value: event.attributes.get("image") == value,
    "label": lambda event, value: has_label(event.attributes, value),
    "scope": lambda _, value: value == "local",
}


def is_actor(event: Event, value: str) -> bool:
    """Tell whether an event is about what that id or name calls."""
    return event.id.startswith(value) or event.attributes.get("name") == value


def is_wanted(event: Event, filters: Filters) -> bool:
    """Tell whether an event passes the filters of a stream; unknown ones pass nothing out."""
    return all(
        (all if key == "label" else any)(EVENT_TESTS[key](event, value) for value in values)
        for key, values in filters.items()
        if key in EVENT_TESTS
    )
