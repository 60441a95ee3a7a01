"""The processes of netdash, run together on one machine: started, watched, restarted, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

END_SECONDS = 2.2
LAST_SECONDS = 0.6
SHORT_LIFE_SECONDS = 10
MOST_SHORT_LIVES = 3
FIRST_SECONDS = 10
"""How long the others wait for the first one to be of use."""
UNSAID = "Memory overcommit must be enabled"
"""What the bundled server advises for large data sets; its start is no place for it."""


def read_procfile(path: Path) -> dict[str, str]:
    """Read ``name: command`` lines, in their order."""
    lines = (line.partition(":") for line in path.read_text().splitlines() if line.strip())
    return {name.strip(): command.strip() for name, _, command in lines}


@dataclass
class Process:
    """One process and how often it died soon after its start."""

    name: str
    command: str
    environment: Mapping[str, str]
    child: subprocess.Popen[str] | None = None
    started_at: float = 0.0
    short_lives: int = 0
    relaying: threading.Thread | None = None

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches it through us alone."""
        self.started_at = time.monotonic()
        self.child = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", f"exec {self.command}"],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.relaying = threading.Thread(target=self.relay, args=(self.child,), daemon=True)
        self.relaying.start()

    def relay(self, child: subprocess.Popen[str]) -> None:
        """Print what it prints, with its name before each line."""
        assert child.stdout is not None
        with child.stdout as lines:
            for line in map(str.rstrip, lines):
                if line and UNSAID not in line:
                    say(f"{self.name:>9} | {line}")

    @property
    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self.child is not None and self.child.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to what it started."""
        if self.child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.child.pid, number)


@dataclass
class Group:
    """Processes that live and end together; the first one ends last, since all lean on it."""

    processes: tuple[Process, ...]
    is_over: threading.Event = field(default_factory=threading.Event)

    def run(self, look: Callable[[], None], is_first_up: Callable[[], bool]) -> int:
        """Run until a signal, or until one of them does not stay up; ``look`` each turn.

        The others start when the first one is up, or has had its time.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.is_over.set())
        try:
            self.start(is_first_up)
            while not self.is_over.wait(0.2):
                look()
                if not all(self.revive(process) for process in self.processes):
                    return 1
            return 0
        finally:
            self.end()

    def start(self, is_first_up: Callable[[], bool]) -> None:
        """Start all, the first one a little earlier."""
        first, *others = self.processes
        first.start()
        limit = time.monotonic() + FIRST_SECONDS
        while not is_first_up() and first.is_alive and time.monotonic() < limit:
            self.is_over.wait(0.05)
        for process in others:
            process.start()

    def revive(self, process: Process) -> bool:
        """Start a dead process again; False when it keeps dying."""
        if process.is_alive:
            return True
        code = process.child.returncode if process.child else None
        is_short = time.monotonic() - process.started_at < SHORT_LIFE_SECONDS
        process.short_lives = process.short_lives + 1 if is_short else 0
        if process.short_lives >= MOST_SHORT_LIVES:
            say(f"The {process.name} does not stay up (code {code}): ending. Its lines say why.")
            return False
        say(f"The {process.name} ended (code {code}): starting it again.")
        process.start()
        return True

    def end(self) -> None:
        """End all within three seconds, the first one last."""
        first, *others = self.processes
        end_all(others, END_SECONDS)
        end_all([first], LAST_SECONDS)


def end_all(processes: list[Process], seconds: float) -> None:
    """Ask them to end, wait, then end by force what is left."""
    for process in processes:
        process.signal(signal.SIGTERM)
    limit = time.monotonic() + seconds
    while any(process.is_alive for process in processes) and time.monotonic() < limit:
        time.sleep(0.02)
    for process in processes:
        process.signal(signal.SIGKILL)
        if process.child is not None and process.relaying is not None:
            process.child.wait()
            process.relaying.join(LAST_SECONDS)


def say(line: str) -> None:
    """Print a line at once, whole."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
