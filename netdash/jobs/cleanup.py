"""Clean-up: review an engine, start the job, and look again at each network at its moment."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from netdash.jobs import queue
from netdash.jobs.writing import Author
from netdash.live import store
from netdash.live.uses import read_memory
from netdash.models import Engine, Job
from netdash.topology.candidates import (
    Candidate,
    CleanupFilter,
    Review,
    decode_filter,
    encode_filter,
    plan_cleanup,
    review,
    review_one,
)
from netdash.topology.changes import RemoveNetwork
from netdash.topology.lookup import find_network
from netdash.topology.snapshot import Snapshot

NO_READING = Snapshot()


def review_engine(
    engine: Engine, wanted: CleanupFilter, snapshot: Snapshot | None = None
) -> Review:
    """Part an engine's networks, as last read, into those that can go and those that stay.

    Raises StoreAway.
    """
    if snapshot is None:
        stored = store.latest(engine.pk)
        snapshot = stored.snapshot if stored else NO_READING
    memory = read_memory(engine.pk, wanted.unused_since_seconds)
    return review(snapshot, wanted, time.time(), memory)


def start_cleanup(
    engine: Engine,
    candidates: Iterable[Candidate],
    wanted: CleanupFilter,
    author: Author,
    title: str = "",
    token: uuid.UUID | None = None,
) -> Job:
    """Start the job that removes exactly these networks, each unless it came into use."""
    plan = plan_cleanup(candidates)
    guard = encode_filter(wanted)
    kind = Job.Kind.CLEANUP
    return queue.start(engine, plan, author, kind, title=title, token=token, guard=guard)


def find_objection(guard: Mapping[str, Any], change: RemoveNetwork, seen: Snapshot) -> str:
    """Say why a network that was reviewed may not go any more; empty when it may.

    ``seen`` was read a moment ago and holds every container that could name the network. What
    only grows with time (age, time without use) was decided at the review.
    """
    network = find_network(seen, change.network_id, change.network_name)
    if network is None:
        return ""
    wanted = replace(decode_filter(guard), older_than_seconds=0, unused_since_seconds=0)
    found = review_one(seen, network, wanted)
    return f"Left alone: {found.why}" if found is not None else ""
