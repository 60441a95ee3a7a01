"""Networks: the list, and the page of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from netdash.topology.filters import narrow
from netdash.topology.snapshot import Network, Snapshot

from .engines import find_engine
from .filters import ViewQuery, read_query
from .gone import render_gone
from .list_page import render_list
from .listing import build_listing, read_order, turn_to
from .lookup import find_by_id
from .marks import shorten_id
from .network_list import build_row, list_columns
from .network_sheet import describe_network, say_members
from .new_rows import find_new
from .reading import read
from .rendering import render_page


@require_safe
def networks(request: HttpRequest, slug: str) -> HttpResponse:
    """List the networks of an engine."""
    page = find_engine(request, slug)
    query = read_query(request.GET, page.snapshot)
    reading = read(page.snapshot)
    columns = list_columns(reading)
    order = read_order(request.GET, columns)
    found, new = find_networks(page.snapshot, query), find_new(page.engine, request.GET)
    if new and "page" not in request.GET:
        order = turn_to(found, columns, order, lambda network: shorten_id(network.id) in new)
    listing = build_listing(found, columns, order, query)
    rows = [build_row(reading, network, new) for network in listing.items]
    return render_list(request, page, "networks", query, order, listing, rows)


def find_networks(snapshot: Snapshot, query: ViewQuery) -> list[Network]:
    """Find the networks that answer the query, or on which a container does, in name order.

    A driver is the network's alone.
    """
    drivers = query.filter.drivers
    kept = narrow(snapshot, query.filter).networks
    return [network for network in kept if not drivers or network.driver in drivers]


@require_safe
def network_detail(request: HttpRequest, slug: str, network_id: str) -> HttpResponse:
    """Show everything known of one network: as a page, or as a part of another."""
    page = find_engine(request, slug)
    network = find_by_id(page.snapshot.networks_by_id, network_id)
    if network is None:
        return render_gone(request, page, "network", network_id)
    sheet = describe_network(read(page.snapshot), network, timezone.now())
    part = "networks/_sheet.html"
    context = {**page.context, "sheet": sheet, "members_words": say_members(sheet)}
    return render_page(request, "networks/detail.html", context, {"inspector": part, "sheet": part})
