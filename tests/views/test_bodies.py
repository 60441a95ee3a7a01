"""What is too large to send is refused before it is read."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from netdash.views.bodies import limit_bodies

LARGEST = 10


def send(pieces: list[bytes], length: bytes | None) -> tuple[list[Any], list[bytes]]:
    """Send a body in pieces; give what was answered, and what the application was given."""
    answered: list[Any] = []
    given: list[bytes] = []
    left = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]

    async def application(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "http.request":
            given.append(message["body"])

    async def receive() -> Any:
        return left.pop(0) if left else {"type": "http.disconnect"}

    async def answer(message: Any) -> None:
        answered.append(message)

    headers = [(b"content-length", length)] if length is not None else []
    scope = {"type": "http", "headers": headers}
    asyncio.run(limit_bodies(application, LARGEST)(scope, receive, answer))
    return answered, given


@pytest.mark.parametrize("length", [b"10", b"", b"x", None])
def test_what_is_small_passes(length: bytes | None) -> None:
    assert send([b"12345", b"67890"], length) == ([], [b"12345", b"67890"])


def test_what_says_it_is_too_large_is_not_read_at_all() -> None:
    answered, given = send([b"1"] * 11, b"11")
    assert answered[0]["status"] == 413
    assert given == []


def test_what_lies_about_its_length_ends_at_the_limit() -> None:
    assert send([b"12345"] * 9, b"5") == ([], [b"12345", b"12345"])


def test_other_kinds_of_connections_pass() -> None:
    seen = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(limit_bodies(application)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
