"""Chromium, and a netdash of its own for the tests of a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.site import PASSWORD, Site
from tests.simulated import SimulatedEngine

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LIMIT = 30_000

expect.set_options(timeout=LIMIT)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session."""
    with sync_playwright() as playwright:
        path = CHROMIUM if Path(CHROMIUM).exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def company() -> Iterator[SimulatedEngine]:
    """The small company: 60 containers on 15 networks."""
    engine = SimulatedEngine(scene="company")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def site(company: SimulatedEngine) -> Iterator[Site]:
    """A netdash that watches the small company."""
    with Site(company.address) as site:
        yield site


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Sign in once; the cookies are in the file."""
    return sign_in(chromium, site, "operator", tmp_path_factory.mktemp("state") / "state.json")


def sign_in(chromium: Browser, site: Site, user: str, path: Path) -> str:
    """Sign a user in by the form and keep the cookies in a file."""
    context = chromium.new_context()
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{site.address}/sign-in")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/e/demo/")
    context.storage_state(path=path)
    context.close()
    return str(path)


@pytest.fixture
def page(chromium: Browser, site: Site, signed_in: str) -> Iterator[Page]:
    """A page of a signed-in operator; a script error or a refused style fails the test."""
    context = chromium.new_context(
        base_url=site.address,
        storage_state=signed_in,
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
    )
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda said: troubles.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    context.close()
    assert not troubles
