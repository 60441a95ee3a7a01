"""The simulated engine, spoken to by the real SDK and the real command line."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import docker
import pytest
import requests
from docker.errors import APIError, NotFound

from tests.engines import CommandFailedError
from tests.simulated import SimulatedEngine
from tests.simulator.transcripts import Teller

IMAGE = "busybox:local"
Follow = Callable[..., Iterator[Any]]


def open_client(engine: SimulatedEngine) -> docker.APIClient:
    return docker.APIClient(base_url=engine.address, timeout=30)


@pytest.fixture
def client(engine: SimulatedEngine) -> Iterator[docker.APIClient]:
    with closing(open_client(engine)) as opened:
        yield opened


@pytest.fixture
def follow(client: docker.APIClient) -> Iterator[Follow]:
    """Open event streams that are closed at the end."""
    with ExitStack() as stack:

        def open_stream(**more: Any) -> Iterator[Any]:
            stream = client.events(decode=True, **more)
            stack.callback(stream.close)
            return stream

        yield open_stream


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


def test_events_are_streamed_as_they_happen(client: docker.APIClient, follow: Follow) -> None:
    stream = follow(filters={"type": ["network"]})
    client.create_network("aa")
    made = client.create_container(IMAGE, name="cc")
    client.start(made)
    client.connect_container_to_network(made["Id"], "aa")
    told = [next(stream) for _ in range(3)]
    assert [(e["Action"], e["Actor"]["Attributes"]["name"]) for e in told] == [
        ("create", "aa"),
        ("connect", "bridge"),
        ("connect", "aa"),
    ]
    assert told[2]["Actor"]["Attributes"]["container"] == made["Id"]
    assert [e["timeNano"] for e in told] == sorted(e["timeNano"] for e in told)


def test_events_since_a_stamp_come_again_with_it(client: docker.APIClient, follow: Follow) -> None:
    stream = follow()
    for name in ("aa", "bb", "cc"):
        client.create_network(name)
    stamps = [next(stream)["timeNano"] for _ in range(3)]
    again = follow(since="{}.{:09d}".format(*divmod(stamps[1], 10**9)))
    assert [next(again)["timeNano"] for _ in range(2)] == stamps[1:]


def test_the_ring_keeps_the_last_256_events(engine: SimulatedEngine, follow: Follow) -> None:
    engine.faults.burst(1000)
    kept = list(follow(since=1, until=int(time.time()) + 1))
    assert len(kept) == 256
    assert kept[0]["Action"].startswith("health_status: ")


def test_a_burst_of_events_reaches_a_reader_that_keeps_up(
    engine: SimulatedEngine, follow: Follow
) -> None:
    stream = follow()
    burst = threading.Thread(target=engine.faults.burst, args=(900,))
    burst.start()
    assert len([next(stream) for _ in range(900)]) == 900
    burst.join()


def test_connecting_what_does_not_run_is_silent(client: docker.APIClient, follow: Follow) -> None:
    stream = follow(filters={"type": ["network"]})
    client.create_network("aa")
    made = client.create_container(IMAGE, name="cc")
    client.connect_container_to_network(made["Id"], "aa")
    client.disconnect_container_from_network(made["Id"], "aa")
    client.create_network("bb")
    assert [next(stream)["Action"] for _ in range(2)] == ["create", "create"]


def test_stopping_what_is_about_to_restart_rings_once() -> None:
    with SimulatedEngine("28.5", scene="company") as engine, closing(open_client(engine)) as client:
        name = next(
            one["Id"] for one in client.containers(all=True) if one["State"] == "restarting"
        )
        stream = client.events(decode=True, filters={"type": ["container"]})
        client.stop(name)
        client.create_container(IMAGE, name="cc")
        assert [next(stream)["Action"] for _ in range(2)] == ["stop", "create"]
        stream.close()


def test_waiting_ends_when_the_container_does(
    engine: SimulatedEngine, client: docker.APIClient
) -> None:
    made = client.create_container(IMAGE, name="cc")
    client.start(made)
    stop = threading.Thread(target=engine.docker, args=("stop", "cc"))
    stop.start()
    assert client.wait(made)["StatusCode"] == 137
    stop.join()


def test_a_dropped_event_stream_just_ends(
    engine: SimulatedEngine, client: docker.APIClient, follow: Follow
) -> None:
    stream = follow()
    client.create_network("aa")
    assert next(stream)["Action"] == "create"
    assert engine.faults.drop_events() == 1
    assert list(stream) == []
    assert client.ping()


def test_it_refuses_when_told_to_and_recovers(
    engine: SimulatedEngine, client: docker.APIClient
) -> None:
    engine.faults.refuse()
    with pytest.raises(APIError, match="told to refuse"):
        client.networks()
    engine.faults.clear()
    assert len(client.networks()) == 3


def test_it_is_slow_when_told_to(engine: SimulatedEngine, client: docker.APIClient) -> None:
    engine.faults.slow(0.2)
    begun_at = time.monotonic()
    client.ping()
    assert time.monotonic() - begun_at >= 0.2


def test_faults_have_a_door_of_their_own(engine: SimulatedEngine) -> None:
    teller = Teller(engine.address)
    assert teller.send("POST", "/_faults/refuse")[0] == 200
    assert teller.send("GET", "/networks")[0] == 500
    assert teller.send("POST", "/_faults/clear")[1]["refusing"] is False
    assert teller.send("GET", "/networks")[0] == 200
    assert teller.send("POST", "/_faults/nosuch")[0] == 404


def test_a_stopped_engine_is_away_and_a_started_one_is_as_it_was(tiers: SimulatedEngine) -> None:
    with closing(open_client(tiers)) as client:
        before = {c["Names"][0] for c in client.containers()}
        tiers.stop()
        with pytest.raises(requests.exceptions.ConnectionError):
            client.networks()
        tiers.start()
        assert {c["Names"][0] for c in client.containers()} == before


def test_a_restart_ends_what_has_no_restart_policy(
    engine: SimulatedEngine, client: docker.APIClient
) -> None:
    for name, policy in (("goes", "no"), ("stays", "always")):
        engine.docker("run", "-d", "--name", name, "--restart", policy, IMAGE)
    engine.restart()
    states = {c["Names"][0]: c["State"] for c in client.containers(all=True)}
    assert states == {"/goes": "exited", "/stays": "running"}


def test_a_kill_leaves_containers_running(engine: SimulatedEngine) -> None:
    engine.docker("run", "-d", "--name", "aa", IMAGE)
    engine.kill()
    engine.start()
    assert engine.docker("ps", "--format", "{{.Names}}") == "aa"


def test_a_stop_ends_open_event_streams(
    engine: SimulatedEngine, client: docker.APIClient, follow: Follow
) -> None:
    stream = follow()
    client.create_network("aa")
    next(stream)
    engine.stop()
    assert list(stream) == []


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
