"""What stands beside a refusal helps: the plan, the holder, the free subnets."""

from __future__ import annotations

import pytest

from netdash.engine.client import open_client
from netdash.engine.commands import carry_out
from netdash.engine.errors import EngineError
from netdash.engine.refusals import explain
from netdash.topology.changes import ConnectContainer, CreateNetwork, RemoveNetwork
from netdash.topology.plans import plan_removal
from netdash.topology.refusals import foresee_refusals
from netdash.topology.snapshot import Container, PublishedPort, Snapshot
from tests.engine.scenes import run
from tests.engine.truth import read_all
from tests.engines import RunningEngine


def test_the_plan_beside_a_refusal_makes_way(any_engine: RunningEngine) -> None:
    any_engine.docker("network", "create", "--subnet", "10.93.0.0/24", "front")
    run(any_engine, "web", "front")
    client = open_client(any_engine.address)
    now = read_all(client)
    front = next(network for network in now.networks if network.name == "front")
    refusal = foresee_refusals(RemoveNetwork(front.id, "front"), now)[0]
    assert refusal.plan == plan_removal(now, front)
    assert refusal.plan is not None
    for change in refusal.plan.changes:
        carry_out(client, change)
    assert "front" not in {network.name for network in read_all(client).networks}
    client.close()


def test_a_port_in_use_is_named_with_its_holder() -> None:
    port = PublishedPort(80, "tcp", "0.0.0.0", 8080)
    now = Snapshot(containers=(Container("id-first", "first", ports=(port,)),))
    said = "Bind for 0.0.0.0:8080 failed: port is already allocated"
    refusal = explain(500, said, ConnectContainer("n", "front", "id-web", "web"), now)
    assert "first" in refusal.sentence


@pytest.mark.engine
def test_used_up_pools_are_explained_with_free_subnets(real_engine: RunningEngine) -> None:
    client = open_client(real_engine.address)
    caught: EngineError | None = None
    for number in range(32):
        try:
            carry_out(client, CreateNetwork(f"pool-{number}"))
        except EngineError as error:
            caught = error
            break
    assert caught is not None
    now, change = read_all(client), CreateNetwork("one-more")
    refusal = explain(caught.status_code, caught.sentence, change, now)
    assert refusal.kind == "pools_exhausted"
    assert "10.0.0.0/24" in refusal.remedy
    assert foresee_refusals(change, now)[0].sentence == refusal.sentence
    client.close()
