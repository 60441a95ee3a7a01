"""What can be asked of a job: stop, try again what failed, take back what it did."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from netdash.forms.undo import UndoForm
from netdash.jobs import queue
from netdash.jobs.undoing import has_nothing_left
from netdash.models import Job
from netdash.topology.change_codec import UnreadableChangeError

from .changing import INSIST, Sheet, leave, place_refusals, render_sheet
from .engines import EnginePage
from .job_panel import render_panel
from .job_words import show_jobs
from .jobs import find_job
from .journal import open_journal
from .permission import changing, read_author, require_enabled
from .rendering import is_partial
from .taken_back import read_taken_back
from .undo import show_undoing

UNREADABLE = "Another version of netdash wrote this job, so it cannot be tried again."


@require_POST
@changing
def job_cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Stop a job between two of its items."""
    page, found = open_job(request, slug, pk)
    if not found.is_ended:
        queue.cancel(found)
    if is_partial(request):
        return render_panel(request, page.engine)
    return redirect("job", slug, pk)


@require_POST
@changing
def job_retry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Start a job of what another one failed at or did not reach."""
    page, found = open_job(request, slug, pk)
    require_enabled(page)
    if not found.is_ended:
        messages.warning(request, "The job has not ended yet.")
        return redirect("job", slug, pk)
    if not show_jobs([found])[0].left_out:
        messages.warning(request, "Nothing of it failed: there is nothing to try again.")
        return redirect("job", slug, pk)
    token = name_follower(found, Job.Kind.RETRY)
    again = find_running(found, Job.Kind.RETRY)
    try:
        again = again or queue.retry(found, read_author(request), token)
    except UnreadableChangeError:
        messages.warning(request, UNREADABLE)
        return redirect("job", slug, pk)
    return redirect("job", slug, again.pk)


@changing
def job_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show what of a job can be taken back and what cannot, then start the job that does."""
    page, found = open_job(request, slug, pk)
    sheet = build_sheet(request, page, found)
    if request.method != "POST":
        return render_sheet(request, sheet)
    require_enabled(page)
    if not found.is_ended or sheet.plan is None or sheet.form.errors:
        return render_sheet(request, sheet, 422)
    if sheet.extra["obstacles"] and "confirmed" not in request.POST:
        return render_sheet(request, sheet, 422)
    if sheet.preview and sheet.preview.needs_override and "override" not in request.POST:
        return render_sheet(request, place_refusals(sheet, (INSIST,)), 422)
    token = name_follower(found, Job.Kind.UNDO)
    undoing = find_running(found, Job.Kind.UNDO)
    undoing = undoing or queue.start_undo(found, read_author(request), token)
    return leave(request, undoing.get_absolute_url(), page, has_job=True)


def open_job(request: HttpRequest, slug: str, pk: int) -> tuple[EnginePage, Job]:
    """Find a job of an engine for somebody who may see it."""
    page = open_journal(request, slug)
    return page, find_job(page.engine, pk)


def find_running(found: Job, kind: str) -> Job | None:
    """Find the job that a first click has started already."""
    ended = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)
    return found.followers.filter(kind=kind).exclude(state__in=ended).first()


def name_follower(found: Job, kind: str) -> uuid.UUID:
    """Name the next job of a kind that follows: two clicks at the same moment name the same.

    Asked for before ``find_running``: whoever names another one finds the first there.
    """
    return uuid.uuid5(found.plan_id, f"{kind} {found.followers.filter(kind=kind).count()}")


def build_sheet(request: HttpRequest, page: EnginePage, found: Job) -> Sheet:
    """Make the sheet that takes a job back."""
    undoing = queue.plan_job_undo(found, page.snapshot)
    is_over = not undoing.sources or has_nothing_left(undoing, page.snapshot)
    address = reverse("job", args=[page.engine.slug, found.pk])
    plan = undoing.plan if undoing.sources and found.is_ended else None
    return Sheet(
        page=page,
        title=f"Undo: {found.title}",
        verb="Undo" if plan else "",
        address=reverse("job-undo", args=[page.engine.slug, found.pk]),
        back=address,
        template="changes/_undo.html",
        form=UndoForm(request.POST or request.GET or None),
        plan=plan,
        extra={
            "job": found,
            "is_running": not found.is_ended,
            "is_over": is_over,
            "taken_back": read_taken_back(found),
            **show_undoing(undoing, page, is_job=True),
        },
    )
