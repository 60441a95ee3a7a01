"""Refusals that need a device, a swarm or patience, provoked on a real engine of their own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from netdash.engine.client import EngineClient, open_client
from netdash.engine.commands import carry_out
from netdash.engine.errors import EngineError
from netdash.engine.refusals import explain
from netdash.topology.changes import Change, ConnectContainer, CreateNetwork, RemoveNetwork
from netdash.topology.refusal import Refusal
from netdash.topology.snapshot import Container, Network, Subnet
from tests.engine.scenes import run
from tests.engine.truth import read_all
from tests.engine_fixtures import VERSIONS, run_real
from tests.engines import RealEngine

pytestmark = pytest.mark.engine


@pytest.fixture(params=VERSIONS)
def own_engine(request: pytest.FixtureRequest) -> Iterator[RealEngine]:
    """Give an engine that no other test uses: it joins a swarm."""
    yield from run_real(request.param)


def refuse(client: EngineClient, change: Change) -> Refusal:
    """Try a change that the engine must refuse, and put its words into ours."""
    now = read_all(client)
    with pytest.raises(EngineError) as caught:
        carry_out(client, change)
    assert caught.value.kind == "refused", caught.value
    said = explain(caught.value.status_code, caught.value.sentence, change, now)
    assert said.engine_words == caught.value.sentence
    assert said.sentence.endswith(".")
    assert said.remedy
    return said


def find_network(client: EngineClient, name: str) -> Network:
    return next(one for one in read_all(client).networks if one.name == name)


def find_container(client: EngineClient, name: str) -> Container:
    return next(one for one in read_all(client).containers if one.name == name)


def add_device(engine: RealEngine, name: str) -> None:
    """Add a device to the network namespace of an engine."""
    wire = ("ip", "link", "add", name, "type", "veth", "peer", "name", f"{name}-far")
    subprocess.run(engine.inside(*wire), check=True)


def build(name: str, subnet: str, driver: str, **options: str) -> CreateNetwork:
    subnets = (Subnet(subnet),) if subnet else ()
    return CreateNetwork(name, driver, subnets, options=tuple(options.items()))


def test_a_device_that_cannot_be_used_is_named(own_engine: RealEngine) -> None:
    client = open_client(own_engine.address)
    with ThreadPoolExecutor() as pool:  # an engine looks 15 s for a plugin
        unknown = [build("far", "", "nosuch"), build("farther", "", "none")]
        said = list(pool.map(lambda change: refuse(client, change), unknown))
    assert [one.kind for one in said] == ["driver_unknown", "driver_unknown"]
    assert ["nosuch" in said[0].sentence, "none" in said[1].sentence] == [True, True]
    foreign = CreateNetwork(
        "odd",
        subnets=(Subnet("10.94.1.0/24"),),
        options=(("com.docker.network.bridge.name", "lo"),),
    )
    assert refuse(client, foreign).kind == "bridge_name_foreign"
    add_device(own_engine, "par0")
    carry_out(client, build("lan", "10.94.2.0/24", "macvlan", parent="par0"))
    second = build("lan2", "10.94.3.0/24", "macvlan", parent="par0")
    if own_engine.version == "28.5":  # which takes several
        assert carry_out(client, second).state == "done"
    else:
        used = refuse(client, second)
        assert used.kind == "parent_used"
        assert "already carries the network lan." in used.sentence
    if own_engine.version == "20.10":  # later ones refuse the name of another's bridge
        lose_bridge(own_engine)
        web, bridge = find_container(client, "web"), find_network(client, "bridge")
        lost = refuse(client, ConnectContainer(bridge.id, "bridge", web.id, "web"))
        assert (lost.kind, lost.field) == ("bridge_lost", "network")
    client.close()


def lose_bridge(engine: RealEngine) -> None:
    """Let a second network take the default bridge's device, and take it along when it goes."""
    docker = engine.docker
    name = "com.docker.network.bridge.name=docker0"
    docker("network", "create", "--subnet", "10.94.4.0/24", "own")
    docker("network", "create", "--subnet", "10.94.5.0/24", "--opt", name, "thief")
    run(engine, "web", "own")
    docker("network", "rm", "thief")


def test_a_swarm_keeps_what_its_services_use(own_engine: RealEngine) -> None:
    docker = own_engine.docker
    docker("swarm", "init", "--advertise-addr", "127.0.0.1")
    docker("network", "create", "--driver", "overlay", "wide")
    docker("service", "create", "-d", "--name", "api", "--no-resolve-image", "--network", "wide",
           "-p", "8090:80", "busybox:local")  # fmt: skip
    run(own_engine, "web", "bridge")
    client = open_client(own_engine.address)
    wide, web = find_network(client, "wide"), find_container(client, "web")
    said = refuse(client, ConnectContainer(wide.id, wide.name, web.id, web.name))
    assert (said.kind, said.field) == ("not_attachable", "network")
    assert refuse(client, RemoveNetwork(wide.id, wide.name)).kind in ("service_uses", "in_use")
    ingress = find_network(client, "ingress")
    assert refuse(client, RemoveNetwork(ingress.id, ingress.name)).kind == "service_uses"
    client.close()
