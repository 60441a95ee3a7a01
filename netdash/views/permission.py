"""Who asks for a change, and whether they may."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from netdash.jobs.writing import Author

from .engines import EnginePage, may_change

SWITCHED_OFF = "This engine is switched off: it can be looked at, not changed."


def changing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view one that changes something: by POST, and only for who may."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and (why_not := say_why_not(request)):
            raise PermissionDenied(why_not)
        return view(request, *args, **kwargs)

    return guarded


def require_enabled(page: EnginePage) -> None:
    """Refuse to change an engine that an administrator has switched off."""
    if not page.engine.is_enabled:
        raise PermissionDenied(SWITCHED_OFF)


def say_why_not(request: HttpRequest) -> str:
    """Say why this user cannot change anything; empty when they can."""
    if settings.IS_READ_ONLY:
        return "netdash is set to read only: nothing can be changed from here."
    if not may_change(request):
        return "Your role may look, not change. An administrator can make you an operator."
    return ""


def read_author(request: HttpRequest) -> Author:
    """Say who confirms, and why."""
    user: Any = request.user
    note = request.POST.get("note", "").strip()[:500]
    return Author(user, user.get_username(), note)


def read_token(posted: QueryDict) -> uuid.UUID | None:
    """Read the name of the request, so that a second click does nothing more."""
    with suppress(ValueError):
        return uuid.UUID(posted.get("token", ""))
    return None
