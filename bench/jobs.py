"""A job of many networks on a real engine, against raw calls; the page and the time left meanwhile.

    .venv/bin/python -m bench.jobs [--engine 28.5] [--count 300] [--probe 60]

Raw calls create the same networks at several concurrencies; the best one makes all of them
before and after the job, in the same run. Web, watcher, worker and broker run as they do at
work. The page is the list of networks; idle is the same list once the job is over, as long as
it has become. The time left is compared with what was really left.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any

import django

from bench.change import Socket
from bench.time_left import tell_errors
from tests.browser.site import ROOT, Site
from tests.engines import RealEngine

CONCURRENCIES = (1, 2, 4, 8)
SETTLE_SECONDS = 5
SPEED_BAR, PAGE_BAR = 1.2, 2.0
SIGN_IN = """
import django; django.setup()
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.get(username="operator"),
                   "django.contrib.auth.backends.ModelBackend")
print(client.cookies["netdash_session"].value)
"""
Call = tuple[str, str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="20.10")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--probe", type=int, default=60)
    wanted = parser.parse_args()
    engine = RealEngine(wanted.engine)
    try:
        with Site(engine.address) as site:
            compare(engine, site, wanted.count, wanted.probe)
    finally:
        engine.close()


def compare(engine: RealEngine, site: Site, count: int, probe: int) -> None:
    """Measure raw calls, the job, and raw calls again."""
    site.end("watcher")
    by_concurrency = {one: time_raw(engine, probe, one) for one in CONCURRENCIES}
    for one, seconds in by_concurrency.items():
        print(f"raw, {one} at once: {seconds / probe * 1000:.0f} ms per network ({probe} of them)")
    best = min(by_concurrency, key=lambda one: by_concurrency[one])
    raw = [time_raw(engine, count, best)]
    site.start_watcher()
    site.start("worker", sys.executable, "-m", *read_worker_line())
    with timing_pages(site) as busy:
        seconds, looks = time_job(site, count)
    time.sleep(SETTLE_SECONDS)
    idle = time_pages(site, 60)
    site.end("watcher")
    clear(engine)
    raw.append(time_raw(engine, count, best))
    say("raw, best", f"{min(raw):.1f} s and {max(raw):.1f} s, {best} at once")
    say("job", f"{seconds:.1f} s", seconds / statistics.fmean(raw), SPEED_BAR)
    quick, slow = find_p95(idle), find_p95(busy)
    say("page p95", f"{slow:.0f} ms, idle {quick:.0f} ms", slow / quick, PAGE_BAR)
    tell_errors(looks)


def say(what: str, measured: str, ratio: float | None = None, bar: float = 0) -> None:
    """Print one line; with a bar also whether it is kept."""
    judged = (
        "" if ratio is None else f": {ratio:.2f}, bar {bar} {'ok' if ratio <= bar else 'MISSED'}"
    )
    print(f"{what}: {measured}{judged}", flush=True)


def find_p95(milliseconds: Sequence[float]) -> float:
    """Give the 95th percentile."""
    return sorted(milliseconds)[int(len(milliseconds) * 0.95)]


def read_worker_line() -> list[str]:
    """Read how the Procfile starts a worker."""
    found = re.search(r"^worker: (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    assert found
    return found[1].split()


def name_subnet(number: int) -> str:
    """Give each network a subnet of its own."""
    return f"10.{100 + number // 250}.{number % 250}.0/24"


def time_raw(engine: RealEngine, count: int, concurrency: int) -> float:
    """Create networks by raw calls on kept-alive connections, remove them, and time the first."""
    body = {"CheckDuplicate": True, "Driver": "bridge"}
    calls: list[Call] = [
        (
            "POST",
            "/networks/create",
            {**body, "Name": f"raw-{n}", "IPAM": {"Config": [{"Subnet": name_subnet(n)}]}},
        )
        for n in range(count)
    ]
    began_at = time.monotonic()
    send_all(engine, calls, concurrency)
    seconds = time.monotonic() - began_at
    clear(engine)
    return seconds


def clear(engine: RealEngine) -> None:
    """Remove all networks that somebody made."""
    connection = open_socket(engine)
    connection.request("GET", "/networks")
    found = json.loads(connection.getresponse().read())
    own = [one["Id"] for one in found if one["Name"] not in ("bridge", "host", "none")]
    send_all(engine, [("DELETE", f"/networks/{id_}", None) for id_ in own], 8)


def open_socket(engine: RealEngine) -> http.client.HTTPConnection:
    return Socket(engine.address.removeprefix("unix://"))


def send_all(engine: RealEngine, calls: Sequence[Call], concurrency: int) -> None:
    """Send calls, so many at once."""
    queue: SimpleQueue[Call] = SimpleQueue()
    for call in calls:
        queue.put(call)
    threads = [threading.Thread(target=send, args=(engine, queue)) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def send(engine: RealEngine, queue: SimpleQueue[Call]) -> None:
    """Send calls over one connection until none is left."""
    connection = open_socket(engine)
    while True:
        try:
            method, path, body = queue.get_nowait()
        except Empty:
            connection.close()
            return
        text = json.dumps(body) if body else None
        connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status < 300, said


def time_pages(site: Site, count: int) -> list[float]:
    """Time the list of networks, in milliseconds, a few times a second."""
    with timing_pages(site) as found:
        while len(found) < count:
            time.sleep(0.1)
    return found


@contextmanager
def timing_pages(site: Site) -> Iterator[list[float]]:
    """Ask for the list of networks four times a second meanwhile."""
    found: list[float] = []
    is_over = threading.Event()
    cookie = site.ask(SIGN_IN).strip()
    thread = threading.Thread(target=ask_pages, args=(site, cookie, found, is_over))
    thread.start()
    yield found
    is_over.set()
    thread.join()


def ask_pages(site: Site, cookie: str, found: list[float], is_over: threading.Event) -> None:
    """Ask for a page again and again."""
    while not is_over.wait(0.25):
        connection = http.client.HTTPConnection("127.0.0.1", site.port)
        began_at = time.monotonic()
        headers = {"Cookie": f"netdash_session={cookie}"}
        connection.request("GET", "/e/demo/networks/", headers=headers)
        answer = connection.getresponse()
        answer.read()
        found.append((time.monotonic() - began_at) * 1000)
        connection.close()
        assert answer.status == 200, answer.status


def time_job(site: Site, count: int) -> tuple[float, list[tuple[float, float, float]]]:
    """Run the job; give its seconds from start to end, and what was said to be left when."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    os.environ["NETDASH_DATA"] = str(site.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "netdash.settings"
    django.setup()
    from netdash.jobs import queue
    from netdash.jobs.progress import measure
    from netdash.jobs.writing import Author
    from netdash.models import Engine
    from netdash.topology.changes import CreateNetwork, Plan, Step
    from netdash.topology.snapshot import Subnet

    steps = (
        Step(CreateNetwork(f"job-{n}", subnets=(Subnet(name_subnet(n)),))) for n in range(count)
    )
    job = queue.start(Engine.objects.get(), Plan(tuple(steps), "Bench"), Author(), "create")
    looks: list[tuple[float, float, float]] = []
    while not job.is_ended:
        time.sleep(0.5)
        job.refresh_from_db()
        progress = measure(job)
        if progress.seconds_left is not None:
            looks.append((progress.fraction, progress.seconds_left, time.time()))
    assert (job.state, measure(job).done) == ("done", count), job.sentence
    assert job.started_at
    assert job.ended_at
    ended_at = job.ended_at.timestamp()
    guesses = [(part, said, ended_at - at) for part, said, at in looks]
    return ended_at - job.started_at.timestamp(), guesses


if __name__ == "__main__":
    main()
