"""The frame in a browser: theme, search, menus, narrow windows, the light that says live."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.looking import open_board, read_parameters, wait_for
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def read_background(page: Page) -> str:
    """Read the colour behind everything."""
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_the_theme_follows_the_system_until_one_is_chosen_and_then_stays(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/engines/")
    light = read_background(page)
    page.emulate_media(color_scheme="dark")
    dark = read_background(page)
    assert light != dark
    page.click("#theme")
    assert read_background(page) == light
    page.reload()
    assert read_background(page) == light
    page.click("#theme")
    assert read_background(page) == dark


def test_slash_goes_to_the_search_but_types_in_a_field(page: Page) -> None:
    page.goto("/e/demo/networks/")
    search = page.locator("#search")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    page.keyboard.press("/")
    expect(search).to_have_value("/")


def test_a_menu_closes_with_escape_and_with_a_click_elsewhere(page: Page) -> None:
    page.goto("/engines/")
    menu = page.locator(".top details.menu").last
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    page.locator("#main").click(position={"x": 5, "y": 5})
    expect(menu).not_to_have_attribute("open", "")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page: Page) -> None:
    page.goto("/engines/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("address", ["/engines/", "/e/demo/networks/", "/health"])
def test_a_narrow_window_scrolls_only_downwards(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address)
    expect(page.locator("#main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.getElementById('main').getBoundingClientRect().right") <= 390


def test_slash_searches_and_lights_what_it_finds(page: Page) -> None:
    open_board(page)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("postgres")
    expect(page.locator("#search-count")).to_contain_text(re.compile(r"1 of \d+"))
    expect(page.locator("#ov a.hit").first).to_be_attached()
    assert read_parameters(page)["q"] == ["postgres"]


def test_enter_goes_from_hit_to_hit(page: Page) -> None:
    open_board(page, "?q=postgres")
    count = page.locator("#search-count")
    expect(count).to_contain_text("1 of")
    page.locator("#search").press("Enter")
    expect(count).to_contain_text("2 of")
    page.locator("#search").press("Shift+Enter")
    expect(count).to_contain_text("1 of")


def test_a_single_hit_and_enter_opens_it(page: Page) -> None:
    open_board(page)
    page.locator("#search").fill("traefik:v3.1")
    expect(page.locator("#search-count")).to_have_text("1 of 1")
    page.locator("#search").press("Enter")
    expect(page.locator("#inspector")).to_contain_text("traefik")
    assert "selected" in read_parameters(page)


def test_escape_ends_the_search(page: Page) -> None:
    open_board(page, "?q=postgres")
    expect(page.locator("#ov svg")).to_be_attached()
    page.locator("#search").press("Escape")
    expect(page.locator("#ov svg")).not_to_be_attached()
    expect(page.locator("#search")).to_have_value("")
    assert "q" not in read_parameters(page)


def test_blanks_in_a_row_are_one_to_a_search(page: Page) -> None:
    open_board(page)
    page.locator("#search").fill("no  such   thing")
    expect(page.locator("#search-count")).to_have_text("no match")


def test_a_search_that_finds_nothing_says_so(page: Page) -> None:
    open_board(page)
    page.locator("#search").fill("no such thing")
    expect(page.locator("#search-count")).to_have_text("no match")


@pytest.mark.parametrize(("scheme", "background"), [("light", 243), ("dark", 13)])
def test_the_page_follows_the_scheme_of_the_system(
    chromium: Browser, site: Site, signed_in: str, scheme: str, background: int
) -> None:
    context = chromium.new_context(
        base_url=site.address,
        storage_state=signed_in,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto("/e/demo/")
    colour = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    context.close()
    assert colour.startswith(f"rgb({background},")


def test_a_key_that_would_change_something_says_once_why_it_does_not(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    state = sign_in(chromium, site, "viewer", tmp_path / "state.json")
    context = chromium.new_context(base_url=site.address, storage_state=state)
    page = context.new_page()
    open_board(page)
    page.locator("#board section a.c:not(.tab)").first.focus()
    for key in "dxc":
        page.keyboard.press(key)
    expect(page.locator("#messages .toast")).to_have_count(1)
    expect(page.locator("#messages .toast")).to_contain_text("Your role may look, not change.")
    page.locator("#messages .close").click()
    expect(page.locator("#messages .toast")).to_have_count(0)
    context.close()


def test_a_ring_leads_who_may_only_look_to_its_network(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    state = sign_in(chromium, site, "viewer", tmp_path / "state.json")
    context = chromium.new_context(base_url=site.address, storage_state=state)
    page = context.new_page()
    open_board(page)
    ring = page.locator('#board section a.j[aria-label$=" on proxy"]').first
    ring.evaluate("ring => ring.focus()")
    page.keyboard.press("Enter")
    expect(page.locator("#inspector h1")).to_contain_text("proxy")
    expect(page.locator("#inspector .change")).to_have_count(0)
    context.close()


def test_a_connection_that_died_without_a_word_is_opened_again(page: Page) -> None:
    page.clock.install()
    open_board(page)
    page.evaluate(
        """() => {
            window.states = [];
            const note = (event) => states.push(event.detail.state);
            document.body.addEventListener("netdash:status", note);
        }"""
    )
    page.clock.fast_forward(60_000)
    wait_for(page, "() => states.includes('reconnecting') && states.at(-1) === 'live'")
