"""A real worker with its own broker and database, whose parts a test may kill."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from netdash.topology.change_codec import encode_plan
from netdash.topology.changes import CreateNetwork, Plan, Step
from netdash.topology.snapshot import Subnet
from tests.brokers import Broker
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
PREPARE = """
import json, sys
from django.core.management import call_command
from netdash.jobs import queue
from netdash.jobs.writing import Author
from netdash.models import Engine
from netdash.topology.change_codec import decode_plan
call_command("migrate", verbosity=0)
Engine.objects.all().delete()
row = Engine.objects.create(name="Plant", slug="plant", address=sys.argv[1])
queue.start(row, decode_plan(json.load(sys.stdin)), Author(name="plant"), "create")
"""
LATE = 120
"""Seconds; a worker needs three of them on a machine that does nothing else."""


class Plant:
    """``with`` starts broker and database, with a job; workers come and go as the test says."""

    def __init__(self, engine_address: str, plan: Plan) -> None:
        self.plan = plan
        self.broker = Broker()
        self.folder = Path(tempfile.mkdtemp(prefix="nd-"))
        self.database = self.folder / "netdash.sqlite3"
        self.log = self.folder / "worker.log"
        self.engine_address = engine_address
        self.workers: list[subprocess.Popen[bytes]] = []
        unwanted = {"DATABASE_URL", "NETDASH_READ_ONLY", "PYTHONWARNINGS"}
        inherited = {name: text for name, text in os.environ.items() if name not in unwanted}
        self.environment = {
            **inherited,
            "NETDASH_DATA": str(self.folder),
            "REDIS_URL": self.broker.url,
            "DJANGO_SETTINGS_MODULE": "netdash.settings",
            "PYTHONPATH": str(ROOT),
        }

    def __enter__(self) -> Plant:
        self.broker.start()
        self.run(PREPARE, self.engine_address, given=json.dumps(encode_plan(self.plan)))
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            self.kill(worker)
        self.broker.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, code: str, *arguments: str, given: str = "") -> str:
        """Run Python inside netdash, and give what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup(){code}", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker as the Procfile does; it is not waited for."""
        line = next(
            line for line in (ROOT / "Procfile").read_text().splitlines() if line[:7] == "worker:"
        )
        command = [sys.executable, "-m", *line.removeprefix("worker:").split()]
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes], how: signal.Signals = signal.SIGKILL) -> None:
        """End a worker as a machine that runs out of memory does, or as an operator does."""
        worker.send_signal(how)
        worker.wait(60)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the database behind everybody's back."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as one:
            return one.execute(query).fetchall()

    def count(self, state: str) -> int:
        """Count the items in a state."""
        query = f"select count(*) from netdash_jobitem where state = '{state}'"
        return int(self.ask(query)[0][0])

    def read_job(self) -> tuple[str, str]:
        """Read state and sentence of the latest job."""
        (found,) = self.ask("select state, sentence from netdash_job order by id desc limit 1")
        return str(found[0]), str(found[1])

    def wait_for_items(self, count: int) -> None:
        """Wait until so many items are done."""
        wait_until(lambda: self.count("done") >= count, f"{count} items are done", LATE)

    def wait_for_end(self, seconds: float = LATE) -> str:
        """Wait until the latest job has ended, and give its state."""
        is_open = ("waiting", "running")
        wait_until(lambda: self.read_job()[0] not in is_open, "the job has ended", seconds)
        return self.read_job()[0]

    def live_dangerously(self, worker_kills: int, redis_kills: int) -> None:
        """Kill workers, then Redis, each somewhere along the way; the last worker may go on."""
        kills = worker_kills + redis_kills
        marks = [1 + len(self.plan.steps) * 3 * n // (5 * kills) for n in range(kills)]
        worker = self.start_worker()
        for mark in marks[:worker_kills]:
            self.wait_for_items(mark)
            self.kill(worker)
            worker = self.start_worker()
        for mark in marks[worker_kills:]:
            self.wait_for_items(mark)
            self.broker.stop(signal.SIGKILL)
            wait_until(self.stands_still, "the job waits for Redis", LATE)
            self.broker.start()

    def stands_still(self) -> bool:
        """Tell whether the latest job says that it waits for Redis, or has ended."""
        state, sentence = self.read_job()
        return (state == "running" and "Redis" in sentence) or state not in ("waiting", "running")

    def read_rows(self) -> list[tuple[Any, ...]]:
        """Read the journal: position, outcome, whether a network and an undo are noted."""
        columns = "position, outcome, network_id != '', undo != '[]'"
        return sorted(self.ask(f"select {columns} from netdash_journalentry"))


def plan_networks(count: int) -> Plan:
    """Make the plan of so many networks, each with a subnet of its own."""
    subnets = (Subnet(f"10.{80 + number // 250}.{number % 250}.0/24") for number in range(count))
    steps = (
        Step(CreateNetwork(f"net-{number:03}", subnets=(subnet,)))
        for number, subnet in enumerate(subnets)
    )
    return Plan(tuple(steps), f"{count} networks")


def expect_each_once(plant: Plant, docker: Callable[..., str]) -> None:
    """Hold the engine and the journal to one network and one row for each step."""
    count = len(plant.plan.steps)
    names = docker("network", "ls", "--filter", "type=custom", "--format", "{{.Name}}")
    assert Counter(names.split()) == {f"net-{number:03}": 1 for number in range(count)}
    assert plant.read_rows() == [(number, "done", 1, 1) for number in range(count)]
    assert plant.count("done") == count
