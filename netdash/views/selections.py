"""What was ticked in a list or on the drawing: single ones by id, or all that match a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from netdash.topology.changes import Change, Plan
from netdash.topology.preview import foresee
from netdash.topology.snapshot import Container, Network, Snapshot

from .changing import MOST_STEPS
from .containers import find_containers
from .filters import ViewQuery, read_query
from .lookup import SHORTEST, find_by_id
from .networks import find_networks
from .place import read_place

MATCHING = "matching"
"""Parameter that holds the query of a list, for all that it shows on whatever page."""
MOST_WHOLE = 20
"""Of more than these, an address has the first characters of their ids only."""
Thing = TypeVar("Thing", Container, Network)


@dataclass(frozen=True)
class Selection(Generic[Thing]):
    """What was chosen, in name order, and how an address says so again."""

    items: tuple[Thing, ...]
    pairs: tuple[tuple[str, str], ...]


def select_containers(snapshot: Snapshot, params: QueryDict) -> Selection[Container]:
    """Find the containers of an address: by whole id, short id or name.

    Docker asks for the name before the short id; here the lists write short ids, of which no
    container may take one by its name.
    """
    if MATCHING in params:
        return match(snapshot, params, find_containers)
    by_id = snapshot.containers_by_id
    ids_by_word = {one.name: one.id for one in snapshot.containers} | {id_: id_ for id_ in by_id}
    return pick("container", params, by_id, ids_by_word)


def select_networks(snapshot: Snapshot, params: QueryDict) -> Selection[Network]:
    """Find the networks of an address by whole or short id: two may have the same name."""
    if MATCHING in params:
        return match(snapshot, params, find_networks)
    return pick("network", params, snapshot.networks_by_id, {})


def match(
    snapshot: Snapshot,
    params: QueryDict,
    find: Callable[[Snapshot, ViewQuery], Sequence[Thing]],
) -> Selection[Thing]:
    """Find all that a list's query shows."""
    asked = str(params[MATCHING])
    query = read_query(QueryDict(asked), snapshot)
    return Selection(tuple(find(snapshot, query)), ((MATCHING, asked),))


def pick(
    name: str, params: QueryDict, by_id: Mapping[str, Thing], ids_by_word: Mapping[str, str]
) -> Selection[Thing]:
    """Find what is named one by one; what is gone, or named twice, is left out."""
    wanted = [word.strip() for word in params.getlist(name)[: MOST_STEPS + 1]]
    shorts = index_shorts(by_id)
    found: dict[str, Thing] = {}
    for word in wanted:
        one = shorts.get(word) or find_by_id(by_id, ids_by_word.get(word, word))
        if one:
            found[one.id] = one
    length = SHORTEST if len(found) > MOST_WHOLE else None
    return Selection(tuple(found.values()), tuple((name, id_[:length]) for id_ in found))


def index_shorts(by_id: Mapping[str, Thing]) -> dict[str, Thing]:
    """Find things by the first characters of their ids, where these are of one alone."""
    index: dict[str, list[Thing]] = {}
    for id_, one in by_id.items():
        index.setdefault(id_[:SHORTEST], []).append(one)
    return {short: ones[0] for short, ones in index.items() if len(ones) == 1}


def leave_out_refused(
    snapshot: Snapshot,
    things: tuple[Thing, ...],
    plan: Callable[[tuple[Thing, ...]], Plan | None],
    key: Callable[[Change], str],
) -> tuple[Plan | None, tuple[str, ...]]:
    """Plan for those of several that can be changed, and say why the others are left out.

    ``key`` names the thing that a step is about. Where nothing would be left, all stay, for
    the sheet to say why not. One alone, and more than go at once, are not looked at here.
    """
    whole = plan(things)
    if whole is None or len(things) < 2 or len(whole.steps) > MOST_STEPS:
        return whole, ()
    refused: dict[str, str] = {}
    for step in foresee(snapshot, whole, read_place()).steps:
        if step.refusals:
            words = " ".join(f"{one.sentence} {one.remedy}".strip() for one in step.refusals)
            refused.setdefault(key(step.change), words)
    kept = tuple(one for one in things if one.id not in refused)
    if not kept or not refused:
        return whole, ()
    return plan(kept), tuple(refused.values())


def say_nothing_chosen(request: HttpRequest, view: str, slug: str) -> HttpResponse:
    """Lead back to a list of which nothing was ticked, or all that was is gone."""
    messages.warning(request, f"Choose {view} first: none that exists was ticked.")
    return redirect(view, slug)
