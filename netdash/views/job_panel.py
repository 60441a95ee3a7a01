"""The panel of every page: the jobs that run on this engine, and the one that has just ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from netdash.models import Engine, Job

from .engines import may_change, require_role
from .job_words import JobCard, show_jobs
from .rendering import is_partial

SHOWN = 3
LINGER = timedelta(minutes=1)
"""How long a job stays that ended as it should, or that somebody cancelled."""
FAILED_LINGER = timedelta(days=1)
"""How long one that failed stays when nobody puts it away or asks for it again."""
SEEN = "seen_jobs"
"""Where the session keeps which ended jobs somebody has put away."""
MOST_SEEN = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows; ``more`` open jobs have no room in it."""

    cards: tuple[JobCard, ...] = ()
    more: int = 0
    can_cancel: bool = False
    seconds_left: int | None = None
    """How soon one of the cards leaves by itself; None when none does."""

    @property
    def is_moving(self) -> bool:
        """Tell whether anything may still change."""
        return any(not card.job.is_ended for card in self.cards)

    @property
    def said(self) -> str:
        """Say it for those who listen."""
        return " ".join(card.said for card in self.cards)


def build_panel(request: HttpRequest, slug: str) -> Panel:
    """Find what the panel shows to this user: two queries by index, and one for its counts."""
    if not request.user.has_perm("netdash.view_engine"):
        return Panel()
    rows = Job.objects.filter(engine__slug=slug).defer("touches", "guard")
    open_rows = list(rows.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).order_by("pk"))
    open_rows.sort(key=lambda job: job.state != Job.State.RUNNING)
    ended = find_ended(rows, request.session.get(SEEN, []))
    cards = show_jobs([*open_rows[:SHOWN], *ended[: 1 if open_rows else 2]])
    more = max(0, len(open_rows) - SHOWN)
    return Panel(cards, more, may_change(request), count_seconds_left(cards))


def find_ended(rows: QuerySet[Job], seen: list[int]) -> QuerySet[Job]:
    """Find the jobs whose end is still news, newest first; what was never begun is none."""
    now = timezone.now()
    is_new = Q(ended_at__gt=now - LINGER)
    is_failed = Q(state=Job.State.FAILED, ended_at__gt=now - FAILED_LINGER)
    is_answered = Exists(Job.objects.filter(follows=OuterRef("pk")))
    began = rows.filter(started_at__isnull=False).exclude(pk__in=seen)
    return began.filter(is_new | is_failed & ~Q(is_answered))


def count_seconds_left(cards: tuple[JobCard, ...]) -> int | None:
    """Count the seconds until the first of these cards leaves by itself."""
    leaving = (card for card in cards if card.job.is_ended and card.job.state != Job.State.FAILED)
    ends = [LINGER - (card.now - card.job.ended_at) for card in leaving if card.job.ended_at]
    return max(1, ceil(min(ends).total_seconds())) if ends else None


@require_safe
def job_panel(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the panel alone."""
    require_role(request)
    engine = get_object_or_404(Engine, slug=slug)
    return render_panel(request, engine)


@require_POST
def job_dismiss(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put an ended job away from the panel of this user."""
    require_role(request)
    engine = get_object_or_404(Engine, slug=slug)
    seen = [*request.session.get(SEEN, []), pk]
    request.session[SEEN] = seen[-MOST_SEEN:]
    return render_panel(request, engine) if is_partial(request) else redirect("jobs", slug)


def render_panel(request: HttpRequest, engine: Engine) -> HttpResponse:
    """Render the panel of an engine."""
    panel = build_panel(request, engine.slug)
    return render(request, "jobs/_panel.html", {"panel": panel, "panel_slug": engine.slug})
