"""From an event on the engine to the changed pixel in an open browser, and how smooth it moves.

    .venv/bin/python -m bench.screen [--scene large] [--rounds 25] [--address unix:///...]

Without an address the engine is the simulated one, and what is timed is the return of the
``docker`` command that stops or starts a container. With one, containers named ``bench-N`` are
made on that real engine's network ``bench`` and removed again.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.browser.site import Site
from tests.simulated import SimulatedEngine

WATCH = """() => {
    window.seen = new Promise(resolve => {
        const watcher = new MutationObserver(() => {
            watcher.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
        });
        watcher.observe(document.getElementById("board"),
            { childList: true, subtree: true });
    });
}"""
FRAMES = """async move => {
    const wrap = document.getElementById("wrap"), times = [];
    const end = performance.now() + 2500;
    let turn = 0;
    while (performance.now() < end) {
        await new Promise(requestAnimationFrame);
        times.push(performance.now());
        turn += 1;
        if (move === "pan") wrap.scrollBy(turn % 120 < 60 ? 25 : -25, turn % 120 < 60 ? 15 : -15);
        else board.zoom.by(turn % 120 < 60 ? 1.012 : 1 / 1.012);
    }
    return 1000 * (times.length - 1) / (times.at(-1) - times[0]);
}"""
PAINT = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", default="large")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--address", default="")
    wanted = parser.parse_args()
    if wanted.address:
        measure_site(wanted.address, lambda page: follow_real(page, wanted.address, wanted.rounds))
        return
    engine = SimulatedEngine(scene=wanted.scene)
    try:
        measure_site(engine.address, lambda page: follow(page, engine, wanted.rounds))
    finally:
        engine.close()


def measure_site(address: str, run: Callable[[Page], list[float]]) -> None:
    """Open a browser on a netdash for one engine; measure paint, movement and events."""
    with Site(address) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if Path(CHROMIUM).exists() else None, args=ARGUMENTS
        )
        with tempfile.TemporaryDirectory() as folder:
            state = sign_in(browser, site, "viewer", Path(folder) / "state.json")
            context = browser.new_context(
                storage_state=state, viewport={"width": 1600, "height": 1000}
            )
        page = context.new_page()
        page.goto(f"{site.address}/e/demo/")
        page.wait_for_selector("#board section a.c", state="attached")
        page.wait_for_selector('#live[data-state="live"]')
        paints = []
        for _ in range(5):
            page.reload()
            page.wait_for_selector('#live[data-state="live"]')
            paints.append(float(page.evaluate(PAINT)))
        print(f"first contentful paint  {statistics.median(paints):6.0f} ms")
        for move in ("pan", "zoom"):
            print(f"{move:22}  {page.evaluate(FRAMES, move):6.1f} frames a second")
        print_delays(run(page))
        browser.close()


def print_delays(delays: list[float]) -> None:
    """Print the median and the 95th percentile against the bar."""
    ordered = sorted(delays)
    late = ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]
    print(f"event to pixel, median  {statistics.median(ordered):6.0f} ms   (bar 250)")
    print(f"event to pixel, p95     {late:6.0f} ms   (bar 600)   n={len(ordered)}")


def follow(page: Page, engine: SimulatedEngine, rounds: int) -> list[float]:
    """Stop and start containers of the simulated engine, one after the other."""
    names = engine.docker("ps", "--format", "{{.Names}}").split()[:rounds]
    return [time_change(page, partial(engine.docker, "stop", name)) for name in names]


def follow_real(page: Page, address: str, rounds: int) -> list[float]:
    """Connect and disconnect a container of a real engine."""

    def docker(*arguments: str) -> None:
        command = ["docker", "-H", address, *arguments]
        subprocess.run(command, check=True, capture_output=True)

    docker("network", "create", "bench")
    docker("run", "-d", "--name", "bench-1", "busybox:local")
    try:
        page.wait_for_selector('a.c[aria-label^="bench-1,"]', state="attached")
        delays = []
        for number in range(rounds):
            word = "connect" if number % 2 == 0 else "disconnect"
            delays.append(time_change(page, partial(docker, "network", word, "bench", "bench-1")))
        return delays
    finally:
        docker("rm", "-f", "bench-1")
        docker("network", "rm", "bench")


def time_change(page: Page, change: Callable[[], object]) -> float:
    """Time from the return of the command to the painted change, in milliseconds."""
    time.sleep(0.6)  # a quiet engine: the first change of a burst shows at once
    page.evaluate(WATCH)
    change()
    done = time.time() * 1000
    seen = float(page.evaluate("() => window.seen"))
    return max(0.0, seen - done)


if __name__ == "__main__":
    main()
