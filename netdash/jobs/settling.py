"""Settle journal rows that a killed process left under way: look what became of the change."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from netdash.engine.client import connect
from netdash.engine.errors import EngineError
from netdash.jobs.looking import look
from netdash.jobs.steps import WRITTEN_AT_END
from netdash.live import store
from netdash.live.turns import Busy, taking_turn
from netdash.models import Job, JournalEntry
from netdash.topology import codec
from netdash.topology.change_codec import UnreadableChangeError, decode_change, encode_change
from netdash.topology.changes import Change, ConnectContainer, CreateNetwork
from netdash.topology.inverses import inverse, pin
from netdash.topology.lookup import find_named
from netdash.topology.settled import find_endpoint, is_done
from netdash.topology.snapshot import Snapshot

LEFT_MINUTES = 5
"""No call to an engine takes as long; whoever wrote the row would have ended it."""
HOPE_MINUTES = 60
"""After this an engine that does not answer is not waited for any more."""
FOUND_DONE = "netdash was interrupted; the engine shows that this was done."
NOT_FOUND = "netdash was interrupted, and the engine does not show this now."
NOT_ASKED = "netdash was interrupted, and the engine could not be asked since."
NOT_READ = "netdash was interrupted, and another version of it wrote this row."
UNREADABLE = (UnreadableChangeError, codec.UnknownFormat)
LOOK = "Look whether it is as wanted, then do what is missing."


def settle_rows() -> int:
    """End the rows that nobody is at any more, and count them; jobs settle their own."""
    return sum(settle(entry) for entry in find_left())


def find_left() -> QuerySet[JournalEntry]:
    """Find the rows under way for too long, oldest first, but for those of jobs that still run."""
    ended = Q(job_item=None) | Q(
        job_item__job__state__in=(Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)
    )
    return (
        JournalEntry.objects.filter(
            ended,
            outcome=JournalEntry.Outcome.RUNNING,
            at__lt=timezone.now() - timedelta(minutes=LEFT_MINUTES),
        )
        .select_related("engine")
        .order_by("at", "pk")
    )


def settle(entry: JournalEntry) -> bool:
    """End one row, unless somebody holds its turn or its engine may still come back."""
    try:
        change = decode_change(entry.change)
        with taking_turn(entry.engine_id, [change], patience_seconds=0):
            entry.refresh_from_db(fields=["outcome"])
            if entry.outcome == JournalEntry.Outcome.RUNNING:
                write_end(entry, change, look_now(entry, change))
    except (Busy, JournalEntry.DoesNotExist):
        return False
    except EngineError:
        if timezone.now() - entry.at < timedelta(minutes=HOPE_MINUTES):
            return False
        write_unknown(entry, NOT_ASKED)
    except UNREADABLE:
        write_unknown(entry, NOT_READ)
    return True


def look_now(entry: JournalEntry, change: Change) -> Snapshot:
    """Read what the change is about, freshly; raises EngineError."""
    stored = store.latest(entry.engine_id)
    return look(connect(entry.engine), stored.snapshot if stored else Snapshot(), [change])


def write_end(entry: JournalEntry, change: Change, now: Snapshot) -> None:
    """Write that the change is there, with its undo, or that nobody knows what became of it."""
    if not is_done(change, now):
        write_unknown(entry, NOT_FOUND)
        return
    network_id, endpoint_id = find_ids(change, now)
    undo = pin(inverse(change, codec.decode(entry.before)), network_id, endpoint_id)
    entry.network_id = entry.network_id or network_id
    entry.undo = [encode_change(one) for one in undo]
    entry.outcome, entry.sentence = entry.Outcome.DONE, FOUND_DONE
    entry.save(update_fields=WRITTEN_AT_END)


def write_unknown(entry: JournalEntry, sentence: str) -> None:
    """Write that nobody knows."""
    entry.outcome, entry.sentence, entry.remedy = entry.Outcome.UNKNOWN, sentence, LOOK
    entry.save(update_fields=WRITTEN_AT_END)


def find_ids(change: Change, now: Snapshot) -> tuple[str, str]:
    """Find the network and the endpoint that came of a change, as far as they can be told."""
    if isinstance(change, ConnectContainer) and (endpoint := find_endpoint(now, change)):
        return endpoint.network_id, endpoint.id
    if isinstance(change, CreateNetwork) and len(named := find_named(now, change.name)) == 1:
        return named[0].id, ""
    return "", ""
