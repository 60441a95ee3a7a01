"""What holds for every change on every topology."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netdash.topology.change_codec import (
    UnreadableChangeError,
    decode_change,
    decode_plan,
    encode_change,
    encode_plan,
)
from netdash.topology.changes import Change, ConnectContainer, Plan, Step
from netdash.topology.effects import apply, apply_plan
from netdash.topology.inverses import inverse, invert_plan
from netdash.topology.refusals import foresee_refusals
from netdash.topology.settled import is_done
from netdash.topology.snapshot import Container, Endpoint, EngineFacts, Snapshot
from tests.alike import choose_change, drop_notes, mask
from tests.builders import topology

EDITIONS = ("1.41", "1.45", "1.51")
randoms = st.randoms(use_true_random=False)


def start(random: Random) -> Snapshot:
    """A small world with every kind of container, then a few changes by chance."""
    engine = EngineFacts(api_version=random.choice(EDITIONS))
    found = replace(build_world(), engine=engine)
    for name, networks in PLACES.items():
        for network in networks:
            found = apply(found, connect(name, network))
    return wander(random, found, random.randrange(6))[-1][1]


PLACES = {
    "web": ("front",),
    "api": ("front", "back"),
    "old": ("front",),
    "never": ("back",),
    "tool": ("none",),
    "plain": ("bridge",),
}


def build_world() -> Snapshot:
    networks = topology("bridge", "host", "none", "front", "back").networks
    host = Endpoint(
        "net-host", "host", "ep-host", aliases=(), static_ipv4="", static_ipv6="", link_local=()
    )
    containers = (
        Container("id-agent", "agent", network_mode="host", endpoints=(host,)),
        Container("id-api", "api", network_mode="front"),
        Container("id-exporter", "exporter", network_mode="container:id-api"),
        Container("id-loner", "loner"),
        Container("id-never", "never", state="created", network_mode="back"),
        Container("id-old", "old", state="exited", network_mode="front"),
        Container("id-plain", "plain", state="paused"),
        Container("id-tool", "tool", network_mode="none"),
        Container("id-web", "web", network_mode="front"),
    )
    return Snapshot(networks, containers)


def connect(container: str, network: str) -> ConnectContainer:
    return ConnectContainer(f"net-{network}", network, f"id-{container}", container)


def wander(random: Random, snapshot: Snapshot, count: int) -> list[tuple[Change | None, Snapshot]]:
    path: list[tuple[Change | None, Snapshot]] = [(None, snapshot)]
    for _ in range(count):
        change = choose_change(random, path[-1][1])
        path.append((change, apply(path[-1][1], change)))
    return path


@given(randoms)
@settings(deadline=None, max_examples=120)
def test_an_undone_change_leaves_the_snapshot_as_it_was(random: Random) -> None:
    before = start(random)
    change = choose_change(random, before)
    after = apply(before, change)
    undone = apply_plan(after, Plan(tuple(Step(back) for back in inverse(change, before))))
    assert mask(drop_notes(undone)) == mask(drop_notes(before))


@given(randoms)
@settings(deadline=None, max_examples=40)
def test_an_undone_plan_leaves_the_snapshot_as_it_was(random: Random) -> None:
    before = start(random)
    path = wander(random, before, 6)
    plan = Plan(tuple(Step(change) for change, _ in path if change))
    assert apply_plan(before, plan) == path[-1][1]
    undone = apply_plan(path[-1][1], invert_plan(plan, before))
    assert mask(drop_notes(undone)) == mask(drop_notes(before))


@given(randoms)
@settings(deadline=None, max_examples=60)
def test_a_change_is_done_once_applied_and_applies_once(random: Random) -> None:
    before = start(random)
    change = choose_change(random, before)
    after = apply(before, change)
    if foresee_refusals(change, before) and not is_done(change, before):
        assert after == before
    else:
        assert is_done(change, after)
        assert apply(after, change) == after


@given(randoms)
@settings(deadline=None, max_examples=60)
def test_what_is_stored_is_read_back(random: Random) -> None:
    snapshot = start(random)
    changes = [choose_change(random, snapshot) for _ in range(4)]
    plan = Plan(tuple(Step(change, "because") for change in changes), "title")
    assert decode_plan(encode_plan(plan)) == plan
    assert [decode_change(encode_change(change)) for change in changes] == changes


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(
    st.sampled_from(("connect", "create", "nosuch")),
    st.dictionaries(
        st.sampled_from(("name", "settings", "subnets", "options", "network_id")), json_values
    ),
)
@settings(deadline=None, max_examples=60)
def test_nonsense_is_no_change(kind: str, fields: dict[str, object]) -> None:
    try:
        found = decode_change({"format": 1, "kind": kind} | fields)
    except UnreadableChangeError:
        return
    assert decode_change(encode_change(found)) == found


def test_a_newer_format_is_refused() -> None:
    with pytest.raises(UnreadableChangeError, match="format 2"):
        decode_change({"format": 2, "kind": "remove"})
