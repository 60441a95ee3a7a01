"""Time take_snapshot against the two raw requests with their JSON decoded.

    python -m bench.reading [ADDRESS]      an engine's address; else the simulated 500 containers

The bar: at most 1.3 times, at 500 containers.
"""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from netdash.engine.client import open_client, read_facts
from netdash.engine.reader import take_snapshot

ROUNDS = 21


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket, with nothing added."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self.path = path

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def read_raw(connection: http.client.HTTPConnection, api_version: str) -> int:
    """Ask both lists and decode them; tell how many containers there are."""
    connection.request("GET", f"/v{api_version}/networks")
    json.loads(connection.getresponse().read())
    connection.request("GET", f"/v{api_version}/containers/json?all=1")
    return len(json.loads(connection.getresponse().read()))


def measure(act: Callable[[], object]) -> float:
    """Give one duration in milliseconds."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


@contextmanager
def find_engine() -> Iterator[str]:
    """Give the address to measure."""
    if len(sys.argv) > 1:
        yield sys.argv[1]
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "docker.sock"
        command = (sys.executable, "manage.py", "simulate_engine", "--scene", "large")
        process = subprocess.Popen([*command, "--socket", str(path)], stdout=subprocess.DEVNULL)
        while not path.is_socket():
            time.sleep(0.1)
        yield f"unix://{path}"
        process.terminate()
        process.wait()


def main() -> None:
    """Measure both ways in turn, so that a busy machine slows both alike."""
    with find_engine() as address:
        client = open_client(address)
        facts = read_facts(client)
        connection = UnixConnection(address.removeprefix("unix://"))
        count = read_raw(connection, facts.api_version)
        raw, ours = [], []
        for _ in range(ROUNDS):
            raw.append(measure(lambda: read_raw(connection, facts.api_version)))
            ours.append(measure(lambda: take_snapshot(client, facts)))
        ratio = statistics.median(ours) / statistics.median(raw)
        print(f"{facts.version}, {count} containers, median of {ROUNDS}")
        print(f"two raw requests, decoded  {statistics.median(raw):7.1f} ms")
        print(f"take_snapshot              {statistics.median(ours):7.1f} ms")
        print(f"ratio                      {ratio:7.2f}  (bar 1.30)")
        client.close()
        connection.close()


if __name__ == "__main__":
    main()
