"""Everything with one command, as a newcomer runs it."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from netdash.management.commands.up import Command
from tests.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent
SECRET = "a long unusual phrase"


class Running:
    """A netdash that was started by the command, and what it printed."""

    def __init__(self, folder: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {**os.environ, "NETDASH_DATA": folder, "DOCKER_HOST": f"unix://{folder}/no"}
        for name in ("REDIS_URL", "DATABASE_URL", "NETDASH_STATIC"):
            environment.pop(name, None)
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(self.port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self) -> None:
        """Keep what it prints."""
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.lines.append(line)

    @property
    def said(self) -> str:
        """Give what it printed."""
        return "".join(self.lines)

    def end(self) -> int:
        """Press Ctrl-C and wait."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            self.reader.join(10)


@pytest.fixture
def running() -> Iterator[Running]:
    """A first start in an empty folder, with no engine that answers."""
    with tempfile.TemporaryDirectory(prefix="nd-", ignore_cleanup_errors=True) as folder:
        running = Running(folder)
        try:
            yield running
        finally:
            running.end()


class Visitor:
    """A browser without a screen."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str, form: dict[str, str] | None = None) -> str:
        """Open a page, or send a form to it."""
        body = urllib.parse.urlencode(form).encode() if form else None
        with self.opener.open(urllib.parse.urljoin(self.address, path), body, timeout=30) as answer:
            return str(answer.read().decode())


def test_its_help_calls_it_as_people_do() -> None:
    said = Command().create_parser("manage.py", "up").format_help()
    assert "script/up" in said
    assert "manage.py" not in said


def test_one_command_leads_to_a_live_topology(running: Running) -> None:
    wait_until(
        lambda: "Ctrl-C ends it" in running.said or running.process.poll() is not None,
        "netdash is ready",
        150,
    )
    assert "No engine answers at unix://" in running.said
    assert f"netdash is ready at http://127.0.0.1:{running.port}/e/simulated/" in running.said
    assert "It shows Simulated (simulated)." in running.said
    link = re.search(r"http://\S+/setup/\S+", running.said)
    assert link

    visitor = Visitor(link[0])
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get(link[0]))
    assert token
    form = {"username": "ada", "password1": SECRET, "password2": SECRET}
    page = visitor.get(link[0], {"csrfmiddlewaretoken": token[1], **form})
    assert "Simulated engine." in page
    assert "Your own engine did not answer when netdash started: " in page
    wait_until(lambda: "60 containers" in visitor.get("/e/simulated/counts"), "it was read", 50)
    wait_until(lambda: is_well(visitor), "every part is well", 80)

    stylesheet = re.search(r'href="(/static/css/base\.[^"]+)"', page)
    assert stylesheet
    assert "--rail" in visitor.get(stylesheet[1])

    with visitor.opener.open(urllib.parse.urljoin(link[0], "/e/simulated/stream")) as stream:
        assert b"retry" in stream.readline()
        assert running.end() == 0
    assert "Traceback" not in running.said
    assert "graceful shutdown exceeded" not in running.said


def is_well(visitor: Visitor) -> bool:
    """Tell whether the health page finds nothing wrong (it answers 503 while it does)."""
    try:
        visitor.get("/health")
    except urllib.error.HTTPError as error:
        error.close()
        return False
    return True
