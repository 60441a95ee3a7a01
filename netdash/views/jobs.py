"""Jobs: the list, and the page of each with what became of every item."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, F, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from netdash.forms.jobs import ItemFilterForm, JobFilterForm
from netdash.jobs.bulk import offers_plan
from netdash.models import Engine, Job, JobItem

from .engines import may_change, read_engine, require_role
from .job_words import JobCard, show_jobs
from .listing import read_page
from .new_rows import point_at_made
from .permission import say_why_not
from .rendering import is_partial, render_page
from .rows import write_row
from .taken_back import read_taken_back

ROWS = 50
ITEM_ROWS = 50
FOLLOWERS = 5
UNREAD = ("touches", "guard", "follows__touches", "follows__guard")
"""What no list shows of a job and of the one that it follows."""
FIRST = (JobItem.State.RUNNING, JobItem.State.FAILED)
"""What is looked for first among the items of a job."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What the page of a job shows of an item."""

    pk: int
    position: int
    summary: str
    reason: str
    state: str
    sentence: str
    remedy: str
    engine_words: str
    ended_at: datetime | None
    entry_id: int | None

    @property
    def number(self) -> int:
        """Count from 1, as people do."""
        return self.position + 1

    @property
    def state_words(self) -> str:
        """Say how far it is."""
        return str(JobItem.State(self.state).label)


ITEM_FIELDS = tuple(field.name for field in fields(ItemRow))


@dataclass(frozen=True, slots=True)
class StateTab:
    """A filter of a job's items, with how many it leaves."""

    label: str
    count: int
    address: str
    is_current: bool


@require_safe
def jobs(request: HttpRequest, slug: str) -> HttpResponse:
    """List the jobs of an engine, newest first, narrowed by the query."""
    engine = open_jobs(request, slug)
    form = JobFilterForm(request.GET)
    rows = form.narrow(engine.jobs.select_related("follows").defer(*UNREAD))
    listed = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    pairs = request.GET.copy()
    pairs.pop("page", None)
    context = {
        **frame_page(request, engine, "job-rows"),
        "form": form,
        "listed": listed,
        "cards": show_jobs(listed.object_list),
        "query": pairs.urlencode(),
        "is_narrowed": form.is_narrowing,
    }
    return render_page(request, "jobs/list.html", context, {"job-rows": "jobs/_rows.html"})


@require_safe
def job(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one job: how far it is, and a page of its items."""
    engine = open_jobs(request, slug)
    found = find_job(engine, pk)
    (card,) = show_jobs([found])
    form = ItemFilterForm(request.GET)
    wanted, number = form.wanted, read_page(request.GET)
    counted = getattr(card.progress, wanted) if wanted else card.progress.total
    pages = max(1, -(-counted // ITEM_ROWS))
    number = min(number, pages)
    context = {
        **frame_page(request, engine, "job"),
        "card": card,
        "items": [
            write_row("jobs/_item.html", row, slug) for row in list_items(found, wanted, number)
        ],
        "tabs": list_tabs(card, wanted),
        "wanted": wanted,
        "number": number,
        "pages": pages,
        "newer": name_items(found, wanted, number - 1) if number > 1 else "",
        "older": name_items(found, wanted, number + 1) if number < pages else "",
        "followers": found.followers.defer("touches", "guard")[:FOLLOWERS],
        "may_change": engine.is_enabled and may_change(request),
        "why_not": say_why_not(request),
        "taken_back": read_taken_back(found),
        "made_address": point_at_made(found),
        "offers_plan": found.state == Job.State.FAILED and offers_plan(found),
    }
    return render_page(request, "jobs/detail.html", context, {"job": "jobs/_job.html"})


def open_jobs(request: HttpRequest, slug: str) -> Engine:
    """Find an engine for somebody who may see its jobs."""
    require_role(request)
    if not request.user.has_perm("netdash.view_journalentry"):
        raise PermissionDenied
    return get_object_or_404(Engine, slug=slug)


def frame_page(request: HttpRequest, engine: Engine, part: str) -> dict[str, Any]:
    """Give the frame its values; a part that refreshes several times a second needs no reading."""
    if is_partial(request) and request.headers.get("HX-Target") == part:
        return {"engine": engine}
    return read_engine(engine, engine.is_enabled and may_change(request)).context


def find_job(engine: Engine, pk: int) -> Job:
    """Find a job of an engine; raises Http404 when there is none."""
    found: Job = get_object_or_404(engine.jobs.select_related("follows"), pk=pk)
    found.engine = engine
    return found


def list_items(found: Job, wanted: str, number: int) -> list[ItemRow]:
    """List one page of items: those at work, those that failed, the latest ended, the others."""
    rows = found.items.filter(state=wanted) if wanted else found.items.all()
    rank = Case(*(When(state=state, then=rank) for rank, state in enumerate(FIRST)), default=9)
    order = (rank, F("ended_at").desc(nulls_last=True), "position")
    start = (number - 1) * ITEM_ROWS
    shown = rows.order_by(*order).values_list(*ITEM_FIELDS)[start : start + ITEM_ROWS]
    return [ItemRow(*values) for values in shown]


def list_tabs(card: JobCard, wanted: str) -> tuple[StateTab, ...]:
    """List the filters that leave anything, and the one that is chosen."""
    counts = [("", "all", card.progress.total)]
    counts += [(s.value, str(s.label), getattr(card.progress, s.value)) for s in JobItem.State]
    return tuple(
        StateTab(label, count, name_items(card.job, state), state == wanted)
        for state, label, count in counts
        if count or not state or state == wanted
    )


def name_items(found: Job, wanted: str = "", number: int = 1) -> str:
    """Name the address of a page of items."""
    pairs = {"state": wanted, "page": str(number) if number > 1 else ""}
    query = urlencode({name: value for name, value in pairs.items() if value})
    address = found.get_absolute_url()
    return f"{address}?{query}" if query else address
