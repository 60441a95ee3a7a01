"""A private Valkey for tests: the bundled server on a socket in a short temporary folder."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from netdash.live import broker as bundled
from netdash.live import connection
from tests.waiting import wait_until


class Broker:
    """A server that a test may kill and start again; its data survive in its folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nd-"))
        self.socket = self.folder / "valkey.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._process = subprocess.Popen(
            bundled.build_command(self.socket), stdout=subprocess.DEVNULL
        )
        wait_until(lambda: bundled.answers(self.socket), "the broker answers")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the server; SIGKILL loses what was not written yet."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def empty(self) -> None:
        """Forget everything."""
        connection.open_client(self.url).flushall()

    def close(self) -> None:
        """End the server and remove its folder."""
        self.stop(signal.SIGKILL)
        connection.open_client(self.url).close()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def running_broker() -> Iterator[Broker]:
    """One server for all tests of a process that do not hurt it."""
    broker = Broker()
    try:
        broker.start()
        yield broker
    finally:
        broker.close()


@pytest.fixture
def broker(running_broker: Broker, settings: Settings) -> Broker:
    """An empty Redis at ``settings.REDIS_URL``, shared: do not stop it."""
    running_broker.empty()
    settings.REDIS_URL = running_broker.url
    return running_broker


@pytest.fixture
def own_broker(settings: Settings) -> Iterator[Broker]:
    """An empty Redis at ``settings.REDIS_URL`` that this test alone uses and may kill."""
    broker = Broker()
    try:
        broker.start()
        settings.REDIS_URL = broker.url
        yield broker
    finally:
        broker.close()
