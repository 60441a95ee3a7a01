"""The topology of an engine as a drawing, and what the browser asks of it while it is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from netdash.topology.filters import Filter, matches_container, matches_network
from netdash.topology.snapshot import Snapshot

from .boards import Drawn, find_board, forget_plan
from .engines import EnginePage, find_engine
from .filter_menus import build_bar
from .filters import ViewQuery, read_query
from .glyphs import draw_legend
from .pictures import Theme, write_picture
from .toolbar import build_toolbar, write_address

SCRIPTS = tuple(
    f"js/board{part}.js"
    for part in (
        "",
        "-zoom",
        "-minimap",
        "-light",
        "-keys",
        "-search",
        "-live",
        "-follow",
        "-focus",
        "-tools",
        "-hands",
        "-chosen",
    )
)


@dataclass(frozen=True, slots=True)
class View:
    """What an address of the drawing asks for, with the engine it is about."""

    page: EnginePage
    query: ViewQuery
    project: str | None = None

    @property
    def slug(self) -> str:
        """Name the engine."""
        return self.page.engine.slug

    def draw(self) -> Drawn | None:
        """Draw it, unless the engine was never read."""
        if self.page.stored is None:
            return None
        engine = self.page.engine
        return find_board(engine.pk, engine.slug, self.page.stored, self.query, self.project)


def read_view(
    request: HttpRequest, slug: str, project: str | None = None, params: QueryDict | None = None
) -> View:
    """Read a view from an address; a project alone is drawn as cards unless asked otherwise."""
    page = find_engine(request, slug)
    query = read_query(request.GET if params is None else params, page.snapshot)
    if project is not None and query.density is None:
        query = replace(query, density="cards")
    return View(page, query, project)


@require_safe
def topology(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the drawing of an engine."""
    return show(request, read_view(request, slug))


@require_safe
def project(request: HttpRequest, slug: str, project: str) -> HttpResponse:
    """Show one project alone, as cards."""
    return show(request, read_view(request, slug, project))


def show(request: HttpRequest, view: View) -> HttpResponse:
    """Show a view as a page."""
    drawn = view.draw()
    context = view.page.context | build_context(view, drawn)
    return render(request, "topology/topology.html", context)


def build_context(view: View, drawn: Drawn | None) -> dict[str, Any]:
    """Give the page its values."""
    searched = view.query.filter.text
    narrowing = replace(view.query, filter=replace(view.query.filter, text=""))
    toolbar = build_toolbar(
        view.slug,
        "topology" if view.project is None else "project",
        narrowing,
        drawn.board.density if drawn else None,
    )
    suffix = [] if view.project is None else [view.project]
    changes = "topology-changes" if view.project is None else "project-changes"
    return {
        "title": "Topology" if view.project is None else view.project[:80],
        "project": view.project,
        "drawn": drawn,
        "board": drawn.board if drawn else None,
        "query": view.query,
        "bar": build_bar(view.page.snapshot, narrowing, {}),
        "toolbar": toolbar,
        "legend": draw_legend(),
        "scripts": SCRIPTS,
        "search_text": searched,
        "changes_address": reverse(changes, args=[view.slug, *suffix]),
        "search_address": reverse("topology-search", args=[view.slug]),
        "filters_address": write_address(
            reverse("topology-filters", args=[view.slug]), toolbar.query
        ),
        "table_address": write_address(reverse("table", args=[view.slug]), toolbar.query),
        "back_address": reverse("topology", args=[view.slug]),
    }


@require_safe
def topology_changes(request: HttpRequest, slug: str, project: str | None = None) -> HttpResponse:
    """Give the panels whose signs are not among those the browser has (``have``), and all places.

    Nothing is remembered about the browser: it says what it shows.
    """
    drawn = read_view(request, slug, project).draw()
    if drawn is None:
        return HttpResponse(status=204)
    have = frozenset(request.GET.get("have", "").split("."))
    context = {"drawn": drawn, "sections": drawn.write_sections(have)}
    response = render(request, "topology/_changes.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def topology_filters(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the choices of one filter menu: a page with hundreds of them would be slow to load."""
    view = read_view(request, slug)
    bar = build_bar(view.page.snapshot, replace(view.query, menu=""), {})
    found = [menu for menu in bar.menus if menu.name == request.GET.get("menu")]
    return render(request, "topology/_choices.html", {"menu": found[0] if found else None})


@require_safe
def topology_search(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which containers and networks of the board match ``q``, in reading order."""
    alone = request.GET.get("alone")
    view = read_view(request, slug, alone)
    drawn, text = view.draw(), view.query.filter.text
    ids = find_matches(drawn.snapshot, text) if drawn and text else frozenset()
    hits = drawn.find_hits(ids) if drawn else ()
    return JsonResponse({"q": text, "ids": hits})


def find_matches(snapshot: Snapshot, text: str) -> frozenset[str]:
    """Find the ids of what matches, by the rule of the lists."""
    wanted = Filter(text=text)
    containers = (c.id for c in snapshot.containers if matches_container(snapshot, c, wanted))
    networks = (n.id for n in snapshot.networks if matches_network(snapshot, n, wanted))
    return frozenset((*containers, *networks))


@require_POST
def topology_tidy(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget how a view was laid out until now, and show it afresh."""
    text = request.POST.get("query", "")
    view = read_view(request, slug, request.POST.get("project"), QueryDict(text))
    forget_plan(view.page.engine.pk, view.query, view.project)
    if view.project is not None:
        return redirect(write_address(reverse("project", args=[slug, view.project]), text))
    return redirect(write_address(reverse("topology", args=[slug]), text))


@require_safe
def export_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the drawing as one SVG file that needs nothing else."""
    view = read_view(request, slug, request.GET.get("alone"))
    drawn = view.draw()
    if drawn is None:
        return HttpResponse("This engine was never read.", status=404, content_type="text/plain")
    theme: Theme = "dark" if request.GET.get("theme") == "dark" else "light"
    response = HttpResponse(write_picture(drawn, theme), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="topology-{slug}.svg"'
    # A picture is looked at, never run.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
