"""The socket proxy of docker-compose.yml lets pass what reading needs, and nothing that changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from netdash.engine.client import open_client, read_facts
from netdash.engine.details import take_details
from netdash.engine.events import watch
from netdash.engine.reader import take_containers, take_networks, take_snapshot
from tests.engine.proxies import forward_to, open_unix_door
from tests.simulated import SimulatedEngine

COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"


@pytest.fixture
def allowed() -> dict[str, str]:
    settings = yaml.safe_load(COMPOSE.read_text())["services"]["socket-proxy"]["environment"]
    return {
        name.removeprefix("SP_ALLOW_"): pattern
        for name, pattern in settings.items()
        if name.startswith("SP_ALLOW_") and name != "SP_ALLOWFROM"
    }


def test_every_call_of_reading_passes_the_proxy(allowed: dict[str, str], tmp_path: Path) -> None:
    engine = SimulatedEngine(scene="tiers")
    calls: list[str] = []
    with open_unix_door(tmp_path / "s", forward_to(engine.address, calls)) as address:
        client = open_client(address)
        snapshot = take_snapshot(client, read_facts(client))
        take_containers(client, [snapshot.containers[0].id])
        take_networks(client)
        take_details(client, snapshot.containers[0].id)
        client.ping()
        stream_client = open_client(address)
        watch(stream_client).close()
        stream_client.close()
        client.close()
    engine.close()
    assert len(calls) >= 9
    for call in calls:
        method, _, path = call.partition(" ")
        assert re.fullmatch(allowed[method], path.partition("?")[0]), call


@pytest.mark.parametrize("path", ["/containers/x/archive", "/containers/x/logs", "/secrets"])
def test_nothing_else_passes(allowed: dict[str, str], path: str) -> None:
    assert set(allowed) == {"GET", "HEAD"}, "changing is asked for in a file of its own"
    assert not re.fullmatch(allowed["GET"], path)
