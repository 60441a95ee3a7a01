"""What was chosen on the clean-up page, and what has changed since it was looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from netdash.topology.candidates import Candidate, Review
from netdash.topology.cleanup_words import strip_time
from netdash.topology.refusal import quote


def write_basis(candidates: Iterable[Candidate]) -> str:
    """Write what a choice rests on: each candidate with the doubts that were shown."""
    return " ".join(f"{one.network.id}:{','.join(list_sums(one))}" for one in candidates)


def list_sums(found: Candidate) -> list[str]:
    """Sum up each doubt of a candidate."""
    return [
        hashlib.blake2b(strip_time(doubt).encode(), digest_size=4).hexdigest()
        for doubt in found.doubts
    ]


def choose(
    found: Review, ids: Iterable[str], basis: str
) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
    """Find the chosen candidates, and say what changed since they were looked at.

    Who is no candidate any more drops out; who has a new doubt stays and is said.
    """
    shown = dict(part.partition(":")[::2] for part in basis.split())
    now = {one.network.id: one for one in found.candidates}
    spared = {one.network.id: one for one in found.spared}
    chosen: list[Candidate] = []
    changes: list[str] = []
    for network_id in dict.fromkeys(ids):
        if network_id in now:
            chosen.append(now[network_id])
            changes += list_new_doubts(now[network_id], shown.get(network_id))
        elif network_id in spared:
            changes.append(f"{quote(spared[network_id].network.name)}: {spared[network_id].why}")
        else:
            changes.append(f"The network {quote(network_id[:12])} is gone already.")
    return tuple(chosen), tuple(changes)


def list_new_doubts(found: Candidate, shown: str | None) -> Iterator[str]:
    """Say the doubts of a candidate that were not shown; all were when nothing is known."""
    if shown is None:
        return
    known = set(shown.split(","))
    for doubt, sum_ in zip(found.doubts, list_sums(found), strict=True):
        if sum_ not in known:
            yield f"{quote(found.network.name)}: {doubt}"
