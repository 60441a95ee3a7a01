"""The drawing's page in windows of every width: what can be pressed, and what covers what."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LIMIT, sign_in
from tests.browser.looking import (
    CARD,
    find_card,
    is_in_view,
    open_board,
    read_parameters,
    wait_for,
)
from tests.browser.site import Site
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.browser

PHONE = (400, 800)
WINDOWS = (PHONE, (768, 1024), (910, 700), (1024, 768), (1440, 900), (1920, 1080))
KEPT = "shop-prod-"
OVERLAPS = """() => {
    const areas = [".zoom-tools", ".toolbar", "#minimap", "#inspector", ".rail", ".top"]
        .map(name => [name, document.querySelector(name)?.getBoundingClientRect()])
        .filter(([, box]) => box?.width && box.height);
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
        && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    return areas.flatMap(([name, box], place) => areas.slice(place + 1)
        .filter(([, other]) => meet(box, other)).map(([other]) => `${name} ${other}`));
}"""
COVERED = """() => [...document.querySelectorAll(
    ".toolbar :is(a, button, summary), .zoom-tools button"
)].filter(button => button.checkVisibility() && !button.closest(".menu-list")).filter(button => {
    const box = button.getBoundingClientRect();
    const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.2], [0.5, 0.8]];
    return points.some(([x, y]) => !button.contains(
        document.elementFromPoint(box.left + box.width * x, box.top + box.height * y)));
}).map(button => button.textContent)"""


BENEATH_CLOSE = """() => {
    const box = document.getElementById("inspector-close").getBoundingClientRect();
    const inspector = document.getElementById("inspector"), seen = [];
    const at = (x, y) => document.elementFromPoint(x, y);
    for (let top = 0; top < inspector.scrollHeight - inspector.clientHeight; top += 40) {
        inspector.scrollTop = top;
        const title = inspector.querySelector("h1 bdi").getBoundingClientRect();
        const name = at(title.left + 5, title.top + title.height / 2).textContent;
        const corners = [box.left + 1, box.right - 1].flatMap(x =>
            [box.top + 1, box.top + 22, box.bottom - 1].map(y => at(x, y).tagName));
        seen.push([name.trim(), corners]);
    }
    return seen;
}"""


@pytest.fixture(scope="module")
def signed_in(
    chromium: Browser,
    site: Site,
    company: SimulatedEngine,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """Sign in, look at the whole company, then take most of it away: "Tidy up" is offered."""
    state = sign_in(chromium, site, "operator", tmp_path_factory.mktemp("state") / "state.json")
    context = chromium.new_context(base_url=site.address, storage_state=state)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    open_board(page)
    names = company.docker("ps", "-a", "--format", "{{.Names}}").split()
    gone = [name for name in names if not name.startswith(KEPT)]
    company.docker("rm", "-f", *gone)
    company.docker("network", "prune", "-f")
    expect(page.locator(CARD)).to_have_count(len(names) - len(gone))
    context.close()
    return state


def open_details(page: Page) -> None:
    find_card(page, "shop-prod-api-1").click()
    expect(page.locator("#inspector")).to_contain_text("shop-prod-api-1")
    wait_for(page, "() => !document.querySelector('.htmx-request')")


def find_boxes(page: Page, selector: str) -> list[tuple[float, float]]:
    """Give top and height of what can be seen of these."""
    boxes = [one.bounding_box() for one in page.locator(selector).all() if one.is_visible()]
    return [(box["y"], box["height"]) for box in boxes if box]


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_no_tool_covers_another(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_board(page)
    expect(page.get_by_role("button", name="Tidy up").first).to_be_visible()
    assert (page.evaluate(OVERLAPS), page.evaluate(COVERED)) == ([], [])
    open_details(page)
    assert (page.evaluate(OVERLAPS), page.evaluate(COVERED)) == ([], [])


def test_the_toolbar_keeps_its_one_row_beside_the_details(page: Page) -> None:
    open_board(page)
    bar = page.locator(".toolbar")
    before = bar.bounding_box()
    open_details(page)
    after = bar.bounding_box()
    assert before
    assert after
    assert after["height"] == before["height"] < 60


def test_the_end_of_the_drawing_can_be_scrolled_free_of_the_zoom(page: Page) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    open_board(page)
    page.evaluate("() => wrap.scrollTo(0, wrap.scrollHeight)")
    bottom = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("#board section.pn")]
            .map(panel => panel.getBoundingClientRect().bottom))"""
    )
    for button in page.locator(".zoom-tools button").all():
        box = button.bounding_box()
        assert box
        assert box["y"] >= bottom
        assert min(box["width"], box["height"]) >= 36, "a finger meets it"


