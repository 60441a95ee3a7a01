"""Two people at once: one outcome, never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from netdash.engine.client import EngineClient, open_client
from netdash.engine.commands import carry_out
from netdash.engine.errors import EngineError
from netdash.engine.refusals import explain
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    RemoveNetwork,
)
from netdash.topology.snapshot import Snapshot, Subnet
from tests.engine.scenes import run
from tests.engine.truth import read_all
from tests.engines import RunningEngine


@pytest.fixture
def clients(any_engine: RunningEngine) -> Iterator[tuple[EngineClient, EngineClient]]:
    pair = (open_client(any_engine.address), open_client(any_engine.address))
    yield pair
    for client in pair:
        client.close()


@pytest.fixture
def world(any_engine: RunningEngine, clients: tuple[EngineClient, EngineClient]) -> Snapshot:
    any_engine.docker("network", "create", "--subnet", "10.95.0.0/24", "front")
    any_engine.docker("network", "create", "--subnet", "10.95.1.0/24", "back")
    run(any_engine, "web", "front")
    return read_all(clients[0])


def carry_out_at_once(
    clients: tuple[EngineClient, EngineClient], changes: tuple[Change, Change], now: Snapshot
) -> list[str]:
    """Carry out two changes at the same moment; give their states or the kind of refusal."""
    barrier = Barrier(2)

    def carry(client: EngineClient, change: Change) -> str:
        barrier.wait(20)
        try:
            return carry_out(client, change).state
        except EngineError as error:
            return explain(error.status_code, error.sentence, change, now).kind

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(carry, clients, changes))


def find(now: Snapshot, name: str) -> str:
    items: dict[str, str] = {network.name: network.id for network in now.networks}
    items |= {container.name: container.id for container in now.containers}
    return items[name]


CHANGES: tuple[Callable[[Snapshot], Change], ...] = (
    lambda now: ConnectContainer(find(now, "back"), "back", find(now, "web"), "web"),
    lambda now: DisconnectContainer(find(now, "front"), "front", find(now, "web"), "web"),
    lambda now: RemoveNetwork(find(now, "back"), "back"),
    lambda now: CreateNetwork("both", subnets=(Subnet("10.95.2.0/24"),)),
)


@pytest.mark.parametrize("build", CHANGES)
def test_the_same_change_twice_at_once_happens_once(
    clients: tuple[EngineClient, EngineClient],
    world: Snapshot,
    build: Callable[[Snapshot], Change],
) -> None:
    change = build(world)
    states = carry_out_at_once(clients, (change, change), world)
    assert set(states) <= {"done", "already"}
    assert "done" in states
    assert carry_out(clients[0], change).state == "already"
    assert sum(network.name == "both" for network in read_all(clients[0]).networks) <= 1


def test_removing_while_connecting_has_one_winner(
    clients: tuple[EngineClient, EngineClient], world: Snapshot
) -> None:
    join, remove = CHANGES[0](world), CHANGES[2](world)
    states = carry_out_at_once(clients, (join, remove), world)
    assert states in (["done", "in_use"], ["network_gone", "done"])
    names = {network.name for network in read_all(clients[0]).networks}
    assert ("back" in names) is (states[0] == "done")


def test_a_container_that_dies_before_the_confirmation_is_connected_for_its_next_start(
    any_engine: RunningEngine, clients: tuple[EngineClient, EngineClient], world: Snapshot
) -> None:
    any_engine.docker("stop", "web")
    assert carry_out(clients[0], CHANGES[0](world)).state == "done"
    any_engine.docker("rm", "-f", "web")
    with pytest.raises(EngineError) as caught:
        carry_out(clients[0], CHANGES[0](world))
    error = caught.value
    assert explain(error.status_code, error.sentence, CHANGES[0](world), world).kind == (
        "container_gone"
    )
    assert carry_out(clients[0], CHANGES[1](world)).state == "already"
