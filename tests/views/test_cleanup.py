"""The clean-up page: what it offers, what stays, and what it says of both."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from netdash.forms.cleanup import CleanupForm
from netdash.live import store
from netdash.models import Engine, Job
from netdash.topology.snapshot import Snapshot
from tests.views.cleaning import (
    IDLE,
    USED,
    WORLD,
    address,
    list_offered,
    network,
    read_hidden,
    review,
    row,
    show,
    start,
)
from tests.views.nonsense import NASTY
from tests.views.reading_pages import find_undescribed

__all__ = ["row"]


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
