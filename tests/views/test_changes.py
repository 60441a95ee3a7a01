"""Sheets: what they foresee, what they do, what they refuse, and how it is taken back."""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from netdash.jobs.runner import carry_out_plan
from netdash.jobs.writing import Author, write_entry
from netdash.live.refresh import refresh
from netdash.models import Engine, Job, JournalEntry
from netdash.topology.change_codec import decode_change, encode_change
from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    Plan,
    Step,
    plan_one,
)
from netdash.topology.snapshot import Container, Network, Snapshot, Subnet
from netdash.views.place import read_place
from tests.brokers import Broker
from tests.simulated import SimulatedEngine
from tests.stored import make_read_row, read
from tests.views.reading_pages import find_undescribed


@pytest.fixture
def tiers() -> Iterator[SimulatedEngine]:
    """The scene of three tiers: nginx, react on frontend; api between; postgres, redis."""
    engine = SimulatedEngine(scene="tiers")
    yield engine
    engine.close()


@pytest.fixture
def row(db: None, broker: Broker, tiers: SimulatedEngine) -> Iterator[Engine]:
    """The row of the engine, read once."""
    yield from make_read_row(tiers.address)


def container(row: Engine, name: str) -> Container:
    return next(one for one in read(row).containers if one.name == name)


def network(row: Engine, name: str) -> Network:
    return next(one for one in read(row).networks if one.name == name)


def page(answer: Any) -> str:
    return str(answer.content.decode())


