"""Two at once, or one too late: one outcome, one journal row, a sentence for whoever lost."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from netdash.engine.client import forget
from netdash.jobs.runner import Run, carry_out_plan
from netdash.jobs.writing import Author
from netdash.live import store
from netdash.live.refresh import refresh
from netdash.models import Engine, JournalEntry
from netdash.roles import give_role
from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    Plan,
    RemoveNetwork,
    plan_one,
)
from tests.brokers import Broker
from tests.engine_fixtures import REAL, run_any
from tests.engines import RunningEngine
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = Author(name="somebody")


@pytest.fixture(
    scope="module",
    params=["simulated 28.5", *REAL],
)
def started(request: pytest.FixtureRequest) -> Iterator[RunningEngine]:
    """Each engine that races are run on."""
    yield from run_any(request.param)


@pytest.fixture
def engine(started: RunningEngine) -> Iterator[RunningEngine]:
    """Two networks and a container: web on front, nobody on back."""
    for name in ("front", "back"):
        started.docker("network", "create", name)
    started.docker("run", "-d", "--name", "web", "--network", "front", "busybox:local")
    yield started
    started.empty()


@pytest.fixture
def row(broker: Broker, engine: RunningEngine, transactional_db: None) -> Iterator[Engine]:
    """The row of the engine, read until it shows who is there."""
    row = Engine.objects.create(name="Race", slug="race", address=engine.address)

    def is_read() -> bool:
        refresh(row)
        stored = store.latest(row.pk)
        names = stored.snapshot.networks if stored else ()
        by_id = stored.snapshot.members_by_network_id if stored else {}
        return any(one.name == "front" and by_id.get(one.id) for one in names)

    wait_until(is_read, "web is seen on front")
    yield row
    forget(row)


def find(row: Engine, network: str) -> tuple[str, str, str, str]:
    """Ids and names of a network and of web, as a change wants them."""
    stored = store.latest(row.pk)
    assert stored is not None
    found = next(one for one in stored.snapshot.networks if one.name == network)
    web = next(one for one in stored.snapshot.containers if one.name == "web")
    return found.id, found.name, web.id, web.name


def run_at_once(row: Engine, *plans: Plan) -> list[Run | BaseException]:
    """Carry out plans at once, each in a thread of its own; the same order comes back."""
    found: dict[int, Run | BaseException] = {}
    line = threading.Barrier(len(plans))

    def act(number: int, plan: Plan) -> None:
        line.wait(30)
        try:
            found[number] = carry_out_plan(row, plan, NOBODY)
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=one) for one in enumerate(plans)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in range(len(plans))]


def list_outcomes() -> list[tuple[str, str]]:
    return sorted(JournalEntry.objects.values_list("kind", "outcome"))


def list_places(engine: RunningEngine) -> set[str]:
    form = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"
    return set(engine.docker("inspect", "-f", form, "web").split())


def list_networks(engine: RunningEngine) -> list[str]:
    return engine.docker(
        "network", "ls", "--filter", "type=custom", "--format", "{{.Name}}"
    ).split()


def expect_done(runs: list[Run | BaseException]) -> None:
    assert [isinstance(run, Run) and run.is_done for run in runs] == [True] * len(runs), runs


def test_connect_twice_at_once(row: Engine, engine: RunningEngine) -> None:
    plan = plan_one(ConnectContainer(*find(row, "back")))
    expect_done(run_at_once(row, plan, plan))
    assert list_outcomes() == [("connect", "done")]
    assert list_places(engine) == {"front", "back"}


def test_disconnect_twice_at_once(row: Engine, engine: RunningEngine) -> None:
    plan = plan_one(DisconnectContainer(*find(row, "front")))
    expect_done(run_at_once(row, plan, plan))
    assert list_outcomes() == [("disconnect", "done")]
    assert list_places(engine) == set()


def test_create_twice_at_once(row: Engine, engine: RunningEngine) -> None:
    plan = plan_one(CreateNetwork("lab"))
    expect_done(run_at_once(row, plan, plan))
    assert list_outcomes() == [("create", "done")]
    assert list_networks(engine).count("lab") == 1


def test_remove_twice_at_once(row: Engine, engine: RunningEngine) -> None:
    plan = plan_one(RemoveNetwork(*find(row, "back")[:2]))
    expect_done(run_at_once(row, plan, plan))
    assert list_outcomes() == [("remove", "done")]
    assert list_networks(engine) == ["front"]


def test_remove_while_connecting(row: Engine, engine: RunningEngine) -> None:
    place = find(row, "back")
    enter, remove = plan_one(ConnectContainer(*place)), plan_one(RemoveNetwork(*place[:2]))
    runs = run_at_once(row, enter, remove)
    assert all(isinstance(run, Run) for run in runs), runs
    assert sorted(isinstance(run, Run) and run.is_done for run in runs) == [False, True]
    lost = next(run for run in runs if isinstance(run, Run) and not run.is_done)
    assert lost.refusal is not None
    assert lost.refusal.sentence
    outcomes = [outcome for _, outcome in list_outcomes()]
    assert sorted(outcomes) == ["done", "refused"]
    assert ("back" in list_networks(engine)) == ("back" in list_places(engine))


def test_connect_and_disconnect_at_once_leave_one_of_both(
    row: Engine, engine: RunningEngine
) -> None:
    place = find(row, "back")
    enter, leave = plan_one(ConnectContainer(*place)), plan_one(DisconnectContainer(*place))
    expect_done(run_at_once(row, enter, leave))
    is_on = "back" in list_places(engine)
    left = [("connect", "done")] if is_on else [("connect", "done"), ("disconnect", "done")]
    assert list_outcomes() == left


@pytest.fixture
def operator() -> Client:
    """Somebody who may change networks."""
    user = User.objects.create_user("racer", password="correct horse")
    give_role(user, "operator")
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def look(client: Client, address: str, **typed: str) -> dict[str, str]:
    """Open a sheet; give what its form holds besides."""
    shown = client.get(f"{address}&{urlencode(typed)}")
    return {**typed, **read_hidden(shown)}


def read_hidden(page: Any) -> dict[str, str]:
    hidden = dict(re.findall(r'name="(token|basis)" value="([^"]*)"', page.content.decode()))
    assert all(hidden.get(name) for name in ("token", "basis"))
    return {name: html.unescape(value) for name, value in hidden.items()}


def post_at_once(client: Client, address: str, typed: dict[str, str], count: int = 2) -> list[Any]:
    """Send the same form several times at once: somebody who clicks twice."""
    answers: list[Any] = []

    def act() -> None:
        other = Client()
        other.cookies = client.cookies
        try:
            answers.append(other.post(address, typed))
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_clicks_on_one_form_change_once(
    row: Engine, engine: RunningEngine, operator: Client
) -> None:
    network_id, _, container_id, _ = find(row, "back")
    address = f"{reverse('connect', args=[row.slug])}?container={container_id}"
    typed = look(operator, address, network=network_id)
    codes = [answer.status_code for answer in post_at_once(operator, address, typed)]
    assert len(codes) == 2
    assert 302 in codes
    assert set(codes) <= {302, 422}
    assert list_outcomes() == [("connect", "done")]
    assert list_places(engine) == {"front", "back"}


def remove_container(engine: RunningEngine) -> None:
    engine.docker("rm", "-f", "web")


def remove_network(engine: RunningEngine) -> None:
    engine.docker("network", "rm", "back")


@pytest.mark.parametrize(
    ("happens", "said"),
    [(remove_container, "The container is gone."), (remove_network, "The network is gone.")],
)
def test_what_goes_between_preview_and_confirm_is_said(
    row: Engine,
    engine: RunningEngine,
    operator: Client,
    happens: Callable[[RunningEngine], None],
    said: str,
) -> None:
    network_id, _, container_id, _ = find(row, "back")
    address = f"{reverse('connect', args=[row.slug])}?container={container_id}"
    typed = look(operator, address, network=network_id)
    happens(engine)
    answer = operator.post(address, typed)
    assert answer.status_code == 422
    assert said in html.unescape(answer.content.decode())
    assert not JournalEntry.objects.exclude(outcome="refused").exists()


def test_a_container_that_dies_between_preview_and_confirm_is_looked_at_again(
    row: Engine, engine: RunningEngine, operator: Client
) -> None:
    network_id, _, container_id, _ = find(row, "back")
    address = f"{reverse('connect', args=[row.slug])}?container={container_id}"
    typed = look(operator, address, network=network_id)
    engine.docker("stop", "-t", "0", "web")
    wait_until(
        lambda: engine.docker("ps", "-a", "--format", "{{.Status}}").startswith("Exited"),
        "the list shows that web has ended",
    )
    answer = operator.post(address, typed)
    assert answer.status_code == 422
    assert "web has changed: it is exited" in html.unescape(answer.content.decode())
    assert not JournalEntry.objects.exists()
    again = {**typed, **read_hidden(answer)}
    assert operator.post(address, again).status_code == 302
    assert list_outcomes() == [("connect", "done")]


def test_a_container_gone_without_a_preview_is_refused_in_words(
    row: Engine, engine: RunningEngine
) -> None:
    plan = plan_one(ConnectContainer(*find(row, "back")))
    remove_container(engine)
    (run,) = run_at_once(row, plan)
    assert isinstance(run, Run), run
    assert run.refusal is not None
    assert "web" in run.refusal.sentence
    assert list_outcomes() == [("connect", "refused")]
