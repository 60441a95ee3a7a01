"""The health page says of each part whether it is well."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from netdash.jobs import tasks
from netdash.live import beats, store
from netdash.models import Engine
from tests.brokers import Broker


@pytest.fixture
def all_alive(broker: Broker) -> None:
    """Every process showed itself just now."""
    for name in ("worker", "beat", "task"):
        beats.note(name)


def ask(client: Client, settings: Settings, query: str = "") -> tuple[int, dict[str, Any]]:
    """Ask as a probe."""
    response = client.get(
        f"/health{query}", headers={"Authorization": f"Bearer {settings.HEALTH_TOKEN}"}
    )
    return response.status_code, response.json()


def test_a_probe_with_the_token_learns_that_all_is_well(
    client: Client, settings: Settings, stored_engine: Engine, all_alive: None
) -> None:
    status, answer = ask(client, settings)
    assert (status, answer["ok"]) == (200, True)
    assert [part["name"] for part in answer["parts"]] == [
        "Database",
        "Store and broker",
        "Worker",
        "Beat",
        "Local",
    ]
    assert all(part["is_ok"] for part in answer["parts"])


def test_a_person_sees_a_page(viewer: Client, stored_engine: Engine, all_alive: None) -> None:
    response = viewer.get("/health")
    assert response.status_code == 200
    assert "Every part of netdash is well." in response.content.decode()


def test_a_worker_that_was_never_seen_is_not_well(viewer: Client, stored_engine: Engine) -> None:
    response = viewer.get("/health")
    assert response.status_code == 503
    assert "celery -A netdash worker" in response.content.decode()


def test_beat_is_not_well_while_nobody_carries_out_its_tasks(
    client: Client, settings: Settings, broker: Broker, db: None
) -> None:
    beats.note("beat")
    status, answer = ask(client, settings, "?only=beat")
    assert status == 503
    assert "is a worker running" in answer["parts"][0]["remedy"]
    tasks.note_beat.run()
    assert ask(client, settings, "?only=beat")[0] == 200


def test_an_engine_that_is_away_does_not_make_netdash_ill(
    client: Client, settings: Settings, stored_engine: Engine, all_alive: None
) -> None:
    store.note_status(stored_engine.pk, "away", "<b>It</b> is gone.", "Start it.")
    status, answer = ask(client, settings)
    assert status == 200
    assert (answer["parts"][-1]["is_ok"], answer["parts"][-1]["remedy"]) == (False, "Start it.")


def test_a_page_does_not_call_everything_well_while_an_engine_is_away(
    viewer: Client, stored_engine: Engine, all_alive: None
) -> None:
    store.note_status(stored_engine.pk, "away", "It is gone.", "Start it.")
    page = viewer.get("/health").content.decode()
    assert "netdash itself is well; 1 engine is not." in page
    assert "Every part" not in page


def test_hostile_words_of_an_engine_are_text(
    viewer: Client, stored_engine: Engine, all_alive: None
) -> None:
    store.note_status(stored_engine.pk, "away", "<b>It</b> is gone.")
    assert "&lt;b&gt;It&lt;/b&gt; is gone." in viewer.get("/health").content.decode()


def test_a_store_that_is_away_is_said(
    client: Client, settings: Settings, own_broker: Broker, engine_row: Engine
) -> None:
    own_broker.stop(signal.SIGKILL)
    status, answer = ask(client, settings)
    assert (status, answer["ok"]) == (503, False)
    assert [part["is_ok"] for part in answer["parts"]] == [True, False, False, False, False]


def test_the_anonymous_are_led_to_the_sign_in(client: Client, db: None) -> None:
    response = client.get("/health")
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in")


def test_a_wrong_token_is_refused(client: Client, db: None) -> None:
    assert client.get("/health", headers={"Authorization": "Bearer guess"}).status_code == 403


def test_a_user_without_a_role_is_refused(sign_in: Any) -> None:
    assert sign_in("").get("/health").status_code == 403


def test_the_sweep_forgets_what_is_expired(db: None) -> None:
    tasks.sweep.run()
