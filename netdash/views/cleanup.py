"""Clean-up: the page is the dry run; what is reviewed there is removed by a job, exactly."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from netdash.forms.cleanup import as_query
from netdash.jobs.cleanup import start_cleanup
from netdash.live.uses import read_memory
from netdash.models import Engine
from netdash.topology.candidates import (
    Candidate,
    CleanupFilter,
    Review,
    plan_cleanup,
    review,
)
from netdash.topology.changes import Plan
from netdash.topology.command_lines import as_command

from .cleanup_choice import choose, write_basis
from .cleanup_page import (
    DOCKER,
    KINDS,
    ROWS,
    Asked,
    build_rows,
    compare_with_docker,
    find_repeated,
    list_groups,
    list_presets,
    list_shown,
    read_asked,
    say_more,
    say_nothing,
    say_stays,
    say_totals,
    say_watch,
)
from .cleanup_wishes import list_wishes, say_left_out, say_unknown
from .engines import EnginePage, find_engine
from .listing import read_page
from .permission import (
    SWITCHED_OFF,
    changing,
    read_author,
    read_token,
    require_enabled,
    say_why_not,
)
from .rendering import is_partial, render_page
from .words import say_count

NOTHING_TICKED = "Nothing is ticked, because something speaks against each of these."
VALUES: dict[str, tuple[str, ...]] = {"preset": (DOCKER,), "show": (*KINDS, "all")}
MOST_COMMANDS = 200
"""More lines than these nobody copies."""


@changing
def cleanup(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what can go; posted, show what was chosen once more, then start the job."""
    page = find_engine(request, slug)
    params = request.POST if request.method == "POST" else request.GET
    asked = read_asked(params, read_page(params))
    if request.method != "POST":
        return show_candidates(request, page, asked)
    require_enabled(page)
    if asked.wrong:
        return show_candidates(request, page, asked, status=422)
    return confirm(request, page, asked, asked.wanted)


def show_candidates(
    request: HttpRequest,
    page: EnginePage,
    asked: Asked,
    changes: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Show the page: filters, candidates with reasons and doubts, and who stays."""
    now, snapshot = time.time(), page.snapshot
    wanted = asked.wanted
    memory = read_memory(page.engine.pk, wanted.unused_since_seconds)
    found = review(snapshot, wanted, now, memory)
    pages = max(1, -(-len(found.candidates) // ROWS))
    number = min(asked.page, pages)
    shown = found.candidates[(number - 1) * ROWS : number * ROWS]
    sure = sum(not one.doubts for one in found.candidates)
    stays = list_shown(asked, found.spared)
    is_about_chosen = bool(wanted.networks)
    context = {
        **page.context,
        "address": reverse("cleanup", args=[page.engine.slug]),
        "asked": asked,
        "wishes": list_wishes(asked.form, wanted, snapshot),
        "is_part": is_partial(request),
        "unknown_words": say_unknown(request.GET, VALUES),
        "left_out_words": say_left_out(asked.form),
        "presets": list_presets(asked),
        "rows": build_rows(shown, memory, now, find_repeated(snapshot)),
        "basis": write_basis(shown),
        "totals_words": say_totals(found, len(snapshot.networks)),
        "nothing_words": say_nothing(asked, snapshot, found.spared),
        "watch_words": say_watch(memory, now),
        "groups": list_groups(asked, found.spared),
        "spared": stays[:ROWS],
        "spared_more": say_more(stays),
        "spared_words": say_stays(len(stays if is_about_chosen else found.spared)),
        "comparison": compare_with_docker(snapshot, asked, found, now, memory),
        "unticked_words": "" if any(not one.doubts for one in shown) else NOTHING_TICKED,
        "sure_words": say_count(sure, "network") if sure and pages > 1 else "",
        "changes": changes,
        "number": number,
        "pages": pages,
        "previous": f"?{asked.write(page=str(number - 1))}" if number > 1 else "",
        "next": f"?{asked.write(page=str(number + 1))}" if number < pages else "",
        "may_change": page.can_change and not asked.wrong,
        "why_not": say_why_not(request) or ("" if page.engine.is_enabled else SWITCHED_OFF),
        "schedule_address": "" if asked.wrong else name_schedule(request, page.engine, wanted),
    }
    partials = {"cleanup-list": "cleanup/_list.html"}
    return render_page(request, "cleanup/page.html", context, partials, status)


def confirm(
    request: HttpRequest, page: EnginePage, asked: Asked, wanted: CleanupFilter
) -> HttpResponse:
    """Say what was chosen once more, or start the job when that was said and nothing changed."""
    memory = read_memory(page.engine.pk, wanted.unused_since_seconds)
    found = review(page.snapshot, wanted, time.time(), memory)
    ids = read_chosen(request, found)
    chosen, changes = choose(found, ids, request.POST.get("basis", ""))
    if not chosen:
        return show_candidates(request, page, asked, changes or ("Choose a network first.",), 422)
    is_sure = all(not one.doubts for one in chosen) or "override" in request.POST
    if request.POST.get("step") == "start" and is_sure and not changes:
        job = start_cleanup(
            page.engine,
            chosen,
            wanted,
            read_author(request),
            token=read_token(request.POST),
        )
        return redirect(job)
    return show_choice(request, page, asked, chosen, changes)


def read_chosen(request: HttpRequest, found: Review) -> tuple[str, ...]:
    """Read the ids that were chosen; ``scope=sure`` means all that nothing speaks against."""
    ids = tuple(word for value in request.POST.getlist("chosen") for word in value.split())
    if request.POST.get("scope") != "sure":
        return ids
    sure = (one.network.id for one in found.candidates if not one.doubts)
    return tuple(dict.fromkeys((*ids, *sure)))


def show_choice(
    request: HttpRequest,
    page: EnginePage,
    asked: Asked,
    chosen: Sequence[Candidate],
    changes: Sequence[str],
) -> HttpResponse:
    """Show exactly what would be removed, with everything that speaks against it."""
    is_start = request.POST.get("step") == "start"
    plan = plan_cleanup(chosen)
    doubtful = [one for one in chosen if one.doubts]
    address = reverse("cleanup", args=[page.engine.slug])
    context: dict[str, Any] = {
        **page.context,
        "address": address,
        "back": f"{address}?{asked.write()}",
        "asked": asked,
        "title": f"Remove {say_count(len(chosen), 'network')}",
        "doubtful": doubtful,
        "doubtful_words": say_count(len(doubtful), "network"),
        "sure": [one for one in chosen if not one.doubts],
        "chosen_ids": " ".join(one.network.id for one in chosen),
        "basis": write_basis(chosen),
        "changes": changes,
        "needs_override": is_start and not changes,
        "note": request.POST.get("note", ""),
        "commands": write_commands(page, plan),
        "token": uuid.uuid4().hex,
        "may_change": page.can_change,
    }
    status = 422 if is_start or changes else 200
    return render_page(request, "cleanup/confirm.html", context, status=status)


def write_commands(page: EnginePage, plan: Plan) -> str:
    """Write the plan as command lines, where they are few enough."""
    if len(plan.steps) > MOST_COMMANDS:
        return ""
    return "\n".join(as_command(change, page.snapshot) for change in plan.changes)


def name_schedule(request: HttpRequest, engine: Engine, wanted: CleanupFilter) -> str:
    """Give an administrator the address of a new policy with these wishes."""
    if wanted.networks or not request.user.is_staff:
        return ""
    query = urlencode({"engines": engine.pk}) + f"&{as_query(wanted)}"
    return f"{reverse('admin:netdash_cleanuppolicy_add')}?{query}"
