"""A sheet: what somebody is about to do, what it will mean, and the moment it is done."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from netdash.engine.errors import EngineError
from netdash.jobs import queue
from netdash.jobs.runner import Drifted, Run, carry_out_plan
from netdash.live.refresh import refresh
from netdash.live.turns import Busy
from netdash.models import Job, JournalEntry
from netdash.topology.changes import Plan
from netdash.topology.preview import Preview, foresee
from netdash.topology.refusal import Refusal
from netdash.topology.snapshot import Snapshot

from .basis import digest, find_drift, sum_up
from .engines import EnginePage, read_engine
from .new_rows import point_at_new
from .permission import SWITCHED_OFF, read_author, read_token, require_enabled, say_why_not
from .place import read_place
from .rendering import is_partial, render_page

MOST_STEPS = 1000
"""Steps of one plan; foreseeing so many takes 0.3 s where 2,000 containers are."""
MOST_BY_CLICK = 20
"""Steps that a click waits for; a longer plan becomes a job."""
OWN_PAGE = "change-sheet-page"
"""The element of a sheet that has a page to itself."""
INSIST = Refusal("override", "Tick below that you mean it.", field="override")


@dataclass(frozen=True)
class Sheet:
    """One intention, as a form and as a plan; ``plan`` is None while the input says nothing."""

    page: EnginePage
    title: str
    verb: str
    """What its button says; empty when there is nothing to carry out."""
    address: str
    """Where the form is read from (GET) and carried out (POST)."""
    back: str
    """Where one goes from here, done or not; ``after`` when what is here is gone once done."""
    template: str
    """The part that holds the form's fields."""
    form: forms.Form
    plan: Plan | None = None
    refusals: tuple[Refusal, ...] = ()
    is_destructive: bool = False
    drift: tuple[str, ...] = ()
    after: str = ""
    said: str = ""
    """What the toast says once it is done, when that is not its title."""
    job_kind: str = Job.Kind.CHANGE
    """What a job is for that carries it out, when it is too long for a click."""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def snapshot(self) -> Snapshot:
        """Give the reading that the sheet is about."""
        return self.page.snapshot

    @property
    def is_ready(self) -> bool:
        """Tell whether it can be carried out as far as anybody knows before."""
        has_steps = self.plan is not None and bool(self.plan.steps)
        return has_steps and not self.refusals and not self.form.errors

    @cached_property
    def preview(self) -> Preview | None:
        """Foresee what the plan means; nothing while there is none, or more than goes at once."""
        if self.plan is None or len(self.plan.steps) > MOST_STEPS:
            return None
        return foresee(self.snapshot, self.plan, read_place())

    @property
    def is_long(self) -> bool:
        """Tell whether a job carries it out."""
        return self.plan is not None and len(self.plan.steps) > MOST_BY_CLICK

    @property
    def loose_refusals(self) -> tuple[Refusal, ...]:
        """List the refusals that no field shows."""
        return tuple(one for one in self.refusals if find_field(self, one.field)[0] is None)

    @property
    def problems(self) -> tuple[str, ...]:
        """List what speaks against what was typed so far, for a preview that stands alone."""
        placed = [f"{r.sentence} {r.remedy}" for r in self.refusals if r not in self.loose_refusals]
        typed = [
            str(error)
            for form in (self.form, *getattr(self.extra.get("rows"), "forms", ()))
            for name, errors in form.errors.items()
            if name in form.fields and form[name].value()
            for error in errors
        ]
        return tuple(dict.fromkeys(text.strip() for text in (*placed, *typed)))

    @property
    def basis(self) -> str:
        """Sum up what the plan rests on."""
        return sum_up(self.snapshot, self.plan) if self.plan else ""

    @property
    def asked(self) -> list[tuple[str, str]]:
        """List what its address asks for: a browser without scripts drops it as it previews."""
        return parse_qsl(urlsplit(self.address).query)

    @property
    def insistence(self) -> str:
        """Sum up what somebody has to insist on: a tick is for what it was set under."""
        notices = self.preview.notices if self.preview else ()
        return digest(*(notice.sentence for notice in notices if notice.needs_override))


