"""The board under a hand: filters, keys, zoom, selection, live changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LIMIT
from tests.browser.looking import CARD, find_card, is_in_view, open_board, read_parameters, wait_for
from tests.browser.site import Site
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.browser


@pytest.fixture
def restored(company: SimulatedEngine) -> Iterator[Callable[..., str]]:
    """Give the ``docker`` command, with what is to be run afterwards as ``undo``."""
    undone: list[tuple[str, ...]] = []

    def run(*arguments: str, undo: tuple[str, ...]) -> str:
        undone.append(undo)
        return company.docker(*arguments)

    yield run
    for arguments in reversed(undone):
        company.docker(*arguments)


def test_all_sixty_containers_stand_on_the_board(page: Page) -> None:
    open_board(page)
    expect(page.locator(CARD)).to_have_count(60)
    expect(page.locator("#counts")).to_contain_text("60 containers")


def test_a_click_opens_the_inspector_and_the_address_restores_it(page: Page) -> None:
    open_board(page)
    card = find_card(page, "infra-grafana-1")
    card.click()
    inspector = page.locator("#inspector")
    expect(inspector).to_contain_text("infra-grafana-1")
    expect(card).to_have_class(re.compile("selected"))
    page.reload()
    expect(inspector).to_contain_text("infra-grafana-1")
    expect(find_card(page, "infra-grafana-1")).to_have_class(re.compile("selected"))


def test_the_selected_card_stays_in_view_beside_the_inspector(page: Page) -> None:
    open_board(page)
    page.locator("#zoom-level").click()
    for card in page.locator(CARD).all()[::15]:
        card.click()
        expect(page.locator("#inspector > *").first).to_be_attached()
        expect(card).to_have_class(re.compile("selected"))
        wait_for(page, "() => !document.querySelector('.htmx-request')")
        assert is_in_view(page, card)


def test_a_click_on_a_line_opens_its_network(page: Page) -> None:
    open_board(page)
    page.locator('#board a.n[aria-label^="network shop-prod_backend,"]').click()
    expect(page.locator("#inspector")).to_contain_text("shop-prod_backend")


def test_escape_closes_the_inspector(page: Page) -> None:
    open_board(page)
    find_card(page, "infra-grafana-1").click()
    expect(page.locator("#inspector")).to_contain_text("infra-grafana-1")
    page.keyboard.press("Escape")
    expect(page.locator("#inspector")).to_be_empty()
    assert "selected" not in read_parameters(page)


def test_hovering_lights_the_neighbours_and_leaving_ends_it(page: Page) -> None:
    open_board(page)
    find_card(page, "infra-loki-1").hover()
    lit = page.locator("#ov a.c")
    expect(lit.first).to_be_attached()
    assert lit.count() < 60
    page.mouse.move(5, 5)
    expect(lit).to_have_count(0)


def test_the_keyboard_reaches_every_card_and_line(page: Page) -> None:
    open_board(page)
    missed = page.evaluate(
        """() => {
            const links = [...board.links()].filter(link => !link.closest("#ov"));
            const reached = new Set(), waiting = [...document.querySelectorAll("#board a.pt")];
            while (waiting.length) {
                const link = waiting.pop();
                if (reached.has(link)) continue;
                reached.add(link);
                for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
                    link.focus({ preventScroll: true });
                    link.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                    const next = document.activeElement;
                    if (!reached.has(next)) waiting.push(next);
                }
            }
            return links.filter(link => !reached.has(link)).map(link => link.ariaLabel);
        }"""
    )
    assert missed == []


def test_tab_arrow_and_enter_open_a_container_without_a_mouse(page: Page) -> None:
    open_board(page)
    page.locator("#board a.pt").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#board a.n:focus")).to_have_count(1)
    for _ in range(5):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
    card = page.locator("#board section a.c:focus")
    name = (card.get_attribute("aria-label") or "").split(",")[0]
    page.keyboard.press("Enter")
    expect(page.locator("#inspector")).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(card).to_be_focused()


def test_arrows_enter_the_focused_drawing_and_a_question_mark_explains_it(page: Page) -> None:
    open_board(page)
    page.locator("#wrap").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#board a.pt:focus")).to_have_count(1)
    page.keyboard.press("?")
    expect(page.locator("#legend")).to_have_attribute("open", "")
    page.keyboard.press("?")
    expect(page.locator("#legend[open]")).to_have_count(0)


def test_escape_closes_the_explanation_alone_and_the_arrows_walk_on(page: Page) -> None:
    open_board(page)
    card = find_card(page, "infra-grafana-1")
    card.click()
    expect(page.locator("#inspector")).to_contain_text("infra-grafana-1")
    card.focus()
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    expect(page.locator("#legend[open]")).to_have_count(0)
    expect(page.locator("#inspector")).to_contain_text("infra-grafana-1")
    expect(card).to_be_focused()


def test_the_point_under_the_pointer_stays_while_zooming(page: Page) -> None:
    open_board(page)
    card = find_card(page, "infra-grafana-1")
    before = card.bounding_box()
    assert before
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    wait_for(page, "() => document.getElementById('board').style.willChange === 'auto'")
    after = card.bounding_box()
    assert after
    assert after["width"] > before["width"] * 1.3
    assert after["x"] < x < after["x"] + after["width"]
    assert after["y"] < y < after["y"] + after["height"]


def test_zooming_out_hides_what_could_not_be_read(page: Page) -> None:
    open_board(page)
    sub = page.locator(f"{CARD} text.s").first
    page.locator("#zoom-level").click()
    expect(sub).to_be_visible()
    for _ in range(6):
        page.keyboard.press("-")
    expect(page.locator("#board")).to_have_attribute("data-zoom", "far")
    expect(sub).to_be_hidden()
    page.keyboard.press("0")
    expect(sub).to_be_visible()


def test_fit_shows_the_whole_board(page: Page) -> None:
    open_board(page)
    page.locator("#zoom-fit").click()
    wait_for(
        page,
        """() => [...document.querySelectorAll("#board section.pn")].every(section => {
            const box = section.getBoundingClientRect();
            const seen = document.getElementById("wrap").getBoundingClientRect();
            return box.right <= seen.right + 1 && box.bottom <= seen.bottom + 1;
        })""",
    )


def test_a_state_filter_narrows_and_can_be_cleared(page: Page) -> None:
    open_board(page, "?state=unhealthy")
    cards = page.locator(CARD)
    expect(cards.first).to_be_attached()
    assert cards.count() < 60
    page.get_by_role("link", name="Clear").first.click()
    expect(cards).to_have_count(60)


def test_a_new_container_appears_and_leaves_without_a_reload(
    page: Page, restored: Callable[..., str]
) -> None:
    open_board(page)
    page.evaluate("() => { window.same = true }")
    name = "a-newcomer"
    restored("run", "-d", "--name", name, "--network", "shop-prod_backend", "shop/worker:2.4.1",
             undo=("rm", "-f", name))  # fmt: skip
    expect(find_card(page, name)).to_be_attached()
    expect(page.locator("#counts")).to_contain_text("61 containers")
    assert page.evaluate("() => window.same")


def test_focus_selection_scroll_and_zoom_survive_a_change(
    page: Page, restored: Callable[..., str]
) -> None:
    open_board(page)
    page.locator("#zoom-level").click()
    card = find_card(page, "shop-prod-scheduler-1")
    card.click()
    expect(page.locator("#inspector")).to_contain_text("shop-prod-scheduler-1")
    card.focus()
    before = page.evaluate("() => [wrap.scrollLeft, wrap.scrollTop, board.zoom.scale()]")
    version = page.locator("#board").get_attribute("data-version")
    restored("network", "connect", "shop-prod_backend", "infra-loki-1",
             undo=("network", "disconnect", "shop-prod_backend", "infra-loki-1"))  # fmt: skip
    expect(page.locator("#board")).not_to_have_attribute("data-version", version or "")
    expect(card).to_be_focused()
    expect(card).to_have_class(re.compile("selected"))
    after = page.evaluate("() => [wrap.scrollLeft, wrap.scrollTop, board.zoom.scale()]")
    assert after == pytest.approx(before, abs=1.5)


def test_a_half_filled_search_survives_a_change(page: Page, restored: Callable[..., str]) -> None:
    open_board(page)
    page.locator("#search").fill("gra")
    expect(page.locator("#search-count")).to_contain_text("of")
    version = page.locator("#board").get_attribute("data-version")
    restored("stop", "infra-loki-1", undo=("start", "infra-loki-1"))
    expect(page.locator("#board")).not_to_have_attribute("data-version", version or "")
    expect(find_card(page, "infra-loki-1")).to_have_class(re.compile("stopped"))
    expect(page.locator("#search")).to_have_value("gra")
    expect(page.locator("#search")).to_be_focused()
    expect(page.locator("#ov a.hit").first).to_be_attached()


def test_the_page_follows_again_after_the_web_process_was_gone(
    page: Page, site: Site, restored: Callable[..., str]
) -> None:
    open_board(page)
    site.end("web")
    expect(page.locator("#live")).to_have_attribute("data-state", "reconnecting")
    expect(page.locator("#live")).to_have_text(re.compile(r"^Reconnecting since .*\d\d:\d\d"))
    restored("stop", "infra-promtail-1", undo=("start", "infra-promtail-1"))
    site.start_web()
    expect(find_card(page, "infra-promtail-1")).to_have_class(re.compile("stopped"))
    expect(page.locator("#live")).to_have_attribute("data-state", "live")


def test_the_board_stands_where_the_browser_keeps_nothing(page: Page) -> None:
    page.add_init_script(
        """Object.defineProperty(window, "sessionStorage", {
            get() { throw new DOMException("kept out", "SecurityError"); },
        });"""
    )
    open_board(page)
    page.locator("#zoom-in").click()
    expect(page.locator(CARD).first).to_be_visible()


def test_the_board_stands_without_its_zoom(page: Page) -> None:
    page.route(re.compile("board-zoom"), lambda route: route.abort())
    page.goto("/e/demo/")
    expect(page.locator("#board")).to_have_attribute("data-zoom", "near")
    expect(page.locator(CARD).first).to_be_visible()


def test_a_project_opens_alone_and_leads_back(page: Page) -> None:
    open_board(page, "?density=dots")
    page.locator("#board a.pt").first.click()
    expect(page.locator("#board section.pn")).to_have_count(1)
    expect(page.locator("#board")).to_have_class("d-cards")
    page.get_by_role("link", name="All projects").click()
    expect(page.locator("#board section.pn").nth(3)).to_be_attached()


def test_the_picture_is_saved_as_png(page: Page) -> None:
    open_board(page)
    page.locator("details[data-svg] > summary").click()
    with page.expect_download(timeout=LIMIT) as waiting:
        page.locator("#export-png").click()
    with open(waiting.value.path(), "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"
