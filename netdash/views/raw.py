"""Show raw: the engine's own JSON of one container or network, as the watcher last read it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from netdash.live import store
from netdash.topology.snapshot import Container, Network

from .engines import EnginePage, find_engine
from .gone import name_gone
from .lookup import find_by_id
from .rendering import render_page

MOST_CHARACTERS = 200_000
PARTS = {"inspector": "inspector/_raw.html", "sheet": "inspector/_raw.html"}


@require_safe
def container_raw(request: HttpRequest, slug: str, container_id: str) -> HttpResponse:
    """Show the engine's own JSON of a container."""
    page = find_engine(request, slug)
    return render_raw(request, page, "container", page.snapshot.containers_by_id, container_id)


@require_safe
def network_raw(request: HttpRequest, slug: str, network_id: str) -> HttpResponse:
    """Show the engine's own JSON of a network."""
    page = find_engine(request, slug)
    return render_raw(request, page, "network", page.snapshot.networks_by_id, network_id)


def render_raw(
    request: HttpRequest,
    page: EnginePage,
    kind: str,
    found_by_id: Mapping[str, Container | Network],
    wanted: str,
) -> HttpResponse:
    """Render the document; one of a thing that is gone is shown as long as it is kept."""
    found = find_by_id(found_by_id, wanted)
    whole_id = found.id if found else wanted
    document = store.load_raw(page.engine.pk, kind, whole_id)
    text = json.dumps(document, indent=2, ensure_ascii=False) if document else ""
    context = {
        **page.context,
        "subject_id": whole_id,
        "name": found.name if found else name_gone(document, page.snapshot, wanted),
        "document": text[:MOST_CHARACTERS],
        "is_cut": len(text) > MOST_CHARACTERS,
        "limit": MOST_CHARACTERS,
        "is_gone": found is None,
        "is_container": kind == "container",
        "absence": "It is being read." if found else "Nothing is kept of it.",
        "back": reverse(f"{kind}-detail", args=[page.engine.slug, whole_id]),
    }
    status = 200 if found or document else 404
    return render_page(request, "inspector/raw.html", context, PARTS, status=status)
