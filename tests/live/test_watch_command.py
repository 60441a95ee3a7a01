"""The watcher as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from netdash.live import lease
from tests.brokers import Broker
from tests.live.following import ENGINE, wait_for, wait_for_state, wait_for_truth
from tests.simulated import SimulatedEngine

PREPARE_AND_WATCH = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "netdash.settings"
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from netdash.models import Engine
Engine.objects.get_or_create(pk=1, name="Sim", slug="sim", address=sys.argv[1])
call_command("watch_engines")
"""
SLOW_START_SECONDS = 90


def start(address: str, broker: Broker, folder: Path) -> subprocess.Popen[bytes]:
    """Start a watcher with a database of its own."""
    environment = {**os.environ, "NETDASH_DATA": str(folder), "REDIS_URL": broker.url}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen([sys.executable, "-c", PREPARE_AND_WATCH, address], env=environment)


def test_a_watcher_process_follows_and_ends_in_order_when_told(
    own_broker: Broker, tmp_path: Path
) -> None:
    engine = SimulatedEngine(scene="tiers")
    process = start(engine.address, own_broker, tmp_path)
    try:
        wait_for(lambda found: found.containers, "the engine was read", seconds=SLOW_START_SECONDS)
        wait_for_state("live")
        engine.docker("network", "create", "seen")
        wait_for_truth(engine.address)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        wait_for_state("stale")
        assert lease.hold(ENGINE, "a successor")
    finally:
        process.kill()
        process.wait()
        engine.close()


def test_a_watcher_process_that_is_killed_is_succeeded_by_another(
    own_broker: Broker, tmp_path: Path
) -> None:
    engine = SimulatedEngine(scene="tiers")
    first = start(engine.address, own_broker, tmp_path)
    second = None
    try:
        wait_for(lambda found: found.containers, "the engine was read", seconds=SLOW_START_SECONDS)
        second = start(engine.address, own_broker, tmp_path)
        engine.docker("network", "create", "before")
        wait_for_truth(engine.address)
        first.kill()
        engine.docker("network", "create", "meanwhile")
        wait_for(
            lambda found: any(network.name == "meanwhile" for network in found.networks),
            "the other watcher noticed",
            seconds=SLOW_START_SECONDS,
        )
        engine.docker("network", "create", "after")
        wait_for_truth(engine.address)
        wait_for_state("live")
    finally:
        for process in filter(None, (first, second)):
            process.kill()
            process.wait()
        engine.close()
