"""Server time and bytes of the topology page at 60, 500 and 2,000 containers.

    .venv/bin/python -m bench.pages [--rounds 15]

Cold is the first view of a reading in a process warmed as the web process is at its start; warm
is every later one. The baseline is the page without a drawing (the table view) for the same
reading.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENES = {"company": 60, "large": 500, "huge": 2000}
BUDGETS = {60: (15, 40, 10, 20, 5), 500: (60, 120, 35, 60, 6), 2000: (150, 450, 110, 120, 6)}
"""Warm ms, cold ms, page KB, update ms, update KB, as DRAWING.md allows."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--scene", choices=SCENES)
    wanted = parser.parse_args()
    if wanted.scene:
        measure_scene(wanted.scene, wanted.rounds)
        return
    print(f"{'scene':>8} {'what':>22} {'measured':>10} {'budget':>8} {'ratio':>6}")
    for scene in SCENES:  # a process each: cold is cold
        with tempfile.TemporaryDirectory(prefix="nd-") as folder:
            environment = {**os.environ, "NETDASH_DATA": folder, "NETDASH_LOG_LEVEL": "ERROR"}
            environment.pop("REDIS_URL", None)
            command = [sys.executable, "-m", "bench.pages", "--scene", scene]
            subprocess.run([*command, "--rounds", str(wanted.rounds)], env=environment, check=True)


def measure_scene(scene: str, rounds: int) -> None:
    """Measure one scene in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netdash.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    from netdash.live import broker

    socket = Path(settings.DATA_DIR) / "valkey.sock"
    server = subprocess.Popen(broker.build_command(socket), stdout=subprocess.DEVNULL)
    try:
        while not broker.answers(socket):
            time.sleep(0.05)
        measure_pages(scene, rounds)
    finally:
        server.terminate()
        server.wait()


def measure_pages(scene: str, rounds: int) -> None:
    """Fill the store, then ask for page, changes and baseline."""
    from dataclasses import replace

    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    from netdash.engine import client as engines
    from netdash.engine import reader
    from netdash.live import store
    from netdash.models import Engine
    from netdash.simulator.engine import SimulatedEngine
    from netdash.views import warming

    warming.warm()
    call_command("migrate", verbosity=0)
    user = User.objects.create_superuser("bench", password="bench")
    engine = Engine.objects.create(name="Bench", slug="bench", address="unix:///none")
    with SimulatedEngine(scene) as simulated:
        opened = engines.open_client(simulated.address)
        snapshot = reader.take_snapshot(opened, engines.read_facts(opened))
    store.save(engine.pk, snapshot)
    store.latest(engine.pk)
    browser = Client(headers={"accept-encoding": "gzip"})
    browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    browser.get("/engines/")  # templates of the frame, sessions, urls: not the page's own

    def ask(address: str) -> tuple[float, bytes]:
        start = time.perf_counter()
        content = browser.get(address).content
        return (time.perf_counter() - start) * 1000, content

    cold, content = ask("/e/bench/")
    warm = statistics.median(ask("/e/bench/")[0] for _ in range(rounds))
    table = statistics.median(ask("/e/bench/table")[0] for _ in range(rounds))
    signs = find_signs(content)
    updates, size = [], 0.0
    for number in range(rounds):
        first, *others = snapshot.containers
        changed = replace(first, state="exited" if number % 2 == 0 else "running")
        snapshot = replace(snapshot, containers=(changed, *others))
        store.save(engine.pk, snapshot)
        spent, answer = ask(f"/e/bench/changes?have={'.'.join(signs)}")
        updates.append(spent)
        size = max(size, len(answer) / 1024)
    count = SCENES[scene]
    limits = BUDGETS[count]
    figures = (warm, cold, len(content) / 1024, statistics.median(updates), size)
    names = ("page warm ms", "page cold ms", "page gzip KB", "update ms", "update gzip KB")
    for name, figure, limit in zip(names, figures, limits, strict=True):
        print(f"{count:>8} {name:>22} {figure:>10.1f} {limit:>8} {figure / limit:>6.2f}")
    print(f"{count:>8} {'table warm ms (base)':>22} {table:>10.1f} {'':>8} {warm / table:>6.2f}")


def find_signs(content: bytes) -> list[str]:
    """Read the panels' signs off a compressed page."""
    import re

    return re.findall(r'data-sign="(\w+)"', gzip.decompress(content).decode())


if __name__ == "__main__":
    main()
