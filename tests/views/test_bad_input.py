"""Whatever is typed: never an error page, never a change, always a message beside the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netdash.models import Engine, JournalEntry
from tests.brokers import Broker
from tests.views.breaking_ground import Ground, breaking_ground
from tests.views.nonsense import FIELDS, NASTY, PAGES, TEXT, Post, list_fixed, posts

IN_CI = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MALFORMED = ("", "\0", "x" * 10_000, "f" * 64, "-1", "9" * 30, "\ud800", "%00", "nginx/../x")


@pytest.fixture
def ground(db: None, broker: Broker) -> Iterator[Ground]:
    """Three tiers, and somebody who may change them."""
    with breaking_ground() as ground:
        yield ground


@pytest.mark.timeout(900)
def test_what_has_broken_forms_before_is_refused_beside_its_field(ground: Ground) -> None:
    for post in list_fixed(every=13):
        ground.judge(post)
    assert ground.counts["refused"] > 300


@pytest.mark.timeout(900)
@settings(IN_CI, max_examples=1000)
@given(post=posts())
def test_nonsense_is_refused_beside_its_field(ground: Ground, post: Post) -> None:
    ground.judge(post)


def test_right_input_is_not_taken_for_nonsense(ground: Ground) -> None:
    assert {sheet: ground.judge(Post(sheet, {})) for sheet in FIELDS} == dict.fromkeys(
        FIELDS, "valid"
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"subnets-TOTAL_FORMS": None, "subnets-INITIAL_FORMS": None},
        {"subnets-TOTAL_FORMS": "-1"},
        {"subnets-TOTAL_FORMS": "1000000"},
        {"subnets-TOTAL_FORMS": "9" * 5_000},
        {"subnets-TOTAL_FORMS": "one"},
    ],
)
def test_rows_that_no_form_sends_are_refused(ground: Ground, typed: dict[str, str | None]) -> None:
    for sheet in ("create", "create like", "migrate"):
        assert ground.judge(Post(sheet, typed)) == "refused"


def test_a_note_that_is_too_long_stops_every_change(ground: Ground) -> None:
    for sheet in FIELDS:
        assert ground.judge(Post(sheet, {"note": "x" * 501})) == "refused"
        assert ground.judge(Post(sheet, {"note": "a\0b"})) == "refused"


def test_a_migration_to_the_same_says_that_nothing_would_change(ground: Ground) -> None:
    address, _ = ground.name_sheet("migrate")
    shown = ground.client.get(address).context["sheet"]
    typed = {f"subnets-0-{key}": value for key, value in shown.extra["rows"].initial[0].items()}
    typed |= {"name": "database", "driver": "bridge"}
    typed |= {"subnets-TOTAL_FORMS": "1", "subnets-INITIAL_FORMS": "0"}
    typed |= {"is_internal": "on"} if shown.form.initial["is_internal"] else {}
    typed |= {key: shown.form.initial[key] for key in ("options", "labels")}
    answer = ground.send(address, typed, is_partial=True)
    assert answer.status_code == 422
    assert "The network is like this already." in answer.content.decode()


def name_places(ground: Ground) -> Iterator[str]:
    """Name addresses of sheets that say things which are not there."""
    slug = ground.row.slug
    container, network = ground.find_id("nginx"), ground.find_id("database")
    for value in MALFORMED:
        wrong = quote(value, safe="", errors="surrogatepass")
        yield f"{reverse('connect', args=[slug])}?container={wrong}"
        yield f"{reverse('connect', args=[slug])}?container={wrong}&network={network}"
        yield f"{reverse('disconnect', args=[slug])}?container={wrong}&network={network}"
        yield f"{reverse('disconnect', args=[slug])}?container={container}&network={wrong}"
        yield f"{reverse('disconnect', args=[slug])}?container={container}&name={wrong}"
        if wrong and "/" not in value:
            yield f"/e/{slug}/networks/{wrong}/remove"
            yield f"/e/{slug}/networks/{wrong}/replace"
            yield f"/e/{slug}/journal/{wrong}/undo"
            yield f"/e/{wrong}/connect?container={container}"


def test_addresses_of_what_is_not_there_change_nothing(ground: Ground) -> None:
    right = {"network": ground.find_id("lab"), "disconnects": "on"}
    for address in name_places(ground):
        for answer in (
            ground.send(address, right, is_partial=False),
            ground.client.get(address, headers={"HX-Request": "true", "HX-Target": "preview"}),
        ):
            assert answer.status_code in (200, 302, 404, 422), (address[:200], answer.status_code)
        assert ground.is_untouched, address[:200]
    assert JournalEntry.objects.count() == 1


def test_ids_of_another_engine_are_not_there(ground: Ground) -> None:
    other = Engine.objects.create(name="Other", slug="other", address="unix:///run/none.sock")
    theirs = JournalEntry.objects.create(
        engine=other, kind="create", summary="Create", change={}, outcome="done", undo=[{}]
    )
    for address in (
        reverse("journal-undo", args=[ground.row.slug, theirs.pk]),
        reverse("network-remove", args=["other", ground.find_id("database")]),
        reverse("network-migrate", args=["other", ground.find_id("database")]),
        reverse("disconnect", args=["other"]) + f"?container={ground.find_id('nginx')}",
    ):
        assert ground.client.post(address, {"disconnects": "on"}).status_code == 404
    assert ground.is_untouched


@settings(IN_CI, max_examples=180)
@given(data=st.data())
def test_pages_answer_whatever_their_query_says(ground: Ground, data: st.DataObject) -> None:
    page = data.draw(st.sampled_from(sorted(PAGES)))
    names = data.draw(st.lists(st.sampled_from(PAGES[page]), min_size=1, max_size=3))
    ask(ground.client, ground.row, page, [(name, data.draw(TEXT)) for name in names])


def test_pages_answer_to_what_has_broken_them_before(ground: Ground) -> None:
    number = 0
    for page, names in PAGES.items():
        for name in names:
            for value in NASTY:
                number += 1
                if number % 48 == 0:
                    ask(ground.client, ground.row, page, [(name, value)])


def ask(client: Client, row: Engine, page: str, pairs: list[tuple[str, str]]) -> Any:
    """Ask for a page with a query; it shows something, or that there is nothing."""
    query = urlencode(pairs, errors="surrogatepass")
    answer = client.get(f"{reverse(page, args=[row.slug])}?{query}")
    assert answer.status_code in (200, 204, 302, 400, 404, 422), (page, pairs)
    return answer
