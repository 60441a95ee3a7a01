"""Change several networks at once: remove them, or connect one container to all of them."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from netdash.forms.bulk_changes import NetworksConnectForm, plan_removals
from netdash.forms.remove import NetworkRemoveForm
from netdash.topology.changes import Change, Plan
from netdash.topology.lookup import list_members
from netdash.topology.snapshot import Network, Snapshot

from .changing import Sheet, show_sheet
from .engines import EnginePage, find_engine
from .permission import changing
from .selections import Selection, leave_out_refused, say_nothing_chosen, select_networks


@changing
def networks_remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Remove the networks of the address; who is on them goes first when that is asked for."""
    page = find_engine(request, slug)
    chosen = select_networks(page.snapshot, request.GET)
    if not chosen.items:
        return say_nothing_chosen(request, "networks", slug)
    form = NetworkRemoveForm(request.POST if request.method == "POST" else request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    disconnects, frees = asked.get("disconnects", False), asked.get("frees_stopped", False)
    planned = partial(plan_removals, page.snapshot, disconnects=disconnects, frees_stopped=frees)
    plan, left_out = leave_out_refused(page.snapshot, chosen.items, planned, read_network_id)
    live, stopped = count_members(page.snapshot, chosen.items)
    sheet = Sheet(
        page=page,
        title=f"Remove {say_kept(chosen.items, left_out)}",
        verb="Disconnect them, then remove" if disconnects and live else "Remove",
        address=name_address("networks-remove", page, chosen),
        back=reverse("networks", args=[slug]),
        template="changes/_remove_many.html",
        form=form,
        plan=plan,
        is_destructive=True,
        extra={"chosen": chosen.items, "left_out": left_out, "live": live, "stopped": stopped},
    )
    return show_sheet(request, sheet)


@changing
def networks_connect(request: HttpRequest, slug: str) -> HttpResponse:
    """Connect a container that is chosen here to the networks of the address."""
    page = find_engine(request, slug)
    chosen = select_networks(page.snapshot, request.GET)
    if not chosen.items:
        return say_nothing_chosen(request, "networks", slug)
    typed = request.POST if request.method == "POST" else request.GET
    form = NetworksConnectForm(typed if typed.get("container") else None, snapshot=page.snapshot)
    plan: Plan | None = None
    left_out: tuple[str, ...] = ()
    if form.is_bound and form.is_valid():
        plan, left_out = leave_out_refused(
            page.snapshot, chosen.items, form.build_plan, read_network_id
        )
    sheet = Sheet(
        page=page,
        title=f"Connect a container to {say_kept(chosen.items, left_out)}",
        verb="Connect",
        address=name_address("networks-connect", page, chosen),
        back=reverse("networks", args=[slug]),
        template="changes/_connect_many.html",
        form=form,
        plan=plan,
        extra={"chosen": chosen.items, "left_out": left_out},
    )
    return show_sheet(request, sheet)


def read_network_id(change: Change) -> str:
    """Name the network of a change."""
    return str(getattr(change, "network_id", ""))


def count_members(snapshot: Snapshot, networks: tuple[Network, ...]) -> tuple[int, int]:
    """Count who is on networks: containers that are there, and stopped ones that name them."""
    members = [found for one in networks for found in list_members(snapshot, one)]
    live = {container.id for container, endpoint in members if endpoint.is_live}
    stopped = {container.id for container, endpoint in members if not endpoint.is_live}
    return len(live), len(stopped)


def say_kept(networks: tuple[Network, ...], left_out: tuple[str, ...]) -> str:
    """Name a network, or count several: ``12 networks``, ``10 of 12 networks``."""
    if len(networks) == 1:
        return networks[0].name
    kept = f"{len(networks) - len(left_out)} of " if left_out else ""
    return f"{kept}{len(networks)} networks"


def name_address(view: str, page: EnginePage, chosen: Selection[Network]) -> str:
    """Name the address of a sheet."""
    return f"{reverse(view, args=[page.engine.slug])}?{urlencode(chosen.pairs)}"
