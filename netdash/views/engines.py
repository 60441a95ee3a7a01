"""Which engine a page is about, and the list of engines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_safe

from netdash.live import store
from netdash.live.store import Status, Stored
from netdash.models import Engine
from netdash.topology.snapshot import EngineFacts, Snapshot


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an engine holds."""

    containers: int = 0
    networks: int = 0


@dataclass(frozen=True)
class EnginePage:
    """What a page about one engine is made from; ``stored`` is None before the first reading."""

    engine: Engine
    stored: Stored | None
    status: Status
    can_change: bool = False

    @property
    def snapshot(self) -> Snapshot:
        """Give the last reading, or an empty one."""
        return self.stored.snapshot if self.stored else Snapshot()

    @property
    def counts(self) -> Counts:
        """Count what the last reading holds."""
        return Counts(len(self.snapshot.containers), len(self.snapshot.networks))

    @property
    def is_simulated(self) -> bool:
        """Tell whether the engine is one that netdash plays."""
        return self.engine.is_simulated or self.snapshot.engine.is_simulated

    @property
    def facts(self) -> EngineFacts:
        """Give what the engine says about itself."""
        return self.snapshot.engine

    @property
    def words(self) -> str:
        """Say how current the page is."""
        return say_status(self.status) if self.engine.is_enabled else "Switched off"

    @cached_property
    def context(self) -> dict[str, Any]:
        """Give the frame of the page its values."""
        return {
            "engine": self.engine,
            "engines": tuple(Engine.objects.filter(is_enabled=True)),
            "stored": self.stored,
            "status": self.status,
            "status_words": self.words,
            "counts": self.counts,
            "can_change": self.can_change,
            "is_simulated": self.is_simulated,
        }


def say_status(status: Status) -> str:
    """Say a status in the words of the pill, with the age of what is shown."""
    words = {
        "live": "Live",
        "stale": "Stale",
        "reconnecting": "Reconnecting",
        "away": "Away",
        "unknown": "Not read yet",
    }[status.state]
    is_ageing = status.state not in ("live", "unknown")
    return f"{words} since {say_time(status.since)}" if is_ageing and status.since else words


def say_time(moment: datetime) -> str:
    """Say a time of today by the clock, an older one with its day."""
    local = localtime(moment)
    return f"{local:%H:%M:%S}" if local.date() == localdate() else f"{local:%-d %b %H:%M}"


def find_engine(request: HttpRequest, slug: str) -> EnginePage:
    """Find the engine of an address with its last reading.

    Raises Http404 for an unknown engine, PermissionDenied for a user without a role, and
    StoreAway when Redis does not answer.
    """
    require_role(request)
    engine = get_object_or_404(Engine, slug=slug)
    return read_engine(engine, engine.is_enabled and may_change(request))


def read_engine(engine: Engine, can_change: bool = False) -> EnginePage:
    """Read what the store holds of an engine."""
    stored = store.latest(engine.pk)
    return EnginePage(engine, stored, store.read_status(engine.pk), can_change)


def require_role(request: HttpRequest) -> None:
    """Refuse a signed-in user who has no role."""
    if not request.user.has_perm("netdash.view_engine"):
        raise PermissionDenied


def may_change(request: HttpRequest) -> bool:
    """Tell whether this user may alter networks, and netdash may at all."""
    return not settings.IS_READ_ONLY and request.user.has_perm("netdash.change_networks")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first engine's topology, or to the list when there is none."""
    engine = Engine.objects.filter(is_enabled=True).first()
    return redirect(engine) if engine else redirect("engines")


@require_safe
def engines(request: HttpRequest) -> HttpResponse:
    """List the engines and how each of them is."""
    require_role(request)
    rows = [read_engine(engine) for engine in Engine.objects.all()]
    context = {
        "rows": rows,
        "is_simulated": any(row.is_simulated for row in rows),
        "may_add": request.user.has_perm("netdash.add_engine") and request.user.is_staff,
        "may_change": request.user.has_perm("netdash.change_engine") and request.user.is_staff,
    }
    return render(request, "engines/list.html", context)


@require_safe
def engine_notices(request: HttpRequest, slug: str) -> HttpResponse:
    """Say again what stands under the top bar."""
    return render(request, "frame/_notices.html", find_engine(request, slug).context)


@require_safe
def engine_counts(request: HttpRequest, slug: str) -> HttpResponse:
    """Count again what the frame counts."""
    return render(request, "frame/counts.html", find_engine(request, slug).context)
