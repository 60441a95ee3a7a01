"""Several at once: what is ticked in a list, or all that its filter finds."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from netdash.live import store
from netdash.models import Engine, Job, JournalEntry
from netdash.topology.snapshot import Snapshot
from netdash.views.changing import MOST_STEPS
from tests.builders import topology
from tests.views.reading_pages import open_markup, open_words, take_words

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\u202egnp.exe"


def keep(engine: Engine, *lines: str) -> Snapshot:
    snapshot = topology(*lines)
    store.save(engine.pk, snapshot)
    return snapshot


def many(count: int) -> tuple[str, ...]:
    """So many containers on one network."""
    return tuple(f"c{number:04}: front" for number in range(count))


def write(name: str, *pairs: tuple[str, str]) -> str:
    return f"{name}?{urlencode(pairs)}"


def test_rows_can_be_ticked_by_who_may_change(
    operator: Client, viewer: Client, stored_engine: Engine
) -> None:
    for noun, name in (("containers", "container"), ("networks", "network")):
        assert f'form="choose" name="{name}"' in open_markup(operator, f"{noun}/")
        assert 'form="choose"' not in open_markup(viewer, f"{noun}/")


def test_ticks_go_by_a_plain_form(operator: Client, stored_engine: Engine) -> None:
    page = open_markup(operator, "containers/")
    assert '<form id="choose" class="choose-bar" method="get"' in page
    assert f'formaction="{reverse("connect", args=["local"])}"' in page
    assert f'formaction="{reverse("disconnect", args=["local"])}"' in page
    assert 'name="matching" value=""' in page
    assert 'name="matching" value="q=web"' in open_markup(operator, "containers/?q=web")


def test_all_that_a_filter_finds_are_changed_on_whatever_page(
    operator: Client, stored_engine: Engine
) -> None:
    keep(stored_engine, *many(150), "web: back")
    address = write("disconnect", ("matching", "q=c0"), ("network", "net-front"))
    words = open_words(operator, address)
    assert "Disconnect 150 containers from front" in words
    assert "It runs as a job" in words
    assert "# and 100 more" in words


def test_a_long_plan_becomes_a_job_and_the_same_click_twice_only_one(
    operator: Client, stored_engine: Engine
) -> None:
    keep(stored_engine, *many(21))
    address = write("/e/local/disconnect", ("matching", ""), ("network", "net-front"))
    typed = {"token": "5b8f6a3e-0000-4000-8000-000000000001", "note": "tidy"}
    for _ in range(2):
        answer = operator.post(address, typed, follow=True)
        assert "Job started: Disconnect 21 containers from front" in take_words(
            answer.content.decode()
        )
    job = Job.objects.get()
    assert (job.items.count(), job.note, job.author_name) == (21, "tidy", "a-operator")
    assert job.get_absolute_url() in answer.content.decode()
    assert not JournalEntry.objects.exists()


def test_a_job_is_not_started_on_what_has_changed_since_the_preview(
    operator: Client, stored_engine: Engine
) -> None:
    keep(stored_engine, *many(30))
    address = write("disconnect", ("matching", ""), ("network", "net-front"))
    page = open_markup(operator, address)
    basis = page.split('name="basis" value="')[1].split('"')[0]
    keep(stored_engine, *many(31))
    answer = operator.post(f"/e/local/{address}", {"basis": basis})
    assert answer.status_code == 422
    assert "Since you looked, something has changed" in answer.content.decode()
    assert not Job.objects.exists()


def test_more_than_a_thousand_steps_are_refused_in_words(
    operator: Client, stored_engine: Engine
) -> None:
    keep(stored_engine, *many(MOST_STEPS + 1))
    address = write("disconnect", ("matching", ""), ("network", "net-front"))
    assert "At most 1,000 changes go at once" in open_words(operator, address)
    assert operator.post(f"/e/local/{address}").status_code == 422


def test_several_networks_are_removed_and_those_in_use_are_left_out(
    operator: Client, stored_engine: Engine
) -> None:
    snapshot = keep(stored_engine, "web: front", "old: spare aside", "db: front")
    chosen = [("network", network.id) for network in snapshot.networks]
    words = open_words(operator, write("networks/remove", *chosen))
    assert "3 containers are on them." in words
    freed = open_words(operator, write("networks/remove", *chosen, ("disconnects", "on")))
    assert "Disconnect them, then remove" in freed
    assert "docker network rm front" in freed


def test_networks_that_cannot_go_are_left_out_and_said(
    operator: Client, stored_engine: Engine
) -> None:
    snapshot = keep(stored_engine, "web: front", "gone: empty")
    bare = Snapshot(
        snapshot.networks, tuple(one for one in snapshot.containers if one.name == "web")
    )
    store.save(stored_engine.pk, bare)
    words = open_words(operator, write("networks/remove", ("matching", "")))
    assert "1 left out" in words
    assert "Remove 1 of 2 networks" in words
    assert "still connected to front" in words
    assert "docker network rm empty" in words
    assert "docker network rm front" not in words


def test_a_container_is_connected_to_several_networks(
    operator: Client, stored_engine: Engine
) -> None:
    snapshot = keep(stored_engine, "web: front", "db: back aside")
    chosen = [("network", one.id[:12]) for one in snapshot.networks if one.name != "front"]
    words = open_words(operator, write("networks/connect", *chosen, ("container", "web")))
    assert "docker network connect back web" in words
    assert "docker network connect aside web" in words
    missed = open_words(operator, write("networks/connect", *chosen, ("container", "nobody")))
    assert "There is no container of this name." in missed


@pytest.mark.parametrize(
    ("view", "noun"),
    [
        ("networks-remove", "networks"),
        ("networks-connect", "networks"),
        ("connect", "containers"),
        ("disconnect", "containers"),
    ],
)
def test_nothing_ticked_leads_back_to_the_list(
    operator: Client, stored_engine: Engine, view: str, noun: str
) -> None:
    answer = operator.get(reverse(view, args=["local"]), follow=True)
    assert answer.redirect_chain == [(reverse(noun, args=["local"]), 302)]
    assert f"Choose {noun} first" in take_words(answer.content.decode())


@pytest.mark.parametrize("path", ["networks/remove", "networks/connect"])
def test_who_may_only_look_sees_what_it_would_mean_and_does_nothing(
    viewer: Client, stored_engine: Engine, path: str
) -> None:
    address = write(path, ("matching", ""), ("container", "web"))
    assert "Your role may look" in open_words(viewer, address)
    assert viewer.post(f"/e/local/{address}").status_code == 403


def test_hostile_names_and_filters_stay_words(operator: Client, stored_engine: Engine) -> None:
    keep(stored_engine, *(f"{HOSTILE[:18]}{n}: {HOSTILE[:25]}{n}" for n in range(3)))
    for address in (
        write("networks/remove", ("matching", "")),
        write("networks/connect", ("matching", ""), ("container", HOSTILE)),
        write("connect", ("matching", "")),
        write("disconnect", ("matching", "")),
        write("containers/", ("q", HOSTILE)),
        write("networks/remove", ("matching", f"state={HOSTILE}&%%%&page=x")),
    ):
        assert "<script>alert" not in open_markup(operator, address)


def test_a_container_named_like_a_short_id_does_not_take_its_place(
    operator: Client, stored_engine: Engine
) -> None:
    snapshot = keep(stored_engine, "web-of-the-shop: front", "id-web-of-th: front")
    short = next(one.id for one in snapshot.containers if one.name == "web-of-the-shop")[:12]
    assert short == "id-web-of-th"
    assert "Connect web-of-the-shop" in open_words(operator, write("connect", ("container", short)))
