"""``manage.py ask_health``: ask a running netdash for its health, as a probe does."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

ANSWER_SECONDS = 10


class Command(BaseCommand):
    """Print each part, and fail when netdash is not well."""

    help = "Ask a running netdash for its health; fails when a part is not well."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address of the web process and the parts that count."""
        parser.add_argument("--address", default="http://127.0.0.1:8000")
        parser.add_argument("--only", default="", help="database,store,worker,beat,engines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, print, and fail when it is not well."""
        answer = ask(f"{options['address']}{reverse('health')}?only={options['only']}")
        for part in answer["parts"]:
            self.stdout.write(
                f"{'ok ' if part['is_ok'] else 'NOT'} {part['name']}: {part['words']}"
            )
        if not answer["ok"]:
            raise CommandError("netdash is not well.")


def ask(address: str) -> Any:
    """Ask with the token and a host name that the web process accepts."""
    host = next((name for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    request = urllib.request.Request(  # noqa: S310
        address,
        headers={
            "Authorization": f"Bearer {settings.HEALTH_TOKEN}",
            "Host": host.removeprefix("."),
            "X-Forwarded-Proto": "https" if settings.IS_HTTPS else "http",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 503 and "json" in error.headers.get("Content-Type", ""):
            return json.load(error)
        raise CommandError(f"{address} answered {error.code}.") from error
    except OSError as error:
        raise CommandError(f"{address} does not answer: {error}") from error
