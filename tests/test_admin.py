"""Managing engines and users."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from netdash.forms.engines import EngineForm
from netdash.live import store
from netdash.models import Engine, JournalEntry
from netdash.roles import find_role, give_role
from netdash.topology.snapshot import Snapshot
from tests.brokers import Broker

pytestmark = pytest.mark.django_db
VALUES = {"name": "Prod", "slug": "prod", "is_enabled": "on"}


@pytest.mark.parametrize(
    "address",
    [
        "unix:///var/run/docker.sock",
        "tcp://docker.example.org:2376",
        "tcp://[2001:db8::1]:2376",
        "ssh://ops@docker.example.org",
        "ssh://docker.example.org:2222",
    ],
)
def test_an_address_of_an_engine_is_accepted(address: str) -> None:
    assert EngineForm({**VALUES, "address": address}).is_valid()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/var/run/docker.sock", "Begin with unix://"),
        ("npipe:////./pipe/docker_engine", "Begin with unix://"),
        ("unix://var/run/docker.sock", "three slashes"),
        ("unix:///", "three slashes"),
        ("unix:///" + "x" * 110, "at most 107 bytes"),
        ("tcp://docker.example.org", "Add the port"),
        ("tcp://:2376", "Name the machine"),
        ("tcp://docker.example.org:99999", "not an address"),
        ("ssh://", "Name the machine"),
    ],
)
def test_what_is_no_address_is_refused_beside_its_field(address: str, words: str) -> None:
    form = EngineForm({**VALUES, "address": address})
    assert words in str(form.errors["address"])


def test_half_a_tls_identity_is_refused() -> None:
    tls = {"address": "tcp://x:2376", "tls_certificate": "/tls/cert.pem"}
    assert "give both" in str(EngineForm({**VALUES, **tls}).errors["tls_key"])
    tls |= {"tls_key": "key.pem"}
    assert "whole path" in str(EngineForm({**VALUES, **tls}).errors["tls_key"])
    tls |= {"tls_key": "/tls/key.pem"}
    assert EngineForm({**VALUES, **tls}).is_valid()
    tls["address"] = "unix:///run/docker.sock"
    assert "tcp:// only" in str(EngineForm({**VALUES, **tls}).errors["address"])


def test_an_administrator_adds_an_engine(administrator: Client, broker: Broker) -> None:
    address = {"address": "unix:///run/docker.sock"}
    answer = administrator.post(reverse("admin:netdash_engine_add"), {**VALUES, **address})
    assert answer.status_code == 302
    assert Engine.objects.get().slug == "prod"
    assert "unknown" in administrator.get(reverse("admin:netdash_engine_changelist")).text


def test_the_admin_says_how_an_engine_is(administrator: Client, stored_engine: Engine) -> None:
    store.note_status(stored_engine.pk, "away", "<b>gone</b>", "Start it.")
    page = administrator.get(reverse("admin:netdash_engine_changelist")).text
    assert "away <bdi>&lt;b&gt;gone&lt;/b&gt;</bdi> Start it." in page


def test_a_new_user_is_a_viewer_unless_told_otherwise(administrator: Client) -> None:
    page = administrator.get(reverse("admin:auth_user_add")).text
    assert re.search(r'value="viewer"[^>]*checked', page)
    secret = {"password1": "a long unusual phrase", "password2": "a long unusual phrase"}
    answer = administrator.post(
        reverse("admin:auth_user_add"),
        {"username": "bo", "role": "operator", "usable_password": "true", **secret},
    )
    assert answer.status_code == 302
    made = User.objects.get(username="bo")
    assert find_role(made) == "operator"
    assert made.has_perm("netdash.change_networks")
    assert not made.is_staff


def test_a_role_that_is_taken_away_takes_the_admin_with_it(administrator: Client) -> None:
    user = User.objects.create_superuser("boss", password="correct horse")
    give_role(user, "administrator")
    answer = administrator.post(
        reverse("admin:auth_user_change", args=[user.pk]),
        {"username": "boss", "role": "viewer", "is_active": "on"},
    )
    assert answer.status_code == 302
    user = User.objects.get(username="boss")
    assert (find_role(user), user.is_staff, user.is_superuser) == ("viewer", False, False)


def test_the_journal_is_only_read(administrator: Client) -> None:
    assert administrator.get(reverse("admin:netdash_journalentry_changelist")).status_code == 200
    assert administrator.get(reverse("admin:netdash_journalentry_add")).status_code == 403


def test_an_engine_goes_with_its_journal_and_all_that_was_read_of_it(
    client: Client, broker: Broker
) -> None:
    client.force_login(
        User.objects.create_superuser("root", password="correct horse"),
        "django.contrib.auth.backends.ModelBackend",
    )
    engine = Engine.objects.create(name="Old", slug="old", address="unix:///old.sock")
    for position in range(3):
        JournalEntry.objects.create(engine=engine, summary="x", change={}, position=position)
    store.save(engine.pk, Snapshot())
    address = reverse("admin:netdash_engine_delete", args=[engine.pk])
    shown = client.get(address).content.decode()
    assert "3 journal" in shown
    assert "required" not in shown.lower().partition("are you sure")[0]
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert not Engine.objects.filter(pk=engine.pk).exists()
    assert not JournalEntry.objects.exists()
    assert store.latest(engine.pk) is None
