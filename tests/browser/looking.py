"""Open the board and look at it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LIMIT

CARD = "#board section a.c"


def open_board(page: Page, query: str = "") -> None:
    """Open the topology and wait until its scripts have run and the stream is open."""
    page.goto(f"/e/demo/{query}")
    expect(page.locator("#board")).to_have_attribute("data-zoom", re.compile("near|mid|far"))
    expect(page.locator("#live")).to_have_attribute("data-state", "live")


def find_card(page: Page, name: str) -> Locator:
    return page.locator(f'{CARD}[aria-label^="{name},"]')


def read_parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def is_in_view(page: Page, locator: Locator) -> bool:
    """Tell whether an element's middle is inside the window onto the board."""
    return bool(
        locator.evaluate(
            """element => {
                const box = element.getBoundingClientRect();
                const seen = document.getElementById("wrap").getBoundingClientRect();
                const x = box.left + box.width / 2, y = box.top + box.height / 2;
                return x > seen.left && x < seen.right && y > seen.top && y < seen.bottom;
            }"""
        )
    )


def wait_for(page: Page, expression: str, value: object = None) -> None:
    page.wait_for_function(expression, arg=value, timeout=LIMIT)
