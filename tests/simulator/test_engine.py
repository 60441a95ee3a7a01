"""The simulated engine, spoken to by the real SDK and the real command line."""

from __future__ import annotations

import json
import threading
from contextlib import closing

import docker
import pytest
from docker.errors import APIError, NotFound

from tests.engines import CommandFailedError
from tests.simulated import SimulatedEngine
from tests.simulator.speaking import IMAGE, open_client
from tests.simulator.transcripts import Teller


@pytest.mark.parametrize(
    ("version", "full", "api"),
    [("20.10", "20.10.24", "1.41"), ("26.1", "26.1.5", "1.45"), ("28.5", "28.5.2", "1.51")],
)
def test_it_says_what_it_is_and_that_nothing_is_real(version: str, full: str, api: str) -> None:
    with SimulatedEngine(version) as engine, closing(open_client(engine)) as client:
        told = client.version()
        assert (told["Version"], told["ApiVersion"]) == (full, api)
        assert told["Platform"]["Name"] == "netdash simulator"
        assert client.ping()
        assert client.info()["ServerVersion"] == full
        assert {network["Name"] for network in client.networks()} == {"bridge", "host", "none"}


def test_an_unknown_version_is_not_simulated() -> None:
    with pytest.raises(ValueError, match="no edition 19"):
        SimulatedEngine("19")


def test_the_command_line_builds_three_tiers(engine: SimulatedEngine) -> None:
    docker_ = engine.docker
    for name in ("frontend", "backend"):
        docker_("network", "create", name)
    docker_("run", "-d", "--name", "nginx", "--network", "frontend", "-p", "8080:80", IMAGE)
    docker_("run", "-d", "--name", "api", "--network", "frontend", "--network-alias", "v1", IMAGE)
    docker_("network", "connect", "backend", "api")
    shown = docker_("ps", "--format", "{{.Names}} {{.Networks}} {{.Ports}}").splitlines()
    assert shown[0].startswith("api ")
    assert set(shown[0].split()[1].split(",")) == {"frontend", "backend"}
    assert "0.0.0.0:8080->80/tcp" in shown[1]
    (found,) = json.loads(docker_("inspect", "api"))
    networks = found["NetworkSettings"]["Networks"]
    assert networks["frontend"]["IPAddress"] == "172.18.0.3"
    assert networks["backend"]["IPAddress"] == "172.19.0.2"
    assert "v1" in networks["frontend"]["Aliases"]
    (network,) = json.loads(docker_("network", "inspect", "frontend"))
    assert sorted(c["Name"] for c in network["Containers"].values()) == ["api", "nginx"]


def test_the_command_line_hears_a_refusal_in_dockers_words(tiers: SimulatedEngine) -> None:
    with pytest.raises(CommandFailedError, match="has active endpoints"):
        tiers.docker("network", "rm", "frontend")
    with pytest.raises(CommandFailedError, match="pre-defined network and cannot be removed"):
        tiers.docker("network", "rm", "bridge")
    with pytest.raises(CommandFailedError, match="has no registry"):
        tiers.docker("run", "-d", "nosuch:1")


def test_the_command_line_stops_removes_and_prunes(tiers: SimulatedEngine) -> None:
    tiers.docker("stop", "nginx", "react")
    tiers.docker("rm", "nginx")
    tiers.docker("rm", "-f", "react", "api")
    assert tiers.docker("network", "prune", "-f").splitlines() == ["Deleted Networks:", "frontend"]
    assert "worker" in tiers.docker("ps", "-a")


def test_a_container_that_asked_for_it_goes_when_it_ends(engine: SimulatedEngine) -> None:
    engine.docker("run", "-d", "--rm", "--name", "brief", IMAGE)
    engine.docker("stop", "brief")
    assert engine.docker("ps", "-aq") == ""


def test_what_it_does_not_know_is_refused_loudly(client: docker.APIClient) -> None:
    with pytest.raises(APIError) as caught:
        client.volumes()
    assert caught.value.status_code == 501
    assert "does not know GET /volumes" in str(caught.value.explanation)


@pytest.mark.parametrize("path", ["/v1.99/networks", "/v1.2/networks"])
def test_api_versions_that_it_does_not_speak_are_refused(
    engine: SimulatedEngine, path: str
) -> None:
    status, said = Teller(engine.address).send("GET", path)
    assert status == 400
    assert "client version 1." in str(said)


