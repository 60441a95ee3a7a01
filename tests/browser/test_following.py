"""The view after a change: it goes to what somebody changed here, and to nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clicking import card
from tests.browser.looking import open_board, wait_for
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.browser

NAME, NETWORK = "shop-prod-react-1", "shop-prod_database"
MARGIN = 40
LOWEST_RING = """name => {
    const card = document.querySelector(`#board section a.c[aria-label^="${name},"]`);
    const rings = card.closest("section").querySelectorAll(`[data-n="${card.dataset.n}"] [data-r]`);
    return window.board.boxOf([...rings].at(-1));
}"""
IS_CLEAR = """name => {
    const card = document.querySelector(`#board section a.c[aria-label^="${name},"]`);
    const box = card.getBoundingClientRect(), seen = wrap.getBoundingClientRect();
    const meet = other => other.width && box.left < other.right && other.left < box.right
        && box.top < other.bottom && other.top < box.bottom;
    return box.left >= seen.left && box.right <= seen.right && box.top >= seen.top
        && box.bottom <= seen.bottom
        && ![...document.querySelectorAll("#minimap, .zoom-tools, .toast")]
            .some(over => meet(over.getBoundingClientRect()));
}"""
REDRAWN = """([name, network]) => {
    window.isShown = false;
    board.hear("board:marked", () => requestAnimationFrame(() => requestAnimationFrame(() => {
        const card = document.querySelector(`#board section a.c[aria-label^="${name},"]`);
        window.isShown = card.ariaLabel.includes(network);
    })));
}"""


@pytest.fixture
def board(page: Page, company: SimulatedEngine) -> Iterator[Page]:
    """The drawing at its full size, in a window that shows a part of it."""
    page.set_viewport_size({"width": 1100, "height": 820})
    open_board(page)
    page.click("#zoom-level")
    expect(page.locator("#zoom-level")).to_have_text("100 %")
    wait_for(page, "() => document.getElementById('board').style.willChange === 'auto'")
    page.evaluate(REDRAWN, [NAME, NETWORK])
    yield page
    if NAME in company.docker("network", "inspect", "-f", "{{json .Containers}}", NETWORK):
        company.docker("network", "disconnect", NETWORK, NAME)


def open_sheet(page: Page) -> None:
    """Ask to connect the container, by its card and the button of its details."""
    card(page, NAME).click()
    page.locator('#inspector a[href*="/connect?container="]').first.click()
    page.select_option("#id_network", label=f"{NETWORK} · 172.28.0.0/16")
    expect(page.locator("#preview .command")).to_contain_text(NETWORK)


def push_away(page: Page) -> list[float]:
    """Look at the other end of the drawing, where the card is not."""
    return list(
        page.evaluate(
            """() => { wrap.scrollTo(wrap.scrollWidth, wrap.scrollHeight);
                       return [wrap.scrollLeft, wrap.scrollTop]; }"""
        )
    )


def test_the_view_goes_to_the_card_that_was_connected_here(board: Page) -> None:
    open_sheet(board)
    push_away(board)
    assert not board.evaluate(IS_CLEAR, NAME)
    board.click("#confirm")
    expect(board.locator(".toast")).to_contain_text("done.")
    wait_for(board, IS_CLEAR, NAME)


def test_an_endpoint_that_would_come_beneath_the_zoom_tools_is_brought_out(
    board: Page, company: SimulatedEngine
) -> None:
    company.docker("network", "connect", NETWORK, NAME)
    wait_for(board, "() => isShown")
    place = board.evaluate(LOWEST_RING, NAME)
    company.docker("network", "disconnect", NETWORK, NAME)
    wait_for(board, "() => !isShown")
    open_sheet(board)
    board.evaluate(
        """({ x, y }) => {
            const tools = document.querySelector(".zoom-tools").getBoundingClientRect();
            const seen = wrap.getBoundingClientRect(), origin = window.board.zoom.origin();
            const left = tools.left + tools.width / 2 - seen.left, top = tools.top - seen.top;
            wrap.scrollTo(x + origin.x - left, y + origin.y - top);
        }""",
        place,
    )
    before = board.evaluate("() => wrap.scrollTop")
    board.click("#confirm")
    wait_for(board, "before => wrap.scrollTop !== before", before)
    after = board.evaluate("() => wrap.scrollTop")
    assert after - before > place["height"] + MARGIN - 1
    assert board.evaluate(IS_CLEAR, NAME)


def test_the_view_goes_back_to_the_card_of_an_undo(board: Page) -> None:
    open_sheet(board)
    board.click("#confirm")
    expect(board.locator(".toast .undo")).to_be_visible()
    wait_for(board, "() => isShown")
    push_away(board)
    board.click(".toast .undo")
    expect(board.locator(".toast")).to_contain_text("Taken back")
    wait_for(board, IS_CLEAR, NAME)


def test_the_view_stays_where_a_hand_moved_it_meanwhile(board: Page) -> None:
    open_sheet(board)
    before = push_away(board)
    board.evaluate(
        """() => document.addEventListener("htmx:beforeRequest", () => setTimeout(() =>
            wrap.dispatchEvent(new WheelEvent("wheel", { bubbles: true }))), { once: true })"""
    )
    board.click("#confirm")
    wait_for(board, "() => isShown")
    assert board.evaluate("() => [wrap.scrollLeft, wrap.scrollTop]") == before


def test_the_view_stays_after_a_change_from_elsewhere(
    board: Page, company: SimulatedEngine
) -> None:
    before = push_away(board)
    company.docker("network", "connect", NETWORK, NAME)
    wait_for(board, "() => isShown")
    assert board.evaluate("() => [wrap.scrollLeft, wrap.scrollTop]") == before


def test_the_corner_of_the_drawing_can_be_scrolled_free_of_the_minimap(board: Page) -> None:
    push_away(board)
    bottom = board.evaluate(
        """() => Math.max(...[...document.querySelectorAll("#board section.pn")]
            .map(panel => panel.getBoundingClientRect().bottom))"""
    )
    box = board.locator("#minimap").bounding_box()
    assert box
    assert bottom <= box["y"]
