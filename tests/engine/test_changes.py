"""What is foreseen of a change is what engines do, and an undo brings back what was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from netdash.engine.client import EngineClient, open_client
from netdash.engine.commands import Outcome, carry_out
from netdash.engine.errors import EngineError
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    RemoveNetwork,
)
from netdash.topology.effects import apply
from netdash.topology.inverses import inverse, pin
from netdash.topology.refusals import foresee_refusals
from netdash.topology.snapshot import Container, Snapshot, Subnet
from tests.alike import SEED, choose_change, drop_notes
from tests.engine.likeness import find_container, find_network, wait_for_likeness
from tests.engine.scenes import build_three_tiers, run
from tests.engine.truth import read_all
from tests.engines import RealEngine, RunningEngine
from tests.waiting import wait_until

REAL_COUNT = int(os.environ.get("NETDASH_CHANGES", "100"))
"""Changes by chance on a real engine; 500 for a long look."""
SIMULATED_COUNT = 40


@pytest.fixture
def client(any_engine: RunningEngine) -> Iterator[EngineClient]:
    client = open_client(any_engine.address)
    yield client
    client.close()


def try_out(client: EngineClient, change: Change) -> Outcome | None:
    try:
        return carry_out(client, change)
    except EngineError as error:
        if error.kind != "refused":
            raise
        return None


def test_each_change_does_what_was_foreseen_and_can_be_taken_back(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    build_three_tiers(any_engine)
    random = Random(SEED)
    automatic: set[str] = set()
    now = read_all(client)
    is_real = isinstance(any_engine, RealEngine)
    for number in range(REAL_COUNT if is_real else SIMULATED_COUNT):
        change = choose_change(random, now)
        step = f"{number}: {change}"
        foreseen = foresee_refusals(change, now)
        if isinstance(change, CreateNetwork) and not change.subnets and not foreseen:
            automatic.add(change.name)
        outcome = try_out(client, change)
        is_carried_out = outcome is not None and outcome.state != "skipped"
        assert is_carried_out is not bool(foreseen), (step, foreseen, outcome)
        wanted = apply(now, change) if is_carried_out else now
        after = wait_for_likeness(client, wanted, automatic, step)
        if outcome is None or outcome.state != "done" or random.random() < 0.5:
            now = after
            continue
        undone = after
        for back in pin(inverse(change, now), outcome.network_id, outcome.endpoint_id):
            assert carry_out(client, back).state in ("done", "already"), (step, back)
            undone = apply(undone, back)
        goal = now if now.engine.has_api(1, 45) else keep_ports(now, undone)
        now = wait_for_likeness(client, goal, automatic, f"taking back {step}", drop_notes)


def keep_ports(before: Snapshot, undone: Snapshot) -> Snapshot:
    """Take ports as foreseen: what a connection opened stays open on 20.10's internal networks."""
    return replace(
        before,
        containers=tuple(
            replace(one, ports=undone.containers_by_id[one.id].ports) for one in before.containers
        ),
    )


