"""Create a network, remove one, and replace one by another (what Docker cannot edit)."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import Any

from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from netdash.forms.network import NetworkCreateForm, OldPart, SubnetForm, SubnetFormSet, fill
from netdash.forms.remove import NetworkRemoveForm
from netdash.topology.batches import REST_ON_SUBNETS
from netdash.topology.changes import CreateNetwork, Plan, RemoveNetwork, plan_one
from netdash.topology.inverses import read_creation
from netdash.topology.likeness import ask_alike, suggest_name
from netdash.topology.lookup import list_members
from netdash.topology.plans import (
    list_lost_addresses,
    plan_migration,
    plan_removal,
    say_interruption,
)
from netdash.topology.refusal import Refusal
from netdash.topology.refusals import foresee_refusals
from netdash.topology.snapshot import Network, Snapshot, Subnet
from netdash.topology.subnets import find_free_subnets

from .changing import Sheet, find_field, place_refusals, show_sheet
from .engines import EnginePage, find_engine
from .lookup import find_by_id
from .permission import changing
from .place import read_place

OFFERED_SUBNETS = 4
SAME = Refusal("same", "The network is like this already.", "Change something first.")


@changing
def network_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Create a network: afresh, or like another one (``?like=``)."""
    page = find_engine(request, slug)
    model = find_by_id(page.snapshot.networks_by_id, request.GET.get("like", ""))
    wanted = ask_alike(page.snapshot, model) if model else None
    form, rows = read_forms(request, page.snapshot, wanted)
    change = build_change(form, rows)
    address = reverse("network-create", args=[page.engine.slug])
    sheet = Sheet(
        page=page,
        title=f"New network like {model.name}" if model else "New network",
        verb="Create",
        address=f"{address}?like={model.id}" if model else address,
        back=reverse("networks", args=[page.engine.slug]),
        template="changes/_network.html",
        form=form,
        plan=plan_one(change) if change else None,
        extra={"rows": rows, "free_subnets": offer_subnets(page.snapshot)},
    )
    return show_sheet(request, place_known(sheet, page.snapshot))


@changing
def network_migrate(request: HttpRequest, slug: str, network_id: str) -> HttpResponse:
    """Replace a network by one with other settings, with everybody on it."""
    page = find_engine(request, slug)
    network = find_network(page, network_id)
    wanted = read_creation(network)
    form, rows = read_forms(request, page.snapshot, wanted)
    old = wanted.subnets if request.headers.get("HX-Target") == "preview" else ()
    change = build_change(form, rows, old)
    is_same = change is not None and change == wanted
    plan = plan_migration(page.snapshot, network, change) if change and not is_same else None
    refusals = (SAME,) if is_same else ()
    interruption = say_interruption(page.snapshot, network, change) if change else ""
    sheet = Sheet(
        page=page,
        title=f"Change {network.name}",
        verb="Replace it",
        address=reverse("network-migrate", args=[page.engine.slug, network.id]),
        back=reverse("network-detail", args=[page.engine.slug, network.id]),
        after=reverse("networks", args=[page.engine.slug]),
        template="changes/_network.html",
        form=form,
        plan=plan,
        refusals=refusals,
        is_destructive=True,
        extra={
            "rows": rows,
            "network": network,
            "free_subnets": offer_subnets(page.snapshot),
            "suggested_name": suggest_name(page.snapshot, network),
            "interruption": interruption,
            "old_parts": list_old_parts(rows, wanted.subnets) if form.is_bound else (),
            "left_behind": (
                *list_left_behind(rows, wanted.subnets),
                *list_lost_addresses(page.snapshot, network, change),
            )
            if change
            else (),
        },
    )
    others = tuple(one for one in page.snapshot.networks if one.id != network.id)
    rest = replace(page.snapshot, networks=others)
    return show_sheet(request, place_known(sheet, rest, old))


@changing
def network_remove(request: HttpRequest, slug: str, network_id: str) -> HttpResponse:
    """Remove a network; who is still on it is disconnected first when that is asked for."""
    page = find_engine(request, slug)
    network = find_network(page, network_id)
    members = list_members(page.snapshot, network)
    posted = request.POST if request.method == "POST" else request.GET
    form = NetworkRemoveForm(posted)
    asked = form.cleaned_data if form.is_valid() else {}
    sheet = Sheet(
        page=page,
        title=f"Remove {network.name}",
        verb="Disconnect them, then remove" if asked.get("disconnects") else "Remove",
        address=reverse("network-remove", args=[page.engine.slug, network.id]),
        back=reverse("networks", args=[page.engine.slug]),
        template="changes/_remove.html",
        form=form,
        plan=plan_removal_as_asked(page.snapshot, network, asked),
        is_destructive=True,
        extra={
            "network": network,
            "live_members": [one for one, endpoint in members if endpoint.is_live],
            "stopped_members": [one for one, endpoint in members if not endpoint.is_live],
        },
    )
    return show_sheet(request, sheet)


