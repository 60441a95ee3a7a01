"""Processes that run together."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from netdash.management.processes import Group, Process, end_all, read_procfile
from tests.waiting import wait_until

ENVIRONMENT = {"PATH": os.environ["PATH"]}


def test_a_procfile_is_read_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("b: one two: three\n\na: four\n")
    assert list(read_procfile(tmp_path / "Procfile").items()) == [
        ("b", "one two: three"),
        ("a", "four"),
    ]


def test_lines_are_printed_with_the_name_before_them(capsys: pytest.CaptureFixture[str]) -> None:
    process = Process("web", "echo hello", ENVIRONMENT)
    process.start()
    said: list[str] = []

    def has_spoken() -> bool:
        said.append(capsys.readouterr().out)
        return "web | hello" in "".join(said)

    wait_until(has_spoken, "the line was printed")
    end_all([process], 5)


def test_a_process_that_ignores_the_request_is_ended_by_force() -> None:
    stubborn = Process("stubborn", "sh -c 'trap \"\" TERM; while :; do sleep 1; done'", ENVIRONMENT)
    stubborn.start()
    end_all([stubborn], 0.3)
    assert not stubborn.is_alive


def test_a_process_that_dies_is_started_again() -> None:
    process = Process("worker", "sleep 600", ENVIRONMENT)
    group = Group((process,))
    process.start()
    process.started_at = time.monotonic() - 3600
    process.signal(signal.SIGKILL)
    wait_until(lambda: not process.is_alive, "it died")
    assert group.revive(process)
    assert process.is_alive
    group.end()
    assert not process.is_alive


def test_the_others_start_once_the_first_is_up() -> None:
    first, other = Process("first", "sleep 600", ENVIRONMENT), Process("other", "true", ENVIRONMENT)
    group = Group((first, other))
    seen: list[bool] = []

    def is_up() -> bool:
        seen.append(other.child is None)
        return len(seen) == 3

    group.start(is_up)
    assert seen == [True, True, True]
    assert first.is_alive
    assert other.child is not None
    group.end()


def test_a_process_that_does_not_stay_up_ends_everything() -> None:
    steady = Process("steady", "sleep 600", ENVIRONMENT)
    group = Group((steady, Process("failing", "false", ENVIRONMENT)))
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("signals are set in the main thread alone")
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert group.run(lambda: None, lambda: True) == 1
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert not steady.is_alive
