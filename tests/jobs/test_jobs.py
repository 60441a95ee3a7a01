"""Jobs against an engine: what happens, in which order, and what is said of it."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from netdash.jobs import queue
from netdash.jobs.endings import job_ended
from netdash.jobs.progress import measure
from netdash.jobs.tasks import sweep
from netdash.jobs.working import carry_out
from netdash.jobs.writing import Author
from netdash.live.refresh import refresh
from netdash.live.turns import taking_turn
from netdash.models import Engine, Job, JobItem, JournalEntry
from netdash.topology.candidates import CleanupFilter, encode_filter
from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    Plan,
    Step,
)
from netdash.topology.snapshot import Subnet
from tests.jobs.lab import (
    POLICY,
    engine,
    enter,
    make,
    names,
    remove,
    row,
    run,
    run_and_close,
    start,
    states,
)
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["engine", "row"]


def test_a_job_does_all_of_its_plan_and_says_who_asked(row: Engine) -> None:
    told: list[Job] = []
    job_ended.connect(lambda job, **_: told.append(job), weak=False, dispatch_uid="test")
    job = run(start(row, *make("a", "b", "c"), enter(row, "web", "a")))
    job_ended.disconnect(dispatch_uid="test")
    assert (job.state, job.sentence, job.holder) == ("done", "", "")
    assert states(job) == ["done"] * 4
    assert names(row) == {"front", "back", "a", "b", "c"}
    assert told == [job]
    entries = JournalEntry.objects.filter(plan_id=job.plan_id)
    assert entries.filter(author=None, author_name="policy Nightly").count() == 4
    assert set(entries.values_list("note", "reason")) == {("every night", "as asked")}
    assert sorted(entries.values_list("position", flat=True)) == [0, 1, 2, 3]
    assert all(entry.can_be_undone for entry in entries)
    assert all(item.entry and item.ended_at for item in job.items.all())
    assert (measure(job).done, measure(job).fraction) == (4, 1.0)
    assert (job.went_on_at, job.reading_seconds > 0) == (job.started_at, True)


def test_a_step_of_another_version_fails_in_words_and_the_others_go_on(row: Engine) -> None:
    job = start(row, *make("a", "b"))
    job.items.filter(position=0).update(change={"format": 99, "kind": "create", "name": "a"})
    assert run(job).state == "failed"
    assert states(job) == ["failed", "done"]
    assert "Another version of netdash" in job.items.get(position=0).sentence
    assert names(row) == {"front", "back", "b"}


def test_a_plan_of_nothing_is_a_job_that_is_done(row: Engine) -> None:
    job = start(row)
    assert (job.state, measure(job).fraction) == ("done", 1.0)


def test_a_note_that_no_database_takes_is_no_failure(row: Engine) -> None:
    plan = Plan((Step(make("a")[0]),), "One")
    job = queue.start(row, plan, Author(name="somebody", note="why\0not"))
    assert job.note == "why\N{REPLACEMENT CHARACTER}not"


def test_the_same_request_twice_is_one_job(row: Engine) -> None:
    token = uuid.uuid4()
    first = start(row, *make("a"), token=token)
    assert start(row, *make("a"), token=token) == first
    assert JobItem.objects.count() == 1


def test_a_task_delivered_twice_at_once_is_carried_out_once(
    row: Engine, engine: SimulatedEngine
) -> None:
    job = start(row, *make(*(f"n{number}" for number in range(12))))
    engine.faults.slow(0.02)

    def deliver() -> None:
        try:
            carry_out(job.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    carry_out(job.pk)
    job.refresh_from_db()
    assert (job.state, states(job)) == ("done", ["done"] * 12)
    assert JournalEntry.objects.count() == 12
    assert len(names(row)) == 14


def test_what_is_so_already_is_left_and_leaves_no_row(row: Engine) -> None:
    job = run(start(row, CreateNetwork("front"), enter(row, "api", "back"), *make("a")))
    assert (job.state, states(job)) == ("done", ["already", "already", "done"])
    assert JournalEntry.objects.get().network_name == "a"


def test_what_somebody_else_made_meanwhile_is_so_already(
    row: Engine, engine: SimulatedEngine
) -> None:
    job = start(row, *make("a"))
    engine.docker("network", "create", "--subnet", "10.90.0.0/24", "a")
    assert states(run(job)) == ["already"]
    assert not JournalEntry.objects.exists()


def test_behind_a_step_that_fails_its_strand_ends_and_the_others_go_on(
    row: Engine, engine: SimulatedEngine
) -> None:
    clash = CreateNetwork("clash", subnets=(Subnet("10.90.7.0/24"),))
    engine.docker("network", "create", "--subnet", "10.90.7.0/24", "taken")
    into = ConnectContainer("", "clash", enter(row, "web", "front").container_id, "web")
    job = run(start(row, clash, into, *make("a")))
    assert (job.state, states(job)) == ("failed", ["failed", "skipped", "done"])
    failed, skipped, _ = job.items.order_by("position")
    assert "taken" in failed.sentence + failed.remedy
    assert "overlaps" in failed.engine_words
    assert skipped.sentence == "Left out, because this failed before it: Create network clash."
    outcomes = JournalEntry.objects.order_by("position").values_list("outcome", flat=True)
    assert list(outcomes) == ["refused", "done"]


def test_a_retry_is_a_new_job_of_what_failed_and_what_was_left_out(
    row: Engine, engine: SimulatedEngine
) -> None:
    engine.docker("network", "create", "--subnet", "10.90.0.0/24", "taken")
    web = enter(row, "web", "front")
    job = run(start(row, *make("a", "b"), ConnectContainer("", "a", web.container_id, "web")))
    assert states(job) == ["failed", "done", "skipped"]
    engine.docker("network", "rm", "taken")
    again = queue.retry(job, POLICY)
    assert (again.kind, again.follows, again.title) == ("retry", job, "Again: 2 of 3 steps")
    assert states(run(again)) == ["done", "done"]
    assert {"a", "b"} < names(row)


def test_undo_takes_back_what_a_job_did_and_marks_its_rows(row: Engine) -> None:
    before = names(row)
    job = run(start(row, *make("a", "b"), enter(row, "web", "a"), remove(row, "front")))
    assert states(job) == ["done", "done", "done", "failed"]
    taken_back = run(queue.start_undo(job, POLICY))
    assert (taken_back.kind, taken_back.state, taken_back.follows) == ("undo", "done", job)
    assert names(row) == before
    rows = JournalEntry.objects.filter(plan_id=job.plan_id, outcome="done")
    assert len(rows) == 3
    assert all(entry.undone_at for entry in rows)
    assert set(JournalEntry.objects.exclude(undoes=None).values_list("undoes", flat=True)) == {
        entry.pk for entry in rows
    }


def test_a_row_whose_undo_failed_in_part_can_be_taken_back_again(
    row: Engine, engine: SimulatedEngine
) -> None:
    job = run(start(row, *make("a", "b")))
    undoing = queue.start_undo(job, POLICY)
    engine.docker("run", "-d", "--name", "guest", "--network", "a", "busybox:local")
    assert run(undoing).state == "failed"
    rows = JournalEntry.objects.filter(plan_id=job.plan_id)
    assert {row.network_name: bool(row.undone_at) for row in rows} == {"a": False, "b": True}


def test_a_cancelled_job_stops_between_two_items(row: Engine) -> None:
    job = start(row, *make("a", "b", "c"))
    thread = threading.Thread(target=run_and_close, args=(job.pk,))
    with taking_turn(row.pk, make("c")):
        thread.start()
        wait_until(lambda: measure(job).done == 2, "two items are done")
        queue.cancel(job)
        thread.join()
    job.refresh_from_db()
    assert (job.state, states(job)) == ("cancelled", ["done", "done", "cancelled"])
    assert job.sentence == "Cancelled after 2 of 3."
    assert names(row) == {"front", "back", "a", "b"}
    assert JournalEntry.objects.count() == 2
    assert run(queue.retry(job, POLICY)).state == "done"
    assert names(row) == {"front", "back", "a", "b", "c"}


def test_a_job_that_nobody_began_is_cancelled_at_once(row: Engine) -> None:
    job = start(row, *make("a"))
    queue.cancel(job)
    job.refresh_from_db()
    assert (job.state, states(job)) == ("cancelled", ["cancelled"])
    assert states(run(job)) == ["cancelled"]
    assert names(row) == {"front", "back"}


def test_a_clean_up_spares_what_came_into_use_since_the_review(
    row: Engine, engine: SimulatedEngine
) -> None:
    engine.docker("network", "create", "idle")
    engine.docker("network", "create", "late")
    refresh(row)
    changes = (remove(row, "idle"), remove(row, "late"))
    guard = encode_filter(CleanupFilter())
    job = start(row, *changes, kind=Job.Kind.CLEANUP, guard=guard)
    engine.docker("create", "--name", "sleeper", "--network", "late", "busybox:local")
    assert run(job).state == "done"
    assert states(job) == ["done", "skipped"]
    spared = job.items.get(position=1)
    assert "sleeper" in spared.sentence
    assert names(row) == {"front", "back", "late"}
    assert not queue.retry(job, POLICY).items.exists()


def test_old_jobs_are_swept(row: Engine, settings: Settings) -> None:
    old, recent = run(start(row, *make("a"))), run(start(row, *make("b", first=1)))
    days = timedelta(days=settings.JOURNAL_DAYS + 1)
    Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - days)
    sweep()
    assert list(Job.objects.all()) == [recent]
