"""Whole page or part, and what happens to an answer on its way out."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from netdash.views.middleware import CompressionMiddleware
from netdash.views.rendering import render_page

PARTIALS = {"notices": "frame/_notices.html"}
CONTEXT = {"is_simulated": True}


def render(**headers: str) -> HttpResponse:
    """Render the 404 page, or the notices when they are the target."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = RequestFactory().get("/", headers=names)
    return render_page(request, "404.html", CONTEXT, PARTIALS)


def test_a_plain_request_gets_the_whole_page() -> None:
    assert "<html" in render().text


def test_a_request_for_a_part_gets_that_part() -> None:
    text = render(HX_Request="true", HX_Target="notices").text
    assert "<html" not in text
    assert "Simulated engine." in text


@pytest.mark.parametrize(
    "headers",
    [
        {"HX_Request": "true", "HX_Target": "elsewhere"},
        {"HX_Request": "true"},
        {"HX_Target": "notices"},
        {
            "HX_Request": "true",
            "HX_Target": "notices",
            "HX_History_Restore_Request": "true",
        },
    ],
)
def test_every_other_request_gets_the_whole_page(headers: dict[str, str]) -> None:
    assert "<html" in render(**headers).text


def test_caches_are_told_that_the_target_matters() -> None:
    assert {"HX-Request", "HX-Target"} <= set(render().headers["Vary"].split(", "))


def compress(answer: HttpResponse | StreamingHttpResponse) -> str:
    """Send an answer through the middleware; give its encoding."""
    middleware = CompressionMiddleware(lambda request: answer)
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    return str(middleware.process_response(request, answer).headers.get("Content-Encoding", "none"))


async def tell() -> AsyncIterator[bytes]:
    """Send one event."""
    yield b"data: 1\n\n"


def test_pages_are_compressed_and_event_streams_are_not() -> None:
    assert compress(HttpResponse("x" * 1000)) == "gzip"
    assert compress(StreamingHttpResponse(tell(), content_type="text/event-stream")) == "none"
