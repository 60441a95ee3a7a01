"""The matrix: containers down, networks across, one table for each group."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from netdash.drawing.matrix import MatrixSection, draw_matrix
from netdash.drawing.shapes import Grouping
from netdash.topology.filters import Filter, narrow
from netdash.topology.snapshot import Snapshot

from .engines import EnginePage, find_engine
from .filter_menus import build_bar
from .filters import ViewQuery, read_query
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
        "sections": render_sections(page, query, shown),
        "shown_words": say_counts(len(shown.containers), total),
        "empty_words": say_empty(page, "containers", total),
    }
    return render_page(request, "matrix/matrix.html", context, {"list": "matrix/_matrix.html"})


Key = tuple[str, int, Filter, Grouping]
MOST_RENDERED = 8
_rendered: dict[Key, str] = {}


def render_sections(page: EnginePage, query: ViewQuery, shown: Snapshot) -> str:
    """Render the tables; readers of one version share them (0.3 s at 2,000 containers)."""
    if page.stored is None:
        return ""
    key = (page.engine.slug, page.stored.version, query.filter, query.grouping)
    tables = _rendered.get(key)
    if tables is None:
        sections = draw_matrix(shown, query.grouping)
        tables = render_tables(page, sections) if sections else ""
        while len(_rendered) >= MOST_RENDERED:
            _rendered.pop(next(iter(_rendered), key), None)
        _rendered[key] = tables
    return tables


def render_tables(page: EnginePage, sections: tuple[MatrixSection, ...]) -> str:
    """Render the tables of all groups."""
    context = {"engine": page.engine, "sections": sections}
    return render_to_string("matrix/_sections.html", context)