def test_a_finger_meets_every_tool_and_the_toolbar_keeps_two_rows(page: Page) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    open_board(page)
    tools = find_boxes(page, ".toolbar > .segmented, .toolbar :is(a, summary).button")
    assert len(tools) >= 8
    assert min(height for _, height in tools) >= 36
    assert len({round(top) for top, _ in tools}) == 2
    page.locator(".toolbar summary", has_text="Group").click()
    choices = find_boxes(page, ".toolbar [open] .menu-list :is(a, button)")
    assert min(height for _, height in choices) >= 36


def test_a_phone_trades_the_toolbar_for_the_details_and_back(page: Page) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    open_board(page)
    expect(page.locator(".toolbar")).to_be_visible()
    open_details(page)
    expect(page.locator(".toolbar")).to_be_hidden()
    assert is_in_view(page, find_card(page, "shop-prod-api-1"))
    page.keyboard.press("Escape")
    expect(page.locator(".toolbar")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [PHONE, (1440, 900)])
def test_the_details_close_by_a_button_a_finger_meets(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_board(page, "?builtin=0")
    close = page.get_by_role("link", name="Close the details")
    expect(close).to_be_hidden()
    open_details(page)
    box = close.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (44, 44)
    assert box["x"] + box["width"] <= width
    address = close.evaluate("link => link.href")
    close.click()
    expect(page.locator("#inspector")).to_be_empty()
    expect(close).to_be_hidden()
    assert read_parameters(page) == {"builtin": ["0"]}
    page.goto(address)
    assert read_parameters(page) == {"builtin": ["0"]}


@pytest.mark.parametrize(("width", "height"), [PHONE, (1440, 500)])
def test_details_scroll_beneath_their_title_and_the_close_button(
    page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_board(page)
    open_details(page)
    page.locator("#inspector a[hx-get*='/connect?container=']").click()
    expect(page.locator("#inspector .change h2")).to_be_visible()
    seen = page.evaluate(BENEATH_CLOSE)
    assert len(seen) > 5
    assert {words for words, _ in seen} == {"shop-prod-api-1"}
    assert {under for _, unders in seen for under in unders} <= {"A", "ASIDE", "H1"}


def test_a_sheet_for_several_closes_by_the_same_button(page: Page) -> None:
    open_board(page)
    for name in ("shop-prod-api-1", "shop-prod-api-2"):
        find_card(page, name).click(modifiers=["Shift"])
    page.get_by_role("button", name="Connect…", exact=True).click()
    expect(page.locator("#inspector .change")).to_be_visible()
    page.get_by_role("link", name="Close the details").click()
    expect(page.locator("#inspector")).to_be_empty()


def test_every_menu_of_the_toolbar_opens_inside_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": 640})
    open_board(page)
    for summary in page.locator(".toolbar details.menu > summary").all():
        summary.click()
        opened = page.locator(".toolbar details.menu[open] > .menu-list")
        expect(opened).to_have_count(1)
        box, main = opened.bounding_box(), page.locator("#main").bounding_box()
        assert box
        assert main
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE[0]
        assert box["y"] + box["height"] <= main["y"] + main["height"]
        page.keyboard.press("Escape")
