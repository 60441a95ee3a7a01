"""Nonsense into every field of every form: the same as the tests do, on many more posts.

    .venv/bin/python -m bench.fuzz [20000]

Ends with an error at the first answer that is no refusal with a message, or at the first
refused post that changed the engine.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=int, nargs="?", default=20_000)
    wanted = parser.parse_args()
    if "NETDASH_FUZZ" in os.environ:
        set_up(wanted.posts)
        return
    with tempfile.TemporaryDirectory(prefix="nd-") as folder:
        environment = {
            **os.environ,
            "NETDASH_DATA": folder,
            "NETDASH_LOG_LEVEL": "ERROR",
            "NETDASH_FUZZ": "1",
            "DJANGO_SETTINGS_MODULE": "netdash.settings",
        }
        environment.pop("REDIS_URL", None)
        command = [sys.executable, "-m", "bench.fuzz", str(wanted.posts)]
        raise SystemExit(subprocess.run(command, env=environment, check=False).returncode)


def set_up(count: int) -> None:
    """Set up a netdash of its own in this process, and run."""
    import django
    from django.conf import settings

    logging.disable(logging.ERROR)  # every refusal is a warning
    django.setup()
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    from django.core.management import call_command

    from netdash.live import broker

    socket = Path(settings.DATA_DIR) / "valkey.sock"
    server = subprocess.Popen(broker.build_command(socket), stdout=subprocess.DEVNULL)
    try:
        while not broker.answers(socket):
            time.sleep(0.05)
        call_command("migrate", verbosity=0)
        run(count)
    finally:
        server.terminate()
        server.wait()


def run(count: int) -> None:
    """Send what is known for breaking things, then random posts up to the count."""
    from hypothesis import HealthCheck, Phase, given, settings

    from tests.views.breaking_ground import breaking_ground
    from tests.views.nonsense import Post, list_fixed, posts

    sent: Counter[tuple[str, str]] = Counter()
    with breaking_ground() as ground:
        begun = time.monotonic()

        def judge(post: Post) -> None:
            sent[post.sheet, ground.judge(post)] += 1
            if sent.total() % 1000 == 0:
                print(f"{sent.total():>6} posts, {time.monotonic() - begun:.0f} s", flush=True)

        for number, post in enumerate(list_fixed()):
            if number < count // 2:
                judge(post)
        quick = settings(
            max_examples=max(1, count - sent.total()),
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        quick(given(posts())(judge))()
    for (sheet, said), found in sorted(sent.items()):
        print(f"{sheet:>16} {said:>8} {found:>6}")
    print(f"{sent.total()} posts: none an error page, none refused with a change or without a word")


if __name__ == "__main__":
    main()
