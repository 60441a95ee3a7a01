"""Every network, container, address, port and state is what ``docker inspect`` says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netdash.engine.client import EngineClient, open_client
from netdash.topology.snapshot import Container, Snapshot
from tests.engine.scenes import build_three_tiers, run
from tests.engine.truth import assert_true
from tests.engines import RunningEngine


@pytest.fixture
def client(any_engine: RunningEngine) -> Iterator[EngineClient]:
    client = open_client(any_engine.address)
    yield client
    client.close()


def test_three_tiers_stay_true_through_every_kind_of_change(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    docker = any_engine.docker
    build_three_tiers(any_engine)
    seen = assert_true(any_engine, client, "building")
    assert_holds_the_three_tiers(seen)

    docker("network", "connect", "frontend", "worker")
    seen = assert_true(any_engine, client, "connecting")
    assert find_networks(seen, "worker") == ["backend", "database", "frontend"]

    docker("network", "disconnect", "database", "worker")
    seen = assert_true(any_engine, client, "disconnecting")
    assert find_networks(seen, "worker") == ["backend", "frontend"]

    docker("network", "disconnect", "bridge", "plain")
    seen = assert_true(any_engine, client, "disconnecting the last network")
    assert find_networks(seen, "plain") == []

    docker("stop", "api")
    seen = assert_true(any_engine, client, "stopping")
    assert find(seen, "api").state == "exited"
    assert find(seen, "api").ports == ()

    docker("start", "api")
    docker("start", "stopped")
    docker("unpause", "cache")
    seen = assert_true(any_engine, client, "starting")
    assert find(seen, "stopped").ports[0].host_port == 9100

    docker("rename", "react", "vue")
    seen = assert_true(any_engine, client, "renaming")
    assert find(seen, "vue").endpoints[0].dns_names is not None

    docker("rm", "-f", "postgres")
    seen = assert_true(any_engine, client, "removing a container")
    assert "postgres" not in {container.name for container in seen.containers}

    docker("network", "prune", "-f")
    seen = assert_true(any_engine, client, "pruning")
    assert "database" not in {network.name for network in seen.networks}

    any_engine.restart()
    seen = assert_true(any_engine, client, "a restart of the engine")
    assert find(seen, "nginx").state == "exited"


def test_a_network_that_went_leaves_a_dangling_endpoint(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    any_engine.docker("network", "create", "gone")
    run(any_engine, "left", "gone")
    any_engine.docker("stop", "left")
    any_engine.docker("network", "rm", "gone")
    seen = assert_true(any_engine, client, "removing the network of a stopped container")
    (endpoint,) = find(seen, "left").endpoints
    assert endpoint.network_name == "gone"
    assert seen.is_dangling(endpoint)


def test_a_container_connected_while_stopped_is_found_on_both_networks(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    any_engine.docker("network", "create", "first")
    any_engine.docker("network", "create", "second")
    run(any_engine, "still", "first")
    any_engine.docker("stop", "still")
    any_engine.docker("network", "connect", "second", "still")
    seen = assert_true(any_engine, client, "connecting a stopped container")
    assert find_networks(seen, "still") == ["first", "second"]
    assert not any(seen.is_dangling(endpoint) for endpoint in find(seen, "still").endpoints)


def assert_holds_the_three_tiers(seen: Snapshot) -> None:
    """Hold a few facts against the scene itself, not against another reading of the engine."""
    assert {network.name for network in seen.networks} == {
        *("frontend", "backend", "database", "bridge", "host", "none"),
    }
    assert len(seen.containers) == 12
    assert find_networks(seen, "api") == ["backend", "frontend"]
    assert find_networks(seen, "later") == ["backend", "frontend"]
    assert find(seen, "exporter").owner_id == find(seen, "api").id
    assert find(seen, "cache").state == "paused"
    assert find(seen, "stopped").exit_code == 137
    (database,) = (network for network in seen.networks if network.name == "database")
    assert [pool.cidr for pool in database.subnets] == ["10.80.3.0/24", "fd00:80:3::/64"]
    (place,) = find(seen, "postgres").endpoints
    assert (place.ipv4, place.ipv6, place.static_ipv4) == ("10.80.3.5", "fd00:80:3::5", "10.80.3.5")


def find(snapshot: Snapshot, name: str) -> Container:
    return next(container for container in snapshot.containers if container.name == name)


def find_networks(snapshot: Snapshot, name: str) -> list[str]:
    return [endpoint.network_name for endpoint in find(snapshot, name).endpoints]
