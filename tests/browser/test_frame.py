"""The frame in a browser: theme, search key, menus, narrow windows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

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
