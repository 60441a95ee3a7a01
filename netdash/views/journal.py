"""The journal: what was changed, by whom, why, with what outcome."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from netdash.forms.journal import JournalFilterForm
from netdash.models import JournalEntry
from netdash.topology import codec
from netdash.topology.lookup import pick_endpoint

from .engines import EnginePage, find_engine
from .journal_lines import JournalPage, list_lines
from .listing import read_page
from .rendering import render_page

ROWS = 50
SIBLINGS = 200
"""Rows of a plan that its page lists; a job has a page of its own."""
COLUMNS = (
    "at",
    "author_name",
    "origin",
    "kind",
    "summary",
    "container_name",
    "network_name",
    "outcome",
    "sentence",
    "note",
    "reason",
    "command",
    "plan_id",
    "job_id",
)


@require_safe
def journal(request: HttpRequest, slug: str) -> HttpResponse:
    """List the journal of an engine, newest first, narrowed by the query; a plan is one line."""
    page = open_journal(request, slug)
    form = JournalFilterForm(request.GET)
    rows = page.engine.journal.defer("before", "change")
    listed = read_journal_page(request, slug)
    start = (listed.number - 1) * ROWS
    found = list(form.lead(rows)[start : start + ROWS + 1])
    plan, lines = list_lines(page.engine, found[:ROWS], form, listed)
    context = {
        **page.context,
        "form": form,
        "count": form.narrow(rows).count(),
        "plan": plan,
        "lines": lines,
        "listed": listed,
        "has_older": len(found) > ROWS,
    }
    return render_page(
        request, "journal/list.html", context, {"journal-rows": "journal/_rows.html"}
    )


def read_journal_page(request: HttpRequest, slug: str) -> JournalPage:
    """Read which page, of which filters, is asked for."""
    pairs = request.GET.copy()
    for name in ("page", "open"):
        pairs.pop(name, None)
    return JournalPage(slug, pairs.urlencode(), read_page(request.GET))


@require_safe
def journal_entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one row with what was there before."""
    page = open_journal(request, slug)
    entry = get_object_or_404(page.engine.journal, pk=pk)
    job = page.engine.jobs.filter(plan_id=entry.plan_id).first()
    siblings = page.engine.journal.filter(plan_id=entry.plan_id).order_by("position")
    shown = () if job else tuple(siblings.defer("before", "change")[:SIBLINGS])
    context = {
        **page.context,
        "entry": entry,
        "job": job,
        "removal": name_removal(page, entry),
        "finality": say_finality(entry),
        "siblings": shown if len(shown) > 1 else (),
        "before": json.dumps(entry.before, indent=2, ensure_ascii=False, sort_keys=True),
    }
    return render_page(request, "journal/entry.html", context)


def name_removal(page: EnginePage, entry: JournalEntry) -> str:
    """Name the sheet of a removal that was refused, while its network is there; else nothing."""
    is_refused = entry.kind == "remove" and entry.outcome == entry.Outcome.REFUSED
    if not is_refused or entry.network_id not in page.snapshot.networks_by_id:
        return ""
    return reverse("network-remove", args=[page.engine.slug, entry.network_id])


def say_finality(entry: JournalEntry) -> str:
    """Say why what was done cannot be taken back; nothing when it can, or was not done."""
    if entry.outcome != entry.Outcome.DONE or entry.undo:
        return ""
    if entry.kind == "disconnect" and was_dangling(entry):
        return "the network was gone already."
    return "what was there before is not known well enough."


def was_dangling(entry: JournalEntry) -> bool:
    """Tell whether the endpoint of a row was on a network that was gone, as far as is known."""
    try:
        before = codec.decode(entry.before)
    except codec.UnknownFormat:
        return False
    container = before.containers_by_id.get(entry.container_id)
    lost = container and pick_endpoint(container, entry.network_id, entry.network_name)
    return lost is not None and not before.networks


@require_safe
def journal_export(request: HttpRequest, slug: str, form: str) -> StreamingHttpResponse:
    """Export the rows that the query leaves, as CSV or as JSON."""
    page = open_journal(request, slug)
    job = page.engine.jobs.filter(plan_id=OuterRef("plan_id")).values("pk")
    rows = JournalFilterForm(request.GET).narrow(page.engine.journal.all())
    rows = rows.annotate(job_id=Subquery(job[:1]))
    write, kind = (write_csv, "text/csv") if form == "csv" else (write_json, "application/json")
    response = StreamingHttpResponse(write(rows), content_type=f"{kind}; charset=utf-8")
    name = f"{page.engine.slug}-journal.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def open_journal(request: HttpRequest, slug: str) -> EnginePage:
    """Find the engine for somebody who may read its journal."""
    page = find_engine(request, slug)
    if not request.user.has_perm("netdash.view_journalentry"):
        raise PermissionDenied
    return page


def read_row(entry: JournalEntry) -> dict[str, Any]:
    """Read the exported values of a row; ``job_id`` is annotated, and None without a job."""
    return {name: getattr(entry, name) for name in COLUMNS} | {
        "at": entry.at.isoformat(),
        "plan_id": str(entry.plan_id),
    }


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """Give the text back."""
        return text


def write_csv(rows: QuerySet[JournalEntry]) -> Iterator[str]:
    """Write rows as CSV; a value that a spreadsheet would run as a formula gets a quote."""
    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for entry in rows.iterator(500):
        yield writer.writerow([disarm(write_value(value)) for value in read_row(entry).values()])


def write_value(value: Any) -> str:
    """Write a value of a row; nothing is nothing."""
    return "" if value is None else str(value)


def disarm(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def write_json(rows: QuerySet[JournalEntry]) -> Iterator[str]:
    """Write rows as one JSON array, with each change and what was there before."""
    yield "["
    for number, entry in enumerate(rows.iterator(500)):
        row = read_row(entry) | {"change": entry.change, "before": entry.before}
        yield ("," if number else "") + json.dumps(row, ensure_ascii=False)
    yield "]"
