"""``manage.py run_broker``: the bundled Valkey in the foreground."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from netdash.live import broker


class Command(BaseCommand):
    """Run the bundled Valkey on the unix socket of ``REDIS_URL`` until stopped."""

    help = "Run the bundled Valkey (broker and store) on the unix socket that REDIS_URL names."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Become the server, or say in a sentence why not."""
        try:
            broker.run()
        except broker.BrokerRefused as error:
            raise CommandError(str(error)) from error
