"""The journal: what is written down, found again and taken along."""

from __future__ import annotations

import json
import uuid

from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from netdash.jobs.runner import carry_out_plan
from netdash.jobs.writing import Author, write_entry
from netdash.models import Engine, JournalEntry
from netdash.topology.change_codec import decode_change
from netdash.topology.changes import (
    CreateNetwork,
    DisconnectContainer,
    RemoveNetwork,
    Step,
    plan_one,
)
from netdash.topology.inverses import inverse
from netdash.topology.snapshot import Container, Endpoint, Snapshot
from tests.views.sheets import CREATION, confirm, connect_address, network, words


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


def test_a_change_without_a_way_back_says_so_on_its_page(operator: Client, row: Engine) -> None:
    typed = CREATION | {"name": "lab"}
    confirm(operator, reverse("network-create", args=[row.slug]), **typed)
    address = reverse("journal-entry", args=[row.slug, JournalEntry.objects.get().pk])
    assert "It cannot be taken back from here" not in words(operator.get(address))
    JournalEntry.objects.update(undo=[])
    assert "It cannot be taken back from here: what was" in words(operator.get(address))


def test_an_endpoint_of_a_network_that_was_gone_is_said_to_be_gone_for_good(
    operator: Client, row: Engine
) -> None:
    gone = Endpoint("f" * 64, "long_gone")
    before = Snapshot((), (Container("c" * 64, "web", state="exited", endpoints=(gone,)),))
    change = DisconnectContainer(gone.network_id, gone.network_name, "c" * 64, "web")
    assert inverse(change, before) == ()
    entry = write_entry(row, Step(change), before, Author(), uuid.uuid4(), 0)
    JournalEntry.objects.update(outcome=JournalEntry.Outcome.DONE)
    address = reverse("journal-entry", args=[row.slug, entry.pk])
    told = "It cannot be taken back from here: the network was gone already."
    assert told in words(operator.get(address))
    JournalEntry.objects.update(before={})
    assert "It cannot be taken back from here: what was" in words(operator.get(address))


def test_a_removal_that_was_refused_leads_to_the_sheet_that_frees_the_network(
    operator: Client, viewer: Client, row: Engine
) -> None:
    database = network(row, "database")
    change = RemoveNetwork(database.id, database.name)
    assert carry_out_plan(row, plan_one(change), Author()).refusal
    address = reverse("journal-entry", args=[row.slug, JournalEntry.objects.get().pk])
    removal = f'href="{reverse("network-remove", args=[row.slug, database.id])}"'
    assert removal in operator.get(address).content.decode()
    assert removal not in viewer.get(address).content.decode()
