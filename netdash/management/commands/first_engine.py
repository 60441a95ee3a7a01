"""``manage.py first_engine``: the row of the engine that DOCKER_HOST names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from netdash.management.first_engine import find_address, make_engine
from netdash.models import Engine


class Command(BaseCommand):
    """Make the first engine from DOCKER_HOST or the local socket, when there is none yet."""

    help = "Make the first engine from DOCKER_HOST, or the local socket, while there is none."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, whether it answers or not: the pages say how it is."""
        if not Engine.objects.exists():
            engine = make_engine(find_address())
            self.stdout.write(f"netdash reads the engine at {engine.address}.")
