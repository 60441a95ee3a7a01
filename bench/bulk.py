"""Measure many networks: ``python -m bench.bulk``.

CPU seconds, the least of five: the preview of 300 and 1,000 networks on an engine of 500, and
how long each bad file takes to be refused. Ends with 1 when a budget is not kept.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netdash.settings")
django.setup()

from django.http import QueryDict  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402

from netdash.jobs.bulk_files.problems import MOST_BYTES, UnreadableFile  # noqa: E402
from netdash.jobs.bulk_files.reading import decode_text, read_file  # noqa: E402
from netdash.topology.snapshot import Network, Snapshot, Subnet  # noqa: E402
from netdash.views.bulk_drafts import read_draft  # noqa: E402
from netdash.views.bulk_table import build_table  # noqa: E402

PREVIEW_SECONDS, REFUSAL_SECONDS = 1.0, 2.0
LIST = "name;subnet;label:env;label:team\n"


def build_engine(count: int = 500) -> Snapshot:
    """Build an engine whose networks lie all over Docker's own pools."""
    return Snapshot(
        tuple(
            Network(
                f"{number:064x}",
                f"there-{number}",
                subnets=(Subnet(f"172.{17 + number % 15}.{number // 15}.0/24"),),
            )
            for number in range(count)
        )
    )


def ask_pattern(count: int) -> QueryDict:
    """Ask for so many networks by a pattern."""
    asked = QueryDict(mutable=True)
    asked.update({"pattern": "{project}-{layer}-network", "bases": "172.20.0.0/14\n10.0.0.0/8"})
    asked.update({"axis-0-name": "project", "axis-0-label": "project"})
    asked["axis-0-values"] = " ".join(f"p{number}" for number in range(count // 2))
    asked.update({"axis-1-name": "layer", "axis-1-values": "front database", "axis-1-label": "l"})
    return asked


def ask_list(count: int) -> QueryDict:
    """Ask for so many networks by a list."""
    lines = "".join(f"n{number};;dev;shop\n" for number in range(count))
    asked = QueryDict(mutable=True)
    asked.update({"source": "file", "text": LIST + lines, "bases": "10.0.0.0/8"})
    return asked


def preview(snapshot: Snapshot, asked: QueryDict) -> None:
    """Read, foresee and write a preview as the page does."""
    draft = read_draft(snapshot, asked)
    assert draft.batch is not None, draft.problems
    context = {
        "draft": draft,
        "form": draft.form,
        "table": build_table(draft.batch),
        "may_change": True,
        "engine": {"slug": "local"},
    }
    render_to_string("bulk/_preview.html", context)


def build_bomb(content: str) -> str:
    """Build nine levels of nine aliases each."""
    lines = ["a0: &a0 {k: v}"]
    for level in range(1, 10):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(f"a{level}: &a{level} {content.format(aliases)}")
    return "\n".join([*lines, "networks: {n: {labels: *a9}}\n"])


BAD_FILES = {
    "50 MB": b"name,subnet\n" * 4_200_000,
    "1 MiB of rows": (b"name\n" + b"a\n" * 600_000)[:MOST_BYTES],
    "1 MiB of blank lines": (b"name\n" + b"\n" * MOST_BYTES)[:MOST_BYTES],
    "1 MiB of one field": (b'name\n"' + b"a\n" * MOST_BYTES)[:MOST_BYTES],
    "YAML 500,000 deep": b"- " * 500_000,
    "YAML of 500,000 items": b"[" + b"a," * 500_000,
    "YAML of 110,000 networks": b"".join(b"n%d:\n" % n for n in range(110_000)),
    "bomb of lists": build_bomb("[{0}]").encode(),
    "bomb of merges": build_bomb("{{<<: [{0}]}}").encode(),
    "1 MiB of noise": bytes(range(256)) * 4_096,
    "1,000 bad lines": b"name,internal\n" + b"a,perhaps\n" * 1_000,
}


def refuse(raw: bytes) -> None:
    """Read a file that must be refused, as the page and the command do."""
    try:
        found = read_file(decode_text(raw[: MOST_BYTES + 1]))
    except UnreadableFile:
        return
    assert found.problems
    assert not found.rows


def measure(work: Callable[[], None], times: int = 5) -> float:
    """Give the least CPU seconds of some runs."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def main() -> int:
    """Measure, print, and tell whether all budgets are kept."""
    snapshot, is_kept = build_engine(), True
    for name, asked in (
        ("pattern of 300", ask_pattern(300)),
        ("pattern of 1,000", ask_pattern(1_000)),
        ("list of 1,000", ask_list(1_000)),
    ):
        seconds = measure(lambda asked=asked: preview(snapshot, asked))  # type: ignore[misc]
        is_kept &= seconds < PREVIEW_SECONDS
        print(f"{name:26} {seconds:6.3f} s")
    for name, raw in BAD_FILES.items():
        seconds = measure(lambda raw=raw: refuse(raw))  # type: ignore[misc]
        is_kept &= seconds < REFUSAL_SECONDS
        print(f"{name:26} {seconds:6.3f} s")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