def words(answer: Any) -> str:
    """What a reader sees of a page, in one line."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(text).split())


def connect_address(row: Engine, *names: str) -> str:
    ids = "&".join(f"container={container(row, name).id}" for name in names)
    return f"{reverse('connect', args=[row.slug])}?{ids}"


def look(client: Client, address: str, **typed: str) -> Any:
    """Open a sheet with what is typed, as its preview does."""
    joint = "&" if "?" in address else "?"
    return client.get(f"{address}{joint}{urlencode(typed)}")


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found
    return html.unescape(found[1])


def confirm(client: Client, address: str, **typed: str) -> Any:
    """Look at the sheet with what is typed, then confirm it, as a browser does."""
    shown = look(client, address, **typed)
    extra = {"token": hidden(shown, "token"), "basis": hidden(shown, "basis")}
    return client.post(address, {**typed, **extra}, follow=True)


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


CREATION = {
    "driver": "bridge",
    "subnets-TOTAL_FORMS": "1",
    "subnets-INITIAL_FORMS": "0",
    "subnets-0-cidr": "",
}


def test_a_network_is_created_with_its_subnet(operator: Client, row: Engine) -> None:
    address = reverse("network-create", args=[row.slug])
    typed = CREATION | {
        "name": "lab",
        "subnets-0-cidr": "10.90.0.0/24",
        "subnets-0-gateway": "10.90.0.254",
        "subnets-0-auxiliary": "router=10.90.0.253",
        "labels": "team=blue",
        "is_internal": "on",
    }
    shown = words(look(operator, address, **typed))
    assert "docker network create --internal" in shown
    assert "done." in words(confirm(operator, address, **typed))
    made = network(row, "lab")
    assert made.is_internal
    assert made.labels == (("team", "blue"),)
    (subnet,) = made.subnets
    assert (subnet.cidr, subnet.gateway) == ("10.90.0.0/24", "10.90.0.254")


def test_an_overlap_is_refused_naming_who_collides(operator: Client, row: Engine) -> None:
    taken = network(row, "database").subnets[0].cidr
    typed = CREATION | {"name": "lab", "subnets-0-cidr": taken}
    answer = operator.post(reverse("network-create", args=[row.slug]), typed)
    assert answer.status_code == 422
    assert "database" in words(answer).partition("Subnets")[2].partition("Gateway")[0]
    assert not JournalEntry.objects.exists()


def test_a_network_in_use_is_freed_and_removed_as_one_plan(operator: Client, row: Engine) -> None:
    database = network(row, "database")
    address = reverse("network-remove", args=[row.slug, database.id])
    assert "postgres" in words(operator.get(address))
    assert operator.post(address).status_code == 422
    assert "done." in words(confirm(operator, address, disconnects="on"))
    assert database.id not in read(row).networks_by_id
    last = JournalEntry.objects.latest("pk")
    operator.post(reverse("journal-undo", args=[row.slug, last.pk]))
    again = network(row, "database")
    members = {one.name for one, _ in read(row).members_by_network_id[again.id]}
    assert {"postgres"} <= members


@pytest.mark.parametrize("name", ["bridge", "host", "none"])
def test_built_in_networks_say_why_they_stay(operator: Client, row: Engine, name: str) -> None:
    address = reverse("network-remove", args=[row.slug, network(row, name).id])
    assert operator.post(address).status_code == 422
    assert not JournalEntry.objects.exists()


def test_what_docker_cannot_edit_is_replaced_with_everybody_on_it(
    operator: Client, row: Engine
) -> None:
    database = network(row, "database")
    members = {one.name for one, _ in read(row).members_by_network_id[database.id]}
    address = reverse("network-migrate", args=[row.slug, database.id])
    typed = CREATION | {"name": "database-2", "subnets-0-cidr": "10.91.0.0/24"}
    assert "done." in words(confirm(operator, address, **typed))
    made = network(row, "database-2")
    assert {one.name for one, _ in read(row).members_by_network_id[made.id]} == members
    assert database.id not in read(row).networks_by_id


def test_undo_of_a_changed_subnet_brings_everybody_back(operator: Client, row: Engine) -> None:
    database = network(row, "database")
    members = {one.name for one, _ in read(row).members_by_network_id[database.id]}
    address = reverse("network-migrate", args=[row.slug, database.id])
    typed = CREATION | {"name": "database", "subnets-0-cidr": "10.91.0.0/24"}
    assert "done." in words(confirm(operator, address, **typed))
    last = JournalEntry.objects.latest("pk")
    undo = reverse("journal-undo", args=[row.slug, last.pk])
    assert "This cannot be restored" not in words(operator.get(undo))
    operator.post(undo, {"confirmed": "1", "override": "1"})
    again = network(row, "database")
    assert again.subnets == database.subnets
    assert {one.name for one, _ in read(row).members_by_network_id[again.id]} == members


def test_one_like_it_is_filled_in_with_a_free_name_and_subnet(
    operator: Client, row: Engine
) -> None:
    like = network(row, "database")
    address = f"{reverse('network-create', args=[row.slug])}?like={like.id}"
    page = operator.get(address).content.decode()
    assert 'value="database"' not in page
    assert f'value="{like.subnets[0].cidr}"' not in page


def test_undo_that_cuts_netdash_off_waits_until_somebody_insists(
    operator: Client, row: Engine, settings: Settings
) -> None:
    nginx, database = container(row, "nginx"), network(row, "database")
    change = ConnectContainer(database.id, database.name, nginx.id, nginx.name)
    carry_out_plan(row, plan_one(change), Author())
    address = reverse("journal-undo", args=[row.slug, JournalEntry.objects.get().pk])
    settings.OWN_CONTAINERS = (nginx.id,)
    read_place.cache_clear()
    try:
        held = operator.post(address)
        assert held.status_code == 422
        assert "nginx is netdash itself" in words(held)
        assert JournalEntry.objects.get().undone_at is None
        (insistence,) = re.findall(r'name="override" id="id_override" value="(\w+)">', page(held))
        ticked = f'value="{insistence}" checked>'
        assert ticked in page(operator.get(address, {"override": insistence}))
        assert ticked not in page(operator.get(address, {"override": "of something else"}))
        operator.post(address, {"override": insistence})
    finally:
        read_place.cache_clear()
    assert JournalEntry.objects.filter(undone_at__isnull=False).count() == 1


def test_undo_of_which_nothing_can_be_restored_says_so(operator: Client, row: Engine) -> None:
    nginx, frontend = container(row, "nginx"), network(row, "frontend")
    change = DisconnectContainer(frontend.id, frontend.name, nginx.id, nginx.name)
    carry_out_plan(row, plan_one(change), Author())
    undo = ConnectContainer("0" * 64, "gone", nginx.id, nginx.name)
    JournalEntry.objects.update(undo=[encode_change(undo)])
    address = reverse("journal-undo", args=[row.slug, JournalEntry.objects.get().pk])
    answer = operator.post(address, {"confirmed": "1"})
    assert answer.status_code == 422
    assert "This cannot be restored" in words(answer)
    assert JournalEntry.objects.get().undone_at is None


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


def test_what_of_the_old_subnet_does_not_fit_the_new_one_is_said(
    operator: Client, row: Engine
) -> None:
    create = CreateNetwork("lab", subnets=(Subnet("10.80.0.0/24", "10.80.0.254"),))
    carry_out_plan(row, plan_one(create), Author())
    address = reverse("network-migrate", args=[row.slug, network(row, "lab").id])
    typed = CREATION | {
        "name": "lab",
        "subnets-0-cidr": "10.81.0.0/24",
        "subnets-0-gateway": "10.80.0.254",
    }
    foreseen = words(operator.get(address, typed))
    assert "10.81.0.0/24: the gateway of 10.80.0.0/24." in foreseen
    assert "10.80.0.254" not in foreseen.partition("docker network create")[2]


def test_taking_back_says_what_was_taken_back(operator: Client, row: Engine) -> None:
    confirm(operator, connect_address(row, "nginx"), network=network(row, "database").id)
    entry = JournalEntry.objects.get()
    address = reverse("journal-undo", args=[row.slug, entry.pk])
    answer = operator.post(address, {}, follow=True)
    assert f"Taken back: {entry.summary}." in words(answer)


def test_a_long_undo_becomes_a_job(operator: Client, row: Engine) -> None:
    steps = tuple(Step(CreateNetwork(f"lab{n}")) for n in range(21))
    run = carry_out_plan(row, Plan(steps, "Labs"), Author())
    address = reverse("journal-undo", args=[row.slug, run.entries[0].pk])
    answer = operator.post(address, {}, follow=True)
    assert "Job started" in words(answer)
    job = Job.objects.get()
    assert (job.kind, job.items.count()) == (Job.Kind.UNDO, 21)
    assert set(job.items.values_list("undoes", flat=True)) == {one.pk for one in run.entries}


def read_export(client: Client, row: Engine, form: str) -> str:
    answer = client.get(reverse("journal-export", args=[row.slug, form]))
    assert isinstance(answer, StreamingHttpResponse)
    return answer.getvalue().decode()


def test_a_label_with_a_nul_is_written_down_as_every_database_can_store_it(row: Engine) -> None:
    create = CreateNetwork("lab", labels=(("a", "b\0c"),))
    before = Snapshot()
    entry = write_entry(row, Step(create, "for\0it"), before, Author(), uuid.uuid4(), 0)
    entry.refresh_from_db()
    assert entry.reason == "for\N{REPLACEMENT CHARACTER}it"
    assert "\\u0000" not in json.dumps([entry.change, entry.command, entry.summary])
    assert isinstance(decode_change(entry.change), CreateNetwork)


def test_the_journal_filters_searches_and_exports(operator: Client, row: Engine) -> None:
    confirm(operator, connect_address(row, "nginx"), network=network(row, "database").id)
    typed = CREATION | {"name": "=lab"}
    confirm(operator, reverse("network-create", args=[row.slug]), **(typed | {"name": "lab"}))
    journal = reverse("journal", args=[row.slug])
    assert "Create network lab" in words(operator.get(journal))
    found = words(operator.get(journal, {"kind": "connect", "q": "nginx"}))
    assert "Connect nginx to database" in found
    assert "Create network lab" not in found
    assert "No change fits" in words(operator.get(journal, {"q": "nowhere"}))
    exported = read_export(operator, row, "json")
    assert [one["kind"] for one in json.loads(exported)] == ["create", "connect"]
    lines = read_export(operator, row, "csv")
    assert len(lines.splitlines()) == 3


def test_an_engine_that_went_away_is_said_and_nothing_is_lost(
    operator: Client, row: Engine, tiers: SimulatedEngine
) -> None:
    address, data = connect_address(row, "nginx"), {"network": network(row, "database").id}
    tiers.stop()
    answer = operator.post(address, data | {"aliases": "kept"})
    assert answer.status_code == 422
    assert "There is no engine socket" in words(answer)
    assert 'value="kept"' in answer.content.decode()
