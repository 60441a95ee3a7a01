"""A policy's whole life in the admin: made, looked at, run by beat's clock, let loose, read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import LIMIT, sign_in
from tests.browser.site import Site
from tests.engine.scenes import run
from tests.engines import RealEngine, RunningEngine
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
POLICIES = "/admin/netdash/cleanuppolicy/"
RUNS = "/admin/netdash/cleanuprun/"


@pytest.fixture
def simulated() -> Iterator[SimulatedEngine]:
    """An engine with nothing on it."""
    engine = SimulatedEngine()
    yield engine
    engine.close()


def open_admin(chromium: Browser, engine: RunningEngine, folder: Path) -> Iterator[Page]:
    """Start every process of netdash for an engine and sign an administrator in."""
    with Site(engine.address) as site:
        try:
            site.start_worker()
            celery = (sys.executable, "-m", "celery", "-q", "-A", "netdash")
            site.start("beat", *celery, "beat", "--loglevel", "WARNING")
            state = sign_in(chromium, site, "administrator", folder / "state.json")
            context = chromium.new_context(base_url=site.address, storage_state=state)
            context.set_default_timeout(LIMIT)
            page = context.new_page()
            troubles: list[str] = []
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on(
                "console",
                lambda said: (
                    troubles.append(said.text) if "Content Security" in said.text else None
                ),
            )
            yield page
            context.close()
            assert not troubles
        finally:
            site.end("beat")


def build_leftovers(engine: RunningEngine) -> None:
    """Make two networks that nobody uses and one that a stopped container names."""
    for name in ("ci-1", "ci-2", "ci-kept"):
        engine.docker("network", "create", "--label", "made-by=ci", name)
    run(engine, "sleeper", "ci-kept")
    engine.docker("stop", "sleeper")


def list_leftovers(engine: RunningEngine) -> set[str]:
    names = engine.docker("network", "ls", "--format", "{{.Name}}").split()
    return {name for name in names if name.startswith("ci-")}


def reload_until(page: Page, selector: str, pattern: str) -> None:
    """Load a page of the admin, which does not move by itself, until it says so."""

    def says() -> bool:
        text = page.locator(selector).first.inner_text()
        if re.search(pattern, text):
            return True
        page.wait_for_timeout(250)
        page.reload()
        return False

    wait_until(says, f"{selector} says {pattern}", 60)


def find_run(page: Page, words: str) -> Locator:
    """Wait until the history of runs holds one that says so."""
    found = page.locator("#result_list tbody tr", has_text=words)

    def is_there() -> bool:
        page.goto(RUNS)
        page.wait_for_timeout(250)  # leaves the machine to beat and worker
        return found.count() > 0

    wait_until(is_there, f"a run says {words}", 60)
    return found.first


def make_policy(page: Page) -> None:
    """Fill in the one page that a policy has, and save it as a dry run."""
    page.goto(POLICIES)
    page.get_by_role("link", name="Make the first policy").click()
    page.fill("#id_name", "Leftovers of CI")
    page.fill("#id_labels", "made-by=ci")
    page.check("#id_takes_doubtful")
    page.fill("#id_every", "5")
    page.select_option("#id_period", "seconds")
    expect(page.locator("#id_is_dry_run")).to_be_checked()
    page.click("[name=_continue]")


def let_loose(page: Page) -> None:
    """Let the policy carry out; it asks for a look at the preview first."""
    page.goto(POLICIES)
    reload_until(page, "td.field-next_run", r"\d, in \d second|now")
    page.get_by_role("link", name="Leftovers of CI").click()
    page.uncheck("#id_is_dry_run")
    page.click("[name=_save]")
    expect(page.locator(".field-is_looked_at")).to_contain_text("look at its preview")
    page.check("#id_is_looked_at")
    page.click("[name=_save]")
    expect(page.locator("#result_list")).to_contain_text("carries out")


def tell_the_story(page: Page, engine: RunningEngine) -> None:
    build_leftovers(engine)
    make_policy(page)
    reload_until(page, ".field-catches", r"2 networks would go now \(ci-1, ci-2\)")

    page.get_by_role("link", name="Preview now").click()
    expect(page.locator(".catches tbody tr")).to_have_count(2)
    expect(page.locator(".catches")).to_contain_text("Created")
    page.get_by_role("link", name="Open these wishes in Clean-up").click()
    expect(page.locator("main")).to_contain_text("ci-2")

    find_run(page, "2 networks would go.").get_by_role("link", name="dry run").click()
    expect(page.locator(".lead")).to_contain_text("2 networks would go.")
    expect(page.locator(".facts")).to_contain_text("by schedule")
    assert list_leftovers(engine) == {"ci-1", "ci-2", "ci-kept"}

    let_loose(page)
    find_run(page, "2 networks removed.").get_by_role("link", name="carried out").click()
    expect(page.locator(".catches tbody .pill")).to_have_text(["removed", "removed"])
    assert list_leftovers(engine) == {"ci-kept"}
    page.get_by_role("link", name="Its job").click()
    expect(page.locator("main")).to_contain_text("policy Leftovers of CI")

    page.goto(POLICIES)
    page.get_by_role("link", name="Leftovers of CI").click()
    page.uncheck("#id_is_enabled")
    page.click("[name=_save]")
    expect(page.locator("#result_list")).to_contain_text("never: switched off")


def test_a_policy_lives_in_the_admin(
    chromium: Browser, simulated: SimulatedEngine, tmp_path: Path
) -> None:
    for page in open_admin(chromium, simulated, tmp_path):
        tell_the_story(page, simulated)


@pytest.mark.engine
def test_a_policy_cleans_up_a_real_engine(
    chromium: Browser, real_engine: RealEngine, tmp_path: Path
) -> None:
    for page in open_admin(chromium, real_engine, tmp_path):
        tell_the_story(page, real_engine)