def test_an_undo_of_a_removal_reads_its_own_members(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    docker = any_engine.docker
    docker("network", "create", "--subnet", "10.81.0.0/24", "--label", "a=b", "back")
    run(any_engine, "db", "back", "--ip", "10.81.0.9", "--network-alias", "store")
    docker("stop", "db")
    before = read_all(client)
    back = find_network(before, "back")
    outcome = carry_out(client, RemoveNetwork(back.id, "back"))
    for change in inverse(RemoveNetwork(back.id, "back"), outcome.before):
        carry_out(client, change)
    wait_for_likeness(client, before, set(), "the removed network is back")
    docker("start", "db")
    db = wait_until(lambda: find_live(client, "db"), "db runs again")
    assert db is not None
    assert db.endpoints[0].ipv4 == "10.81.0.9"
    assert db.endpoints[0].aliases == ("store",)


def test_what_is_already_true_is_not_done_again(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    any_engine.docker("network", "create", "--subnet", "10.81.1.0/24", "front")
    run(any_engine, "web", "front")
    now = read_all(client)
    web, front = find_container(now, "web"), find_network(now, "front")
    connected = web.endpoints[0].id
    again = ConnectContainer(front.id, "front", web.id, "web")
    assert carry_out(client, again).state == "already"
    assert find_container(read_all(client), "web").endpoints[0].id == connected
    alike = CreateNetwork("front", subnets=(Subnet("10.81.1.0/24"),))
    assert carry_out(client, alike).network_id == front.id
    assert carry_out(client, DisconnectContainer(front.id, "front", web.id, "web")).state == "done"
    gone = carry_out(client, DisconnectContainer(front.id, "front", web.id, "web"))
    assert gone.state == "already"
    assert carry_out(client, RemoveNetwork(front.id, "front")).state == "done"
    assert carry_out(client, RemoveNetwork(front.id, "front")).state == "already"


def test_an_old_undo_leaves_a_connection_alone_that_was_made_again(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    docker = any_engine.docker
    docker("network", "create", "--subnet", "10.81.2.0/24", "front")
    docker("network", "create", "--subnet", "10.81.3.0/24", "back")
    run(any_engine, "web", "front")
    now = read_all(client)
    web, back = find_container(now, "web"), find_network(now, "back")
    change = ConnectContainer(back.id, "back", web.id, "web")
    outcome = carry_out(client, change)
    undo = pin(inverse(change, outcome.before), outcome.network_id, outcome.endpoint_id)
    docker("network", "disconnect", "back", "web")
    docker("network", "connect", "back", "web")
    assert [carry_out(client, step).state for step in undo] == ["skipped"]
    assert any(e.network_name == "back" for e in find_container(read_all(client), "web").endpoints)


def test_a_note_of_a_removed_network_can_be_taken_out(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    docker = any_engine.docker
    docker("network", "create", "--subnet", "10.81.4.0/24", "gone")
    docker("network", "create", "--subnet", "10.81.5.0/24", "front")
    run(any_engine, "web", "front")
    docker("network", "connect", "gone", "web")
    docker("stop", "web")
    docker("network", "rm", "gone")
    now = read_all(client)
    web = find_container(now, "web")
    note = next(e for e in web.endpoints if e.network_name == "gone")
    change = DisconnectContainer(note.network_id, "gone", web.id, "web")
    assert foresee_refusals(change, now) == ()
    assert carry_out(client, change).state == "done"
    docker("start", "web")
    back = wait_until(lambda: find_live(client, "web"), "web starts again")
    assert back is not None
    assert [endpoint.network_name for endpoint in back.endpoints] == ["front"]


def test_a_network_with_a_name_like_a_path_is_called_by_its_id(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    any_engine.docker("network", "create", "--subnet", "10.81.6.0/24", "a/b c")
    run(any_engine, "web", "bridge")
    now = read_all(client)
    web, odd = find_container(now, "web"), find_network(now, "a/b c")
    assert carry_out(client, ConnectContainer(odd.id, "a/b c", web.id, "web")).state == "done"
    assert carry_out(client, DisconnectContainer("", "a/b c", web.id, "web")).state == "done"
    assert carry_out(client, RemoveNetwork(odd.id, "a/b c")).state == "done"


def test_every_option_of_a_network_reaches_the_engine(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    wanted = CreateNetwork(
        "full",
        subnets=(
            Subnet("10.82.0.0/16", "10.82.255.254", "10.82.1.0/24", (("printer", "10.82.0.9"),)),
            Subnet("fd00:82::/64", "fd00:82::1"),
        ),
        options=(("com.docker.network.bridge.name", "br-full"), ("com.example.odd", "x, y=z")),
        labels=(("team", "überall"), ("zero", "")),
        is_internal=True,
        is_attachable=True,
        has_ipv6=True,
    )
    before = read_all(client)
    carry_out(client, wanted)
    wait_for_likeness(client, apply(before, wanted), set(), "every option")


def find_live(client: EngineClient, name: str) -> Container | None:
    container = find_container(read_all(client), name)
    return container if any(endpoint.is_live for endpoint in container.endpoints) else None


@pytest.mark.engine
def test_a_configuration_and_the_network_made_from_it(real_engine: RunningEngine) -> None:
    config = CreateNetwork(
        "plan", subnets=(Subnet("10.83.0.0/24"),), labels=(("a", "b"),), is_config_only=True
    )
    made = CreateNetwork("made", config_from="plan")
    client = open_client(real_engine.address)
    now = read_all(client)
    for change in (config, made):
        carry_out(client, change)
        now = wait_for_likeness(client, apply(now, change), set(), str(change))
    client.close()
