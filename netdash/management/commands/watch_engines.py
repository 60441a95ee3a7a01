"""``manage.py watch_engines``: keep every enabled engine's reading current."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from netdash.live.supervisor import Supervisor


class Command(BaseCommand):
    """Watch the enabled engines until stopped; several processes share them by leases."""

    help = "Watch every enabled engine and keep its reading current. Runs until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the supervisor; SIGTERM and SIGINT end it within two seconds."""
        supervisor = Supervisor()

        def stop(number: int, frame: FrameType | None) -> None:
            supervisor.is_stopped.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        supervisor.run()
