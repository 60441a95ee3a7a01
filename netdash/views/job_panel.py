"""The panel of every page: the jobs that run on this engine, and the one that has just ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from netdash.models import Engine, Job

from .engines import may_change, require_role
from .job_words import JobCard, show_jobs
from .rendering import is_partial

SHOWN = 3
RECENT = 8
"""Jobs that are looked at, newest first, for one that has just ended."""
LINGER = timedelta(minutes=15)
SEEN = "seen_jobs"
"""Where the session keeps which ended jobs somebody has put away."""
MOST_SEEN = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows; ``more`` open jobs have no room in it."""

    cards: tuple[JobCard, ...] = ()
    more: int = 0
    can_cancel: bool = False

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
    seen, since = request.session.get(SEEN, []), timezone.now() - LINGER
    ended = [
        job
        for job in rows[:RECENT]
        if job.ended_at and job.ended_at > since and job.started_at and job.pk not in seen
    ]
    open_rows.sort(key=lambda job: job.state != Job.State.RUNNING)
    shown = [*open_rows[:SHOWN], *ended[: 1 if open_rows else 2]]
    can_cancel = may_change(request)
    return Panel(show_jobs(shown), max(0, len(open_rows) - SHOWN), can_cancel)


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
