"""Containers: the list, and the page of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from netdash.topology.filters import hide_built_in, matches_container
from netdash.topology.snapshot import Container, Snapshot

from .container_list import COLUMNS, build_row
from .container_sheet import describe_container
from .engines import find_engine
from .filters import ViewQuery, read_query
from .gone import render_gone
from .list_page import render_list
from .listing import build_listing, read_order
from .lookup import find_by_id
from .reading import read
from .rendering import render_page


@require_safe
def containers(request: HttpRequest, slug: str) -> HttpResponse:
    """List the containers of an engine."""
    page = find_engine(request, slug)
    query = read_query(request.GET, page.snapshot)
    order = read_order(request.GET, COLUMNS)
    listing = build_listing(find_containers(page.snapshot, query), COLUMNS, order, query)
    reading = read(page.snapshot)
    rows = [build_row(reading, container) for container in listing.items]
    return render_list(request, page, "containers", query, order, listing, rows)


def find_containers(snapshot: Snapshot, query: ViewQuery) -> list[Container]:
    """Find the containers that answer the query, in name order."""
    wanted = query.filter
    shown = hide_built_in(snapshot) if wanted.hides_built_in else snapshot
    return [found for found in shown.containers if matches_container(shown, found, wanted)]


@require_safe
def container_detail(request: HttpRequest, slug: str, container_id: str) -> HttpResponse:
    """Show everything known of one container: as a page, or as a part of another."""
    page = find_engine(request, slug)
    container = find_by_id(page.snapshot.containers_by_id, container_id)
    if container is None:
        return render_gone(request, page, "container", container_id)
    sheet = describe_container(read(page.snapshot), container, timezone.now())
    part = "containers/_sheet.html"
    context = {**page.context, "sheet": sheet}
    return render_page(
        request, "containers/detail.html", context, {"inspector": part, "sheet": part}
    )
