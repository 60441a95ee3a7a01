"""Lists and details under a hand: sort, find, copy, and live changes that disturb nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.browser


def open_page(page: Page, path: str) -> None:
    """Open a page and wait until its stream is open: from then on it follows by itself."""
    page.goto(f"/e/demo/{path}")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")


def list_names(page: Page) -> Locator:
    return page.locator("#list tbody th[scope=row] a")


@pytest.fixture
def changed(company: SimulatedEngine) -> Iterator[Callable[..., None]]:
    """Give the ``docker`` command, with what is to be run afterwards as ``undo``."""
    undone: list[tuple[str, ...]] = []

    def run(*arguments: str, undo: tuple[str, ...]) -> None:
        undone.append(undo)
        company.docker(*arguments)

    yield run
    for undo in reversed(undone):
        company.docker(*undo)


def test_a_head_sorts_by_keyboard_and_the_address_keeps_it(page: Page) -> None:
    open_page(page, "containers/")
    first = list_names(page).first.inner_text()
    head = page.locator("#sort-name")
    head.focus()
    page.keyboard.press("Enter")
    expect(page.locator("th.col-name[aria-sort=descending]")).to_be_visible()
    expect(page.locator("#sort-name")).to_be_focused()
    assert list_names(page).last.inner_text() == first
    page.reload()
    expect(page.locator("th.col-name[aria-sort=descending]")).to_be_visible()
    page.go_back()
    expect(page.locator("th.col-name[aria-sort=ascending]")).to_be_visible()


def test_typing_narrows_the_list_and_keeps_the_caret(page: Page) -> None:
    open_page(page, "containers/?project=shop-prod")
    page.locator("#list-q").press_sequentially("postgres")
    expect(page.locator("#list-count")).to_have_text("2 of 60")
    expect(page.locator("#list-q")).to_be_focused()
    page.keyboard.type("-ex")
    expect(page.locator("#list-count")).to_have_text("1 of 60")
    expect(page.locator("#list-q")).to_have_value("postgres-ex")
    assert "project=shop-prod" in page.url
    expect(page).to_have_url(re.compile("q=postgres-ex"))


def test_a_menu_is_worked_by_keyboard(page: Page) -> None:
    open_page(page, "containers/")
    summary = page.locator("summary", has_text="State:")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".menu[open] a", has_text="exited").press("Enter")
    expect(page).to_have_url(re.compile("state=exited"))
    expect(page.locator("summary", has_text="State:")).to_contain_text("exited")


def test_the_list_follows_and_focus_stays(page: Page, changed: Callable[..., None]) -> None:
    open_page(page, "containers/?q=shop-dev")
    row = page.locator("#list tbody a", has_text="shop-dev-redis-1")
    line = page.locator("#list tbody tr", has_text="shop-dev-redis-1")
    row.focus()
    expect(line).to_contain_text("running")
    changed("stop", "shop-dev-redis-1", undo=("start", "shop-dev-redis-1"))
    expect(line).to_contain_text("exited")
    expect(row).to_be_focused()


def test_a_page_of_a_container_follows_and_keeps_open_what_is_open(
    page: Page, changed: Callable[..., None]
) -> None:
    open_page(page, "containers/?q=shop-dev-postgres")
    page.locator("#list tbody a", has_text="shop-dev-postgres-1").click()
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    fold = page.locator("details[data-keep=labels]")
    fold.locator("summary").click()
    expect(fold).to_have_attribute("open", "")
    changed(
        *("network", "connect", "proxy", "shop-dev-postgres-1"),
        undo=("network", "disconnect", "proxy", "shop-dev-postgres-1"),
    )
    expect(page.locator(".place", has_text="proxy")).to_be_visible()
    expect(fold).to_have_attribute("open", "")
    expect(fold.locator("summary")).to_be_focused()


def test_what_is_removed_turns_into_what_was_there_last(
    page: Page, company: SimulatedEngine
) -> None:
    company.docker("network", "create", "--subnet", "10.99.0.0/24", "passing")
    open_page(page, "networks/?q=passing")
    page.locator("#list tbody a", has_text="passing").click()
    expect(page.locator("#sheet h1")).to_have_text("passing")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    company.docker("network", "rm", "passing")
    expect(page.locator("#sheet")).to_contain_text("is gone since")
    expect(page.locator("#sheet")).to_contain_text("10.99.0.0/24")


def test_copying_takes_the_whole_value(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, "networks/?q=shop-dev_frontend")
    page.locator("#list tbody a", has_text="shop-dev_frontend").first.click()
    subnet = page.locator(".subnet code.value")
    wanted = subnet.first.inner_text()
    page.locator(".subnet [data-copy]").first.click()
    expect(page.locator(".subnet [data-copied]")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == wanted


def test_lists_and_matrix_fit_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for path in ("containers/", "networks/", "table", "matrix"):
        page.goto(f"/e/demo/{path}")
        box = page.locator("#list").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390, path


def test_a_gateway_that_a_new_subnet_cannot_hold_leaves_its_field_and_comes_back(
    page: Page,
) -> None:
    open_page(page, "networks/?q=backend")
    list_names(page).first.click()
    page.goto(str(page.get_by_role("link", name="Change it").get_attribute("href")))
    subnet, gateway = page.get_by_label("Subnet").first, page.get_by_label("Gateway").first
    old_subnet, old_gateway = subnet.input_value(), gateway.input_value()
    assert old_gateway
    subnet.fill("10.99.0.0/24")
    expect(gateway).to_have_value("")
    subnet.fill(old_subnet)
    expect(gateway).to_have_value(old_gateway)