def test_lists_never_hold_aliases_and_inspection_does(
    engine: SimulatedEngine, client: docker.APIClient
) -> None:
    network = client.create_network("net")
    engine.docker("run", "-d", "--name=aa", "--network=net", "--network-alias=api", IMAGE)
    (row,) = client.containers()
    place = row["NetworkSettings"]["Networks"]["net"]
    assert place["Aliases"] is None
    assert place["DNSNames"] is None
    assert (place["NetworkID"], place["IPAddress"]) == (network["Id"], "172.18.0.2")
    inspected = client.inspect_container("aa")["NetworkSettings"]["Networks"]["net"]
    assert inspected["DNSNames"] == ["aa", "api", row["Id"][:12]]


def test_a_missing_container_and_a_missing_network_are_not_found(
    client: docker.APIClient,
) -> None:
    with pytest.raises(NotFound, match="No such container: nope"):
        client.inspect_container("nope")
    with pytest.raises(NotFound, match="network nope not found"):
        client.inspect_network("nope")


def test_default_pools_are_used_up_after_thirty_networks(client: docker.APIClient) -> None:
    for number in range(30):
        client.create_network(f"net{number}")
    subnets = [n["IPAM"]["Config"][0]["Subnet"] for n in client.networks(names=["net"])]
    assert subnets[0] == "172.18.0.0/16"
    assert subnets[-1] == "192.168.240.0/20"
    with pytest.raises(APIError, match="have been fully subnetted"):
        client.create_network("one-more")


def test_two_networks_of_one_name_are_possible_on_the_old_engine() -> None:
    with SimulatedEngine("20.10") as engine, closing(open_client(engine)) as client:
        client.create_network("twin")
        assert "already exists" in client.create_network("twin")["Warning"]
        with pytest.raises(APIError, match="2 matches found based on name"):
            client.inspect_network("twin")


def test_addresses_come_back_and_the_lowest_free_one_is_given(client: docker.APIClient) -> None:
    def run(name: str) -> str:
        made = client.create_container(IMAGE, name=name)
        client.start(made)
        networks = client.inspect_container(made)["NetworkSettings"]["Networks"]
        return str(networks["bridge"]["IPAddress"])

    assert [run("aa"), run("bb"), run("cc")] == ["172.17.0.2", "172.17.0.3", "172.17.0.4"]
    client.stop("bb")
    assert run("dd") == "172.17.0.3"
    client.start("bb")
    (bridge,) = client.networks(names=["bridge"])
    assert bridge["Containers"] == {}
    assert len(client.inspect_network(bridge["Id"])["Containers"]) == 4


def test_a_newborn_network_gets_a_local_ipv6_subnet(client: docker.APIClient) -> None:
    made = client.create_network("six", enable_ipv6=True)
    four, six = client.inspect_network(made["Id"])["IPAM"]["Config"]
    assert four["Subnet"] == "172.18.0.0/16"
    assert six["Subnet"].startswith("fd")


def test_waiting_ends_when_the_container_does(
    engine: SimulatedEngine, client: docker.APIClient
) -> None:
    made = client.create_container(IMAGE, name="cc")
    client.start(made)
    stop = threading.Thread(target=engine.docker, args=("stop", "cc"))
    stop.start()
    assert client.wait(made)["StatusCode"] == 137
    stop.join()


def test_a_network_takes_its_pools_from_a_configuration(engine: SimulatedEngine) -> None:
    engine.docker("network", "create", "--config-only", "--subnet", "10.7.0.0/24", "cfg")
    engine.docker("network", "create", "--config-from", "cfg", "net")
    (network,) = json.loads(engine.docker("network", "inspect", "net"))
    assert network["IPAM"]["Config"] == [{"Subnet": "10.7.0.0/24"}]
    assert network["ConfigFrom"] == {"Network": "cfg"}
    with pytest.raises(CommandFailedError, match='configuration network "cfg" is in use'):
        engine.docker("network", "rm", "cfg")


def test_emptying_it_leaves_what_every_docker_has(tiers: SimulatedEngine) -> None:
    tiers.empty()
    with closing(open_client(tiers)) as client:
        assert client.containers(all=True) == []
        assert len(client.networks()) == 3


def test_many_clients_at_once_get_right_answers(tiers: SimulatedEngine) -> None:
    counts: list[int] = []

    def ask() -> None:
        with closing(open_client(tiers)) as client:
            counts.extend(len(client.containers()) for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert counts == [6] * 80
