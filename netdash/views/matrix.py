"""The matrix: containers down, networks across, one table for each group."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from netdash.drawing.matrix import draw_matrix
from netdash.topology.filters import narrow

from .engines import find_engine
from .filter_menus import build_bar
from .filters import read_query
from .list_page import say_counts, say_empty
from .rendering import render_page
from .toolbar import build_toolbar


@require_safe
def matrix(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who is on which network, as tables."""
    page = find_engine(request, slug)
    query = read_query(request.GET, page.snapshot)
    shown = narrow(page.snapshot, query.filter)
    total = page.counts.containers
    context = {
        **page.context,
        "bar": build_bar(page.snapshot, query, {}),
        "toolbar": build_toolbar(slug, "matrix", query),
        "sections": draw_matrix(shown, query.grouping),
        "shown_words": say_counts(len(shown.containers), total),
        "empty_words": say_empty(page, "containers", total),
        "here": request.get_full_path(),
    }
    return render_page(request, "matrix/matrix.html", context, {"list": "matrix/_matrix.html"})
