"""A port that is taken: foreseen, refused in words, and what the engine leaves behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netdash.engine.client import EngineClient, open_client
from netdash.engine.commands import carry_out, look
from netdash.engine.errors import EngineError
from netdash.engine.refusals import explain
from netdash.topology.changes import ConnectContainer, DisconnectContainer, Plan, Step
from netdash.topology.preview import foresee as foresee_plan
from netdash.topology.publishing import is_same_place
from netdash.topology.refusal import Refusal
from netdash.topology.refusals import foresee_refusals
from netdash.topology.snapshot import PublishedPort, Snapshot
from tests.engine.scenes import run
from tests.engine.truth import read_all
from tests.engines import IMAGE, RealEngine, RunningEngine
from tests.waiting import wait_until

LISTEN = """
import socket
held = socket.create_server(("0.0.0.0", 18081))
print("listening", flush=True)
held.accept()
"""


@pytest.fixture
def scene(any_engine: RunningEngine) -> Iterator[tuple[RunningEngine, EngineClient]]:
    """``first`` has port 18080 of the machine; ``second`` waits for it where none is opened."""
    build(any_engine)
    run(any_engine, "first", "front", "-p", "18080:80")
    run(any_engine, "second", "inside", "-p", "18080:80")
    client = open_client(any_engine.address)
    yield any_engine, client
    client.close()


def build(engine: RunningEngine) -> None:
    engine.docker("network", "create", "--subnet", "10.95.1.0/24", "front")
    engine.docker("network", "create", "--subnet", "10.95.2.0/24", "--internal", "inside")


def join(now: Snapshot, container: str) -> ConnectContainer:
    """Connect a container to the network that opens its ports."""
    network = next(one for one in now.networks if one.name == "front")
    found = next(one for one in now.containers if one.name == container)
    return ConnectContainer(network.id, network.name, found.id, found.name)


def refuse(client: EngineClient, container: str) -> Refusal:
    """Connect a container that cannot be, and put the engine's words into ours."""
    now = read_all(client)
    change = join(now, container)
    with pytest.raises(EngineError) as caught:
        carry_out(client, change)
    assert caught.value.kind == "refused", caught.value
    said = explain(caught.value.status_code, caught.value.sentence, change, now)
    assert said.sentence.endswith(".")
    assert said.remedy
    return said


def refuse_to_leave(client: EngineClient, container: str) -> Refusal:
    """End a connection that cannot be ended, and put the engine's words into ours."""
    joining = join(read_all(client), container)
    place = (joining.network_id, joining.network_name, joining.container_id)
    change = DisconnectContainer(*place, joining.container_name)
    with pytest.raises(EngineError) as caught:
        carry_out(client, change)
    seen = look(client, change)
    return explain(caught.value.status_code, caught.value.sentence, change, seen)


def foresee(client: EngineClient, container: str) -> tuple[Refusal, ...]:
    now = read_all(client)
    return foresee_refusals(join(now, container), now)


def list_networks(client: EngineClient, container: str) -> set[str]:
    found = next(one for one in read_all(client).containers if one.name == container)
    return {endpoint.network_name for endpoint in found.endpoints}


def test_a_port_of_another_container_is_foreseen_and_refused_with_its_holder(
    scene: tuple[RunningEngine, EngineClient],
) -> None:
    _, client = scene
    (foreseen,) = foresee(client, "second")
    said = refuse(client, "second")
    assert said.kind == foreseen.kind == "port_taken"
    assert said.sentence == foreseen.sentence
    assert "0.0.0.0:18080" in said.sentence
    assert "by first" in said.sentence
    assert "restart second" in said.remedy
    assert list_networks(client, "second") == {"inside"}


def test_a_container_on_no_network_finds_its_port_taken_as_well(
    scene: tuple[RunningEngine, EngineClient],
) -> None:
    engine, client = scene
    engine.docker("create", "--name", "third", "--network", "inside", "-p", "18080:80", IMAGE)
    engine.docker("network", "disconnect", "inside", "third")
    engine.docker("start", "third")
    assert [one.kind for one in foresee(client, "third")] == ["port_taken"]
    assert refuse(client, "third").kind == "port_taken"


