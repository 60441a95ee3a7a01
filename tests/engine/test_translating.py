"""Elements of a list are translated once, and again when the engine words them otherwise."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from netdash.engine.reader import Listing, parse_listing
from netdash.engine.translating import Translation
from netdash.topology.snapshot import EngineFacts

ROWS: list[dict[str, Any]] = [
    {"Id": "1" * 64, "Names": ["/api"], "State": "running", "Status": "Up 2 minutes"},
    {"Id": "2" * 64, "Names": ["/web"], "State": "running", "Status": "Up 2 minutes"},
]
NETWORK = {"Id": "f" * 64, "Name": "front", "Driver": "bridge"}
FACTS = EngineFacts()


def test_what_is_worded_as_before_stays_the_same_object() -> None:
    kept = Translation()
    first = parse_listing(Listing((NETWORK,), tuple(ROWS)), FACTS, kept)
    second = parse_listing(Listing((dict(NETWORK),), tuple(deepcopy(ROWS))), FACTS, kept)
    assert second == first
    assert second.networks[0] is first.networks[0]
    assert all(a is b for a, b in zip(first.containers, second.containers, strict=True))


def test_what_is_worded_otherwise_is_translated_anew() -> None:
    kept = Translation()
    parse_listing(Listing((NETWORK,), tuple(ROWS)), FACTS, kept)
    rows = deepcopy(ROWS)
    rows[1] |= {"State": "exited", "Status": "Exited (137) 1 second ago"}
    found = parse_listing(Listing((NETWORK,), tuple(rows)), FACTS, kept)
    assert found == parse_listing(Listing((NETWORK,), tuple(rows)), FACTS)
    assert [(one.state, one.exit_code) for one in found.containers] == [
        ("running", None),
        ("exited", 137),
    ]


def test_what_is_gone_from_the_list_is_gone_from_the_reading_and_forgotten() -> None:
    kept = Translation()
    parse_listing(Listing((NETWORK,), tuple(ROWS)), FACTS, kept)
    found = parse_listing(Listing((), (ROWS[0],)), FACTS, kept)
    assert [one.name for one in found.containers] == ["api"]
    assert found.networks == ()
    assert list(kept.containers.by_id) == ["1" * 64]
