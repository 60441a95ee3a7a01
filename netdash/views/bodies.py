"""How much anybody may send: more is refused before it is read."""

from __future__ import annotations

from typing import Any

LARGEST_BODY = 64 * 1024 * 1024
"""Far more than any form takes; up to here a file that is too large is said beside the form."""
WORDS = b"netdash takes at most 64 MiB at once.\n"
HEADERS = [(b"content-type", b"text/plain"), (b"content-length", str(len(WORDS)).encode())]


def limit_bodies(application: Any, largest: int = LARGEST_BODY) -> Any:
    """Wrap an ASGI application: 413 for a body that says it is larger, and one that lies ends."""

    async def limited(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        if read_length(scope) > largest:
            await send({"type": "http.response.start", "status": 413, "headers": HEADERS})
            await send({"type": "http.response.body", "body": WORDS})
            return
        received = 0

        async def count() -> Any:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message if received <= largest else {"type": "http.disconnect"}

        await application(scope, count, send)

    return limited


def read_length(scope: Any) -> int:
    """Read how long a body says it is; 0 when it does not."""
    found = dict(scope["headers"]).get(b"content-length", b"0")
    return int(found) if found.isdigit() else 0
