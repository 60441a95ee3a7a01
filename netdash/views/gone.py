"""What is said of a container or network that is not there any more."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from netdash.live import store
from netdash.topology.snapshot import Snapshot

from .engines import EnginePage
from .facts import Fact, Neighbour, code, plain
from .list_page import NOT_READ
from .lookup import find_by_id
from .reading import Reading, read
from .rendering import render_page
from .words import say_span

Document = dict[str, Any]
PARTS = {"inspector": "inspector/_gone.html", "sheet": "inspector/_gone.html"}


def render_gone(request: HttpRequest, page: EnginePage, kind: str, id_: str) -> HttpResponse:
    """Render what was there last under an id of a ``container`` or ``network``; status 404."""
    id_ = find_whole_id(page.snapshot, id_)
    document = store.load_raw(page.engine.pk, kind, id_)
    name = name_gone(document, page.snapshot, id_)
    context = {
        **page.context,
        "subject_id": id_,
        "name": name,
        "successors": list_successors(page, kind, name),
        "sentence": say_gone(page, kind, id_, is_known=document is not None),
        "facts": list_last_facts(document),
        "mentions": list_mentions(read(page.snapshot), id_),
        "has_raw": document is not None,
        "raw_address": reverse(f"{kind}-raw", args=[page.engine.slug, id_]),
        "list_address": reverse(f"{kind}s", args=[page.engine.slug]),
        "list_title": f"All {kind}s",
    }
    return render_page(request, "inspector/gone.html", context, PARTS, status=404)


def find_whole_id(snapshot: Snapshot, wanted: str) -> str:
    """Find the whole of a shortened id among those that containers still name."""
    containers = snapshot.containers
    named = {endpoint.network_id for found in containers for endpoint in found.endpoints}
    named |= {found.owner_id for found in containers}
    return find_by_id({id_: id_ for id_ in named}, wanted) or wanted


def say_gone(page: EnginePage, kind: str, id_: str, *, is_known: bool) -> str:
    """Say that it is not there, and since when as far as that is known."""
    if page.stored is None:
        return NOT_READ
    if gone_at := store.find_gone_at(page.engine.pk, kind, id_):
        ago = say_span((timezone.now() - gone_at).total_seconds())
        return f"This {kind} is gone since {localtime(gone_at):%Y-%m-%d %H:%M:%S}, {ago} ago."
    read_at = f"{localtime(page.stored.taken_at):%H:%M:%S}"
    if is_known:
        return f"This {kind} was gone at the last reading, {read_at}."
    return f"The last reading, {read_at}, knows no {kind} of this id."


def name_gone(document: Document | None, snapshot: Snapshot, id_: str) -> str:
    """Name it as it was last called, or as containers still call it, or by its id."""
    if document:
        names = document.get("Names") or [document.get("Name") or ""]
        if name := str(names[0]).removeprefix("/"):
            return name
    for container in snapshot.containers:
        for endpoint in container.endpoints:
            if endpoint.network_id == id_ and endpoint.network_name:
                return endpoint.network_name
    return id_


def list_successors(page: EnginePage, kind: str, name: str) -> list[str]:
    """List the addresses of what has this name now: made again, it has another id."""
    there = page.snapshot.networks if kind == "network" else page.snapshot.containers
    slug = page.engine.slug
    return [reverse(f"{kind}-detail", args=[slug, one.id]) for one in there if one.name == name]


def list_mentions(reading: Reading, id_: str) -> tuple[Neighbour, ...]:
    """List the containers that still name a network, or the network stack of a container."""
    return tuple(
        reading.name_container(container)
        for container in reading.snapshot.containers
        if container.owner_id == id_ or any(e.network_id == id_ for e in container.endpoints)
    )


def list_last_facts(document: Document | None) -> tuple[Fact, ...]:
    """List what the engine last said of it: either of a container or of a network."""
    if not document:
        return ()
    config = take(document, "Config")
    image = config.get("Image") or document.get("Image") or ""
    return (
        *code("Image", str(image)),
        *plain("Driver", str(document.get("Driver") or "") if "Scope" in document else ""),
        *(fact for cidr in list_cidrs(document) for fact in code("Subnet", cidr)),
        *(fact for name, place in list_places(document) for fact in code(name, place)),
        *plain("Created", str(document.get("Created") or "")),
        *code("Id", str(document.get("Id") or "")),
    )


def list_cidrs(document: Document) -> list[str]:
    """List the address pools of a network's document."""
    pools = take(document, "IPAM").get("Config") or []
    return [str(pool.get("Subnet") or "") for pool in pools if isinstance(pool, dict)]


def list_places(document: Document) -> list[tuple[str, str]]:
    """List the networks of a container's document, with the address it had there."""
    networks = take(take(document, "NetworkSettings"), "Networks")
    return [
        (
            f"On {name}",
            str(place.get("IPAddress") or place.get("GlobalIPv6Address") or "no address"),
        )
        for name, place in sorted(networks.items())
        if isinstance(place, dict)
    ]


def take(document: Document, key: str) -> Document:
    """Take a part of a document that should be an object."""
    found = document.get(key)
    return found if isinstance(found, dict) else {}