def plan_removal_as_asked(snapshot: Snapshot, network: Network, asked: dict[str, Any]) -> Plan:
    """Plan a bare removal, or one that frees the network first."""
    if asked.get("disconnects"):
        return plan_removal(snapshot, network, with_stopped=asked["frees_stopped"])
    return plan_one(RemoveNetwork(network.id, network.name))


def read_forms(
    request: HttpRequest, snapshot: Snapshot, wanted: CreateNetwork | None
) -> tuple[NetworkCreateForm, BaseFormSet[SubnetForm]]:
    """Read what was typed, or fill in what is wanted; afresh, the form starts empty."""
    typed = request.POST if request.method == "POST" else request.GET
    if request.method == "POST" or "name" in typed:
        form = NetworkCreateForm(typed, snapshot=snapshot)
        return form, SubnetFormSet(typed, prefix="subnets")
    values, subnets = fill(wanted, snapshot.engine) if wanted else ({}, [])
    form = NetworkCreateForm(initial=values, snapshot=snapshot)
    return form, SubnetFormSet(initial=subnets, prefix="subnets")


def build_change(
    form: NetworkCreateForm, rows: BaseFormSet[SubnetForm], old: tuple[Subnet, ...] = ()
) -> CreateNetwork | None:
    """Turn valid input into the creation; None while something is missing or wrong.

    ``old`` are the subnets that the rows were filled with: what of them does not fit any more is
    left behind, as a browser empties those fields when the preview arrives.
    """
    if not form.is_bound or not (form.is_valid() & rows.is_valid()):
        return None
    pairs = zip_longest(rows.forms, old[: len(rows.forms)])
    return form.build_change(tuple(filter(None, (row.build_subnet(was) for row, was in pairs))))


def place_known(sheet: Sheet, snapshot: Snapshot, old: tuple[Subnet, ...] = ()) -> Sheet:
    """Say beside what is right of half-right input what speaks against it already."""
    form, rows = sheet.form, sheet.extra["rows"]
    if sheet.plan or sheet.refusals or not form.is_bound or "driver" in form.errors:
        return sheet
    assert isinstance(form, NetworkCreateForm)
    pairs = zip_longest(rows.forms, old[: len(rows.forms)])
    pools = (row.build_subnet(was) or Subnet("") for row, was in pairs if not row.is_empty)
    half = form.build_change(tuple(pools))
    known = tuple(
        refusal
        for refusal in foresee_refusals(half, snapshot, read_place())
        if is_right(sheet, refusal.field)
        and (rows.is_valid() or refusal.kind not in REST_ON_SUBNETS)
    )
    return place_refusals(sheet, known)


def is_right(sheet: Sheet, place: str) -> bool:
    """Tell whether a field shows nothing wrong so far."""
    form, name = find_field(sheet, place)
    return form is not None and name not in form.errors


def list_left_behind(rows: BaseFormSet[SubnetForm], old: tuple[Subnet, ...]) -> tuple[str, ...]:
    """Say of each row what it shows of its old pool that does not fit any more."""
    pairs = zip(rows.forms, old, strict=False)
    return tuple(filter(None, (row.say_left_behind(was) for row, was in pairs)))


def list_old_parts(rows: BaseFormSet[SubnetForm], old: tuple[Subnet, ...]) -> list[OldPart]:
    """List what each row was filled with beside its subnet, and whether it still fits."""
    pairs = zip(rows.forms, old, strict=False)
    return [part for row, was in pairs for part in row.list_old_parts(was)]


def offer_subnets(snapshot: Snapshot) -> tuple[str, ...]:
    """Offer the next free subnets of a handy size."""
    return find_free_subnets(snapshot, count=OFFERED_SUBNETS)


def find_network(page: EnginePage, network_id: str) -> Network:
    """Find the network of an address; raises Http404 when it is gone."""
    network = find_by_id(page.snapshot.networks_by_id, network_id)
    if network is None:
        raise Http404("This network is gone.")
    return network
