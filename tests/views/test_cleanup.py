"""The clean-up page: what it offers, what it refuses, and what it says when the world moves."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from netdash.forms.cleanup import CleanupForm
from netdash.jobs.queue import read_change
from netdash.live import store
from netdash.models import Engine, Job
from netdash.topology.candidates import CleanupFilter, encode_filter
from netdash.topology.changes import RemoveNetwork
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet
from tests.cleanups import write_time
from tests.views.nonsense import NASTY
from tests.views.reading_pages import find_undescribed

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
    """An engine that holds the world of these tests."""
    store.save(stored_engine.pk, WORLD)
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


def test_the_page_is_the_dry_run(operator: Client, row: Engine) -> None:
    page = show(operator, row)
    assert list_offered(page) == ["idle", "young"]
    assert not find_undescribed(page)
    assert "2 of 5 networks can go · frees 2 subnets" in page
    assert "No container is on it or names it, running or stopped." in page
    assert "Created 3 minutes ago" in page
    assert not Job.objects.exists()


def test_what_something_speaks_against_is_not_ticked(operator: Client, row: Engine) -> None:
    page = show(operator, row)
    boxes = dict(re.findall(r'aria-label="Take ([^"]+)"( checked)?', page))
    assert boxes == {"idle": " checked", "young": ""}


def test_what_stays_is_counted_and_said_when_asked_for(viewer: Client, row: Engine) -> None:
    page = show(viewer, row)
    assert "3 networks stay" in page
    assert "job (stopped)" not in page
    page = show(viewer, row, "?show=stopped")
    assert "job (stopped) names it and needs it to start." in page
    assert "In use by web." not in page


def test_a_network_can_be_asked_about_alone(viewer: Client, row: Engine) -> None:
    page = show(viewer, row, f"?networks={USED.id}")
    assert "In use by web." in page
    assert "1 network stays" in page
    assert "netdash.keep" not in page
    assert not list_offered(page)
    assert list_offered(show(viewer, row, f"?networks={IDLE.id}")) == ["idle"]
    assert "what was chosen is gone already" in show(viewer, row, "?networks=gone")


def test_the_page_of_a_network_leads_here(viewer: Client, row: Engine) -> None:
    page = unescape(
        viewer.get(reverse("network-detail", args=[row.slug, USED.id])).content.decode()
    )
    assert address(row, f"?networks={USED.id}") in page


def test_prune_is_shown_with_the_difference(operator: Client, row: Engine) -> None:
    page = show(operator, row, "?ignores_stopped=on&preset=docker")
    assert list_offered(page) == ["idle", "needed", "young"]
    assert "It would remove 4 networks." in page
    assert "1 network that netdash.keep protects: kept." in page
    assert "job (stopped) names it and would not start without it." in page
    assert "whose next start would fail: needed" in page
    assert page.index("It would remove 4") < page.index("Take idle")
    assert "whose next start would fail: needed" in show(operator, row)


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("?name_pattern=i*", ["idle"]),
        ("?older_than=1d", ["idle"]),
        ("?drivers=macvlan", []),
        ("?labels=x", []),
        ("?not_labels=x", ["idle", "young"]),
        ("?unused_since=1d", []),
        ("?unknown=1&page=9&show=nonsense", ["idle", "young"]),
    ],
)
def test_filters_narrow(operator: Client, row: Engine, query: str, offered: list[str]) -> None:
    assert list_offered(show(operator, row, query)) == offered


def test_a_filter_that_cannot_be_read_offers_nothing(operator: Client, row: Engine) -> None:
    page = show(operator, row, "?older_than=soon")
    beside = page.partition('name="older_than"')[2].partition("</div>")[0]
    assert "Write a span such as 30d" in beside
    assert not list_offered(page)
    assert not find_undescribed(page)


def test_a_driver_that_no_network_has_is_said_beside_its_filter(
    operator: Client, row: Engine
) -> None:
    page = show(operator, row, "?drivers=bridge,nosuch")
    beside = page.partition('name="drivers"')[2].partition("</div>")[0]
    assert "No network has the driver nosuch." in beside
    assert "driver bridge." not in beside
    assert list_offered(page) == ["idle", "young"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?driver=bridge", "netdash does not know driver in this address: it was left out."),
        ("?preset=dokcer", "netdash does not know preset=dokcer in this address"),
        ("?foo=1&show=nonsense", "does not know foo, show=nonsense in this address: they were"),
    ],
)
def test_what_an_address_says_in_vain_is_said(
    operator: Client, row: Engine, query: str, words: str
) -> None:
    assert words in show(operator, row, query)


def test_what_every_link_of_the_page_asks_is_known(operator: Client, row: Engine) -> None:
    for query in ("", "?ignores_stopped=on&preset=docker", "?show=all&page=1", "?labels=x"):
        assert "does not know" not in show(operator, row, query)


def test_a_refresh_brings_what_is_said_of_a_filter(operator: Client, row: Engine) -> None:
    answer = operator.get(
        address(row, "?older_than=soon"),
        headers={"HX-Request": "true", "HX-Target": "cleanup-list"},
    )
    assert 'data-wish="id_older_than"' in answer.content.decode()


def test_it_says_since_when_netdash_has_watched(operator: Client, row: Engine) -> None:
    page = show(operator, row, "?unused_since=30d&show=filter")
    assert "netdash has watched this engine for" in page
    assert "so whether it was used within 30 days is not known." in page


def test_nothing_to_clean_says_why(operator: Client, stored_engine: Engine) -> None:
    assert "Nothing to clean: every network is needed" in show(operator, stored_engine)
    store.save(stored_engine.pk, replace(WORLD, containers=()))
    page = show(operator, stored_engine, "?name_pattern=none")
    assert "4 unused networks do not fit these filters." in page


def test_an_engine_that_was_never_read_says_so(
    operator: Client, engine_row: Engine, broker: object
) -> None:
    assert "has not been read yet" in show(operator, engine_row)


def test_a_review_shows_exactly_what_would_go(operator: Client, row: Engine) -> None:
    answer = review(operator, row, IDLE)
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "Remove 1 network" in page
    assert "docker network rm idle" in page
    assert read_hidden(page, "chosen") == IDLE.id
    assert not Job.objects.exists()


def test_confirming_starts_the_job(operator: Client, row: Engine) -> None:
    answer = start(operator, row, review(operator, row, IDLE), note="old stuff")
    job = Job.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, job.get_absolute_url())
    assert (job.kind, job.note, job.author_name) == ("cleanup", "old stuff", "a-operator")
    assert job.guard == encode_filter(CleanupFilter())
    (item,) = job.items.all()
    assert read_change(item) == RemoveNetwork(IDLE.id, "idle")
    assert "No container" in item.reason


def test_confirming_twice_starts_one_job(operator: Client, row: Engine) -> None:
    reviewed = review(operator, row, IDLE)
    start(operator, row, reviewed)
    start(operator, row, reviewed)
    assert Job.objects.count() == 1


def test_what_is_posted_keeps_its_filters_in_the_address(operator: Client, row: Engine) -> None:
    # The page that refuses it refreshes from there.
    kept = f'action="{address(row, "?name_pattern=i%2A")}"'
    assert kept in show(operator, row, "?name_pattern=i*")
    reviewed = review(operator, row, IDLE, name_pattern="i*")
    assert kept in unescape(reviewed.content.decode())


def test_doubts_must_be_meant(operator: Client, row: Engine) -> None:
    reviewed = review(operator, row, IDLE, YOUNG)
    assert "Something speaks against 1 network" in reviewed.content.decode()
    refused = start(operator, row, reviewed, note="quarter's end")
    assert refused.status_code == 422
    assert "Tick this if you mean it." in refused.content.decode()
    assert 'value="quarter\'s end"' in unescape(refused.content.decode())
    assert not Job.objects.exists()
    assert start(operator, row, refused, override="1").status_code == 302
    assert Job.objects.get().items.count() == 2


def test_all_that_nothing_speaks_against_can_be_taken_at_once(
    operator: Client, row: Engine
) -> None:
    page = unescape(review(operator, row, scope="sure").content.decode())
    assert read_hidden(page, "chosen") == IDLE.id


def test_what_came_into_use_since_is_said_and_left_out(operator: Client, row: Engine) -> None:
    reviewed = review(operator, row, IDLE, YOUNG)
    store.save(row.pk, replace(WORLD, containers=(*WORLD.containers, on("api", IDLE))))
    answer = start(operator, row, reviewed, override="1")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "idle: In use by api." in page
    assert read_hidden(page, "chosen") == YOUNG.id
    assert not Job.objects.exists()


def test_a_new_doubt_is_said_before_anything_goes(operator: Client, row: Engine) -> None:
    reviewed = review(operator, row, IDLE)
    labels = (("com.docker.compose.project", "shop"),)
    idle = replace(IDLE, labels=labels)
    shop = Container("id-s", "s", labels=labels)
    networks = tuple(idle if one is IDLE else one for one in WORLD.networks)
    store.save(row.pk, Snapshot(networks, (*WORLD.containers, shop)))
    answer = start(operator, row, reviewed)
    assert answer.status_code == 422
    assert "idle: Its Compose project shop still has 1 container." in unescape(
        answer.content.decode()
    )


def test_what_is_gone_or_was_never_there_is_said(operator: Client, row: Engine) -> None:
    answer = operator.post(address(row), {"step": "start", "chosen": ["nonsense", "<i>"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The network nonsense is gone already." in unescape(page)
    assert "<i>" not in page


def test_nothing_chosen_is_refused(operator: Client, row: Engine) -> None:
    answer = operator.post(address(row), {"step": "review"})
    assert (answer.status_code, "Choose a network first." in answer.content.decode()) == (422, True)


def test_what_must_stay_cannot_be_posted(operator: Client, row: Engine) -> None:
    for found in (USED, NEEDED, KEPT):
        data = {"step": "start", "chosen": found.id, "override": "1"}
        assert operator.post(address(row), data).status_code == 422
    assert not Job.objects.exists()


def test_a_viewer_sees_and_cannot_start(viewer: Client, row: Engine) -> None:
    page = show(viewer, row)
    assert list_offered(page) == ["idle", "young"]
    assert "Review the removal" not in page
    assert "Your role may look, not change." in page
    assert viewer.post(address(row), {"chosen": IDLE.id}).status_code == 403


def test_read_only_and_switched_off_start_nothing(
    operator: Client, row: Engine, settings: Settings
) -> None:
    settings.IS_READ_ONLY = True
    assert "set to read only" in show(operator, row)
    assert operator.post(address(row), {"chosen": IDLE.id}).status_code == 403
    settings.IS_READ_ONLY = False
    Engine.objects.update(is_enabled=False)
    assert "switched off" in show(operator, row)
    assert operator.post(address(row), {"chosen": IDLE.id}).status_code == 403
    assert not Job.objects.exists()


def test_hostile_names_stay_text(operator: Client, row: Engine) -> None:
    evil = '"><script>alert(1)</script>\u202e' + "x" * 500
    store.save(row.pk, Snapshot((network("n", labels=((evil, evil),)), replace(IDLE, name=evil))))
    answer = operator.get(address(row))
    assert b"<script>alert" not in answer.content
    page = operator.post(address(row), {"step": "review", "chosen": IDLE.id})
    assert b"<script>alert" not in page.content
    assert (
        b"<script>alert"
        not in operator.get(
            address(row), {"name_pattern": evil[:150], "labels": evil, "show": evil}
        ).content
    )


def test_nonsense_is_answered_and_starts_nothing(operator: Client, row: Engine) -> None:
    fields = (
        *CleanupForm.base_fields,
        "preset",
        "show",
        "page",
        "step",
        "scope",
        "chosen",
        "basis",
    )
    posts = [(name, value) for name in fields for value in NASTY]
    for name, value in posts[::29]:
        query = urlencode({name: value}, errors="surrogatepass")
        assert operator.get(f"{address(row)}?{query}").status_code == 200, (name, value)
        data = urlencode({"step": "start", name: value}, errors="surrogatepass")
        answer = operator.post(address(row), data, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (200, 400, 422), (name, value)
    assert not Job.objects.exists()


def test_a_refresh_asks_for_the_list_alone(operator: Client, row: Engine) -> None:
    answer = operator.get(address(row), headers={"HX-Request": "true", "HX-Target": "cleanup-list"})
    page = answer.content.decode()
    assert "<html" not in page
    assert list_offered(page) == ["idle", "young"]


def test_two_thousand_networks_cost_no_more_than_a_page(operator: Client, row: Engine) -> None:
    operator.get(address(row))
    with CaptureQueriesContext(
        connection,
    ) as few:
        operator.get(address(row))
    many = tuple(network(f"net-{number:04}") for number in range(2000))
    store.save(row.pk, Snapshot(many))
    with CaptureQueriesContext(connection) as lots:
        page = show(operator, row)
    assert len(lots) == len(few)
    assert len(list_offered(page)) == 200
    assert "2\u202f000 of 2\u202f000 networks can go" in page
    assert "all 2\u202f000 networks that nothing speaks against" in page
    assert "page 1 of 10" in page
    assert list_offered(show(operator, row, "?page=10"))[-1] == "net-1999"
    answer = review(operator, row, scope="sure")
    assert len(read_hidden(answer.content.decode(), "chosen").split()) == 2000
    assert start(operator, row, answer).status_code == 302
    assert Job.objects.get().items.count() == 2000


def test_where_something_speaks_against_each_nothing_is_offered_on_every_page(
    operator: Client, row: Engine
) -> None:
    store.save(row.pk, Snapshot(tuple(network(f"new-{n:03}", age=60) for n in range(201))))
    page = show(operator, row)
    assert "page 1 of 2" in page
    assert "on every page" not in page
