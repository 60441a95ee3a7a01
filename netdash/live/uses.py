"""When each network was last in use, as far as netdash has watched: a hash per engine in Redis.

A network is in use while a running container names it. The hash says of a
network that it is in use (an empty value), or when it was last seen so (seconds since 1970). It
is written when that changes, not with every reading. A second hash says since when netdash has
watched without a gap; what happened in a gap nobody knows, so that the watch begins anew.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Max

from netdash.live.connection import name_key, reaching, read_shared_clock
from netdash.models import JournalEntry
from netdash.topology.cleanup_filter import Memory
from netdash.topology.naming import find_used
from netdash.topology.snapshot import Snapshot

LONGEST_GAP_SECONDS = 15 * 60
"""A pause of netdash up to here counts as watching: a restart, an update, an engine upgraded."""
NOTE_SECONDS = 60
JOURNAL_SECONDS = 3600
"""So far back the journal is asked even when nobody wants to know more."""


_watched_at_by_key: dict[tuple[str, int], float] = {}


def note(engine_id: int, snapshot: Snapshot, at: float, is_new: bool = True) -> None:
    """Note which networks a reading shows in use; ``at`` is when it began.

    One that is not new to this process is noted once a minute nevertheless: whoever stored it
    first may have been killed before it was noted. Raises StoreAway.
    """
    key = (settings.REDIS_URL, engine_id)
    is_due = not 0 <= at - _watched_at_by_key.get(key, 0) < NOTE_SECONDS
    if not is_new and not is_due:
        return
    with reaching() as client:
        keep_watch(client, engine_id, at)
        write_uses(client, engine_id, snapshot, at)
    _watched_at_by_key[key] = at


def keep_watch(client: Any, engine_id: int, at: float) -> None:
    """Note that netdash looked; where it had not for too long, the watch begins anew."""
    key = name_key(engine_id, "watch")
    since, seen_at = client.hmget(key, "since", "seen_at")
    last = float(seen_at or 0)
    is_gap = since is None or at - last > LONGEST_GAP_SECONDS
    fresh = {"since": f"{at:.3f}"} if is_gap else {}
    client.hset(key, mapping={"seen_at": f"{max(at, last):.3f}"} | fresh)


def write_uses(client: Any, engine_id: int, snapshot: Snapshot, at: float) -> None:
    """Write what differs from what is kept: come into use, left, or gone."""
    key = name_key(engine_id, "uses")
    used_ids = find_used(snapshot)
    kept = {found.decode(): value for found, value in client.hgetall(key).items()}
    in_use = {found for found, value in kept.items() if not value}
    changed = dict.fromkeys(used_ids - in_use, "")
    changed |= dict.fromkeys(in_use - used_ids, f"{at:.3f}")
    gone = kept.keys() - snapshot.networks_by_id.keys()
    if changed := {found: value for found, value in changed.items() if found not in gone}:
        client.hset(key, mapping=changed)
    if gone:
        client.hdel(key, *gone)


def read_memory(engine_id: int, span_seconds: float = 0) -> Memory:
    """Read what is remembered of an engine's networks; raises StoreAway.

    The journal's connections and disconnections of the span asked for count as well: they
    come from events, which also tell of what came and went between two readings.
    """
    with reaching() as client, client.pipeline(transaction=False) as pipe:
        pipe.hget(name_key(engine_id, "watch"), "since")
        pipe.hgetall(name_key(engine_id, "uses"))
        since, kept = pipe.execute()
    now = read_shared_clock()
    last = {found.decode(): float(value) if value else now for found, value in kept.items()}
    for network_id, at in read_journal(engine_id, now - max(span_seconds, JOURNAL_SECONDS)):
        last[network_id] = max(at, last.get(network_id, 0))
    return Memory(float(since) if since else None, last)


def read_journal(engine_id: int, since: float) -> list[tuple[str, float]]:
    """Read when somebody was last connected to or disconnected from each network."""
    rows = (
        JournalEntry.objects.filter(
            engine=engine_id,
            at__gte=datetime.fromtimestamp(since, UTC),
            kind__in=("connect", "disconnect"),
            outcome=JournalEntry.Outcome.DONE,
        )
        .exclude(network_id="")
        .order_by()
        .values_list("network_id")
        .annotate(last=Max("at"))
    )
    return [(network_id, at.timestamp()) for network_id, at in rows]
