"""Jobs as people see them: written down as if asked for, and read on a page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from netdash.jobs import queue
from netdash.jobs.writing import Author
from netdash.models import Engine, Job
from netdash.topology.changes import CreateNetwork, Plan, Step
from tests.views.reading_pages import take_words

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202egnp.exe"
PEOPLE = Author(None, "ada", "for the new shop")


@pytest.fixture
def idle(stored_engine: Engine) -> Engine:
    """An engine whose jobs only stand in the database."""
    return stored_engine


def plan_networks(*names: str) -> Plan:
    steps = tuple(Step(CreateNetwork(name), "asked for") for name in names)
    return Plan(steps, f"Create {len(names)} networks")


def write_job(engine: Engine, count: int = 3, **fields: Any) -> Job:
    """Write a job with so many items that wait, as if it had been asked for."""
    job = queue.start(engine, plan_networks(*(f"net-{n}" for n in range(count))), PEOPLE)
    if fields.get("state") == "running":
        fields = {"leased_until": timezone.now() + timedelta(minutes=1), **fields}
    Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return job


def end_items(job: Job, state: str, positions: range, **fields: Any) -> None:
    now = timezone.now()
    rows = job.items.filter(position__in=positions)
    rows.update(state=state, started_at=now - timedelta(seconds=10), ended_at=now, **fields)


def address(name: str, job: Job) -> str:
    return reverse(name, args=[job.engine.slug, job.pk])


def see(client: Client, path: str, target: str = "") -> str:
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return take_words(answer.content.decode())
