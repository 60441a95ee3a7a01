"""Take a journal row, and the others of its plan, back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from netdash.engine.errors import EngineError
from netdash.forms.undo import UndoForm
from netdash.jobs.old_addresses import compare_addresses, may_swap
from netdash.jobs.undoing import Undoing, find_plan_entries, has_nothing_left, plan_undo, undo
from netdash.live.turns import Busy
from netdash.models import Job, JournalEntry
from netdash.topology.changes import Plan
from netdash.topology.refusal import Refusal

from .changing import INSIST, MOST_BY_CLICK, Sheet, answer, hand_over, place_refusals, render_sheet
from .engines import EnginePage, read_engine
from .journal import open_journal
from .permission import changing, read_author, read_token, require_enabled

FREEING = "disconnects=on"
"""Asks the sheet that removes a network to disconnect who is on it first."""
SWAPPING = "A job makes these connections side by side, so they may get each other's addresses."


@changing
def journal_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show what taking back means, or do it.

    One click is enough where everything can be restored and netdash stays reachable; else the
    losses are shown first and have to be confirmed.
    """
    page = open_journal(request, slug)
    entry = get_object_or_404(page.engine.journal, pk=pk)
    entries = find_plan_entries(entry)
    undoing = plan_undo(entries, page.snapshot) if entries else Undoing(Plan(), ())
    sheet = build_sheet(request, page, entry, undoing)
    if request.method != "POST":
        return render_sheet(request, sheet)
    require_enabled(page)
    is_confirmed = "confirmed" in request.POST
    if not undoing.sources or sheet.form.errors or (undoing.obstacles and not is_confirmed):
        return render_sheet(request, sheet, 422)
    if sheet.preview and sheet.preview.needs_override and "override" not in request.POST:
        return render_sheet(request, place_refusals(sheet, (INSIST,)), 422)
    if sheet.is_long:
        return hand_over(request, sheet, undoing.plan, "", undoing.closing)
    return take_back(request, sheet, undoing)


def take_back(request: HttpRequest, sheet: Sheet, undoing: Undoing) -> HttpResponse:
    """Carry the undo out and say how it went."""
    try:
        run = undo(undoing, read_author(request), read_token(request.POST))
    except EngineError as error:
        refusal = Refusal(error.kind, error.sentence, error.remedy)
        return render_sheet(request, place_refusals(sheet, (refusal,)), 422)
    except Busy:
        refusal = Refusal("busy", "Another change of this engine is under way.", "Try again.")
        return render_sheet(request, place_refusals(sheet, (refusal,)), 422)
    return answer(request, sheet, replace(run, notes=(*run.notes, *find_moved(sheet, undoing))))


def find_moved(sheet: Sheet, undoing: Undoing) -> list[str]:
    """Say which containers the engine gave another address than they had."""
    now = read_engine(sheet.page.engine, sheet.page.can_change).snapshot
    return compare_addresses(zip(undoing.plan.changes, undoing.endpoints, strict=True), now)


def build_sheet(
    request: HttpRequest, page: EnginePage, entry: JournalEntry, undoing: Undoing
) -> Sheet:
    """Make the sheet of an undo."""
    is_over = not undoing.sources or has_nothing_left(undoing, page.snapshot)
    is_job = len(undoing.plan.steps) > MOST_BY_CLICK
    return Sheet(
        page=page,
        title=undoing.plan.title or f"Undo: {entry.summary}",
        verb="Undo" if undoing.sources else "",
        said=f"Taken back: {say_what(entry, undoing)}.",
        job_kind=Job.Kind.UNDO,
        address=reverse("journal-undo", args=[page.engine.slug, entry.pk]),
        back=reverse("journal", args=[page.engine.slug]),
        template="changes/_undo.html",
        form=UndoForm(request.POST or request.GET or None),
        plan=undoing.plan if undoing.sources else None,
        extra={"entry": entry, "is_over": is_over, **show_undoing(undoing, page, is_job=is_job)},
    )


def show_undoing(undoing: Undoing, page: EnginePage, *, is_job: bool) -> dict[str, Any]:
    """Show what cannot be taken back, the plans that free a network, and what may differ."""
    slug = page.engine.slug
    freeing = [
        (one.network_name, f"{reverse('network-remove', args=[slug, one.network_id])}?{FREEING}")
        for one in undoing.in_use
    ]
    is_swapping = is_job and undoing.addresses and may_swap(undoing.plan)
    return {
        "obstacles": undoing.obstacles,
        "freeing": freeing,
        "addresses": (*undoing.addresses, *((SWAPPING,) if is_swapping else ())),
    }


def say_what(entry: JournalEntry, undoing: Undoing) -> str:
    """Name the change that is taken back, or count several."""
    rows = {source.pk for source in undoing.sources}
    return entry.summary if len(rows) < 2 else f"{len(rows)} changes"
