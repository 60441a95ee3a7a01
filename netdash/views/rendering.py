"""The one htmx decision: the whole page, or the part that the request is to replace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    partials: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render ``template``, or ``partials[target]`` when htmx asks for that element alone.

    The target decides, never the bare flag: a history restore carries the flag too and wants
    the whole page.
    """
    target = request.headers.get("HX-Target", "") if is_partial(request) else ""
    chosen = (partials or {}).get(target, template)
    response = render(request, chosen, dict(context), status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def is_partial(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers
