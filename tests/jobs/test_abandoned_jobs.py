"""Jobs whose worker is gone: who takes them up, and what becomes of what was under way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from netdash.celery import app
from netdash.jobs import leases, queue, work
from netdash.jobs.finishing import finish
from netdash.jobs.tasks import pick_up_jobs
from netdash.jobs.working import keep_lease, note_fault
from netdash.jobs.writing import write_entry
from netdash.live.turns import taking_turn
from netdash.models import Engine, Job, JobItem, JournalEntry
from tests.jobs.lab import POLICY, engine, make, names, row, run, run_and_close, start, states
from tests.simulated import SimulatedEngine
from tests.stored import read
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["engine", "row"]


def test_a_job_at_which_netdash_itself_fails_is_not_tried_for_ever(row: Engine) -> None:
    job = start(row, *make("a", "b"))
    for _ in range(4):
        held = leases.take(job.pk)
        assert held
        note_fault(work.Work(Job.objects.get(pk=job.pk), held))
        leases.release(held)
        job.refresh_from_db()
        assert (job.state, states(job)) == ("waiting", ["waiting"] * 2)
    held = leases.take(job.pk)
    assert held
    note_fault(work.Work(Job.objects.get(pk=job.pk), held))
    job.refresh_from_db()
    assert (job.state, states(job)) == ("failed", ["skipped"] * 2)
    assert "netdash itself failed" in job.sentence


def test_what_was_under_way_on_an_engine_that_stays_away_is_said_to_be_unknown(
    row: Engine, engine: SimulatedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ENGINE_PATIENCE_SECONDS", 0.1)
    job = start(row, *make("a", "b"))
    leave_running(job, row)
    engine.stop()
    assert run(job).state == "failed"
    assert states(job) == ["failed", "skipped"]
    assert "not known" in job.items.get(position=0).sentence


def test_a_lease_is_renewed_again_after_its_connection_broke(
    row: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.05)
    job = start(row, *make("a"))
    held, is_over = leases.take(job.pk), threading.Event()
    assert held
    under_way = work.Work(job, held)
    begun_at = under_way.renewed_at

    def renew_on_a_broken_connection() -> None:
        connection.ensure_connection()
        connection.connection.close()
        keep_lease(under_way, is_over)

    thread = threading.Thread(target=renew_on_a_broken_connection)
    thread.start()
    try:
        wait_until(lambda: under_way.renewed_at > begun_at, "the lease is renewed")
    finally:
        is_over.set()
        thread.join()
    assert not under_way.is_lost


def leave_running(job: Job, row: Engine, position: int = 0) -> JobItem:
    """Leave an item as a worker leaves it that is killed in the middle."""
    item = job.items.get(position=position)
    step = queue.read_step(item)
    item.entry = write_entry(row, step, read(row), POLICY, job.plan_id, position)
    item.state, item.started_at = "running", timezone.now() - timedelta(seconds=60)
    item.save()
    Job.objects.filter(pk=job.pk).update(
        state="running",
        started_at=timezone.now(),
        holder=f"{leases.name_place()}:999999999:7 gone",
        leased_until=timezone.now() + timedelta(seconds=60),
    )
    return item


def did_happen(engine: SimulatedEngine) -> None:
    engine.docker("network", "create", "--subnet", "10.90.0.0/24", "a")


def did_not_happen(engine: SimulatedEngine) -> None:
    assert "a" not in engine.docker("network", "ls", "--format", "{{.Name}}").split()


@pytest.mark.parametrize("before", [did_happen, did_not_happen])
def test_what_a_killed_worker_left_under_way_is_settled_by_looking_at_the_engine(
    row: Engine, engine: SimulatedEngine, before: Callable[[SimulatedEngine], None]
) -> None:
    job = start(row, *make("a", "b"))
    item = leave_running(job, row)
    before(engine)
    assert list(leases.find_free()) == [job]
    assert run(job).state == "done"
    assert states(job) == ["done", "done"]
    entry = JournalEntry.objects.get(position=0)
    assert item.entry == entry
    network = next(one for one in read(row).networks if one.name == "a")
    assert (entry.outcome, entry.network_id) == ("done", network.id)
    assert run(queue.start_undo(job, POLICY)).state == "done"
    assert names(row) == {"front", "back"}


def test_what_was_under_way_is_not_said_to_be_refused_when_only_the_look_was(
    row: Engine, engine: SimulatedEngine
) -> None:
    job = start(row, *make("a"))
    leave_running(job, row)
    thread = threading.Thread(target=run_and_close, args=(job.pk,))
    with taking_turn(row.pk, make("a")):
        thread.start()
        waits = "Waits for another change"
        wait_until(lambda: Job.objects.get(pk=job.pk).sentence.startswith(waits), "it is said")
        did_happen(engine)
        engine.faults.refuse()
    thread.join()
    assert states(job) == ["failed"]
    assert JournalEntry.objects.get().outcome == "unknown"


def test_whoever_lost_a_job_does_not_end_its_items(row: Engine) -> None:
    job = start(row, *make("a", "b"))
    lease = leases.take(job.pk)
    assert lease is not None
    Job.objects.update(holder="somebody else")
    assert not finish(job, "given up", lease.holder)
    assert states(job) == ["waiting", "waiting"]
    assert finish(job, "given up", "somebody else")
    assert not finish(job)
    assert states(job) == ["skipped", "skipped"]


def test_what_is_cancelled_while_its_worker_is_dead_is_settled_but_not_begun_again(
    row: Engine, engine: SimulatedEngine
) -> None:
    job = start(row, *make("a", "b"))
    leave_running(job, row)
    queue.cancel(job)
    job.refresh_from_db()
    assert not job.is_ended
    assert run(job).state == "cancelled"
    assert states(job) == ["cancelled", "cancelled"]
    assert not JournalEntry.objects.exists()
    did_not_happen(engine)


def test_a_lease_keeps_others_away_until_it_runs_out(row: Engine) -> None:
    job = start(row, *make("a"))
    lease = leases.take(job.pk)
    assert lease is not None
    assert leases.take(job.pk) is None
    assert run(job).state == "waiting"
    assert not leases.find_free()
    assert leases.renew(lease)
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert list(leases.find_free()) == [job]
    other = leases.take(job.pk)
    assert other is not None
    assert not leases.renew(lease)
    leases.release(lease)
    assert leases.take(job.pk) is None
    leases.release(other)
    assert run(job).state == "done"


def test_beat_looks_every_few_seconds_for_jobs_that_nobody_is_at(settings: Settings) -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["pick-up-jobs"]
    assert entry["task"] == pick_up_jobs.name
    assert entry["schedule"] <= 10


def test_everything_that_beat_sends_is_a_task(settings: Settings) -> None:
    sent = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sent <= set(app.tasks)
