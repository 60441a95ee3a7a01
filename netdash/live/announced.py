"""What an event announces, and whether a reading shows it yet.

Docker 20.10 lists a container as running up to 447 ms after its ``die``, and on a network up
to 108 ms after its ``disconnect``; a reading made in between would stay wrong until the next
full one.
"""

from __future__ import annotations

from netdash.engine.events import EngineEvent
from netdash.topology.snapshot import Snapshot

Subject = tuple[str, ...]

STOPS = frozenset({"die", "stop"})
STARTS = frozenset({"start", "restart"})
STAYS_UNSEEN = frozenset({"update", "health_status", "prune"})
WANTS_DETAILS = frozenset({"create", "start", "rename", "update", "connect", "disconnect"})


def name_subject(event: EngineEvent) -> Subject:
    """Name what the event speaks of: a later event on the same subject takes its place."""
    if event.action in ("connect", "disconnect"):
        return ("endpoint", event.container_id, event.network_id)
    return ("name" if event.action == "rename" else event.kind, event.id)


def is_shown(event: EngineEvent, snapshot: Snapshot) -> bool:
    """Tell whether a reading shows what the event announced."""
    if event.action in STAYS_UNSEEN:
        return True
    if event.action in ("connect", "disconnect"):
        return is_endpoint_shown(event, snapshot)
    if event.kind == "network":
        return (event.id in snapshot.networks_by_id) == (event.action == "create")
    return is_container_shown(event, snapshot)


def is_endpoint_shown(event: EngineEvent, snapshot: Snapshot) -> bool:
    """Tell whether a connect or disconnect shows.

    A start announces its connects before itself; what does not run shows no live endpoint.
    """
    container = snapshot.containers_by_id.get(event.container_id)
    if container is None or not container.is_running:
        return True
    places = {one.network_id for one in container.endpoints if one.is_live}
    return (event.network_id in places) == (event.action == "connect")


def is_container_shown(event: EngineEvent, snapshot: Snapshot) -> bool:
    """Tell whether a step in a container's life shows.

    One that is gone shows everything but its start, which is followed by its end.
    """
    container = snapshot.containers_by_id.get(event.id)
    if container is None:
        return event.action not in STARTS and event.action != "create"
    if event.action == "rename":
        return not event.name or container.name == event.name
    if event.action in STARTS:
        return container.is_running
    if event.action in STOPS:
        return container.state != "running"
    wanted = {"pause": "paused", "unpause": "running"}.get(event.action)
    if wanted:
        return container.state == wanted
    return event.action != "destroy"
