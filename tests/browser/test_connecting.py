"""Hands on the drawing: every change that two clicks, a drag or the keyboard can ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.clicking import card
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


def lane(page: Page, panel: str, network: str) -> Locator:
    section = page.locator(f'#board section[aria-label^="{panel},"]')
    return section.locator(f'a.n[aria-label*="{network}"] text').first


def is_on(company: SimulatedEngine, container: str, network: str) -> bool:
    return container in company.docker(
        "network", "inspect", "-f", "{{range .Containers}}{{.Name}} {{end}}", network
    )


@pytest.fixture(autouse=True)
def same_again(company: SimulatedEngine) -> Iterator[None]:
    """Give the company its connections back."""
    yield
    if is_on(company, "shop-prod-react-1", "shop-prod_database"):
        company.docker("network", "disconnect", "shop-prod_database", "shop-prod-react-1")
    if not is_on(company, "blog-ghost-1", "proxy"):
        company.docker("network", "connect", "proxy", "blog-ghost-1")


@pytest.fixture
def board(page: Page) -> Page:
    """The drawing, loaded and live."""
    page.goto("/e/demo/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.click("#zoom-fit")
    expect(card(page, "shop-prod-react-1")).to_be_visible()
    return page


def expect_on(page: Page, name: str, networks: str) -> None:
    bridging = "(, the only way between its networks)?"
    words = re.compile(rf"^{name}, running, on {networks}{bridging}$")
    expect(card(page, name)).to_have_attribute("aria-label", words)


def expect_connected(page: Page, company: SimulatedEngine) -> None:
    expect(page.locator("#messages .toast")).to_contain_text("shop-prod_database: done.")
    expect_on(page, "shop-prod-react-1", "shop-prod_frontend, shop-prod_database")
    assert is_on(company, "shop-prod-react-1", "shop-prod_database")


def test_three_clicks_connect_and_a_fourth_takes_it_back(
    board: Page, company: SimulatedEngine
) -> None:
    card(board, "shop-prod-react-1").click()
    lane(board, "shop-prod", "database").click()
    expect(board.locator("#preview .command")).to_contain_text(
        "docker network connect shop-prod_database shop-prod-react-1"
    )
    board.click("#confirm")
    expect_connected(board, company)
    board.click("#messages .undo")
    expect_on(board, "shop-prod-react-1", "shop-prod_frontend")
    assert not is_on(company, "shop-prod-react-1", "shop-prod_database")


def test_the_keyboard_alone_connects(board: Page, company: SimulatedEngine) -> None:
    card(board, "shop-prod-react-1").focus()
    board.keyboard.press("Enter")
    expect(board.locator("#inspector h1")).to_contain_text("shop-prod-react-1")
    board.locator('section[aria-label^="shop-prod,"] a.n[aria-label*="database"]').focus()
    board.keyboard.press("Enter")
    expect(board.locator("#id_network")).to_be_focused()
    expect(board.locator("#preview .command")).to_be_visible()
    while not board.evaluate("document.activeElement.id === 'confirm'"):
        board.keyboard.press("Tab")
    board.keyboard.press("Enter")
    expect_connected(board, company)
    expect(card(board, "shop-prod-react-1")).to_be_focused()


def test_the_keyboard_is_on_the_drawing_again_when_a_sheet_is_closed(board: Page) -> None:
    card(board, "shop-prod-react-1").focus()
    board.keyboard.press("c")
    expect(board.locator("#id_network")).to_be_focused()
    board.locator(".change [data-close-sheet]").focus()
    board.keyboard.press("Enter")
    expect(board.locator(".change")).to_have_count(0)
    expect(card(board, "shop-prod-react-1")).to_be_focused()


def test_a_refused_field_is_where_one_goes_on_typing(board: Page) -> None:
    card(board, "shop-prod-react-1").click()
    lane(board, "shop-prod", "database").click()
    board.fill("#id_ipv4", "192.0.2.1")
    board.click("#confirm")
    expect(board.locator("#id_ipv4")).to_have_attribute("aria-invalid", "true")
    expect(board.locator("#id_ipv4")).to_be_focused()


def test_a_card_dragged_onto_a_bus_opens_the_sheet(board: Page) -> None:
    start = card(board, "shop-prod-react-1").bounding_box()
    end = lane(board, "shop-prod", "database").bounding_box()
    assert start
    assert end
    board.mouse.move(start["x"] + 30, start["y"] + 10)
    board.mouse.down()
    board.mouse.move(start["x"] + 60, start["y"] + 40, steps=4)
    board.mouse.move(end["x"] + 10, end["y"] + 5, steps=6)
    expect(board.locator("#ghost")).to_contain_text("Connect shop-prod-react-1 to")
    board.mouse.up()
    expect(board.locator(".change h2")).to_have_text("Connect shop-prod-react-1")
    expect(board.locator("#preview .command")).to_contain_text("shop-prod_database")


def test_a_click_on_a_ring_asks_to_disconnect(board: Page, company: SimulatedEngine) -> None:
    ring = board.locator('section[aria-label^="blog,"] [data-r]').first
    box = ring.bounding_box()
    assert box
    board.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(board.locator(".change h2")).to_have_text("Disconnect blog-ghost-1 from proxy")
    board.click("#confirm")
    expect(board.locator("#messages .toast")).to_contain_text("done.")
    assert not is_on(company, "blog-ghost-1", "proxy")
    board.click("#messages .undo")
    wait_until(lambda: is_on(company, "blog-ghost-1", "proxy"), "it is connected again")


def open_shared_ring(page: Page) -> tuple[Locator, list[str], str]:
    """Open the question of a ring of several; give its choices, its names and its network."""
    ring = page.locator('section[aria-label^="shop-prod,"] a.j[href*="among="]').last
    names = re.findall(r"\b(\d+) containers on ([\w-]+),", ring.get_attribute("aria-label") or "")
    ((count, network),) = names
    box = ring.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".change h2")).to_have_text(f"Disconnect from {network}")
    choices = page.locator(".change .choices a")
    expect(choices).to_have_count(int(count) + 1)
    return choices, choices.all_inner_texts(), network


def test_a_ring_of_several_containers_asks_which_one(board: Page) -> None:
    choices, names, network = open_shared_ring(board)
    assert names[-1] == f"All {len(names) - 1} of them"
    expect(choices.first).to_be_focused()
    board.keyboard.press("Tab")
    board.keyboard.press("Enter")
    expect(board.locator(".change h2")).to_have_text(f"Disconnect {names[1]} from {network}")
    expect(board.locator("#preview .command")).to_have_count(1)


def test_the_keyboard_asks_to_disconnect(board: Page) -> None:
    card(board, "blog-ghost-1").focus()
    board.keyboard.press("d")
    expect(board.locator(".change .choices a").first).to_be_focused()
    board.keyboard.press("Enter")
    expect(board.locator(".change h2")).to_contain_text("Disconnect blog-ghost-1 from")
    expect(board.locator(".change h2")).not_to_contain_text("containers")


def test_several_chosen_cards_are_connected_as_one(board: Page) -> None:
    for name in ("shop-prod-react-1", "shop-dev-react-1"):
        card(board, name).click(modifiers=["Shift"])
    expect(board.locator("#chosen")).to_contain_text("2 containers chosen")
    board.click("#chosen [data-act=connect]")
    expect(board.locator(".change h2")).to_have_text("Connect 2 containers")
    board.select_option("#id_network", label="shop-prod_database · 172.28.0.0/16")
    expect(board.locator("#preview .steps li")).to_have_count(2)


def test_a_half_filled_sheet_survives_what_happens_meanwhile(
    board: Page, company: SimulatedEngine
) -> None:
    card(board, "shop-prod-react-1").click()
    lane(board, "shop-prod", "database").click()
    board.fill("#id_aliases", "half-typed")
    company.docker("network", "connect", "proxy", "shop-dev-react-1")
    try:
        expect_on(board, "shop-dev-react-1", "proxy, shop-dev_frontend")
        expect(board.locator("#id_aliases")).to_have_value("half-typed")
    finally:
        company.docker("network", "disconnect", "proxy", "shop-dev-react-1")


def test_a_sheet_that_was_refused_by_an_engine_away_asks_again_once_it_is_back(
    board: Page, company: SimulatedEngine
) -> None:
    card(board, "shop-prod-react-1").click()
    lane(board, "shop-prod", "database").click()
    board.fill("#id_aliases", "half-typed")
    expect(board.locator("#preview .command")).to_contain_text("half-typed")
    company.kill()
    try:
        since = re.compile(r"(Reconnecting|Away) since \d\d:\d\d:\d\d")
        expect(board.locator("#live")).to_have_text(since)
        expect(board.locator("#notices")).to_contain_text(since)
        expect(board.locator("#notices")).to_contain_text("What you see is as it was then.")
        board.click("#confirm")
        expect(board.locator("#preview .refusals")).to_contain_text("docker.sock")
    finally:
        company.start()
    expect(board.locator("#preview .refusals")).not_to_be_attached()
    expect(board.locator("#preview .command")).to_contain_text("half-typed")
    expect(board.locator("#id_aliases")).to_have_value("half-typed")
