"""Whether every part of netdash is well: for people, and for probes with a token."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from netdash.live import beats, store
from netdash.live.store import StoreAway
from netdash.models import Engine
from netdash.views.engines import require_role, say_status

SILENT_SECONDS_BY_PROCESS = {"worker": 30, "beat": 75, "task": 90}
"""A worker shows itself every 5 s, beat and its task every 30 s."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of netdash: is it well, in words, and what to do when it is not."""

    name: str
    is_ok: bool
    words: str
    remedy: str = ""
    is_engine: bool = False
    """An engine that is away does not make netdash ill."""


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Show each part; 503 when database, store, worker or beat is not well.

    For a signed-in user, or a probe with ``Authorization: Bearer <NETDASH_HEALTH_TOKEN>``.
    JSON when asked for; ``?only=database,store`` looks at some parts alone.
    """
    is_probe = has_token(request)
    if not is_probe:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        require_role(request)
    parts = tuple(find_parts(request.GET.get("only", "")))
    is_ok = all(part.is_ok for part in parts if not part.is_engine)
    status = 200 if is_ok else 503
    if is_probe or (request.accepts("application/json") and not request.accepts("text/html")):
        return JsonResponse({"ok": is_ok, "parts": [asdict(p) for p in parts]}, status=status)
    away = sum(part.is_engine and not part.is_ok for part in parts)
    found = {"is_ok": is_ok, "away": away, "parts": parts}
    return render(request, "health.html", found, status=status)


def has_token(request: HttpRequest) -> bool:
    """Tell whether a probe shows the token; a wrong one is refused."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return False
    if not secrets.compare_digest(token.strip().encode(), settings.HEALTH_TOKEN.encode()):
        raise PermissionDenied
    return True


def find_parts(only: str) -> Iterator[Part]:
    """Look at each part, or at those that ``only`` names."""
    wanted = {name for name in only.split(",") if name}
    looks: Mapping[str, Callable[[], Part]] = {
        "database": look_at_database,
        "store": look_at_store,
        "worker": look_at_worker,
        "beat": look_at_beat,
    }
    for name, look in looks.items():
        if not wanted or name in wanted:
            yield look()
    if not wanted or "engines" in wanted:
        yield from look_at_engines()


def look_at_database() -> Part:
    """Ask the database for the simplest thing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Part("Database", False, "does not answer", "Start it, or correct DATABASE_URL.")
    return Part("Database", True, f"{connection.display_name} answers")


def look_at_store() -> Part:
    """Ask the store for its name."""
    try:
        return Part("Store and broker", True, f"{beats.describe_server()} answers")
    except StoreAway:
        return Part("Store and broker", False, "does not answer", START_STORE)


def look_at_worker() -> Part:
    """Look when a worker last showed itself."""
    return look_at_process("Worker", "worker", "Start it: celery -A netdash worker")


def look_at_beat() -> Part:
    """Look when beat last sent its task, and whether a worker carried that out."""
    beat = look_at_process("Beat", "beat", "Start it: celery -A netdash beat")
    if not beat.is_ok:
        return beat
    task = look_at_process("Beat", "task", "Its tasks wait: is a worker running?")
    if not task.is_ok:
        return task
    return Part("Beat", True, f"{beat.words}, its last task carried out {task.words[5:]}")


def look_at_process(title: str, name: str, remedy: str) -> Part:
    """Judge a process by its last sign of life."""
    try:
        now, stamps = beats.read_all()
    except StoreAway:
        return Part(title, False, "unknown: the store does not answer", START_STORE)
    if name not in stamps:
        return Part(title, False, "never seen", remedy)
    seconds = max(0, round((now - stamps[name]).total_seconds()))
    is_ok = seconds <= SILENT_SECONDS_BY_PROCESS[name]
    return Part(title, is_ok, f"seen {seconds} s ago", "" if is_ok else remedy)


def look_at_engines() -> Iterator[Part]:
    """Say how current each enabled engine's reading is."""
    try:
        for engine in Engine.objects.filter(is_enabled=True):
            yield look_at_engine(engine)
    except DatabaseError:
        return


def look_at_engine(engine: Engine) -> Part:
    """Say how current one engine's reading is."""
    try:
        status = store.read_status(engine.pk)
    except StoreAway:
        return Part(engine.name, False, "unknown", START_STORE, is_engine=True)
    words = ": ".join(filter(None, (say_status(status), status.sentence)))
    return Part(engine.name, status.state == "live", words, status.remedy, is_engine=True)


START_STORE = "Start Redis, or correct REDIS_URL."
