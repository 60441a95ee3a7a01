"""Connect containers to a network, and disconnect them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from netdash.forms.connect import ConnectForm, DisconnectForm, plan_disconnection
from netdash.topology.addresses import find_free
from netdash.topology.changes import Change, Plan
from netdash.topology.lookup import pick_endpoint
from netdash.topology.snapshot import Container, Network, Snapshot

from .changing import Sheet, show_sheet
from .engines import EnginePage, find_engine
from .lookup import SHORTEST, find_by_id
from .permission import changing
from .rendering import render_page
from .selections import Selection, leave_out_refused, say_nothing_chosen, select_containers

AMONG = "among"
"""Parameter that holds the containers of which one has yet to be chosen, with commas between."""
SHOWN_FREE = 8
OFFERED = 200
"""Names that a browser completes while one types; any other name is understood as well."""


@changing
def connect(request: HttpRequest, slug: str) -> HttpResponse:
    """Connect the containers of the address to a network that is chosen here."""
    page = find_engine(request, slug)
    chosen = select_containers(page.snapshot, request.GET)
    containers = chosen.items
    if not containers and {"network", "container"} & request.GET.keys():
        return choose_container(request, page, missed=request.GET.get("container", ""))
    if not containers:
        return say_nothing_chosen(request, "containers", slug)
    params = request.POST if request.method == "POST" else request.GET
    is_typed = request.method == "POST" or bool(params.get("network"))
    form = ConnectForm(params if is_typed else None, snapshot=page.snapshot, containers=containers)
    plan: Plan | None = None
    left_out: tuple[str, ...] = ()
    if form.is_bound and form.is_valid():
        plan, left_out = leave_out_refused(
            page.snapshot, containers, form.build_plan, read_container_id
        )
    sheet = Sheet(
        page=page,
        title=f"Connect {name_all(containers)}",
        verb="Connect",
        address=name_address("connect", page, chosen.pairs),
        back=name_back(page, containers),
        template="changes/_connect.html",
        form=form,
        plan=plan,
        extra={
            "containers": containers,
            "left_out": left_out,
            "networks": find_choices(page.snapshot, containers),
            "free": () if "ipv4" in form.useless else list_free(page.snapshot, form.chosen),
        },
    )
    return show_sheet(request, sheet)


def choose_container(request: HttpRequest, page: EnginePage, missed: str = "") -> HttpResponse:
    """Ask which container shall be connected to the network of the address."""
    network = find_by_id(page.snapshot.networks_by_id, request.GET.get("network", ""))
    if network is None:
        raise Http404("This network is gone.")
    on_it = {one.id for one, _ in page.snapshot.members_by_network_id.get(network.id, ())}
    names = [one.name for one in page.snapshot.containers if one.id not in on_it]
    context = {**page.context, "network": network, "names": names[:OFFERED], "missed": missed}
    status = 422 if request.method == "POST" else 200
    return render_choice(request, context, "changes/_choose.html", status)


def choose_network(
    request: HttpRequest, page: EnginePage, chosen: Selection[Container]
) -> HttpResponse:
    """Ask from which of their networks the containers of the address shall go."""
    counts = Counter((e.network_id, e.network_name) for one in chosen.items for e in one.endpoints)
    choices = [
        (
            name,
            f"{count} of them",
            name_address("disconnect", page, chosen.pairs, network=id_, name=name),
        )
        for (id_, name), count in sorted(counts.items(), key=lambda found: found[0][1])
    ]
    context = {
        **page.context,
        "title": f"Disconnect {name_all(chosen.items)}",
        "question": "From which network?",
        "choices": choices,
        "nothing": "None of them is on a network.",
    }
    return render_choice(request, context, "changes/_leave.html")


def choose_member(request: HttpRequest, page: EnginePage, place: tuple[str, str]) -> HttpResponse:
    """Ask which of several containers of the address shall leave a network, or all of them."""
    words = request.GET.get(AMONG, "").split(",")[:OFFERED]
    among = {one.id: one for w in words if (one := find_by_id(page.snapshot.containers_by_id, w))}
    on_it = [(one, end) for one in among.values() if (end := pick_endpoint(one, *place))]
    network = {"network": place[0], "name": place[1]}

    def choose(*ids: str) -> str:
        return name_address("disconnect", page, [("container", id_) for id_ in ids], **network)

    choices = [(one.name, end.ipv4 or end.ipv6, choose(one.id)) for one, end in on_it]
    if len(on_it) > 1:
        everybody = choose(*(one.id for one, _ in on_it))
        choices.append((f"All {len(on_it)} of them", "", everybody))
    context = {
        **page.context,
        "title": f"Disconnect from {place[1] or 'a network'}",
        "question": "Which container?",
        "choices": choices,
        "nothing": "None of them is on it any more.",
    }
    return render_choice(request, context, "changes/_leave.html")


def render_choice(
    request: HttpRequest, context: dict[str, Any], part: str, status: int = 200
) -> HttpResponse:
    """Render a first question, as a page or as the part that htmx asks for."""
    target = request.headers.get("HX-Target", "")
    partials = {target: part} if target else {}
    context |= {"part": part}
    return render_page(request, "changes/choose.html", context, partials, status)


@changing
def disconnect(request: HttpRequest, slug: str) -> HttpResponse:
    """Disconnect the containers of the address from its network, which may be gone."""
    page = find_engine(request, slug)
    chosen = select_containers(page.snapshot, request.GET)
    containers = chosen.items
    if not containers and "container" in request.GET:
        raise Http404("These containers are gone.")
    place = find_place(page.snapshot, request.GET)
    if not containers and AMONG in request.GET:
        return choose_member(request, page, place)
    if not containers:
        return say_nothing_chosen(request, "containers", slug)
    if place == ("", ""):
        return choose_network(request, page, chosen)
    network = page.snapshot.networks_by_id.get(place[0])
    form = DisconnectForm(request.POST if request.method == "POST" else request.GET)
    force = form.is_valid() and form.cleaned_data["force"]
    on_it = tuple(one for one in containers if pick_endpoint(one, *place))
    plan, left_out = leave_out_refused(
        page.snapshot,
        on_it or containers,
        lambda some: plan_disconnection(some, *place, force=force),
        read_container_id,
    )
    sheet = Sheet(
        page=page,
        title=f"Disconnect {name_all(containers)} from {place[1] or 'a network'}",
        verb="Disconnect",
        address=name_address("disconnect", page, chosen.pairs, network=place[0], name=place[1]),
        back=name_back(page, containers),
        template="changes/_disconnect.html",
        form=form,
        plan=plan,
        is_destructive=True,
        extra={
            "network": network,
            "is_ghost": is_ghost(containers, *place),
            "left_out": left_out,
        },
    )
    return show_sheet(request, sheet)


def find_place(snapshot: Snapshot, params: QueryDict) -> tuple[str, str]:
    """Find id and name of an address's network; one that is gone is known by its endpoints."""
    id_, name = params.get("network", ""), params.get("name", "")
    if network := find_by_id(snapshot.networks_by_id, id_):
        return network.id, network.name
    ends = {e.network_id: e.network_name for one in snapshot.containers for e in one.endpoints}
    wanted = [end for end in ends if len(id_) >= SHORTEST and end.startswith(id_)]
    whole = wanted[0] if len(wanted) == 1 else id_
    return whole, name or (ends.get(whole, "") if whole else "")


