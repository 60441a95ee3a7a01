"""Who carries out a job: one at a time, by a lease in the job's row that its holder renews.

The clock is the database's, so that workers on several machines agree.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from netdash.models import Job

LEASE_SECONDS = 15
"""A worker that vanished without a word is succeeded after this."""
RENEW_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to carry out a job, as long as it is renewed."""

    job_id: int
    holder: str


def take(job_id: int) -> Lease | None:
    """Take the lease of a job that has not ended; None while somebody else is at it.

    A holder that was a process of this machine and is no more is succeeded at once.
    """
    lease = Lease(job_id, f"{name_process(os.getpid())} {uuid.uuid4().hex[:12]}")
    rows = Job.objects.filter(pk=job_id, ended_at=None)
    if write(rows.filter(is_free()), lease):
        return lease
    held = rows.values_list("holder", flat=True).first()
    if held and is_dead(held) and write(rows.filter(holder=held), lease):
        return lease
    return None


def renew(lease: Lease) -> bool:
    """Renew a lease; False when it was lost."""
    return write(Job.objects.filter(pk=lease.job_id, holder=lease.holder), lease)


def release(lease: Lease) -> None:
    """Give a lease back, so that a successor need not wait."""
    rows = Job.objects.filter(pk=lease.job_id, holder=lease.holder)
    rows.update(holder="", leased_until=None)


def find_free() -> QuerySet[Job]:
    """Find the jobs that have not ended and that nobody seems to carry out, oldest first."""
    rows = Job.objects.filter(ended_at=None).order_by("pk")
    held = rows.exclude(holder="").values_list("pk", "holder")
    dead = [pk for pk, holder in held if is_dead(holder)]
    return rows.filter(is_free() | Q(pk__in=dead))


def is_free() -> Q:
    """Match rows without a lease that holds."""
    return Q(leased_until=None) | Q(leased_until__lt=Now())


def write(rows: QuerySet[Job], lease: Lease) -> bool:
    """Write a lease into the row where it still matches."""
    until = Now() + timedelta(seconds=LEASE_SECONDS)
    return bool(rows.update(holder=lease.holder, leased_until=until))


def is_dead(holder: str) -> bool:
    """Tell whether a holder was a process of this machine that is no more, as far as known."""
    name = holder.partition(" ")[0]
    place, _, process = name.partition(":")
    pid = process.partition(":")[0]
    return bool(place) and place == name_place() and name_process(int(pid)) != name


def name_process(pid: int) -> str:
    """Name a process so that no other, earlier or later, bears its name; ":" where unknown."""
    place = name_place()
    return f"{place}:{pid}:{read_start(pid)}" if place else ":"


@lru_cache
def name_place() -> str:
    """Name this start of this machine and its space of process numbers; "" where unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""
    return hashlib.blake2b(f"{boot}{space}".encode(), digest_size=8).hexdigest()


def read_start(pid: int) -> str:
    """Read when a process started, in ticks since boot; "" when it is no more."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return "" if words[0] in "ZX" else words[19]
