"""The filters of the clean-up page: what they leave, and what is said of a senseless one."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from netdash.models import Engine, Job
from tests.views.cleaning import address, list_offered, row, show
from tests.views.reading_pages import find_undescribed

__all__ = ["row"]


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


def test_a_filter_that_cannot_be_read_is_left_out_of_the_list_and_said(
    operator: Client, row: Engine
) -> None:
    page = show(operator, row, "?older_than=soon&name_pattern=i*")
    beside = page.partition('name="older_than"')[2].partition("</div>")[0]
    assert "Write a span such as 30d" in beside
    assert list_offered(page) == ["idle"]
    assert "Shown without the filter Older than: it cannot be read." in page
    assert not find_undescribed(page)
    both = show(operator, row, "?older_than=soon&unused_since=1d1")
    found = re.search(r"Shown without the filters (.+) and (.+): they cannot be read.", both)
    assert found
    assert "Nothing can be removed until they can." in both


@pytest.mark.parametrize("query", ["older_than=soon", "labels=%3Dx", "unused_since=1d1"])
def test_nothing_can_be_removed_while_a_filter_cannot_be_read(
    administrator: Client, row: Engine, query: str
) -> None:
    page = show(administrator, row, f"?{query}")
    assert list_offered(page) == ["idle", "young"]
    assert 'id="cleanup-review"' not in page
    assert all("disabled" in box for box in re.findall(r'<input [^>]*name="chosen"[^>]*>', page))
    assert "docker network prune" not in page.partition('id="cleanup-list"')[2]
    assert "on a schedule" not in page
    shown = {
        "basis": "",
        **dict(re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)"', page)),
    }
    for step in ("review", "start"):
        asked = {**shown, "step": step, "scope": "sure", "override": "1"}
        answer = administrator.post(address(row), {**asked, "chosen": "a" * 64})
        assert answer.status_code == 422
    assert Job.objects.count() == 0


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
    links = set()
    for query in ("", "?ignores_stopped=on&preset=docker", "?show=all&page=1", "?labels=x"):
        page = show(operator, row, query)
        assert "does not know" not in page
        links |= set(re.findall(rf'(?:href|hx-get)="(?:{address(row)})?(\?[^"]+)"', page))
    assert len(links) >= 4
    for link in links:
        assert "does not know" not in show(operator, row, link), link


def test_a_refresh_brings_what_is_said_of_a_filter(operator: Client, row: Engine) -> None:
    answer = operator.get(
        address(row, "?older_than=soon"),
        headers={"HX-Request": "true", "HX-Target": "cleanup-list"},
    )
    assert 'data-wish="id_older_than"' in answer.content.decode()
