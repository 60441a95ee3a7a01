"""What the page shows of a real engine is what ``docker inspect`` says, through a story."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import LIMIT, sign_in
from tests.browser.site import Site
from tests.engine.scenes import build_three_tiers
from tests.engines import RealEngine
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.engine]

Shown = dict[str, tuple[str, frozenset[str]]]
"""State in the word of the drawing and networks, by container name."""
WORDS = {"exited": "stopped", "removing": "dead"}


@pytest.fixture
def real_page(
    chromium: Browser, real_engine: RealEngine, tmp_path: Path
) -> Iterator[tuple[Page, RealEngine]]:
    """A page that follows a real engine with three tiers."""
    build_three_tiers(real_engine)
    with Site(real_engine.address) as site:
        state = sign_in(chromium, site, "operator", tmp_path / "state.json")
        context = chromium.new_context(
            base_url=site.address, storage_state=state, reduced_motion="reduce"
        )
        context.set_default_timeout(LIMIT)
        page = context.new_page()
        page.goto("/e/demo/")
        page.wait_for_selector("#board section a.c", state="attached")
        page.wait_for_load_state("load")
        yield page, real_engine
        context.close()


def ask_docker(engine: RealEngine) -> tuple[Shown, frozenset[str]]:
    """Ask the engine itself: containers with state and networks, and the networks."""
    ids = engine.docker("ps", "-aq", "--no-trunc").split()
    found = json.loads(engine.docker("inspect", *ids)) if ids else []
    shown = {one["Name"].lstrip("/"): describe(one) for one in found}
    names = engine.docker("network", "ls", "--format", "{{.Name}}").split()
    return shown, frozenset(names)


def describe(one: dict[str, dict[str, object]]) -> tuple[str, frozenset[str]]:
    state = str(one["State"]["Status"])
    health = one["State"].get("Health")
    if state == "running" and isinstance(health, dict) and health.get("Status") == "unhealthy":
        state = "unhealthy"
    networks = one["NetworkSettings"]["Networks"]
    assert isinstance(networks, dict)
    return WORDS.get(state, state), frozenset(networks)


def read_board(page: Page) -> tuple[Shown, frozenset[str]]:
    """Read the words of every card and line off the page."""
    cards = page.locator("#board section a.c").evaluate_all("all => all.map(one => one.ariaLabel)")
    shown = dict(read_card(words) for words in cards)
    lines = page.locator("#board section a.n").evaluate_all("all => all.map(one => one.ariaLabel)")
    return shown, frozenset(re.sub(r"^network ([^,]+),.*", r"\1", words) for words in lines)


def read_card(words: str) -> tuple[str, tuple[str, frozenset[str]]]:
    name, state, *rest = words.split(", ")
    networks = {word.removeprefix("on ") for word in rest if not word.startswith("the only way")}
    return name, (state, frozenset(networks - {"no network", "shares this network stack"}))


def assert_true(page: Page, engine: RealEngine, step: str) -> None:
    """Wait until page and engine agree, without a reload."""

    last: dict[str, object] = {}

    def agree() -> bool:
        last.clear()
        last.update(find_differences(read_board(page), ask_docker(engine)))
        return not last

    try:
        wait_until(agree, f"the page is true after {step}")
    except AssertionError:
        assert last == {}, step
        raise


def find_differences(
    page: tuple[Shown, frozenset[str]], engine: tuple[Shown, frozenset[str]]
) -> dict[str, object]:
    """List what page and engine say differently: page first."""
    names = page[0].keys() | engine[0].keys()
    pairs = {name: (page[0].get(name), engine[0].get(name)) for name in sorted(names)}
    found: dict[str, object] = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if page[1] != engine[1]:
        found["networks"] = (sorted(page[1] - engine[1]), sorted(engine[1] - page[1]))
    return found


def test_the_page_stays_true_through_a_story(real_page: tuple[Page, RealEngine]) -> None:
    page, engine = real_page
    docker = engine.docker
    page.evaluate("() => { window.same = true }")
    assert_true(page, engine, "building")
    docker("network", "connect", "frontend", "worker")
    assert_true(page, engine, "connecting")
    docker("network", "disconnect", "database", "worker")
    assert_true(page, engine, "disconnecting")
    docker("stop", "api")
    assert_true(page, engine, "stopping")
    docker("start", "api")
    assert_true(page, engine, "starting")
    docker("rename", "react", "vue")
    assert_true(page, engine, "renaming")
    docker("rm", "-f", "postgres")
    assert_true(page, engine, "removing")
    docker("network", "create", "left-alone")
    assert_true(page, engine, "creating a network")
    docker("network", "prune", "-f")
    assert_true(page, engine, "pruning")
    engine.restart()
    assert_true(page, engine, "restarting the engine")
    docker("network", "connect", "frontend", "worker")
    assert_true(page, engine, "connecting afterwards")
    assert page.evaluate("() => window.same")
