"""The simulated engine goes wrong when told to, and comes back."""

from __future__ import annotations

import time
from contextlib import closing

import docker
import pytest
import requests
from docker.errors import APIError

from tests.simulated import SimulatedEngine
from tests.simulator.speaking import IMAGE, Follow, open_client
from tests.simulator.transcripts import Teller


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
