"""What happens to every answer: it is compressed, and a store that is away gets a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from netdash.live.store import StoreAway


class CompressionMiddleware(GZipMiddleware):
    """Compress answers, except event streams: gzip would hold each event back in its buffer."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress the answer."""
        if response.get("Content-Type", "").startswith("text/event-stream"):
            return response
        return super().process_response(request, response)


class StoreAwayMiddleware(MiddlewareMixin):
    """Answer 503 in words when Redis does not answer."""

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Turn `StoreAway` into its page; everything else goes on."""
        if not isinstance(exception, StoreAway):
            return None
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "5"
        return response
