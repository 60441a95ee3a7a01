"""The page of the board: what is drawn, narrowed, grouped and taken along."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from netdash.live import store
from netdash.models import Engine
from netdash.topology.snapshot import COMPOSE_PROJECT, COMPOSE_SERVICE, Container, Snapshot
from tests.brokers import Broker
from tests.builders import topology
from tests.views.board_pages import CHANGES, HOSTILE, PAGE, put_in_projects, read


def test_the_page_draws_every_container_and_network_once(
    viewer: Client, stored_engine: Engine
) -> None:
    html = read(viewer, PAGE)
    for name in ("web", "api", "db"):
        assert len(re.findall(rf'<a class="c [^>]*aria-label="{name}, running', html)) == 1
    for name in ("front", "back"):
        assert len(re.findall(rf'<a class="n"[^>]*aria-label="network {name},', html)) == 1


def test_a_card_says_in_words_where_it_stands(viewer: Client, stored_engine: Engine) -> None:
    html = read(viewer, PAGE)
    words = re.findall(r'aria-label="(api, [^"]*)"', html)
    assert len(words) == 1
    assert "front" in words[0]
    assert "back" in words[0]
    assert "only way between" in words[0]


def test_a_card_leads_to_its_container_and_a_line_to_its_network(
    viewer: Client, stored_engine: Engine
) -> None:
    html = read(viewer, PAGE)
    assert 'href="/e/local/containers/id-api"' in html
    assert 'href="/e/local/networks/net-front"' in html


def test_a_ring_says_who_joins_and_leads_to_the_end_of_it(
    viewer: Client, stored_engine: Engine
) -> None:
    rings = re.findall(r'<a class="j" href="([^"]+)" aria-label="([^"]+)">', read(viewer, PAGE))
    assert (
        "/e/local/disconnect?network=net-back&amp;container=id-api",
        "api on back, disconnect",
    ) in rings


def test_the_styles_that_place_the_panels_carry_the_nonce(
    viewer: Client, stored_engine: Engine
) -> None:
    response = viewer.get(PAGE)
    found = re.search(r'<style id="pos" nonce="([^"]+)">', response.content.decode())
    assert found
    assert f"'nonce-{found[1]}'" in response["Content-Security-Policy"]


def test_no_markup_carries_inline_style_or_script(viewer: Client, stored_engine: Engine) -> None:
    html = read(viewer, PAGE)
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son\w+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def test_an_engine_never_read_says_so(viewer: Client, engine_row: Engine, broker: Broker) -> None:
    assert "never read" in read(viewer, PAGE)


def test_an_engine_with_nothing_on_it_says_what_to_do(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    store.save(engine_row.pk, Snapshot())
    assert "docker run" in read(viewer, PAGE)


def test_an_engine_with_only_what_docker_brings_offers_to_make_networks(
    viewer: Client, operator: Client, engine_row: Engine, broker: Broker
) -> None:
    store.save(engine_row.pk, topology("bridge", "host", "none"))
    html = read(operator, PAGE).split('id="empty"')[1]
    assert "no container and no network but the 3 that Docker brings along" in html
    assert reverse("network-create", args=["local"]) in html
    assert reverse("bulk", args=["local"]) in html
    html = read(viewer, PAGE).split('id="empty"')[1]
    assert "the 3 that Docker brings along" in html
    assert "New network" not in html


def test_filters_that_match_nothing_offer_to_be_cleared(
    viewer: Client, stored_engine: Engine
) -> None:
    html = read(viewer, PAGE + "?state=paused")
    assert "Nothing matches" in html
    assert "Clear the filters" in html


def test_an_engine_that_is_away_shows_the_last_reading_and_the_remedy(
    viewer: Client, stored_engine: Engine
) -> None:
    store.note_status(stored_engine.pk, "away", "Nothing answers at /run/none.sock.", "Start it.")
    html = read(viewer, PAGE)
    assert "Nothing answers at /run/none.sock." in html
    assert "Start it." in html
    assert 'aria-label="web, running' in html


def test_a_filter_in_the_address_narrows_the_drawing(viewer: Client, stored_engine: Engine) -> None:
    html = read(viewer, PAGE + "?network=net-back")
    assert 'aria-label="db, running' in html
    assert 'aria-label="web, running' not in html


def test_a_search_in_the_address_narrows_nothing(viewer: Client, stored_engine: Engine) -> None:
    html = read(viewer, PAGE + "?q=db")
    assert 'aria-label="web, running' in html
    assert 'value="db"' in html


@pytest.mark.parametrize("density", ["cards", "chips", "dots"])
def test_a_density_in_the_address_is_drawn(
    viewer: Client, stored_engine: Engine, density: str
) -> None:
    assert f'id="board" class="d-{density}"' in read(viewer, f"{PAGE}?density={density}")


@pytest.mark.parametrize("grouping", ["project", "tier", "none"])
def test_every_grouping_draws_every_container(
    viewer: Client, stored_engine: Engine, grouping: str
) -> None:
    html = read(viewer, f"{PAGE}?group={grouping}")
    assert len(re.findall(r'<a class="c ', html)) >= 3


def test_a_fold_opens_by_its_address(viewer: Client, engine_row: Engine, broker: Broker) -> None:
    labels = ((COMPOSE_PROJECT, "shop"), (COMPOSE_SERVICE, "worker"))
    base = topology(*(f"shop-worker-{number}: back" for number in range(1, 6)))
    folded = replace(base, containers=tuple(replace(c, labels=labels) for c in base.containers))
    store.save(engine_row.pk, folded)
    key = re.search(r'data-open="([^"]+)"', read(viewer, PAGE))
    assert key
    html = viewer.get(PAGE, {"open": key[1]}).content.decode()
    assert len(re.findall(r'<a class="c ', html)) == 5


def test_a_project_is_drawn_alone_as_cards(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    both = put_in_projects(topology("web: front", "db: back"), web="one", db="two")
    store.save(engine_row.pk, both)
    address = re.search(r'class="pt" href="([^"]+)"', read(viewer, PAGE))
    assert address
    html = read(viewer, address[1])
    assert len(re.findall(r'<section class="pn"', html)) == 1
    assert 'id="board" class="d-cards"' in html


def test_a_project_that_is_gone_says_so(viewer: Client, stored_engine: Engine) -> None:
    assert "no such project" in read(viewer, "/e/local/p/gone")


def test_tidy_forgets_the_plan_and_leads_back_to_the_view(
    viewer: Client, stored_engine: Engine
) -> None:
    read(viewer, PAGE + "?group=tier")
    response = viewer.post("/e/local/tidy", {"query": "group=tier"})
    assert response.status_code == 302
    assert response["Location"] == "/e/local/?group=tier"


def test_tidy_by_get_is_refused(viewer: Client, stored_engine: Engine) -> None:
    assert viewer.get("/e/local/tidy").status_code == 405


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_exported_picture_is_whole_by_itself(
    viewer: Client, stored_engine: Engine, theme: str
) -> None:
    response = viewer.get("/e/local/export/topology.svg", {"theme": theme})
    text = response.content.decode()
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"web", "api", "db"} <= {"".join(t.itertext()) for t in root.iter() if "text" in t.tag}
    assert "var(" not in text
    assert "href" not in text
    assert "sans-serif" in text
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "address",
    [PAGE, CHANGES, "/e/local/search?q=a", "/e/local/p/x", "/e/local/export/topology.svg"],
)
def test_without_a_role_nothing_is_shown(
    sign_in: Callable[[str], Client], stored_engine: Engine, address: str
) -> None:
    assert sign_in("").get(address).status_code == 403


@pytest.mark.parametrize("density", ["cards", "chips", "dots"])
def test_hostile_words_stay_words(
    viewer: Client, engine_row: Engine, broker: Broker, density: str
) -> None:
    base = topology("web: front", "api: front back")
    containers = tuple(
        replace(c, name=HOSTILE + c.name, image=HOSTILE, labels=((COMPOSE_PROJECT, HOSTILE),))
        for c in base.containers
    )
    networks = tuple(replace(n, name=HOSTILE + n.name) for n in base.networks)
    store.save(engine_row.pk, Snapshot(networks, containers))
    html = read(viewer, f"{PAGE}?density={density}")
    assert "<script>alert" not in html
    drawn = re.findall(r"<text[^>]*>(.*?)</text>", html, re.DOTALL)
    assert drawn
    assert not any("\u202e" in text for text in drawn)
    assert max(len(text) for text in drawn) < 1000
    picture = viewer.get(f"/e/local/export/topology.svg?density={density}").content.decode()
    ElementTree.fromstring(picture)


@pytest.mark.parametrize("density", ["cards", "chips", "dots"])
def test_the_exported_picture_is_xml_whatever_names_hold(
    viewer: Client, engine_row: Engine, broker: Broker, density: str
) -> None:
    controls = "".join(map(chr, range(1, 32))) + "\x7f\ufffe\uffff"
    base = topology("web: mesh", "api: mesh", "db: mesh")
    containers = tuple(
        replace(c, name=controls + c.name, labels=((COMPOSE_PROJECT, c.name + controls),))
        for c in base.containers
    )
    networks = tuple(replace(n, name=f"mesh{controls}") for n in base.networks)
    store.save(engine_row.pk, Snapshot(networks, containers))
    picture = viewer.get(f"/e/local/export/topology.svg?density={density}").content
    root = ElementTree.fromstring(picture)
    assert "mesh · 3" in {"".join(found.itertext()) for found in root.iter() if "text" in found.tag}


def test_a_network_that_is_gone_keeps_its_name_on_the_card(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    store.save(engine_row.pk, replace(topology("web: front"), networks=()))
    assert 'aria-label="web, running, on front"' in read(viewer, PAGE)


def test_a_container_without_a_name_or_a_network_is_drawn(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    store.save(engine_row.pk, Snapshot((), (Container(id="f" * 64, name="", state="created"),)))
    assert 'href="/e/local/containers/ffffffffffff"' in read(viewer, PAGE)


def test_no_style_makes_the_whole_page_depend_on_what_is_in_it() -> None:
    """``body:has(x)`` styles thousands of shapes anew whenever anything on the page changes."""
    for sheet in (settings.BASE_DIR / "static" / "css").glob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        assert not re.search(r"(?:body|html|:root)\S*:has\(", rules), sheet.name