def test_a_port_that_an_earlier_step_of_a_plan_frees_is_not_taken(
    scene: tuple[RunningEngine, EngineClient],
) -> None:
    _, client = scene
    now = read_all(client)
    joining, leaving = join(now, "second"), join(now, "first")
    network = (leaving.network_id, leaving.network_name)
    leave = DisconnectContainer(*network, leaving.container_id, leaving.container_name)
    steps = foresee_plan(now, Plan((Step(leave), Step(joining)), "Swap")).steps
    assert [step.state for step in steps] == ["ready", "ready"]
    for change in (leave, joining):
        assert carry_out(client, change).state == "done"


def test_a_port_that_became_free_is_opened_by_the_connection(
    scene: tuple[RunningEngine, EngineClient],
) -> None:
    engine, client = scene
    engine.docker("stop", "first")
    wait_until(lambda: foresee(client, "second") == (), "nothing speaks against it", 20)
    assert carry_out(client, join(read_all(client), "second")).state == "done"
    wait_until(lambda: list_networks(client, "second") == {"front", "inside"}, "it is on both", 20)


@pytest.mark.engine
def test_half_a_connection_is_not_taken_for_one_and_is_undone_as_the_words_say(
    real_engine: RealEngine,
) -> None:
    docker = real_engine.docker
    build(real_engine)
    run(real_engine, "first", "front", "-p", "18080:80")
    run(real_engine, "second", "inside", "-p", "18080:80")
    client = open_client(real_engine.address)
    assert refuse(client, "second").kind == "port_taken"
    docker("rm", "-f", "first")
    again = refuse(client, "second")
    assert (again.kind, again.field) == ("half_connected", "container")
    assert "second still has an interface to front" in again.sentence
    left = refuse_to_leave(client, "second")
    assert (left.kind, left.field) == ("half_connected", "container")
    assert "second has only half a connection to front" in left.sentence
    docker("stop", "second")
    docker("network", "disconnect", "front", "second")
    docker("start", "second")
    assert carry_out(client, join(read_all(client), "second")).state == "done"
    wait_until(lambda: list_networks(client, "second") == {"front", "inside"}, "it is on both", 20)
    client.close()


@pytest.mark.engine
def test_a_port_of_a_program_of_the_machine_is_refused_in_words(real_engine: RealEngine) -> None:
    build(real_engine)
    run(real_engine, "second", "inside", "-p", "18081:80")
    client = open_client(real_engine.address)
    with listening(real_engine):
        assert foresee(client, "second") == ()
        said = refuse(client, "second")
    assert said.kind == "port_taken"
    assert said.sentence == "The port 0.0.0.0:18081 of the machine is already in use."
    real_engine.docker("restart", "second")
    wait_until(lambda: list_networks(client, "second") == {"front", "inside"}, "it is on both", 20)
    client.close()


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("0.0.0.0", 80, "tcp"), ("0.0.0.0", 80, "tcp"), True),
        (("127.0.0.1", 80, "tcp"), ("0.0.0.0", 80, "tcp"), True),
        (("127.0.0.1", 80, "tcp"), ("127.0.0.2", 80, "tcp"), False),
        (("0.0.0.0", 80, "tcp"), ("::", 80, "tcp"), False),
        (("0.0.0.0", 80, "tcp"), ("0.0.0.0", 80, "udp"), False),
        (("0.0.0.0", 80, "tcp"), ("0.0.0.0", 81, "tcp"), False),
    ],
)
def test_a_place_is_an_address_a_port_and_a_protocol(
    one: tuple[str, int, str], other: tuple[str, int, str], is_same: bool
) -> None:
    a, b = (PublishedPort(1, protocol, at, port) for at, port, protocol in (one, other))
    assert is_same_place(a, b) is is_same_place(b, a) is is_same


@contextmanager
def listening(engine: RealEngine) -> Iterator[None]:
    """Let a program listen in the network namespace of an engine."""
    enter = [*engine.inside()[:3], "--net", "--", sys.executable, "-c", LISTEN]
    with subprocess.Popen(enter, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"listening\n"
        try:
            yield
        finally:
            program.kill()
