"""Refusals of calls that netdash does not make: sent by hand, put into the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from netdash.engine.client import EngineClient, open_client, require_yes
from netdash.engine.errors import EngineError, speaking
from netdash.engine.refusals import explain
from netdash.topology.changes import Change
from netdash.topology.snapshot import Snapshot
from tests.engine.refusal_rows import (
    EVERY,
    NEW,
    OLD,
    assert_says,
    connect,
    create,
    disconnect,
    remove,
)
from tests.engine.refusal_rows import Row as Said
from tests.engine.scenes import run
from tests.engine.truth import read_all
from tests.engines import IMAGE, CommandFailedError, RealEngine

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Row:
    """One call, the change that comes nearest to it, and what is said.

    ``versions`` are those that refuse; the others accept.
    """

    name: str
    call: tuple[str, str]
    near: Callable[[Snapshot], Change]
    kind: str
    field: str = ""
    says: str = ""
    body: dict[str, Any] | None = None
    versions: tuple[str, ...] = EVERY


def start(container: str) -> tuple[str, str]:
    return "POST", f"/containers/{container}/start"


CREATE, LEAVE = ("POST", "/networks/create"), ("POST", "/networks/front/disconnect")
ROWS = (
    Row(
        "a label that is a number",
        CREATE,
        create(),
        "not_text",
        "labels",
        "1500",
        body={"Name": "new", "Labels": {"a": 1}},
    ),
    Row(
        "an option that is a number",
        CREATE,
        create(),
        "not_text",
        "options",
        "1500",
        body={"Name": "new", "Options": {"a": 1}},
    ),
    Row(
        "no name, and no look for another of it",
        CREATE,
        create(""),
        "name_empty",
        "name",
        body={"Name": ""},
    ),
    Row("removing what is not there", ("DELETE", "/networks/nope"), remove("nope"),
        "network_gone", "network", "nope"),
    Row("inspecting what is not there", ("GET", "/networks/nope"), remove("nope"),
        "network_gone", "network", "nope"),
    Row("removing by the name of two", ("DELETE", "/networks/twin"), remove("twin"),
        "ambiguous", "network", "twin", versions=OLD),
    Row("inspecting by the name of two", ("GET", "/networks/twin"), remove("twin"),
        "ambiguous", "network", "by its id", versions=OLD),
    Row("pruning by name", ("POST", '/networks/prune?filters={"name":["x"]}'), remove("front"),
        "filter_unknown", "", "name"),
    Row("pruning what dangles", ("POST", '/networks/prune?filters={"dangling":["1"]}'),
        remove("front"), "filter_unknown", "", "dangling"),
    Row("pruning until a time that is none", ("POST", '/networks/prune?filters={"until":["zz"]}'),
        remove("front"), "time_unreadable", "", "zz"),
    Row("listing by what is no filter", ("GET", '/networks?filters={"zz":["x"]}'),
        remove("front"), "filter_unknown", "", "zz"),
    Row("disconnecting one that is not there", LEAVE, disconnect("nope", "front"),
        "container_gone", "container", "nope", {"Container": "nope"}),
    Row("disconnecting one that is not there by force", LEAVE, disconnect("nope", "front"),
        "not_connected", "container", "nope", {"Container": "nope", "Force": True}),
    Row("disconnecting one that is elsewhere", LEAVE, disconnect("db", "front"),
        "not_connected", "container", "db", {"Container": "db"}),
    Row("disconnecting one that is elsewhere and stopped", LEAVE, disconnect("still", "front"),
        "not_connected", "container", "still", {"Container": "still"}),
    Row("a name of a container that is none", ("POST", "/containers/create?name=a"),
        connect("a", "front"), "container_name", "container", "at least two", {"Image": IMAGE}),
    Row("starting on a network that is gone", start("stray"), connect("stray", "gone"),
        "network_gone", "network", "gone"),
    Row("starting where the first network is gone", start("orphan"), connect("orphan", "back"),
        "mode_missing", "container", "former", versions=NEW),
    Row("starting with an address outside", start("astray"), connect("astray", "front"),
        "address_outside", "ipv4", "10.96.1.0/24", versions=OLD),
    Row("starting on a network that is full", start("late"), connect("late", "small"),
        "subnet_full", "network", "10.96.3.0/30"),
    Row("starting with a port that is taken", start("second"), connect("second", "back"),
        "port_taken", "container", "db"),
)  # fmt: skip


@pytest.fixture(scope="module")
def refusing(real_engine_of_session: RealEngine) -> Iterator[tuple[RealEngine, EngineClient]]:
    """One engine for all rows: nothing that is refused alters it."""
    engine, docker = real_engine_of_session, real_engine_of_session.docker
    engine.empty()
    client = open_client(engine.address)
    docker("network", "create", "--subnet", "10.96.1.0/24", "front")
    docker("network", "create", "--subnet", "10.96.2.0/24", "back")
    docker("network", "create", "--subnet", "10.96.3.0/30", "small")
    docker("network", "create", "--subnet", "10.96.4.0/24", "gone")
    docker("network", "create", "--subnet", "10.96.5.0/24", "former")
    run(engine, "web", "front")
    run(engine, "db", "back", "-p", "18082:80")
    run(engine, "filler", "small")
    docker("create", "--name", "still", "--network", "back", IMAGE)
    docker("create", "--name", "late", "--network", "small", IMAGE)
    docker("create", "--name", "second", "--network", "back", "-p", "18082:80", IMAGE)
    run(engine, "stray", "gone")
    run(engine, "orphan", "former")
    docker("network", "connect", "back", "orphan")
    docker("network", "disconnect", "former", "orphan")
    docker("stop", "stray", "orphan")
    docker("network", "rm", "gone", "former")
    docker("create", "--name", "astray", "--network", "back", IMAGE)
    with suppress(CommandFailedError):  # from 26 on it is refused at once
        docker("network", "connect", "--ip", "10.99.0.7", "front", "astray")
    if engine.version.startswith(OLD):
        for _ in range(2):
            send(client, CREATE, {"Name": "twin"})
    yield engine, client
    client.close()
    engine.empty()


def send(client: EngineClient, call: tuple[str, str], body: dict[str, Any] | None = None) -> None:
    """Send a call as it is."""
    method, path = call
    with speaking(client):
        url = f"{client.base_url}/v{client.api_version}{path}"
        require_yes(client.request(method, url, json=body, timeout=client.timeout))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_call_by_hand_is_refused_in_the_same_words(
    refusing: tuple[RealEngine, EngineClient], row: Row
) -> None:
    engine, client = refusing
    if not engine.version.startswith(row.versions):
        pytest.skip(f"{engine.version} accepts it")
    now = read_all(client)
    with pytest.raises(EngineError) as caught:
        send(client, row.call, row.body)
    assert caught.value.kind == "refused", caught.value
    said = explain(caught.value.status_code, caught.value.sentence, row.near(now), now)
    assert_says(Said(row.name, row.near, row.kind, row.field, row.says), said)
    assert said.engine_words == caught.value.sentence
