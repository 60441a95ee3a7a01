"""The table: the drawing's data as one row for each endpoint."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from netdash.topology.filters import narrow

from .engines import find_engine
from .filters import read_query
from .list_page import build_context
from .listing import build_listing, read_order
from .reading import read
from .rendering import render_page
from .table_rows import COLUMNS, build_row, list_pairs
from .toolbar import build_toolbar


@require_safe
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every endpoint that the query lets through."""
    page = find_engine(request, slug)
    query = read_query(request.GET, page.snapshot)
    order = read_order(request.GET, COLUMNS)
    shown = list_pairs(narrow(page.snapshot, query.filter))
    listing = build_listing(shown, COLUMNS, order, query)
    reading = read(page.snapshot)
    rows = [build_row(reading, pair) for pair in listing.items]
    total = len(list_pairs(page.snapshot))
    context = build_context(page, query, order, listing, "endpoints", total)
    context |= {"rows": rows, "toolbar": build_toolbar(slug, "table", query)}
    return render_page(request, "table/table.html", context, {"list": "table/_table.html"})
