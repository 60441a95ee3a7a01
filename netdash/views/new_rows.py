"""What is new in the list of networks: ``?new=`` and the id of one, or ``job-17`` for a job's."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from netdash.models import Engine, Job, JournalEntry

from .marks import SHORT, shorten_id

OF_JOB = "job-"


def find_new(engine: Engine, asked: QueryDict) -> frozenset[str]:
    """Find the short ids of the networks that an address marks as new."""
    name = asked.get("new", "")
    number = name.removeprefix(OF_JOB)
    if number == name or not number.isdecimal() or len(number) >= 19:
        return frozenset((shorten_id(name),)) if len(name) >= SHORT else frozenset()
    made = list_made(find_entries(int(number)).filter(engine=engine))
    return frozenset(shorten_id(id_) for _, id_ in made)


def find_entries(number: int) -> QuerySet[JournalEntry]:
    """Find what a job wrote into the journal, without the long texts."""
    entries = JournalEntry.objects.filter(job_item__job=number, kind="create")
    return entries.only("kind", "outcome", "network_name", "network_id", "undone_at").order_by()


def list_made(entries: Iterable[JournalEntry]) -> list[tuple[str, str]]:
    """List the names and ids of what these entries created and nobody took back, by name."""
    return sorted(
        (entry.network_name, entry.network_id)
        for entry in entries
        if entry.kind == "create" and entry.outcome == entry.Outcome.DONE
        if entry.network_id and not entry.undone_at
    )


def point_at_new(back: str, engine: Engine, entries: Iterable[JournalEntry]) -> str:
    """Let the way back to the list of networks lead to the one that was created."""
    made = list_made(entries)
    if not made or back != reverse("networks", args=[engine.slug]):
        return back
    new = shorten_id(made[0][1])
    return f"{back}?new={new}#n-{new}"


def point_at_made(job: Job) -> str:
    """Name the list of networks with those that a job made; empty when it made none."""
    if not job.is_ended or job.kind not in (Job.Kind.CREATE, Job.Kind.RETRY):
        return ""
    made = list_made(find_entries(job.pk))
    if not made:
        return ""
    address = reverse("networks", args=[job.engine.slug])
    return f"{address}?new={OF_JOB}{job.pk}#n-{shorten_id(made[0][1])}"
