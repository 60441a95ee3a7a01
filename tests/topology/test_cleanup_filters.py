"""What the filter of a clean-up leaves out, and how it is written down."""

from __future__ import annotations

from random import Random

import pytest

from netdash.topology.candidates import (
    CleanupFilter,
    Memory,
    UnreadableFilterError,
    decode_filter,
    encode_filter,
    find_candidates,
    find_spared,
)
from netdash.topology.snapshot import Network, Snapshot
from tests.cleanups import DAY, NOW, OLD, choose_filter


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (CleanupFilter(labels=("x",)), "It does not have the label x."),
        (CleanupFilter(labels=("env=prod",)), "It does not have the label env=prod."),
        (CleanupFilter(not_labels=("env=dev",)), "It has the label env=dev."),
        (CleanupFilter(name_pattern="Front"), "Its name does not match Front."),
        (CleanupFilter(drivers=("macvlan",)), "Its driver is bridge."),
        (CleanupFilter(networks=("2",)), "Not one of the chosen networks."),
        (
            CleanupFilter(older_than_seconds=60 * DAY),
            "Created 40 days ago; only what is older than 60 days goes.",
        ),
        (
            CleanupFilter(unused_since_seconds=30 * DAY),
            "netdash has watched for 20 days only, so whether it was used within 30 days is"
            " not known.",
        ),
        (
            CleanupFilter(unused_since_seconds=10 * DAY),
            "In use until 5 days ago; only what was unused for 10 days goes.",
        ),
    ],
)
def test_a_filter_says_what_it_leaves_out(wanted: CleanupFilter, why: str) -> None:
    network = Network("1", "front", labels=(("env", "dev"),), created_at=OLD)
    used = {"1": NOW - 5 * DAY} if wanted.unused_since_seconds == 10 * DAY else {}
    memory = Memory(NOW - 20 * DAY, used)
    (spared,) = find_spared(Snapshot((network,)), wanted, NOW, memory)
    assert spared.why == why


def test_a_network_unused_for_long_enough_goes() -> None:
    network = Network("1", "front", created_at=OLD)
    wanted = CleanupFilter(unused_since_seconds=10 * DAY)
    memory = Memory(NOW - 20 * DAY, {"1": NOW - 11 * DAY})
    assert find_candidates(Snapshot((network,)), wanted, NOW, memory)
    assert not find_candidates(Snapshot((network,)), wanted, NOW)


def test_a_network_of_unknown_age_is_not_older_than_anything() -> None:
    world = Snapshot((Network("1", "front", created_at="0001-01-01T00:00:00Z"),))
    assert not find_candidates(world, CleanupFilter(older_than_seconds=1), NOW)


def test_a_filter_is_read_back_as_it_was_written() -> None:
    for seed in range(100):
        wanted = choose_filter(Random(seed))
        assert decode_filter(encode_filter(wanted)) == wanted
    full = CleanupFilter(("a",), ("b=c",), "x*", ("bridge",), 1, 2, True, ("1", "2"))
    assert decode_filter(encode_filter(full)) == full


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"format": 2},
        {"format": 1, "later": True},
        {"format": 1, "labels": "a"},
        {"format": 1, "labels": [1]},
        {"format": 1, "older_than_seconds": -1},
        {"format": 1, "older_than_seconds": True},
        {"format": 1, "ignores_stopped": 1},
    ],
)
def test_a_filter_that_is_not_understood_is_refused(nonsense: dict[str, object]) -> None:
    with pytest.raises(UnreadableFilterError):
        decode_filter(nonsense)
