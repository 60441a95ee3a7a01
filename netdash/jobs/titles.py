"""Titles of jobs that try again what an earlier one did not do."""

from __future__ import annotations

from netdash.models import Job
from netdash.topology.refusal import count

PHRASES = {
    "create": ("create ", "network"),
    "remove": ("remove ", "network"),
    "connect": ("make ", "connection"),
    "disconnect": ("end ", "connection"),
}
MIXED = ("", "step")


def name_part(opening: str, job: Job, number: int) -> str:
    """Say how many of a job's steps are tried: ``Again: create 2 of 160 networks``."""
    kinds = tuple(job.items.values_list("kind", flat=True))
    verb, noun = PHRASES.get(kinds[0], MIXED) if len(set(kinds)) == 1 else MIXED
    steps = count(len(kinds), noun)
    return f"{opening}: {verb}{steps if number == len(kinds) else f'{number:,} of {steps}'}"
