"""What ``docker network prune`` would take, and how a clean-up differs from it."""

from __future__ import annotations

from netdash.topology.candidates import CleanupFilter, review
from netdash.topology.pruning import compare_prune, would_prune, write_prune
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot
from tests.cleanups import DAY, EVERYTHING, NOW, OLD


def test_prune_takes_what_has_no_live_endpoint_and_we_say_the_difference() -> None:
    world = Snapshot(
        (
            Network("1", "idle", created_at=OLD),
            Network("2", "needed", created_at=OLD),
            Network("3", "kept", created_at=OLD, labels=(("netdash.keep", "1"),)),
            Network("4", "cfg", "null", is_config_only=True, created_at=OLD),
            Network("5", "used", created_at=OLD),
            Network("6", "bridge", created_at=OLD),
        ),
        (
            Container("a", "job", state="exited", endpoints=(Endpoint("2", "needed"),)),
            Container("b", "web", endpoints=(Endpoint("5", "used", id="e"),)),
        ),
    )
    assert [one.name for one in would_prune(world)] == ["idle", "needed", "kept"]
    difference = compare_prune(world, EVERYTHING, review(world, EVERYTHING, NOW), NOW)
    assert difference.more == (
        "Docker would also remove 1 network that stopped containers need, whose next start"
        " would fail: needed.",
        "Docker would also remove 1 network that netdash.keep protects: kept.",
    )
    assert difference.less == ("Docker would leave 1 unused configuration: cfg.",)


def test_prune_needs_all_of_several_labels_to_leave_a_network_out() -> None:
    network = Network("1", "a", labels=(("x", "1"),), created_at=OLD)
    assert would_prune(Snapshot((network,)), not_labels=("x", "y"))
    assert not would_prune(Snapshot((network,)), not_labels=("x",))
    assert not would_prune(Snapshot((network,)), labels=("x", "y"))


def test_prune_leaves_what_was_created_after_until() -> None:
    network = Network("1", "a", created_at=OLD)
    assert not would_prune(Snapshot((network,)), until=NOW - 41 * DAY)
    assert would_prune(Snapshot((network,)), until=NOW - 39 * DAY)


def test_the_command_has_the_filters_that_prune_knows() -> None:
    wanted = CleanupFilter(("a=b c",), ("x",), "net-*", (), 90)
    assert write_prune(wanted) == (
        "docker network prune --filter 'label=a=b c' --filter 'label!=x' --filter until=90s"
    )