def show_sheet(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Show a sheet with its preview, or carry it out when it is posted."""
    if request.method != "POST":
        return render_sheet(request, check(sheet, has_override=True))
    require_enabled(sheet.page)
    sheet = check(sheet, has_override="override" in request.POST)
    if not sheet.is_ready:
        return render_sheet(request, sheet, 422)
    return confirm(request, sheet)


def check(sheet: Sheet, has_override: bool = False) -> Sheet:
    """Put what would be refused beside the fields, before any engine is asked."""
    if sheet.plan is None:
        return sheet
    if sheet.preview is None:
        refusal = Refusal("many", f"At most {MOST_STEPS:,} changes go at once.", "Choose fewer.")
        return place_refusals(sheet, (refusal,))
    refusals = tuple(dict.fromkeys(sheet.preview.refusals))
    if sheet.preview.needs_override and not has_override:
        refusals += (INSIST,)
    return place_refusals(sheet, refusals)


def place_refusals(sheet: Sheet, refusals: tuple[Refusal, ...]) -> Sheet:
    """Give each refusal to the field it belongs to; the others stay with the sheet."""
    for refusal in refusals:
        form, name = find_field(sheet, refusal.field)
        if form is not None and form.is_bound:
            form.add_error(name, f"{refusal.sentence} {refusal.remedy}".strip())
    return replace(sheet, refusals=sheet.refusals + refusals)


def find_field(sheet: Sheet, place: str) -> tuple[forms.Form | None, str]:
    """Find the form and field of a refusal: ``ipv4``, or ``subnets.0.gateway`` in a row."""
    place = "without_ipv4" if place == "has_ipv4" else place
    if place in sheet.form.fields:
        return sheet.form, place
    head, _, tail = place.partition(".")
    number, _, name = tail.partition(".")
    rows = getattr(sheet.extra.get("rows"), "filled", [])
    if head == "subnets" and number.isdecimal() and int(number) < len(rows):
        form = rows[int(number)]
        return (form, name) if name in form.fields else (form, "cidr")
    return None, ""


def confirm(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Carry the plan out, unless what it rests on has changed since it was looked at."""
    plan, basis = sheet.plan or Plan(), request.POST.get("basis", "")
    if sheet.is_long:
        return hand_over(request, sheet, plan, basis)

    def compare(now: Snapshot) -> None:
        if basis and find_drift(basis, now, plan):
            raise Drifted(now)

    try:
        run = carry_out_plan(
            sheet.page.engine, plan, read_author(request), read_token(request.POST), compare
        )
    except Drifted as drifted:
        words = find_drift(basis, drifted.now, plan)
        with suppress(EngineError):
            refresh(sheet.page.engine)
        page = read_engine(sheet.page.engine, sheet.page.can_change)
        return render_sheet(request, replace(sheet, page=page, drift=words), 422)
    except EngineError as error:
        refusal = Refusal(error.kind, error.sentence, error.remedy)
        return render_sheet(request, place_refusals(sheet, (refusal,)), 422)
    except Busy:
        refusal = Refusal("busy", "Another change of this engine is under way.", "Try again.")
        return render_sheet(request, place_refusals(sheet, (refusal,)), 422)
    return answer(request, sheet, run)


def hand_over(
    request: HttpRequest,
    sheet: Sheet,
    plan: Plan,
    basis: str,
    undoes: Sequence[JournalEntry | None] = (),
) -> HttpResponse:
    """Start the job of a long plan; each step is looked at freshly when its turn comes."""
    token = read_token(request.POST)
    is_again = token is not None and Job.objects.filter(plan_id=token).exists()
    if basis and not is_again and (words := find_drift(basis, sheet.snapshot, plan)):
        return render_sheet(request, replace(sheet, drift=words), 422)
    author, title = read_author(request), plan.title or sheet.title
    job = queue.start(
        sheet.page.engine, plan, author, sheet.job_kind, title=title, token=token, undoes=undoes
    )
    messages.info(request, f"Job started: {title}", extra_tags=job.get_absolute_url())
    return leave(request, sheet.after or sheet.back, sheet.page, has_job=True)


def answer(request: HttpRequest, sheet: Sheet, run: Run) -> HttpResponse:
    """Say how it went: a toast with undo, or the sheet again with the reason beside the field."""
    page = read_engine(sheet.page.engine, sheet.page.can_change)
    done = [entry for entry in run.entries if entry.outcome == entry.Outcome.DONE]
    undo = reverse("journal-undo", args=[page.engine.slug, done[0].pk]) if done else ""
    if run.refusal is not None:
        if done:
            words = f"{len(done)} of {len(done) + len(run.left_out) + 1} steps were done."
            messages.warning(request, words, extra_tags=undo)
        sheet = place_refusals(replace(sheet, page=page), (run.refusal,))
        return render_sheet(request, sheet, 422)
    for note in run.notes:
        messages.warning(request, note)
    title = sheet.plan.title if sheet.plan else sheet.title
    if done:
        messages.success(request, sheet.said or f"{title}: done.", extra_tags=undo)
    elif not run.notes:
        messages.success(request, f"{title}: this was so already.")
    back = point_at_new(sheet.after or sheet.back, page.engine, done)
    return leave(request, back, page)


def leave(request: HttpRequest, back: str, page: EnginePage, has_job: bool = False) -> HttpResponse:
    """Go on: in place with a toast, or to where one came from when the sheet is all there was."""
    if not is_partial(request):
        return redirect(back)
    if request.headers.get("HX-Target") == OWN_PAGE:
        return HttpResponse(headers={"HX-Redirect": back})
    response = render(request, "changes/_done.html", {**page.context, "swaps": True})
    version = page.stored.version if page.stored else 0
    bells = {"netdash:version": {"version": version}} | ({"netdash:bell": {}} if has_job else {})
    response["HX-Trigger"] = json.dumps(bells)
    return response


def render_sheet(request: HttpRequest, sheet: Sheet, status: int = 200) -> HttpResponse:
    """Render a sheet as a page, as a part of one, or its preview alone."""
    target = request.headers.get("HX-Target", "")
    typed = request.POST if request.method == "POST" else request.GET
    if target == "messages":  # the undo of a toast, which has no room for questions
        return HttpResponse(status=status, headers={"HX-Redirect": sheet.address})
    part = "changes/_preview.html" if target == "preview" else "changes/_sheet.html"
    context = {
        **sheet.page.context,
        **sheet.extra,
        "sheet": sheet,
        "token": uuid.uuid4().hex,
        "may_change": sheet.page.can_change,
        "why_not": say_why_not(request) or ("" if sheet.page.engine.is_enabled else SWITCHED_OFF),
        "swaps": is_partial(request),
        "insists": typed.get("override") == sheet.insistence,
        "problems": sheet.problems if target == "preview" else (),
    }
    partials = {target: part} if target else {}
    return render_page(request, "changes/page.html", context, partials, status)
