"""What is written or read piece by piece is the whole, byte for byte."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from netdash.live.packing import serialize
from netdash.live.pieces import read, write
from netdash.topology import codec
from netdash.topology.snapshot import Snapshot
from tests.builders import topology
from tests.topology.test_codec import snapshots


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(snapshots, snapshots)
def test_pieces_make_the_bytes_of_the_whole_whatever_was_known(
    before: Snapshot, now: Snapshot
) -> None:
    _, written = write(before, {})
    content, known = write(now, written)
    assert content == serialize(codec.encode(now))
    assert write(now, known)[0] == content
    _, read_before = read(serialize(codec.encode(before)), {})
    assert read(content, read_before)[0] == now
    assert write(now, read_before)[0] == content


def test_what_did_not_change_is_the_same_object_again() -> None:
    before = topology("web: front", "api: front back", "db: back")
    web, *others = sorted(before.containers, key=lambda one: one.name != "web")
    after = replace(before, containers=(replace(web, state="exited"), *others))
    _, known = write(before, {})
    snapshot, _ = read(serialize(codec.encode(after)), known)
    kept = [one for one in snapshot.containers if any(one is other for other in others)]
    assert [one.name for one in kept] == ["api", "db"]
    assert snapshot == after
