"""From the click on Connect to the redrawn picture, minus the engine's own call.

    .venv/bin/python -m bench.change [--scene large] [--rounds 15]

The engine's own call is a bare ``POST /networks/…/connect`` of the same container to the same
network, timed in the same run.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.browser.site import Site
from tests.simulated import SimulatedEngine

BAR = 150
WATCH = """([container, network]) => {
    let clicked = 0;
    document.addEventListener("click", () => { clicked = performance.now(); },
        { capture: true, once: true });
    window.seen = new Promise(resolve => {
        const isShown = () => [...document.querySelectorAll("#board a.c")].some(card => {
            const label = card.getAttribute("aria-label") || "";
            return label.startsWith(container + ",") && label.includes(network);
        });
        const watcher = new MutationObserver(() => {
            if (!isShown()) return;
            watcher.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - clicked)));
        });
        watcher.observe(document.getElementById("board"),
            { childList: true, subtree: true, attributes: true });
    });
    window.answered = new Promise(resolve => document.body.addEventListener(
        "htmx:beforeSwap", () => resolve(performance.now() - clicked), { once: true }));
}"""


class Socket(http.client.HTTPConnection):
    """An HTTP connection over a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self.path = path

    def connect(self) -> None:
        """Open it."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", default="large")
    parser.add_argument("--rounds", type=int, default=15)
    wanted = parser.parse_args()
    engine = SimulatedEngine(scene=wanted.scene)
    try:
        measure(engine, wanted.rounds)
    finally:
        engine.close()


def measure(engine: SimulatedEngine, rounds: int) -> None:
    """Open a browser on a netdash, connect containers one after the other, print the medians."""
    with Site(engine.address) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if Path(CHROMIUM).exists() else None, args=ARGUMENTS
        )
        with tempfile.TemporaryDirectory() as folder:
            state = sign_in(browser, site, "operator", Path(folder) / "state.json")
            context = browser.new_context(
                storage_state=state, viewport={"width": 1600, "height": 1000}
            )
        page = context.new_page()
        totals, answers, calls = [], [], []
        page.goto(f"{site.address}/e/demo/")
        page.wait_for_selector('#live[data-state="live"]')
        page.wait_for_selector("#board a.c", state="attached")
        labels = page.locator("#board a.c").evaluate_all("all => all.map(one => one.ariaLabel)")
        drawn = {label.partition(",")[0] for label in labels}
        for container, network in list_pairs(engine, drawn, rounds):
            calls.append(time_call(engine, container, network))
            total, answer = time_connect(page, site.address, engine, container, network)
            totals.append(total)
            answers.append(answer)
        browser.close()
    call, total = statistics.median(calls), statistics.median(totals)
    print(f"engine's own call        {call:6.0f} ms")
    print(f"click to answer          {statistics.median(answers):6.0f} ms")
    print(f"click to picture         {total:6.0f} ms   n={len(totals)}")
    print(f"minus the engine's call  {total - call:6.0f} ms   (bar {BAR})")
    print(f"ratio to the bar         {(total - call) / BAR:6.2f}")


def list_pairs(engine: SimulatedEngine, drawn: set[str], rounds: int) -> list[tuple[str, str]]:
    """List running containers that have a card of their own, each with a network of its project."""
    state, found = engine.state, []
    for one in state.containers.values():
        project = one.labels.get("com.docker.compose.project", "")
        others = [
            network.name
            for network in state.networks.values()
            if project
            and network.labels.get("com.docker.compose.project") == project
            and network.name not in one.endpoints
        ]
        if one.name in drawn and one.is_running and not one.is_sharing and one.endpoints and others:
            found.append((one.name, others[0]))
    return found[:: max(1, len(found) // rounds)][:rounds]


def time_call(engine: SimulatedEngine, container: str, network: str) -> float:
    """Time a bare connect in milliseconds, and take it back."""
    wire = Socket(str(engine.path))
    begun = time.perf_counter()
    body = json.dumps({"Container": container})
    path = f"/v1.40/networks/{network}/connect"
    wire.request("POST", path, body, {"Content-Type": "application/json"})
    answer = wire.getresponse()
    answer.read()
    took = (time.perf_counter() - begun) * 1000
    wire.close()
    assert answer.status == 200, answer.status
    engine.docker("network", "disconnect", network, container)
    return took


def time_connect(
    page: Page, address: str, engine: SimulatedEngine, container: str, network: str
) -> tuple[float, float]:
    """Time one connect on the drawing, in milliseconds: to the picture, and to the answer."""
    time.sleep(1.5)  # the watcher has read what time_call did
    page.goto(f"{address}/e/demo/")
    page.wait_for_selector('#live[data-state="live"]')
    card = page.locator(f'#board a.c[aria-label^="{container},"]').first
    card.dispatch_event("click")
    page.locator('#inspector a[href*="/connect?container="]').first.click()
    choice = page.locator("#id_network option", has_text=network).first
    page.select_option("#id_network", value=choice.get_attribute("value"))
    page.wait_for_selector("#preview .command")
    page.wait_for_timeout(500)
    page.evaluate(WATCH, [container, network])
    page.click("#confirm")
    total = float(page.evaluate("() => window.seen"))
    answer = float(page.evaluate("() => window.answered"))
    engine.docker("network", "disconnect", network, container)
    return total, answer


if __name__ == "__main__":
    main()
