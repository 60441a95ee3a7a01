"""Make many networks: a form, what would come of it, and the job that does it."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from netdash.forms.uploads import LARGEST_FILE
from netdash.jobs.bulk import list_left, list_names, start_bulk, write_left
from netdash.jobs.bulk_files.templates import TEMPLATES
from netdash.models import Job
from netdash.topology.address_plans import offer_base
from netdash.topology.batches import Batch
from netdash.topology.change_codec import UnreadableChangeError

from .basis import digest
from .bulk_drafts import Draft, read_draft
from .bulk_examples import list_examples
from .bulk_table import BatchTable, build_table, list_obstacles
from .engines import EnginePage, find_engine
from .permission import (
    SWITCHED_OFF,
    changing,
    read_author,
    read_token,
    require_enabled,
    say_why_not,
)
from .rendering import render_page

MOST_ADDRESS = 4_000
"""Characters that an address may have to hold the whole form."""
NOT_IN_ADDRESS = frozenset({"csrfmiddlewaretoken", "token", "basis", "file", "note", "text", "job"})
DRIFTED = "Since you looked, something has changed. Look again, then create."
NOT_ALL = "Some of these cannot be made. Tick below to leave them out, or change what is asked."
NOTHING = "There is nothing to create."


@changing
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form, filled in as the address says, or start the job when it is posted."""
    page = find_engine(request, slug)
    if request.method != "POST":
        draft = read_draft(page.snapshot, fill_from_job(page, request.GET))
        return render_draft(request, page, draft)
    require_enabled(page)
    draft = read_draft(page.snapshot, request.POST, request.FILES)
    if objection := find_objection(request, draft):
        return render_draft(request, page, draft, objection, 422)
    assert draft.batch is not None
    follows = find_followed(page, request.POST, draft.batch)
    token = read_token(request.POST)
    job = start_bulk(page.engine, draft.batch, read_author(request), token, follows)
    return redirect(job)


@require_POST
def bulk_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what would come of the form; nothing is changed, so that everybody may."""
    page = find_engine(request, slug)
    draft = read_draft(page.snapshot, request.POST, request.FILES)
    response = render_draft(request, page, draft)
    address = reverse("bulk", args=[slug])
    asked = write_address(request.POST)
    if not draft.form.is_from_file and len(asked) < MOST_ADDRESS:
        response["HX-Replace-Url"] = f"{address}?{asked}"
    return response


@require_POST
def bulk_commands(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the commands that do the same, as a script to take along."""
    draft = read_draft(find_engine(request, slug).snapshot, request.POST, request.FILES)
    commands = draft.batch.commands if draft.batch else ""
    answer = HttpResponse(f"#!/bin/sh\nset -e\n{commands}\n", content_type="text/x-shellscript")
    answer["Content-Disposition"] = 'attachment; filename="networks.sh"'
    return answer


@require_safe
def bulk_template(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Give an example file to fill in."""
    find_engine(request, slug)
    if form not in TEMPLATES:
        return HttpResponse(status=404)
    kind = "text/csv" if form == "csv" else "application/yaml"
    answer = HttpResponse(TEMPLATES[form], content_type=f"{kind}; charset=utf-8")
    name = "compose.yaml" if form == "compose" else f"networks.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def fill_from_job(page: EnginePage, asked: QueryDict) -> QueryDict:
    """Ask for what a job did not make (``?job=``), with subnets of a base that is free."""
    job = find_asked_job(page, asked)
    if job is None:
        return asked
    try:
        lacking = [24 for one in list_left(job) if not one.subnets]
    except UnreadableChangeError:
        return asked
    filled = QueryDict(mutable=True)
    filled.update({"source": "file", "format": "csv", "addressing": "plan", "size": "24"})
    filled.update({"text": write_left(job), "bases": offer_base(page.snapshot, lacking)})
    return filled


def find_asked_job(page: EnginePage, asked: QueryDict) -> Job | None:
    """Find the job of which the rest is asked for."""
    number = asked.get("job", "")
    is_number = number.isdecimal() and len(number) < 19
    return page.engine.jobs.filter(pk=number).first() if is_number else None


def find_followed(page: EnginePage, asked: QueryDict, batch: Batch) -> Job | None:
    """Find the job of which the rest was asked for, if anything of it is still to be made."""
    job = find_asked_job(page, asked)
    try:
        left = {one.name for one in list_left(job)} if job else set()
    except UnreadableChangeError:
        return None
    return job if left & list_names(batch) else None


def find_objection(request: HttpRequest, draft: Draft) -> str:
    """Say why a posted form is not carried out; empty when it is."""
    if draft.batch is None or draft.form.errors or draft.problems:
        return "Nothing was created."
    basis = request.POST.get("basis", "")
    if basis and basis != sum_up(draft):
        return DRIFTED
    if draft.batch.obstacles and not draft.form.cleaned_data["others"]:
        return NOT_ALL
    return "" if draft.batch.plan.steps else NOTHING


def sum_up(draft: Draft) -> str:
    """Sum up what was foreseen, for a hidden field."""
    rows = draft.batch.rows if draft.batch else ()
    return digest(*(f"{one.state} {one.row.creation}" for one in rows))


def write_address(posted: QueryDict) -> str:
    """Write what was typed as the query of an address that gives the same form again."""
    return urlencode([(k, v) for k, v in posted.items() if v and k not in NOT_IN_ADDRESS])


def show_table(draft: Draft) -> BatchTable:
    """Show what would be made; with something wrong, what else stands in the way."""
    if draft.judged:
        return list_obstacles(draft.judged)
    return build_table(draft.batch) if draft.batch else BatchTable()


def render_draft(
    request: HttpRequest, page: EnginePage, draft: Draft, objection: str = "", status: int = 200
) -> HttpResponse:
    """Render the whole page, or the preview alone."""
    why_not = say_why_not(request) or ("" if page.engine.is_enabled else SWITCHED_OFF)
    context: dict[str, Any] = {
        **page.context,
        "draft": draft,
        "rest_of": find_asked_job(page, request.POST or request.GET),
        "form": draft.form,
        "table": show_table(draft),
        "basis": sum_up(draft),
        "token": uuid.uuid4().hex,
        "objection": objection,
        "why_not": why_not,
        "may_change": page.can_change,
        "examples": list_examples(page),
        "largest_file": LARGEST_FILE,
    }
    return render_page(
        request, "bulk/page.html", context, {"preview": "bulk/_preview.html"}, status
    )
