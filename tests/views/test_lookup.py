"""What is looked up from the board: a search, and menus too long to come with it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from netdash.live import store
from netdash.models import Engine
from netdash.topology.snapshot import COMPOSE_PROJECT, COMPOSE_SERVICE
from tests.brokers import Broker
from tests.builders import topology
from tests.views.board_pages import PAGE, read


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("api", ["id-api"]),
        ("10.0.0.2", ["net-back", "id-api"]),
        ("front", ["net-front", "id-api", "id-web"]),
        ("nowhere", []),
        ("", []),
    ],
)
def test_search_finds_by_name_network_and_address(
    viewer: Client, stored_engine: Engine, text: str, hits: list[str]
) -> None:
    answer = viewer.get("/e/local/search", {"q": text}).json()
    assert set(answer["ids"]) - {"net-back"} == set(hits) - {"net-back"}


def test_search_finds_a_folded_replica_as_its_card(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    labels = ((COMPOSE_PROJECT, "shop"), (COMPOSE_SERVICE, "worker"))
    base = topology(*(f"shop-worker-{number}: back" for number in range(1, 6)))
    folded = replace(base, containers=tuple(replace(c, labels=labels) for c in base.containers))
    store.save(engine_row.pk, folded)
    shown = re.findall(r'<a class="c [^>]*href="/e/local/containers/([^"]+)"', read(viewer, PAGE))
    assert len(shown) == 1
    answer = viewer.get("/e/local/search", {"q": "shop-worker-5"}).json()
    assert answer["ids"] == shown


def test_long_filter_menus_come_when_they_are_opened(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    names = [f"net{number:02}" for number in range(20)]
    store.save(engine_row.pk, topology(*(f"c{name}: {name}" for name in names)))
    assert "?network=net-net19" not in read(viewer, PAGE)
    assert "?network=net-net19" in read(viewer, "/e/local/filters?menu=network")
    assert read(viewer, "/e/local/filters?menu=nonsense").strip() == ""


def test_a_long_menu_is_a_link_away_without_scripts(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    store.save(engine_row.pk, topology(*(f"c{number}: n{number}" for number in range(64))))
    link = '<a href="?builtin=0&amp;menu=network">All 64 values</a>'
    assert link in read(viewer, f"{PAGE}?builtin=0")
    for address in ("filters?builtin=0&menu=network", "networks/?builtin=0"):
        html = read(viewer, f"/e/local/{address}")
        assert 'menu=network">All 64 values</a>' in html
        assert html.count("?network=net-n") == 60


@pytest.mark.parametrize("address", [PAGE, "/e/local/networks/", "/e/local/matrix"])
def test_a_menu_that_is_asked_for_is_open_with_all_its_values(
    viewer: Client, engine_row: Engine, broker: Broker, address: str
) -> None:
    store.save(engine_row.pk, topology(*(f"c{number}: n{number}" for number in range(64))))
    html = read(viewer, f"{address}?menu=network")
    menu = html.split('data-keep="menu-network"')[1].split("</details>")[0]
    assert menu.startswith(' name="filter-menu" open>')
    assert menu.count("?network=net-n") == 64
    assert "All 64 values" not in menu
    assert "menu=network" not in html.split("filter-bar")[1].split("</details>")[0]
