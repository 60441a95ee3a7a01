"""How soon a browser shows what a job has done, and how true the time left is.

    .venv/bin/python -m bench.progress [--count 250] [--slow 0.4]

The engine is a simulated one in a process of its own, slowed down by ``--slow`` seconds for
each answer. The moment of a step is what the database says; the moment it shows is when the
page of the job holds its row.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.change import Socket, running_engine
from bench.time_left import tell_errors
from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.browser.site import Site
from tests.browser.watching import Watched, read_watched, start_job, watch

BAR_SECONDS = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=250)
    parser.add_argument("--slow", type=float, default=0.4)
    wanted = parser.parse_args()
    with running_engine("company") as engine, Site(f"unix://{read_path(engine)}") as site:
        site.start_worker()
        slow_down(read_path(engine), wanted.slow)
        tell(measure(site, wanted.count))
        slow_down(read_path(engine), 0)


def read_path(engine: object) -> str:
    """Read the path of the socket of a running engine."""
    return str(getattr(engine, "address", "")).removeprefix("unix://")


def slow_down(path: str, seconds: float) -> None:
    """Let every answer of the engine wait."""
    connection: http.client.HTTPConnection = Socket(path)
    connection.request("POST", "/_faults/slow", json.dumps({"seconds": seconds}))
    connection.getresponse().read()
    connection.close()


def measure(site: Site, count: int) -> Watched:
    """Watch one job from its beginning to its end."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        path = CHROMIUM if Path(CHROMIUM).exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        state = sign_in(browser, site, "operator", Path(folder) / "state.json")
        page = browser.new_context(storage_state=state, base_url=site.address).new_page()
        page.goto("/e/demo/jobs/")
        pk = start_job(site, "bench", "10.70", count)
        page.goto(f"/e/demo/jobs/{pk}")
        watch(page, pk)
        page.wait_for_selector('#job [data-state="done"]', timeout=600_000)
        seen = read_watched(page, site, pk)
        browser.close()
    return seen


def tell(seen: Watched) -> None:
    """Print what was seen beside the bars."""
    delays = sorted(seen.delays)
    median, late = statistics.median(delays), sum(delay > BAR_SECONDS for delay in delays)
    print(f"step to page    median {median:.2f} s, longest {delays[-1]:.2f} s, ", end="")
    print(f"{late} of {len(delays)} later than {BAR_SECONDS:.0f} s")
    for name, bar in (("page", seen.job_bar), ("panel", seen.panel_bar)):
        print(f"bar of the {name:6} {'only grows' if list(bar) == sorted(bar) else 'GOES BACK'}")
    tell_errors(seen.guesses)


if __name__ == "__main__":
    main()
