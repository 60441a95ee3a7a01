"""What a hand does on the pages: open, fill in, choose, confirm."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import follow
from tests.engines import RealEngine


def open_page(page: Page, path: str) -> None:
    """Open a page and wait until it follows by itself."""
    page.goto(f"/e/demo/{path}")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")


def open_network(page: Page, engine: RealEngine, name: str) -> None:
    """Open a network's page by the list."""
    follow(page, engine)
    open_page(page, f"networks/?q={name}")
    page.locator("#list tbody").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("#sheet h1")).to_contain_text(name)


def open_container(page: Page, engine: RealEngine, name: str) -> None:
    """Open a container's page by the list."""
    follow(page, engine)
    open_page(page, f"containers/?q={name}")
    page.locator("#list tbody th").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("#sheet h1")).to_contain_text(name)


def settle(page: Page, awaited: str) -> None:
    """Wait until something was swapped in and listens to what is typed and clicked."""
    expect(page.locator(awaited).first).to_be_visible()
    swapping = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
    expect(page.locator(swapping)).to_have_count(0)


def say_done(page: Page, words: str) -> None:
    toast = page.locator("#messages .toast", has_text=re.compile("done\\.|Taken back")).last
    expect(toast).to_contain_text(words)


def confirm(page: Page, words: str) -> None:
    """Press the sheet's own button, and wait until it says that it is done."""
    settle(page, "#preview .command")
    page.click("#confirm")
    say_done(page, words)


def card(page: Page, name: str) -> Locator:
    return page.locator(f'#board section a.c[aria-label^="{name},"]').first


def lane(page: Page, network: str) -> Locator:
    return page.locator(f'#board section a.n[aria-label^="network {network},"] text').first


def open_folds(page: Page) -> None:
    """Open whatever a sheet folds away."""
    folds = page.locator(".change details.fold")
    for number in range(folds.count()):
        if folds.nth(number).get_attribute("open") is None:
            folds.nth(number).locator("summary").first.click()


def fill_in(page: Page, fields: tuple[tuple[str, str | bool], ...]) -> None:
    for label, value in fields:
        field = page.locator(".change").get_by_label(label, exact=True).first
        if value is True:
            field.check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))


def create(page: Page, name: str, *fields: tuple[str, str | bool]) -> None:
    """Make a network by the form; it stands in the list at once."""
    open_page(page, "")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="New network").click()
    open_folds(page)
    fill_in(page, (("Name", name), *fields))
    expect(page.locator("#preview .command")).to_contain_text(name)
    confirm(page, name)
    row = page.locator("#list tbody").get_by_role("link", name=name, exact=True)
    expect(row).to_be_visible()


def choose(page: Page, *names: str) -> None:
    """Choose cards, and only these."""
    if page.locator("#chosen").is_visible():
        page.click("#chosen [data-act=clear]")
    for name in names:
        card(page, name).click(modifiers=["Shift"])
    expect(page.locator("#chosen")).to_contain_text(f"{len(names)} container")


def read_choice(page: Page, network: str) -> str:
    """Read the words of a network in the sheet's menu."""
    return page.locator("#id_network option", has_text=network).first.inner_text().strip()


def read_list(page: Page) -> set[str]:
    return set(page.locator("#list tbody th a").all_inner_texts())


def pick(page: Page, menu: str, value: str) -> None:
    """Choose a value of a filter menu."""
    page.locator("summary", has_text=f"{menu}:").click()
    page.locator(".menu[open] a", has_text=value).click()
    expect(page.locator("summary", has_text=f"{menu}:")).to_contain_text(value)
