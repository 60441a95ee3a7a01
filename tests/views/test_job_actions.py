"""What people may ask of a job: to stop, to try again, to take back."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from netdash.jobs import queue
from netdash.jobs.working import carry_out
from netdash.live.refresh import refresh
from netdash.models import Engine, Job, JournalEntry
from netdash.topology.plans import plan_disconnect
from netdash.views.job_actions import name_follower
from tests.simulated import SimulatedEngine
from tests.stored import read
from tests.stored import shared_row as row
from tests.views.job_pages import (
    PEOPLE,
    address,
    end_items,
    idle,
    plan_networks,
    see,
    write_job,
)
from tests.views.reading_pages import take_words
from tests.views.sheets import network

__all__ = ["idle", "row"]


def test_cancel_stops_a_job(operator: Client, idle: Engine) -> None:
    job = write_job(idle)
    answer = operator.post(address("job-cancel", job))
    assert answer.headers["Location"] == address("job", job)
    job.refresh_from_db()
    assert job.is_cancel_asked
    assert job.state == Job.State.CANCELLED
    assert "3 not reached" in see(operator, address("job", job), "job")


def test_retry_starts_a_job_of_what_failed_and_only_one(operator: Client, idle: Engine) -> None:
    job = write_job(idle, 3, state="failed", ended_at=timezone.now())
    end_items(job, "done", range(2))
    end_items(job, "failed", range(2, 3))
    first = operator.post(address("job-retry", job))
    second = operator.post(address("job-retry", job))
    again = Job.objects.get(follows=job)
    assert first.headers["Location"] == second.headers["Location"] == address("job", again)
    assert [item.summary for item in again.items.all()] == ["Create network net-2"]
    assert again.title == "Again: create 1 of 3 networks"
    listed = see(operator, reverse("jobs", args=[idle.slug]))
    assert f"retry, after {job.title}" in listed
    assert again.author_name == "a-operator"


def test_two_clicks_at_the_same_moment_name_the_same_job(idle: Engine) -> None:
    job = write_job(idle, 1, state="failed", ended_at=timezone.now())
    end_items(job, "failed", range(1))
    token = name_follower(job, Job.Kind.RETRY)
    first = queue.retry(job, PEOPLE, token)
    assert queue.retry(job, PEOPLE, token) == first
    assert name_follower(job, Job.Kind.RETRY) != token
    assert name_follower(job, Job.Kind.UNDO) != token


def test_there_is_nothing_to_retry_where_nothing_failed(operator: Client, idle: Engine) -> None:
    job = write_job(idle, 3, state="done", ended_at=timezone.now())
    end_items(job, "done", range(3))
    assert "Nothing of it failed" in take_words(
        operator.post(address("job-retry", job), follow=True).content.decode()
    )
    running = write_job(idle, 3)
    operator.post(address("job-retry", running))
    assert not Job.objects.filter(kind="retry").exists()


def test_undo_shows_what_is_taken_back_then_a_job_does_it(
    operator: Client, row: Engine, tiers: SimulatedEngine
) -> None:
    job = queue.start(row, plan_networks("one", "two"), PEOPLE)
    carry_out(job.pk)
    words = see(operator, address("job-undo", job))
    assert "docker network rm" in words
    assert JournalEntry.objects.count() == 2
    answer = operator.post(address("job-undo", job))
    undoing = Job.objects.get(follows=job)
    assert answer.headers["Location"] == address("job", undoing)
    carry_out(undoing.pk)
    undoing.refresh_from_db()
    assert undoing.state == Job.State.DONE
    names = tiers.docker("network", "ls", "--format", "{{.Name}}").split()
    assert not {"one", "two"} & set(names)
    assert JournalEntry.objects.filter(plan_id=job.plan_id, undone_at=None).count() == 0
    assert address("job-undo", job) not in operator.get(address("job", job)).content.decode()
    assert f"What it did was taken back by {undoing.title}" in see(operator, address("job", job))
    over = operator.get(address("job-undo", job)).content.decode()
    assert f"What it did was taken back by {undoing.title}" in take_words(over)
    assert 'id="confirm"' not in over


def test_undo_says_what_cannot_come_back(
    operator: Client, row: Engine, tiers: SimulatedEngine
) -> None:
    job = queue.start(row, plan_networks("one", "two"), PEOPLE)
    carry_out(job.pk)
    tiers.docker("network", "connect", "one", "nginx")
    refresh(row)
    words = see(operator, address("job-undo", job))
    assert "This cannot be taken back" in words
    answer = operator.post(address("job-undo", job))
    assert answer.status_code == 422
    assert not Job.objects.filter(follows=job).exists()
    operator.post(address("job-undo", job), {"confirmed": "1"})
    undoing = Job.objects.get(follows=job)
    assert undoing.items.count() == 1
    carry_out(undoing.pk)
    words = see(operator, address("job", job))
    assert f"1 of 2 changes were taken back by {undoing.title}" in words
    assert "Undo the 1 left…" in words
    assert "Disconnect who is on one" in see(operator, address("job-undo", job))


def test_an_undo_that_joins_several_side_by_side_says_what_may_become_of_their_addresses(
    operator: Client, row: Engine
) -> None:
    database = network(row, "database")
    members = [one for one, _ in read(row).members_by_network_id[database.id]]
    assert len(members) > 1
    job = queue.start(row, plan_disconnect(database, members), PEOPLE)
    carry_out(job.pk)
    told = see(operator, address("job-undo", job))
    assert re.search(r"on database: probably [\d.]+ again\.", told)
    assert "may get each other's addresses" in told
    undo = reverse("journal-undo", args=[row.slug, JournalEntry.objects.latest("pk").pk])
    told = see(operator, undo)
    assert "on database: probably" in told
    assert "may get each other's addresses" not in told


def test_a_change_without_an_undo_is_not_said_to_be_taken_back(
    operator: Client, row: Engine, tiers: SimulatedEngine
) -> None:
    job = queue.start(row, plan_networks("one", "two", "three"), PEOPLE)
    carry_out(job.pk)
    done = JournalEntry.objects.filter(plan_id=job.plan_id)
    done.filter(position=0).update(undo=[])
    done.filter(position__gt=0).update(undone_at=timezone.now())
    words = see(operator, address("job", job))
    assert "2 of 3 changes were taken back" in words
    assert "What it did was taken back" not in words
    assert address("job-undo", job) not in operator.get(address("job", job)).content.decode()


def test_a_job_that_still_runs_is_not_taken_back(operator: Client, idle: Engine) -> None:
    job = write_job(idle, state="running")
    assert operator.post(address("job-undo", job)).status_code == 422
    assert not Job.objects.filter(kind="undo").exists()


@pytest.mark.parametrize("name", ["job-cancel", "job-retry", "job-undo"])
def test_who_may_only_look_asks_nothing_of_a_job(viewer: Client, idle: Engine, name: str) -> None:
    job = write_job(idle, state="failed", ended_at=timezone.now())
    end_items(job, "failed", range(3))
    assert viewer.post(address(name, job)).status_code == 403
    page = viewer.get(address("job", job)).content.decode()
    assert "Your role may look" in page
    assert address("job-retry", job) not in page
    job.refresh_from_db()
    assert not job.is_cancel_asked
    assert Job.objects.count() == 1


def test_read_only_stops_administrators_too(
    administrator: Client, idle: Engine, settings: Settings
) -> None:
    job = write_job(idle, state="failed", ended_at=timezone.now())
    end_items(job, "failed", range(3))
    settings.IS_READ_ONLY = True
    for name in ("job-cancel", "job-retry", "job-undo"):
        assert administrator.post(address(name, job)).status_code == 403
    assert "read only" in see(administrator, address("job", job))


def test_a_job_of_another_engine_is_not_found_here(operator: Client, idle: Engine) -> None:
    other = Engine.objects.create(name="Other", slug="other", address="unix:///run/o.sock")
    job = write_job(other)
    for name in ("job", "job-undo"):
        assert operator.get(reverse(name, args=["local", job.pk])).status_code == 404
    assert operator.post(reverse("job-cancel", args=["local", job.pk])).status_code == 404
