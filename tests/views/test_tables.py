from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from netdash.models import Engine
from netdash.topology.codec import decode
from netdash.topology.snapshot import Snapshot
from tests.views.pictures import AGENT, BACK, FRONT, PICTURE, WEB
from tests.views.reading_pages import open_markup, take_words


@pytest.fixture
def snapshot() -> Snapshot:
    return PICTURE


@pytest.fixture(autouse=True)
def _stored(stored_engine: Engine) -> None:
    """Every test here has a reading."""


def list_rows(markup: str) -> list[str]:
    return [take_words(row) for row in re.findall(r"<tr.*?</tr>", markup, re.DOTALL)]


def test_the_table_has_a_row_for_each_endpoint_and_each_container_without(viewer: Client) -> None:
    rows = list_rows(open_markup(viewer, "table", "list"))[1:]
    assert len(rows) == 9
    assert (
        "shop shop-web-1 running, unhealthy shop_front 10.1.0.9 fd00:1::9 02:42:0a:01:00:09 "
        "web, www 0.0.0.0:8080 → 80/tcp [::]:8080 → 80/tcp"
    ) in rows
    assert any("sidecar running stack of shop-web-1" in row for row in rows)
    assert any("dangling exited long_gone gone" in row for row in rows)
    assert any("created no network" in row for row in rows)


def test_the_table_sorts_addresses_as_numbers(viewer: Client) -> None:
    rows = list_rows(open_markup(viewer, "table?sort=address", "list"))[1:]
    assert "10.1.0.9" in rows[0]
    assert "10.2.0.2" in rows[1]


def test_the_table_obeys_the_shared_filter(viewer: Client) -> None:
    markup = open_markup(viewer, "table?q=nginx", "list")
    rows = list_rows(markup)[1:]
    assert [row.split()[1] for row in rows] == ["shop-web-1", "shop-web-1"]
    assert "2 of 9" in markup


def test_the_matrix_has_a_head_for_each_network_and_joins_what_bridges(viewer: Client) -> None:
    markup = open_markup(viewer, "matrix", "list")
    shop = next(part for part in markup.split("<section") if 'aria-label="shop"' in part)
    assert re.findall(r'<th scope="col"[^>]*>.*?<bdi>(.*?)</bdi>', shop) == ["front", "back"]
    assert f'href="/e/local/networks/{FRONT.id[:12]}"' in shop
    web = next(row for row in re.findall(r"<tr>.*?</tr>", shop, re.DOTALL) if ">web<" in row)
    assert 'class="r role-frontend"' in web
    assert 'class="l role-backend"' in web
    assert f'href="/e/local/containers/{WEB.id[:12]}"' in web
    assert "on 10.1.0.9" in web
    stopped = next(row for row in re.findall(r"<tr>.*?</tr>", shop, re.DOTALL) if ">db<" in row)
    assert 'class="idle"' in stopped
    assert "<td></td>" in stopped


def test_the_matrix_obeys_group_and_filter(viewer: Client) -> None:
    markup = open_markup(viewer, "matrix?group=none", "list")
    assert markup.count("<section") == 1
    narrow = open_markup(viewer, "matrix?project=shop", "list")
    assert "2 of 8" in narrow
    assert AGENT.name not in take_words(narrow)


def test_the_views_lead_to_each_other_with_the_same_query(viewer: Client) -> None:
    markup = open_markup(viewer, f"table?network={BACK.id}&state=exited")
    query = f"network={BACK.id}&amp;state=exited"
    for path in ("/e/local/", "/e/local/matrix", "/e/local/table"):
        assert f'href="{path}?{query}"' in markup, path


def test_tables_are_told_to_screen_readers(viewer: Client) -> None:
    for path in ("containers/", "networks/", "table", "matrix"):
        markup = open_markup(viewer, path, "list")
        assert "<caption" in markup
        assert 'scope="col"' in markup
        assert 'scope="row"' in markup


def test_the_export_is_the_snapshot_and_reads_back(viewer: Client) -> None:
    response = viewer.get("/e/local/export/snapshot.json")
    document = json.loads(response.content)
    assert decode(document) == PICTURE
    assert document["netdash"]["engine"] == "Local"
    assert re.search(
        r'attachment; filename="netdash-local-\d{8}T\d{6}Z.json"', response["Content-Disposition"]
    )


def test_an_unknown_engine_has_no_pages(viewer: Client) -> None:
    for path in ("containers/", "networks/", "table", "matrix", "export/snapshot.json"):
        assert viewer.get(f"/e/other/{path}").status_code == 404
