"""What the lists share: counts, filter bar, empty words, and the part that refreshes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from .engines import EnginePage
from .filter_menus import build_bar
from .filters import ViewQuery, write_query
from .listing import Listing, Order, list_extra
from .rendering import render_page
from .rows import write_row
from .words import say_number

NOT_READ = "This engine has not been read yet."


def render_list(
    request: HttpRequest,
    page: EnginePage,
    noun: str,
    query: ViewQuery,
    order: Order,
    listing: Listing[Any],
    rows: Sequence[Hashable],
) -> HttpResponse:
    """Render a list of ``noun`` (containers or networks): the page, or the list alone."""
    total = getattr(page.counts, noun)
    context = build_context(page, query, order, listing, noun, total)
    part, slug = f"{noun}/_row.html", page.engine.slug
    context["rows"] = [write_row(part, row, slug, page.can_change) for row in rows]
    return render_page(request, f"{noun}/list.html", context, {"list": f"{noun}/_list.html"})


def build_context(
    page: EnginePage,
    query: ViewQuery,
    order: Order,
    listing: Listing[Any],
    noun: str,
    total: int,
) -> dict[str, Any]:
    """Build what every list shows besides its rows; ``total`` is what there is without a filter."""
    return {
        **page.context,
        "bar": build_bar(page.snapshot, query, list_extra(order)),
        "listing": listing,
        "matching": write_query(query),
        "shown_words": say_counts(listing.count, total),
        "empty_words": say_empty(page, noun, total),
    }


def say_counts(count: int, total: int) -> str:
    """Say how many are shown of how many: ``12 of 60``, or ``60``."""
    return say_number(total) if count == total else f"{say_number(count)} of {say_number(total)}"


def say_empty(page: EnginePage, noun: str, total: int) -> str:
    """Say why a list is empty."""
    if page.stored is None:
        return f"{NOT_READ} {page.status.remedy}".strip()
    if total:
        return f"None of the {say_number(total)} {noun} is like that."
    return f"This engine has no {noun}."
