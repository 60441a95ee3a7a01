"""``manage.py print_setup_link``: the link that makes the administrator."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse

from netdash.models import SetupLink
from netdash.roles import has_administrator


class Command(BaseCommand):
    """Print a new one-time link while there is no administrator; the older ones stop working."""

    help = "Print the one-time link that creates the administrator, while there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be chosen."""
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="Where netdash is.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link, or that nobody needs one."""
        if has_administrator():
            self.stdout.write("There is an administrator already.")
            return
        address = options["address"].rstrip("/")
        link = address + reverse("setup", args=[SetupLink.make()])
        self.stdout.write(f"Create the administrator here (works once): {link}")
