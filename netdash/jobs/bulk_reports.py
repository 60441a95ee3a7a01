"""Say on a terminal, or as JSON, what many networks would become and how their job went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from netdash.jobs.bulk_files.problems import Reading
from netdash.models import Job, JobItem
from netdash.topology.batches import Batch, ForeseenRow


def list_lines(batch: Batch) -> Iterator[str]:
    """List a line for each network, and the counts."""
    for one in batch.rows:
        subnets = " ".join(cidr for cidr, _ in one.subnets) or "-"
        words = f"  {one.sentence} {one.remedy}".rstrip()
        name = one.row.creation.name or one.row.place
        yield f"{one.state:9} {name}  {subnets}{words}"
    yield ", ".join(f"{number} {state}" for state, number in batch.counts.items() if number)


def describe_row(one: ForeseenRow) -> dict[str, Any]:
    """Describe a row for JSON."""
    return {
        "name": one.row.creation.name,
        "state": one.state,
        "place": one.row.place,
        "driver": one.row.creation.driver,
        "subnets": [{"cidr": cidr, "gateway": gateway} for cidr, gateway in one.subnets],
        "sentence": one.sentence,
        "remedy": one.remedy,
    }


def describe_batch(
    reading: Reading, batch: Batch | None = None, problems: Sequence[str] = ()
) -> dict[str, Any]:
    """Describe what a file asks for, and what would come of it."""
    return {
        "problems": [*reading.problems, *problems],
        "notes": list(reading.notes),
        "counts": batch.counts if batch else {},
        "networks": [describe_row(one) for one in batch.rows] if batch else [],
    }


def describe_job(job: Job) -> dict[str, Any]:
    """Describe how a job went, with what did not."""
    items = list(job.items.all())
    bad = [item for item in items if item.state not in (item.State.DONE, item.State.ALREADY)]
    return {
        "id": job.pk,
        "state": job.state,
        "done": sum(item.state == JobItem.State.DONE for item in items),
        "already": sum(item.state == JobItem.State.ALREADY for item in items),
        "failed": [
            {"summary": item.summary, "state": item.state, "sentence": item.sentence,
             "remedy": item.remedy, "engine_words": item.engine_words}
            for item in bad
        ],
    }  # fmt: skip


def list_job_lines(job: dict[str, Any]) -> Iterator[str]:
    """List what failed in a job, and how it went."""
    for one in job["failed"]:
        yield f"{one['state']:9} {one['summary']}  {one['sentence']} {one['remedy']}".rstrip()
    yield f"Job {job['id']}: {job['done']} created, {len(job['failed'])} not."
