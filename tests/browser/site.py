"""A whole netdash of its own: broker, web, watcher and an engine, in a folder that goes away."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from netdash.live import broker as bundled
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse battery"
PREPARE = """
import sys, django
django.setup()
from django.core.management import call_command
from django.contrib.auth.models import User
from netdash.models import Engine
from netdash.roles import give_role
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
for role in ("viewer", "operator"):
    give_role(User.objects.create_user(role, password=sys.argv[2]), role)
User.objects.create_superuser("administrator", password=sys.argv[2])
Engine.objects.all().delete()
Engine.objects.create(name="Demo", slug="demo", address=sys.argv[1])
"""


class Site:
    """The processes of netdash for one engine; ``with`` starts and ends them."""

    def __init__(self, engine_address: str) -> None:
        self.engine_address = engine_address
        self.folder = Path(tempfile.mkdtemp(prefix="nd-"))
        self.socket = self.folder / "valkey.sock"
        self.port = find_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._environment = {
            **os.environ,
            "NETDASH_DATA": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "netdash.settings",
            "NETDASH_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
        }
        for name in (
            "REDIS_URL",
            "DATABASE_URL",
            "NETDASH_STATIC",
            "NETDASH_HTTPS",
            "PYTHONWARNINGS",
        ):
            self._environment.pop(name, None)

    def __enter__(self) -> Site:
        self.start("broker", *bundled.build_command(self.socket))
        wait_until(lambda: bundled.answers(self.socket), "the broker answers")
        self.run("-c", PREPARE, self.engine_address, PASSWORD)
        self.start_web()
        self.start_watcher()
        return self

    def __exit__(self, *_: object) -> None:
        for name in ("worker", "watcher", "web", "broker"):
            self.end(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_web(self) -> None:
        """Start the web process and wait until it answers."""
        self.start(
            "web",
            sys.executable,
            *("-m", "uvicorn", "netdash.asgi:application", "--log-level", "warning"),
            *("--port", str(self.port), "--timeout-graceful-shutdown", "1"),
        )
        wait_until(self.answers, "the web process answers")

    def start_watcher(self) -> None:
        """Start the watcher."""
        self.start("watcher", sys.executable, "manage.py", "watch_engines")

    def start_worker(self) -> None:
        """Start a worker of two threads; it answers when its first job moves."""
        self.start(
            "worker",
            *(sys.executable, "-m", "celery", "-q", "-A", "netdash", "worker"),
            *("--loglevel", "WARNING", "--pool", "threads", "--concurrency", "2"),
        )

    def start(self, name: str, *command: str) -> None:
        """Start one process."""
        self._processes[name] = subprocess.Popen(command, cwd=ROOT, env=self._environment)

    def run(self, *arguments: str) -> None:
        """Run Python to its end."""
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=ROOT, env=self._environment, check=True, timeout=120)

    def ask(self, code: str) -> str:
        """Run Python to its end and give what it printed."""
        command = [sys.executable, "-c", code]
        found = subprocess.run(
            command, cwd=ROOT, env=self._environment, check=True, timeout=120, capture_output=True
        )
        return found.stdout.decode()

    def end(self, name: str) -> None:
        """End one process, gently, then not."""
        process = self._processes.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def answers(self) -> bool:
        """Tell whether the web process answers."""
        try:
            with urllib.request.urlopen(f"{self.address}/sign-in", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def find_port() -> int:
    """Find a free port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