def read_container_id(change: Change) -> str:
    """Name the container of a change."""
    return str(getattr(change, "container_id", ""))


def find_choices(snapshot: Snapshot, containers: tuple[Container, ...]) -> list[Network]:
    """List the networks that at least one of the containers is not on yet, in name order."""
    return [
        network
        for network in snapshot.networks
        if network.driver not in ("host",)
        and not network.is_config_only
        and any(pick_endpoint(one, network.id, network.name) is None for one in containers)
    ]


def list_free(snapshot: Snapshot, network: Network | None) -> tuple[str, ...]:
    """List the first free IPv4 addresses of a network, lowest first."""
    if network is None:
        return ()
    return find_free(snapshot, network, SHOWN_FREE)


def is_ghost(containers: tuple[Container, ...], network_id: str, name: str) -> bool:
    """Tell whether an endpoint is only an entry, without a live one behind it."""
    found = [pick_endpoint(one, network_id, name) for one in containers]
    return any(endpoint is not None and not endpoint.is_live for endpoint in found)


def name_all(containers: tuple[Container, ...]) -> str:
    """Name a container, or count several."""
    return containers[0].name if len(containers) == 1 else f"{len(containers)} containers"


def name_address(
    view: str, page: EnginePage, chosen: Iterable[tuple[str, str]], **params: str
) -> str:
    """Name the address of a sheet."""
    pairs = [*chosen, *[(key, value) for key, value in params.items() if value]]
    return f"{reverse(view, args=[page.engine.slug])}?{urlencode(pairs)}"


def name_back(page: EnginePage, containers: tuple[Container, ...]) -> str:
    """Name where to go from here: the container's page, or the list."""
    if len(containers) == 1:
        return reverse("container-detail", args=[page.engine.slug, containers[0].id])
    return reverse("containers", args=[page.engine.slug])
