"""From the click on Connect to the redrawn picture, minus the engine's own call.

    .venv/bin/python -m bench.change [--scene large] [--rounds 15]

The engine's own call is a bare ``POST /networks/…/connect`` of the same container to the same
network, timed in the same run. The engine is a simulated one in a process of its own, so that
neither the browser's driver nor anything of netdash waits for it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from netdash.engine.client import EngineClient, open_client
from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.browser.site import ROOT, Site
from tests.waiting import wait_until

BAR = 150
PROJECT = "com.docker.compose.project"
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
    with running_engine(wanted.scene) as engine:
        measure(engine, wanted.rounds)


@contextmanager
def running_engine(scene: str) -> Iterator[EngineClient]:
    """Run a simulated engine in a process of its own, and give a client of it."""
    with tempfile.TemporaryDirectory(prefix="nd-") as folder:
        path = Path(folder) / "engine.sock"
        options = ("--socket", str(path), "--scene", scene)
        command = (sys.executable, "manage.py", "simulate_engine", *options)
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            wait_until(path.exists, "the engine answers")
            yield open_client(f"unix://{path}")
        finally:
            process.terminate()
            process.wait(10)


def measure(engine: EngineClient, rounds: int) -> None:
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


def list_pairs(engine: EngineClient, drawn: set[str], rounds: int) -> list[tuple[str, str]]:
    """List running containers that have a card and a namespace of their own, each with a network.

    The network is one of the same project that the container is not on.
    """
    networks_by_project: dict[str, list[str]] = {}
    for network in engine.networks():
        project = (network["Labels"] or {}).get(PROJECT, "")
        networks_by_project.setdefault(project, []).append(network["Name"])
    found = []
    for one in engine.containers():
        name, project = one["Names"][0].lstrip("/"), one["Labels"].get(PROJECT, "")
        places = one["NetworkSettings"]["Networks"]
        others = [known for known in networks_by_project.get(project, ()) if known not in places]
        shares = one["HostConfig"]["NetworkMode"].startswith(("host", "container:"))
        if name in drawn and project and places and others and not shares:
            found.append((name, others[0]))
    return found[:: max(1, len(found) // rounds)][:rounds]


def time_call(engine: EngineClient, container: str, network: str) -> float:
    """Time a bare connect in milliseconds, and take it back."""
    wire = Socket(engine.address.removeprefix("unix://"))
    begun = time.perf_counter()
    body = json.dumps({"Container": container})
    path = f"/v1.40/networks/{network}/connect"
    wire.request("POST", path, body, {"Content-Type": "application/json"})
    answer = wire.getresponse()
    said = answer.read()
    took = (time.perf_counter() - begun) * 1000
    wire.close()
    assert answer.status == 200, said
    engine.disconnect_container_from_network(container, network)
    return took


def time_connect(
    page: Page, address: str, engine: EngineClient, container: str, network: str
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
    engine.disconnect_container_from_network(container, network)
    return total, answer


if __name__ == "__main__":
    main()
