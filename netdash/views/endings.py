"""The end of the process: event streams are told, since the server waits for every answer."""

from __future__ import annotations

import signal
import threading
from functools import cache
from types import FrameType
from typing import Any

from netdash.live.broadcast import end_streams


def end_streams_first(application: Any) -> Any:
    """Wrap an ASGI application: who ends the server ends its event streams before."""

    async def ending(scope: Any, receive: Any, send: Any) -> None:
        prepare()
        await application(scope, receive, send)

    return ending


@cache
def prepare() -> None:
    """Go before the server's own signal handlers; uvicorn has set them by the first request."""
    if threading.current_thread() is threading.main_thread():
        go_before(signal.SIGTERM)
        go_before(signal.SIGINT)


def go_before(number: signal.Signals) -> None:
    """End the streams, then do what was to be done at this signal."""
    end_server = signal.getsignal(number)
    if not callable(end_server):
        return

    def end(number: int, frame: FrameType | None) -> None:
        try:
            end_streams()
        finally:
            end_server(number, frame)

    signal.signal(number, end)
