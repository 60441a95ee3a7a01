"""Turn what an engine answered to a change into words a person understands.

The texts are those of Docker 20.10 to 29, as measured. Where netdash foresees a refusal it uses
the same sentences (``topology/refusals.py``), so nothing sounds different after asking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from netdash.engine.refusal_patterns import RULES, Asked
from netdash.topology.changes import Change
from netdash.topology.refusal import Refusal
from netdash.topology.snapshot import Snapshot

PREFIXES = re.compile(
    r"\A(?:Error response from daemon: |invalid (?:network config|endpoint settings|JSON):\s*"
    r"|failed to set up container networking: |invalid pool request: )+"
)


def explain(
    status: int | None,
    message: str,
    change: Change,
    snapshot: Snapshot,
) -> Refusal:
    """Explain one answer: the cause, what to do next, and the field it belongs to.

    Several faults in one answer are explained by the first that is known. A message netdash
    does not know is shown as the engine gave it.
    """
    asked = Asked(change, snapshot, status or 0)
    for said in split_faults(message):
        for pattern, build in RULES:
            found = pattern.search(said)
            if found is not None:
                refusal = build(found, asked)
                if refusal is not None:
                    return replace(refusal, engine_words=message)
    return Refusal("unknown", message.strip() or "The engine refused.", engine_words=message)


def split_faults(message: str) -> Iterable[str]:
    """Part an answer that lists several faults, without what stands before them."""
    bare = PREFIXES.sub("", message.strip())
    parts = [part.strip().removeprefix("*").strip() for part in bare.split("\n")]
    return [part for part in parts if part] or [bare]
