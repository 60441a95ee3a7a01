"""Changes from outside netdash become journal rows, with their undo.

The last snapshot that was compared is kept in Redis, so that a watcher that was away catches
up. What came and went between two looks is not seen; netdash's own rows of such changes are
passed over, so that a later change alike is known for somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from netdash.live import feed, store
from netdash.live.connection import name_key, reaching, read_shared_clock
from netdash.live.entries import cut, describe_change
from netdash.live.packing import pack, unpack
from netdash.live.store import Stored
from netdash.models import JournalEntry
from netdash.topology import codec
from netdash.topology.change_codec import encode_change, kind_of
from netdash.topology.changes import CreateNetwork
from netdash.topology.command_lines import as_command
from netdash.topology.diff import Difference, compare, welcome
from netdash.topology.effects import apply
from netdash.topology.inverses import inverse, pin
from netdash.topology.lookup import NEW
from netdash.topology.snapshot import Snapshot

MOST_ROWS = 200
"""An engine that was set up anew shows nothing but changes."""
OWN_MINUTES = 15
MOST_POSTPONED = 5
LAG_SECONDS = 1.0
"""Docker 20.10 lists a change up to half a second after it has answered."""

Outcome = JournalEntry.Outcome
_postponed_by_engine_id: dict[int, int] = {}
_ended_by_engine_id: dict[int, tuple[float, tuple[int, ...]]] = {}
"""Own rows that had ended, and when that was known, by Redis's clock."""


def look(engine_id: int) -> int:
    """Write a row for each change since the last look that netdash did not make; count them."""
    stored = store.latest(engine_id)
    if stored is None:
        return 0
    known = load(engine_id, stored.version)
    if known is None:
        note(engine_id, stored)
        return 0
    differences = compare(known, stored.snapshot) if known is not stored.snapshot else ()
    if is_early(engine_id, differences, stored.snapshot):
        return 0
    with transaction.atomic():
        rows = write(engine_id, differences[:MOST_ROWS], welcome(known, stored.snapshot))
    if known is not stored.snapshot:
        note(engine_id, stored)
    pass_over(engine_id, stored.taken_at.timestamp())
    if rows:
        feed.publish(engine_id, "journal", {"rows": rows})
    return rows


def load(engine_id: int, version: int) -> Snapshot | None:
    """Read the snapshot of the last look; the stored one itself when it is of that version."""
    key = name_key(engine_id, "witnessed")
    with reaching() as client:
        seen = client.hget(key, "version")
        if seen is not None and int(seen) == version:
            stored = store.latest(engine_id)
            if stored is not None and stored.version == version:
                return stored.snapshot
        packed = client.hget(key, "snapshot")
    with suppress(codec.UnknownFormat):
        return codec.decode(unpack(packed)) if packed else None
    return None


def note(engine_id: int, stored: Stored) -> None:
    """Keep what was looked at."""
    fields = {"version": stored.version, "snapshot": pack(codec.encode(stored.snapshot))}
    with reaching() as client:
        client.hset(name_key(engine_id, "witnessed"), mapping=fields)


def is_early(engine_id: int, differences: tuple[Difference, ...], now: Snapshot) -> bool:
    """Tell whether a new connection's details are still on their way; not for ever."""
    new_ids = {found.endpoint_id for found in differences if found.endpoint_id}
    is_unknown = any(
        endpoint.id in new_ids and endpoint.aliases is None
        for container in now.containers
        for endpoint in container.endpoints
    )
    postponed = _postponed_by_engine_id.pop(engine_id, 0) + 1
    if not is_unknown or postponed > MOST_POSTPONED:
        return False
    _postponed_by_engine_id[engine_id] = postponed
    return True


def write(engine_id: int, differences: tuple[Difference, ...], before: Snapshot) -> int:
    """Write the rows, each with what was there before its own change."""
    count = 0
    for position, found in enumerate(differences):
        if not mark_own(engine_id, found):
            build_row(engine_id, found, before, position).save(force_insert=True)
            count += 1
        before = work_in(before, found)
    return count


def work_in(before: Snapshot, found: Difference) -> Snapshot:
    """Work a change in; a network that it made has the id by which later changes name it."""
    after = apply(before, found.change)
    if not isinstance(found.change, CreateNetwork):
        return after
    made = NEW + found.change.name
    networks = tuple(
        replace(network, id=found.network_id) if network.id == made else network
        for network in after.networks
    )
    return replace(after, networks=networks)


def pass_over(engine_id: int, taken_at: float) -> None:
    """Mark own rows as seen that had ended well before the reading began, and left no trace in it.

    They were taken back since: a connection and its undo between two looks leave no difference.
    """
    known_at, ids = _ended_by_engine_id.get(engine_id, (0.0, ()))
    if ids and taken_at > known_at + LAG_SECONDS:
        JournalEntry.objects.filter(pk__in=ids, is_witnessed=False).update(is_witnessed=True)
        ids = ()
    if not ids:
        known_at = read_shared_clock()
        ended = find_unseen(engine_id, (Outcome.DONE,)).values_list("pk", flat=True)
        _ended_by_engine_id[engine_id] = (known_at, tuple(ended))


def find_unseen(engine_id: int, outcomes: Iterable[str]) -> QuerySet[JournalEntry]:
    """Find netdash's own rows of late whose effect no look has found yet."""
    return JournalEntry.objects.filter(
        engine_id=engine_id,
        origin=JournalEntry.Origin.NETDASH,
        is_witnessed=False,
        outcome__in=tuple(outcomes),
        at__gte=timezone.now() - timedelta(minutes=OWN_MINUTES),
    )


def mark_own(engine_id: int, found: Difference) -> bool:
    """Mark netdash's own row of this change as seen; False when there is none."""
    wanted = JournalEntry()
    describe_change(wanted, found.change)
    row = (
        find_unseen(engine_id, (Outcome.RUNNING, Outcome.DONE, Outcome.UNKNOWN))
        .filter(
            Q(network_name=wanted.network_name)
            | Q(network_id=found.network_id or wanted.network_id) & ~Q(network_id=""),
            kind=kind_of(found.change),
            container_id=wanted.container_id,
        )
        .order_by("at", "pk")
        .first()
    )
    if row is None:
        return False
    JournalEntry.objects.filter(pk=row.pk).update(is_witnessed=True)
    return True


def build_row(engine_id: int, found: Difference, before: Snapshot, position: int) -> JournalEntry:
    """Build the row of a change that somebody else made."""
    undo = pin(inverse(found.change, before), found.network_id, found.endpoint_id)
    row = JournalEntry(
        engine_id=engine_id,
        origin=JournalEntry.Origin.OUTSIDE,
        outcome=Outcome.DONE,
        is_witnessed=True,
        position=position,
        command=as_command(found.change, before),
        undo=[encode_change(change) for change in undo],
        before=codec.encode(cut(before, found.change)),
    )
    describe_change(row, found.change)
    row.network_id = row.network_id or found.network_id
    return row
