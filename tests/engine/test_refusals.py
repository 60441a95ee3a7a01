"""Every refusal of an engine is put into words, with the cause and a next step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from netdash.engine.client import EngineClient, open_client
from netdash.engine.commands import carry_out
from netdash.engine.errors import EngineError
from netdash.engine.refusals import explain
from netdash.topology.changes import Change, CreateNetwork
from netdash.topology.refusals import foresee_refusals
from netdash.topology.snapshot import Subnet
from tests.engine.refusal_rows import Row, assert_says
from tests.engine.refused_connections import CONNECTION_ROWS
from tests.engine.refused_networks import NETWORK_ROWS
from tests.engine.scenes import run
from tests.engine.truth import read_all
from tests.engines import IMAGE, RunningEngine

ROWS = NETWORK_ROWS + CONNECTION_ROWS


def shift(change: Change, place: str) -> Change:
    """Give each row a subnet of its own: 20.10 keeps the pool of a creation it refused."""
    if not isinstance(change, CreateNetwork):
        return change
    subnets = [
        Subnet(
            one.cidr.replace("10.91.", place),
            one.gateway.replace("10.91.", place),
            one.ip_range.replace("10.91.", place),
            tuple((name, text.replace("10.91.", place)) for name, text in one.auxiliary),
        )
        for one in change.subnets
    ]
    return replace(change, subnets=tuple(subnets))


def leave_behind(engine: RunningEngine, container: str, network: str) -> None:
    """Run a container on one network, move it to another and remove the first."""
    run(engine, container, network)
    engine.docker("network", "connect", "back", container)
    engine.docker("network", "disconnect", network, container)
    engine.docker("network", "rm", network)


@pytest.fixture(scope="module")
def refusing(any_engine_of_session: RunningEngine) -> Iterator[tuple[RunningEngine, EngineClient]]:
    """One engine for all rows: nothing that is refused alters it."""
    engine, docker = any_engine_of_session, any_engine_of_session.docker
    engine.empty()
    docker("network", "create", "--subnet", "10.90.0.0/24", "front")
    docker("network", "create", "--subnet", "10.90.1.0/24", "back")
    docker("network", "create", "--subnet", "10.90.2.0/30", "small")
    docker("network", "create", "chosen")
    docker("network", "create", "--config-only", "--subnet", "10.90.3.0/24", "config")
    docker("network", "create", "--config-from", "config", "derived")
    run(engine, "web", "front")
    run(engine, "db", "back", "--ip", "10.90.1.9")
    run(engine, "filler", "small")
    run(engine, "agent", "host")
    run(engine, "tool", "none")
    run(engine, "exporter", "container:web")
    docker("create", "--name", "idle", "--network", "front", IMAGE)
    docker("network", "create", "former")
    leave_behind(engine, "orphan", "former")
    leave_behind(engine, "exile", docker("network", "create", "former-too"))
    client = open_client(engine.address)
    yield engine, client
    client.close()
    docker("network", "rm", "derived")
    engine.empty()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_refusal_names_the_cause_and_a_next_step(
    refusing: tuple[RunningEngine, EngineClient], row: Row
) -> None:
    engine, client = refusing
    if not engine.version.startswith(row.versions):
        pytest.skip(f"{engine.version} accepts it")
    now = read_all(client)
    place = f"10.{100 + ROWS.index(row)}."
    row = replace(row, says=row.says.replace("10.91.", place))
    change = shift(row.build(now), place)
    with pytest.raises(EngineError) as caught:
        carry_out(client, change)
    assert caught.value.kind == "refused", caught.value
    said = explain(caught.value.status_code, caught.value.sentence, change, now)
    assert_says(row, said)
    assert said.engine_words == caught.value.sentence
    if row.is_foreseen:
        foreseen = [found for found in foresee_refusals(change, now) if found.kind == row.kind]
        assert foreseen, foresee_refusals(change, now)
        assert_says(row, foreseen[0])
        assert (foreseen[0].sentence, foreseen[0].field) == (said.sentence, said.field)
    assert read_all(client).networks == now.networks
