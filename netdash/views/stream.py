"""The event stream of a page: versions and the status, never data."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from netdash.live.broadcast import END, listen
from netdash.models import Engine
from netdash.views.engines import require_role

PING_SECONDS = 15.0
RETRY_MILLISECONDS = 1000


@require_GET
def stream(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Follow an engine as server-sent events, until the browser goes away or netdash ends.

    ``snapshot`` carries the version, ``status`` how current it is; both come at once, so that
    a browser that slept catches up. ``ping`` comes every 15 s. Whoever may look is asked when
    the stream opens.
    """
    require_role(request)
    engine = get_object_or_404(Engine, slug=slug)
    response = StreamingHttpResponse(send(engine.pk), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx would collect events in its buffer
    return response


async def send(engine_id: int) -> AsyncIterator[str]:
    """Write the events of one browser."""
    await sync_to_async(free_database)()
    async with listen(engine_id) as listener:
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        while True:
            try:
                message = await asyncio.wait_for(listener.get(), PING_SECONDS)
            except TimeoutError:
                yield write("ping", {})
            else:
                if message is END:
                    return
                yield write(message.topic, message.payload)


def write(topic: str, payload: object) -> str:
    """Write one event."""
    return f"event: {topic}\ndata: {json.dumps(payload)}\n\n"


def free_database() -> None:
    """Close the connections of this request's thread: an open stream needs none for hours."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
