"""How soon the drawing of a scene is there, how smooth it moves, and what one waits for on it.

    .venv/bin/python -m bench.screen [--scene company|large|huge] [--rounds 25] [--address unix:///...]

Without an address the engine is the simulated one, and what is timed is the return of the
``docker`` command that stops or starts a container. With one, containers named ``bench-N`` are
made on that real engine's network ``bench`` and removed again; the scene chooses the bars. What
is taken several times is given as its median, with the bar and what it is of it: at most 1.00
is met.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.browser.site import Site
from tests.simulated import SimulatedEngine

RELOADS = 9
LIT = 15
WATCH = """() => {
    let heard = 0;
    document.body.addEventListener(
        "netdash:version", () => { heard = Date.now(); }, { once: true, capture: true });
    window.seen = new Promise(resolve => {
        const watcher = new MutationObserver(() => {
            watcher.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve([Date.now(), heard])));
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
# Every script has run, the board is laid out, and the thread that answers a click is free.
READY = """(() => {
    const look = () => {
        const [visit] = performance.getEntriesByType("navigation");
        const laid = document.getElementById("board")?.dataset.zoom;
        if (visit?.domContentLoadedEventEnd && window.board?.zoom && laid)
            window.ready = performance.now();
        else setTimeout(look);
    };
    look();
})()"""
LIGHT = """async number => {
    const links = [...document.querySelectorAll("#board section a.c")];
    const link = links[Math.floor(number * links.length)], layer = document.getElementById("ov");
    const painted = new Promise(resolve => {
        const watcher = new MutationObserver(() => {
            watcher.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
        });
        watcher.observe(layer, { childList: true });
    });
    const begun = performance.now();
    link.focus({ preventScroll: true });
    const spent = await painted - begun;
    link.blur();
    await new Promise(resolve => setTimeout(resolve, 60));
    return spent;
}"""


@dataclass(frozen=True, slots=True)
class Bars:
    """What a scene must reach: milliseconds and megabytes at most, frames a second at least."""

    paint: int
    interactive: int
    pan: int
    zoom: int
    light: int
    update: int
    memory: int


BARS = {
    "company": Bars(200, 200, pan=58, zoom=58, light=50, update=80, memory=30),
    "large": Bars(250, 300, pan=55, zoom=55, light=60, update=120, memory=50),
    "huge": Bars(400, 700, pan=45, zoom=50, light=80, update=200, memory=90),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", default="large", choices=BARS)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--address", default="")
    wanted = parser.parse_args()
    bars = BARS[wanted.scene]
    if wanted.address:
        follower = partial(follow_real, address=wanted.address, rounds=wanted.rounds)
        measure_site(wanted.address, bars, follower)
        return
    engine = SimulatedEngine(scene=wanted.scene)
    try:
        measure_site(engine.address, bars, partial(follow, engine=engine, rounds=wanted.rounds))
    finally:
        engine.close()


def measure_site(address: str, bars: Bars, run: Callable[[Page], list[Delay]]) -> None:
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
        page.add_init_script(READY)
        time.sleep(1)
        blank = sum(weigh_renderers(browser))
        page.goto(f"{site.address}/e/demo/")
        page.wait_for_selector("#board section a.c", state="attached")
        wait_until_live(page)
        time.sleep(1)
        weight = sum(weigh_renderers(browser)) - blank
        measure_loads(page, bars)
        measure_moves(page, bars)
        show("renderer over a blank page", weight, "MB", bars.memory)
        print_delays(run(page), bars)
        browser.close()


def measure_loads(page: Page, bars: Bars) -> None:
    """Load the page again and again."""
    paints, readies = [], []
    for _ in range(RELOADS):
        page.reload()
        wait_until_live(page)
        page.wait_for_function("() => window.ready")
        paints.append(float(page.evaluate(PAINT)))
        readies.append(float(page.evaluate("() => window.ready")))
    show("first contentful paint", statistics.median(paints), "ms", bars.paint)
    show("interactive", statistics.median(readies), "ms", bars.interactive)


def measure_moves(page: Page, bars: Bars) -> None:
    """Pan, zoom, and light what belongs to containers all over the board."""
    for move, bar in (("pan", bars.pan), ("zoom", bars.zoom)):
        frames = float(page.evaluate(FRAMES, move))
        show(move, frames, "frames a second", bar, bar / frames)
        page.wait_for_function("() => board.canvas.style.willChange === 'auto'")
    page.keyboard.press("Tab")  # a hand on the keyboard: what has the focus is lit
    spent = [float(page.evaluate(LIGHT, number / LIT)) for number in range(LIT)]
    show("highlight painted", statistics.median(spent), "ms", bars.light)


def wait_until_live(page: Page) -> None:
    """Wait until the page hears the server."""
    page.wait_for_selector('#live[data-state="live"]')


def weigh_renderers(browser: Browser) -> list[float]:
    """Weigh all renderers, in megabytes: the page's own, the sign-in's, one kept ready."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return [read_share(process["id"]) for process in processes if process["type"] == "renderer"]


def read_share(pid: int) -> float:
    """Read a process's share of what memory holds for it, in megabytes.

    Not of the program's files: that depends on how many browsers run on the machine.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    shares = (line.split()[1] for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
    return sum(map(int, shares)) / 1024


@dataclass(frozen=True, slots=True)
class Delay:
    """Milliseconds to the painted change: since the command returned, since the page heard."""

    since_done: float
    since_heard: float


def print_delays(delays: list[Delay], bars: Bars) -> None:
    """Print what events took."""
    ordered = sorted(delay.since_done for delay in delays)
    late = ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]
    heard = statistics.median(delay.since_heard for delay in delays)
    show("live update painted", heard, "ms", bars.update)
    show("event to pixel, median", statistics.median(ordered), "ms", 250)
    show(f"event to pixel, p95 of {len(ordered)}", late, "ms", 600)


def show(name: str, value: float, unit: str, bar: float, ratio: float | None = None) -> None:
    """Print a figure, its bar, and what it is of it."""
    of_bar = value / bar if ratio is None else ratio
    print(f"{name:27} {value:6.0f} {unit:15}  bar {bar:4.0f}   {of_bar:5.2f}", flush=True)


def follow(page: Page, engine: SimulatedEngine, rounds: int) -> list[Delay]:
    """Stop and start containers of the simulated engine, one after the other."""
    names = engine.docker("ps", "--format", "{{.Names}}").split()[:rounds]
    return time_changes(page, (partial(engine.docker, "stop", name) for name in names))


def follow_real(page: Page, address: str, rounds: int) -> list[Delay]:
    """Connect and disconnect a container of a real engine."""

    def docker(*arguments: str) -> None:
        command = ["docker", "-H", address, *arguments]
        subprocess.run(command, check=True, capture_output=True)

    docker("network", "create", "bench")
    docker("run", "-d", "--name", "bench-1", "busybox:local")
    try:
        page.wait_for_selector('a.c[aria-label^="bench-1,"]', state="attached")
        words = ("connect", "disconnect") * rounds
        changes = (partial(docker, "network", word, "bench", "bench-1") for word in words[:rounds])
        return time_changes(page, changes)
    finally:
        docker("rm", "-f", "bench-1")
        docker("network", "rm", "bench")


def time_changes(page: Page, changes: Iterable[Callable[[], object]]) -> list[Delay]:
    """Time changes, one after the other."""
    return [time_change(page, change) for change in changes]


def time_change(page: Page, change: Callable[[], object]) -> Delay:
    """Time from the return of the command, and from the page's hearing, to the painted change."""
    time.sleep(0.6)  # a quiet engine: the first change of a burst shows at once
    page.evaluate(WATCH)
    change()
    done = time.time() * 1000
    seen, heard = page.evaluate("() => window.seen")
    return Delay(max(0.0, seen - done), max(0.0, seen - heard))


if __name__ == "__main__":
    main()
