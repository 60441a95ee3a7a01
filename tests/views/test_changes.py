"""Whoever may not, or looked too long ago, changes nothing and is told so."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from netdash.models import Engine, JournalEntry
from tests.simulated import SimulatedEngine
from tests.views.sheets import connect_address, container, hidden, look, network, words


def test_whoever_confirms_second_sees_what_changed_and_confirms_again(
    operator: Client, row: Engine, tiers: SimulatedEngine
) -> None:
    address, database = connect_address(row, "nginx"), network(row, "database").id
    shown = look(operator, address, network=database)
    tiers.docker("network", "connect", "backend", "nginx")
    extra = {"token": hidden(shown, "token"), "basis": hidden(shown, "basis")}
    answer = operator.post(address, {"network": database, **extra})
    assert answer.status_code == 422
    assert "nginx has changed: it is running and on backend, frontend now." in words(answer)
    again = {"token": hidden(answer, "token"), "basis": hidden(answer, "basis")}
    assert operator.post(address, {"network": database, **again}).status_code == 302
    assert len(container(row, "nginx").endpoints) == 3


def test_viewers_look_but_cannot_change(viewer: Client, row: Engine) -> None:
    address, data = connect_address(row, "nginx"), {"network": network(row, "database").id}
    shown = look(viewer, address, **data)
    assert "Gains reach" in words(shown)
    assert 'id="confirm"' not in shown.content.decode()
    assert viewer.post(address, data).status_code == 403
    assert not JournalEntry.objects.exists()


def test_read_only_turns_every_change_off_and_says_so(
    operator: Client, row: Engine, settings: Settings
) -> None:
    settings.IS_READ_ONLY = True
    address, data = connect_address(row, "nginx"), {"network": network(row, "database").id}
    assert "netdash is set to read only" in words(look(operator, address, **data))
    refused = operator.post(address, data)
    assert refused.status_code == 403
    assert "read only" in words(refused)


def test_an_engine_that_is_switched_off_is_not_changed(operator: Client, row: Engine) -> None:
    leave = f"{reverse('disconnect', args=[row.slug])}?container={container(row, 'nginx').id}"
    leave += f"&network={network(row, 'frontend').id}"
    Engine.objects.update(is_enabled=False)
    shown = words(operator.get(leave))
    assert "switched off" in shown
    assert operator.post(leave).status_code == 403
    assert not JournalEntry.objects.exists()
    Engine.objects.update(is_enabled=True)
    operator.post(leave)
    assert JournalEntry.objects.get().outcome == "done"
    Engine.objects.update(is_enabled=False)
    undo = reverse("journal-undo", args=[row.slug, JournalEntry.objects.get().pk])
    assert operator.post(undo).status_code == 403


def test_an_engine_that_went_away_is_said_and_nothing_is_lost(
    operator: Client, row: Engine, tiers: SimulatedEngine
) -> None:
    address, data = connect_address(row, "nginx"), {"network": network(row, "database").id}
    tiers.stop()
    answer = operator.post(address, data | {"aliases": "kept"})
    assert answer.status_code == 422
    assert "There is no engine socket" in words(answer)
    assert 'value="kept"' in answer.content.decode()
