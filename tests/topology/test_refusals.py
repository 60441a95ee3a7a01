"""What would be refused, known before any engine is asked."""

from __future__ import annotations

from dataclasses import replace

from netdash.topology.changes import ConnectContainer
from netdash.topology.effects import apply
from netdash.topology.refusals import foresee_refusals
from netdash.topology.snapshot import Snapshot
from tests.builders import topology

JOIN_NONE = ConnectContainer("net-none", "none", "id-waits", "waits")


def find_kinds(snapshot: Snapshot) -> list[str]:
    return [refusal.kind for refusal in foresee_refusals(JOIN_NONE, snapshot)]


def test_the_network_none_takes_nobody_who_is_on_another() -> None:
    """waits --home--   refused."""
    assert find_kinds(topology("waits: home", "none")) == ["none_network"]


def test_a_network_that_is_gone_does_not_keep_a_container_from_none() -> None:
    """waits --(home is gone)--   allowed: measured on 20.10 and 28.5."""
    now = topology("waits: home", "none")
    without = replace(now, networks=tuple(n for n in now.networks if n.name == "none"))
    assert find_kinds(without) == []
    after = apply(without, JOIN_NONE).containers_by_id["id-waits"]
    assert {endpoint.network_name for endpoint in after.endpoints} == {"home", "none"}
