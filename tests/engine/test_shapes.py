"""Odd things that only an engine can make, read alike from simulated and real ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netdash.engine.client import EngineClient, open_client, read_facts
from netdash.engine.errors import EngineError
from netdash.engine.reader import take_snapshot
from netdash.topology.snapshot import Container
from tests.engine.scenes import run
from tests.engines import IMAGE, CommandFailedError, RealEngine, RunningEngine
from tests.waiting import wait_until


@pytest.fixture
def client(any_engine: RunningEngine) -> Iterator[EngineClient]:
    client = open_client(any_engine.address)
    yield client
    client.close()


def find(client: EngineClient, name: str) -> Container:
    snapshot = take_snapshot(client, read_facts(client))
    return next(container for container in snapshot.containers if container.name == name)


def test_two_networks_of_one_name_on_engines_that_allow_it(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    first = any_engine.docker("network", "create", "twin")
    run(any_engine, "web", "twin")
    run(any_engine, "api", "bridge")
    body = {"Name": "twin", "CheckDuplicate": False}
    answer = client.post(f"{client.base_url}/v{client.api_version}/networks/create", json=body)
    if not any_engine.version.startswith("20.10"):
        assert answer.status_code == 409
        return
    second = answer.json()["Id"]
    any_engine.docker("network", "connect", second, "api")
    snapshot = take_snapshot(client, read_facts(client))
    assert {one.id for one in snapshot.networks if one.name == "twin"} == {first, second}
    assert [one.network_id for one in find(client, "web").endpoints] == [first]
    assert second in {one.network_id for one in find(client, "api").endpoints}
    any_engine.docker("rm", "-f", "web", "api")
    any_engine.docker("network", "rm", first, second)


def test_a_created_container_stands_on_the_network_it_was_given_by_id(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    network_id = any_engine.docker("network", "create", "back")
    any_engine.docker("create", "--name", "later", "--network", network_id, IMAGE)
    (place,) = find(client, "later").endpoints
    assert (place.network_id, place.network_name) == (network_id, "back")
    assert not place.is_live


def test_health_is_read_from_the_list(any_engine: RunningEngine, client: EngineClient) -> None:
    run(any_engine, "web", "bridge", "--health-cmd", "true", "--health-interval", "1s")
    assert find(client, "web").health in ("starting", "healthy")
    run(any_engine, "plain", "bridge")
    assert find(client, "plain").health == ""


def test_an_endpoint_that_failed_to_connect_is_not_live(
    any_engine: RunningEngine, client: EngineClient
) -> None:
    any_engine.docker("network", "create", "--config-only", "--subnet", "10.7.0.0/24", "template")
    any_engine.docker("network", "create", "--config-from", "template", "front")
    networks = {one.name: one for one in take_snapshot(client, read_facts(client)).networks}
    assert networks["template"].is_config_only
    assert networks["front"].config_from == "template"
    run(any_engine, "web", "bridge")
    with pytest.raises(CommandFailedError, match="configuration-only network"):
        any_engine.docker("network", "connect", "template", "web")
    places = {one.network_name: one.is_live for one in find(client, "web").endpoints}
    assert places["bridge"]
    assert not places.get("template", False)
    any_engine.docker("rm", "-f", "web")
    any_engine.docker("network", "rm", "front")


def test_a_missing_container_is_refused_in_the_engines_words(client: EngineClient) -> None:
    from netdash.engine.details import take_details

    with pytest.raises(EngineError, match="No such container: nope") as caught:
        take_details(client, "nope")
    assert (caught.value.kind, caught.value.status_code) == ("refused", 404)


@pytest.mark.engine
def test_a_container_that_restarts_for_ever_is_restarting(real_engine: RealEngine) -> None:
    client = open_client(real_engine.address)
    real_engine.docker(
        *("run", "-d", "--name", "loop", "--restart", "always", IMAGE, "sh", "-c", "exit 3")
    )
    wait_until(lambda: find(client, "loop").state == "restarting", "the container restarts")
    client.close()
