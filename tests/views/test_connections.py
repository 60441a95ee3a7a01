"""Connecting and disconnecting: what the sheets foresee, refuse and do."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from netdash.live.refresh import refresh
from netdash.models import Engine, JournalEntry
from tests.simulated import SimulatedEngine
from tests.views.reading_pages import find_undescribed, take_words
from tests.views.sheets import (
    confirm,
    connect_address,
    container,
    look,
    network,
    page,
    words,
)


def test_connect_foresees_who_is_reached_before_anything_happens(
    operator: Client, row: Engine
) -> None:
    address = connect_address(row, "nginx")
    shown = words(look(operator, address, network=network(row, "database").id))
    assert "Gains reach" in shown
    assert "postgres" in shown
    assert "docker network connect database nginx" in shown
    assert not JournalEntry.objects.exists()


def test_connect_connects_and_offers_undo(operator: Client, row: Engine) -> None:
    answer = confirm(
        operator, connect_address(row, "nginx"), network=network(row, "database").id, note="trial"
    )
    assert "Connect nginx to database: done." in words(answer)
    assert [e.network_name for e in container(row, "nginx").endpoints] == ["database", "frontend"]
    entry = JournalEntry.objects.get()
    assert (entry.author_name, entry.note) == ("a-operator", "trial")
    undo = reverse("journal-undo", args=[row.slug, entry.pk])
    assert f'action="{undo}"' in answer.content.decode()
    assert "Taken back: Connect nginx to database." in words(operator.post(undo, follow=True))
    assert [e.network_name for e in container(row, "nginx").endpoints] == ["frontend"]
    entry.refresh_from_db()
    assert entry.undone_at is not None


def test_a_container_named_like_the_id_of_another_does_not_take_its_place(
    operator: Client, row: Engine, tiers: SimulatedEngine
) -> None:
    nginx = container(row, "nginx")
    tiers.docker("create", "--name", nginx.id, "busybox:local")
    refresh(row)
    answer = look(operator, connect_address(row, "nginx"))
    assert "Connect nginx" in words(answer)
    assert "Connect nginx" in words(
        look(operator, f"{reverse('connect', args=[row.slug])}?container={nginx.id[:12]}")
    )


def test_a_preview_without_scripts_keeps_who_is_chosen(operator: Client, row: Engine) -> None:
    # The browser drops the query of an address that it fills in itself.
    shown = page(operator.get(connect_address(row, "nginx", "postgres")))
    kept = re.search(r"<noscript>(.*?)</noscript>", shown)
    ids = [container(row, name).id for name in ("nginx", "postgres")]
    assert kept
    assert re.findall(r'name="container" value="(\w+)"', kept[1]) == ids


def test_several_containers_are_connected_as_one_plan(operator: Client, row: Engine) -> None:
    address = connect_address(row, "nginx", "react")
    confirm(operator, address, network=network(row, "database").id)
    plans = JournalEntry.objects.values_list("plan_id", flat=True)
    assert len(plans) == 2
    assert len(set(plans)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("ipv4", "10.1.2", "10.1.2 is no IPv4 address"),
        ("ipv4", "8.8.8.8", "8.8.8.8"),
        ("aliases", "no/slash", "no/slash cannot be a name"),
        ("driver_options", "=x", "Line 1 has no key"),
        ("gateway_priority", "high", "Write a whole number"),
        ("network", "nothing", "This network is gone"),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_stays_typed(
    operator: Client, row: Engine, field: str, typed: str, said: str
) -> None:
    data = {"network": network(row, "database").id, field: typed, "aliases": "kept"} | {
        field: typed
    }
    answer = operator.post(connect_address(row, "nginx"), data)
    assert answer.status_code == 422
    assert said in words(answer)
    assert typed in html.unescape(answer.content.decode()) or field == "network"
    assert not find_undescribed(page(answer))
    assert 'aria-invalid="true"' in page(answer)
    if field != "aliases":
        assert 'value="kept"' in answer.content.decode()
    assert not JournalEntry.objects.exists()


def test_disconnect_says_what_is_lost_and_gives_it_back(operator: Client, row: Engine) -> None:
    pair = f"container={container(row, 'postgres').id}&network={network(row, 'database').id}"
    address = f"{reverse('disconnect', args=[row.slug])}?{pair}"
    shown = words(operator.get(address))
    assert "Loses reach" in shown
    assert "docker network disconnect database postgres" in shown
    forced = look(operator, address, force="on", note="it hangs")
    assert "docker network disconnect --force database postgres" in words(forced)
    assert 'value="it hangs"' in page(forced)
    before = container(row, "postgres").endpoints
    assert "done." in words(confirm(operator, address))
    assert container(row, "postgres").endpoints == ()
    operator.post(reverse("journal-undo", args=[row.slug, JournalEntry.objects.get().pk]))
    after = container(row, "postgres").endpoints
    assert [(e.network_id, e.ipv4) for e in after] == [(e.network_id, e.ipv4) for e in before]


def test_one_of_several_containers_is_asked_for_before_it_is_disconnected(
    operator: Client, row: Engine
) -> None:
    backend = network(row, "backend")
    ids = {name: container(row, name).id for name in ("api", "worker", "nginx")}
    among = ",".join(id_[:12] for id_ in (*ids.values(), "f" * 64))
    address = f"{reverse('disconnect', args=[row.slug])}?network={backend.id[:12]}&among={among}"
    asked = page(operator.get(address))
    choices = re.findall(r'<a class="button" href="([^"]+)" hx-get="\1"', asked)
    assert "Disconnect from backend" in take_words(asked)
    sheets = [words(operator.get(html.unescape(choice))) for choice in choices]
    titles = ("api from backend", "worker from backend", "2 containers from backend")
    assert len(sheets) == len(titles), "nginx is not on it, and one is gone"
    for title, sheet in zip(titles, sheets, strict=True):
        assert f"Disconnect {title}" in sheet
    assert not JournalEntry.objects.exists()
    gone = operator.get(f"{reverse('disconnect', args=[row.slug])}?network=0&among={'f' * 64}")
    assert "None of them is on it any more." in words(gone)


def test_an_interface_name_has_a_field_of_its_own_and_fifteen_characters(
    operator: Client, row: Engine
) -> None:
    address, chosen = connect_address(row, "nginx"), network(row, "database").id
    shown = operator.get(f"{address}&network={chosen}").content.decode()
    (name,) = re.findall(r'name="(option-\d)"[^>]*placeholder="front0"', shown)
    refused = operator.post(address, {"network": chosen, name: "x" * 16})
    assert refused.status_code == 422
    assert "at most 15 characters" in words(refused)
    confirm(operator, address, network=chosen, **{name: "front0"})
    command = JournalEntry.objects.get().command
    assert "com.docker.network.endpoint.ifname=front0" in command
