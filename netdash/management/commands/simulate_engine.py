"""Run a simulated engine on a unix socket, until told to stop."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from netdash.simulator.editions import DEFAULT_VERSION, EDITIONS
from netdash.simulator.engine import SimulatedEngine
from netdash.simulator.scenes import SCENES


class Command(BaseCommand):
    """``manage.py simulate_engine --socket PATH --scene NAME``."""

    help = "Runs an engine that needs no Docker: Docker's API on a unix socket."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be chosen."""
        parser.add_argument("--socket", type=Path, required=True, help="Where it listens.")
        parser.add_argument("--scene", choices=sorted(SCENES), default="company")
        parser.add_argument("--engine-version", choices=sorted(EDITIONS), default=DEFAULT_VERSION)

    def handle(self, *_: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        path = options["socket"].resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        with SimulatedEngine(options["scene"], options["engine_version"], path) as engine:
            self.stdout.write(f"A simulated engine answers at {engine.address}")
            over.wait()
