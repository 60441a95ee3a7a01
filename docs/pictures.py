"""Take the pictures that the README shows, from a running product."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).parent
SIZE: ViewportSize = {"width": 1600, "height": 1000}


def find_free_port() -> int:
    """Ask the system for a port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: str, port: int) -> tuple[subprocess.Popen[str], str]:
    """Start netdash with the simulated company; give it and its set-up link."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", "up", "--port", str(port), "--scene", "company"],
        env={**os.environ, "NETDASH_DATA": folder},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+/setup/\S+", line):
            return process, found[0]
    raise SystemExit("netdash did not come up.")


def sign_up(page: Page, link: str) -> None:
    """Use the set-up link."""
    page.goto(link)
    page.fill("[name=username]", "ada")
    page.fill("[name=password1]", "a long unusual phrase")
    page.fill("[name=password2]", "a long unusual phrase")
    page.click("main button")
    page.wait_for_selector("#live[data-state=live]")


def take(browser: Browser, address: str, link: str, names: list[str]) -> None:
    """Take each picture in both themes."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    sign_up(page, link)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for name in names:
            page.goto(address + PATHS[name])
            page.wait_for_load_state("load")
            page.wait_for_timeout(600)
            if name in ("inspector", "connect"):
                page.locator('#board section a.c[aria-label^="shop-prod-api-1,"]').click()
                page.locator("#inspector h1").wait_for()
            if name == "connect":
                lane = '#board section[aria-label^="shop-prod,"] a.n[aria-label*="database"] text'
                page.locator(lane).first.click()
                page.locator("#preview .command").wait_for()
            if name == "many":
                page.get_by_text("Projects, environments, layers").click()
                page.get_by_role("button", name="Create 12 networks").wait_for()
            page.mouse.move(5, 500)
            page.wait_for_timeout(600)
            page.screenshot(path=FOLDER / f"{name}-{theme}.png")


PATHS = {
    "topology": "/e/simulated/",
    "inspector": "/e/simulated/",
    "connect": "/e/simulated/",
    "matrix": "/e/simulated/matrix",
    "many": "/e/simulated/networks/many",
}


def main() -> None:
    """Start, take, end."""
    port = find_free_port()
    with tempfile.TemporaryDirectory(prefix="nd-") as folder, sync_playwright() as playwright:
        process, link = start(folder, port)
        try:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            take(browser, f"http://127.0.0.1:{port}", link, sys.argv[1:] or list(PATHS))
            browser.close()
        finally:
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    main()
