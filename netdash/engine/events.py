"""The engine's event stream: a doorbell, never data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import paramiko
import requests
import urllib3
from docker.errors import DockerException

from netdash.engine.client import EngineClient
from netdash.engine.errors import speaking
from netdash.engine.reader import HELPER_LABEL

ACTIONS = (
    "connect",
    "create",
    "destroy",
    "die",
    "disconnect",
    "health_status",
    "pause",
    "prune",
    "remove",
    "rename",
    "restart",
    "start",
    "stop",
    "unpause",
    "update",
)
"""Filtered by the engine: each health probe would otherwise send three exec events."""
ENDINGS = (
    DockerException,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    paramiko.SSHException,
    OSError,
    ValueError,
    AttributeError,
)
"""What a read raises when its connection is closed under it: by TLS, SSH, in mid-chunk."""
FILTERS = {"type": ["container", "network"], "event": list(ACTIONS)}


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """Something happened: ``kind`` is container or network, ``id`` that of the thing.

    ``action`` stands alone (``health_status`` without its outcome). A connect or disconnect
    names both ids; after a prune both are empty.
    """

    kind: str
    action: str
    id: str = ""
    name: str = ""
    container_id: str = ""
    network_id: str = ""
    at_nanoseconds: int = 0


class EventStream(Iterator[EngineEvent]):
    """Iterate over events; any thread may end it with ``close``.

    It just ends when the engine goes away, without an exception. Read it in a thread that
    does nothing else: a slow reader makes the engine drop events unsaid.
    """

    def __init__(self, client: EngineClient, since: int | None) -> None:
        self._client = client
        with speaking(client):
            self._stream = client.events(
                since=format_since(since),  # type: ignore[call-overload]
                filters=FILTERS,
                decode=True,
            )

    def __next__(self) -> EngineEvent:
        try:
            for found in self._stream:
                event = parse_event(found)
                if event is not None:
                    return event
        except ENDINGS:
            pass
        raise StopIteration

    def close(self) -> None:
        """End a blocked read at once; over SSH this closes the whole client."""
        try:
            self._stream.close()
        except ENDINGS:
            self._client.close()


def watch(client: EngineClient, since: int | None = None) -> EventStream:
    """Open the stream on a client of its own; events from now on, or from nanoseconds on.

    ``since`` is inclusive and reaches back over at most 256 events.
    """
    return EventStream(client, since)


def format_since(since: int | None) -> str | None:
    """Write nanoseconds as ``seconds.nanoseconds``, the only form that keeps them."""
    return None if since is None else f"{since // 10**9}.{since % 10**9:09}"


def parse_event(found: Mapping[str, Any]) -> EngineEvent | None:
    """Translate one event; None for what does not concern a topology."""
    kind, action = found.get("Type"), str(found.get("Action") or "").partition(":")[0]
    actor = found.get("Actor") or {}
    attributes = actor.get("Attributes") or {}
    if kind not in ("container", "network") or action not in ACTIONS:
        return None
    if attributes.get(HELPER_LABEL) == "1":
        return None
    own_id = actor.get("ID") or ""
    return EngineEvent(
        kind=kind,
        action=action,
        id=own_id,
        name=attributes.get("name") or "",
        container_id=own_id if kind == "container" else attributes.get("container") or "",
        network_id=own_id if kind == "network" else "",
        at_nanoseconds=found.get("timeNano") or 0,
    )
