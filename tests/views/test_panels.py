"""What a browser is sent that has part of the board already."""

from __future__ import annotations

import re
from dataclasses import replace

from django.test import Client

from netdash.live import store
from netdash.models import Engine
from tests.brokers import Broker
from tests.builders import topology
from tests.views.board_pages import CHANGES, PAGE, find_signs, put_in_projects, read, rename


def test_the_browser_that_has_everything_gets_no_panel(
    viewer: Client, stored_engine: Engine
) -> None:
    signs = find_signs(read(viewer, PAGE))
    assert signs
    html = read(viewer, f"{CHANGES}?have={'.'.join(signs)}")
    assert "<section" not in html
    assert '<pre id="places">#p' in html


def test_the_browser_that_has_nothing_gets_every_panel(
    viewer: Client, stored_engine: Engine
) -> None:
    assert find_signs(read(viewer, CHANGES)) == find_signs(read(viewer, PAGE))


def test_only_the_panel_that_changed_is_sent(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    before = put_in_projects(topology("web: front", "db: back"), web="one", db="two")
    store.save(engine_row.pk, before)
    have = find_signs(read(viewer, PAGE))
    store.save(engine_row.pk, rename(before, "db", "database"))
    html = read(viewer, f"{CHANGES}?have={'.'.join(have)}")
    assert html.count("<section") == 1
    assert 'aria-label="database, running' in html


def test_a_panel_that_is_gone_is_not_in_the_order(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    before = put_in_projects(topology("web: front", "db: back"), web="one", db="two")
    store.save(engine_row.pk, before)
    shown = re.findall(r'<section class="pn" id="(\w+)"', read(viewer, PAGE))
    store.save(engine_row.pk, replace(before, containers=before.containers[1:]))
    found = re.search(r'data-order="([^"]*)"', read(viewer, CHANGES))
    assert found
    assert len(set(shown) - set(found[1].split())) == 1


def test_changes_before_the_first_reading_are_none(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    assert viewer.get(CHANGES).status_code == 204
