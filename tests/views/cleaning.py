"""A world with networks to clean up, and the steps of the page that does it."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from netdash.live import store
from netdash.models import Engine
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet
from tests.cleanups import write_time

DAY = 86400


def network(name: str, age: float = 40 * DAY, **more: Any) -> Network:
    created_at = write_time(time.time() - age)
    given = {"subnets": (Subnet(f"10.{len(name)}.0.0/24"),), "created_at": created_at, **more}
    return Network(f"{name.encode().hex():0<64}"[:64], name, **given)


def on(container: str, found: Network, state: str = "running") -> Container:
    live = "e" if state == "running" else ""
    endpoint = Endpoint(found.id, found.name, id=live)
    return Container(f"id-{container}", container, state=state, endpoints=(endpoint,))


IDLE, YOUNG, USED, NEEDED, KEPT = (
    network("idle"),
    network("young", age=180),
    network("used"),
    network("needed"),
    network("kept", labels=(("netdash.keep", "1"),)),
)
WORLD = Snapshot((IDLE, KEPT, NEEDED, USED, YOUNG), (on("job", NEEDED, "exited"), on("web", USED)))


@pytest.fixture
def row(stored_engine: Engine) -> Engine:
    """An engine that holds the world of these tests; the young network is young now."""
    young = network("young", age=180)
    networks = tuple(young if one.id == young.id else one for one in WORLD.networks)
    store.save(stored_engine.pk, replace(WORLD, networks=networks))
    return stored_engine


def address(row: Engine, query: str = "") -> str:
    return reverse("cleanup", args=[row.slug]) + query


def show(client: Client, row: Engine, query: str = "") -> str:
    answer = client.get(address(row, query))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def list_offered(page: str) -> list[str]:
    return re.findall(r'aria-label="Take ([^"]+)"', page)


def read_hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def review(client: Client, row: Engine, *chosen: Network, **more: str) -> Any:
    page = show(client, row)
    basis = read_hidden(page, "basis")
    data = {"step": "review", "basis": basis, "chosen": [one.id for one in chosen], **more}
    return client.post(address(row), data)


def start(client: Client, row: Engine, reviewed: Any, **more: str) -> Any:
    page = unescape(reviewed.content.decode())
    names = ("token", "chosen", "basis")
    data = {"step": "start", **{name: read_hidden(page, name) for name in names}, **more}
    return client.post(address(row), data)
