"""Jobs that must wait, are broken off, or are taken up again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from netdash.celery import app
from netdash.jobs import leases, queue, work
from netdash.jobs.finishing import finish
from netdash.jobs.progress import measure
from netdash.jobs.runner import carry_out_plan
from netdash.jobs.tasks import pick_up_jobs
from netdash.jobs.working import note_fault
from netdash.jobs.writing import write_entry
from netdash.live.turns import taking_turn
from netdash.models import Engine, Job, JobItem, JournalEntry
from netdash.topology.changes import plan_one
from tests.jobs.lab import (
    POLICY,
    engine,
    enter,
    make,
    names,
    row,
    run,
    run_and_close,
    start,
    states,
)
from tests.simulated import SimulatedEngine
from tests.stored import read
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["engine", "row"]


def test_jobs_that_touch_the_same_network_wait_for_each_other_in_their_order(row: Engine) -> None:
    first = start(row, *make("a"), title="First")
    second = start(row, enter(row, "web", "a"), title="Second")
    other = start(row, *make("b", first=1), title="Other")
    assert (run(second).state, second.started_at) == ("waiting", None)
    assert second.sentence == "Waits for “First”, which touches network a too."
    assert run(other).state == "done"
    assert run(first).state == "done"
    assert run(second).state == "done"
    assert second.sentence == ""


def test_those_that_go_on_waiting_say_for_which_job_now(row: Engine) -> None:
    first, second, third = (
        start(row, *make("a"), title=title) for title in ("First", "Second", "Third")
    )
    queue.pick_up()
    for job in (second, third):
        job.refresh_from_db()
        assert job.sentence == "Waits for “First”, which touches network a too."
    assert run(first).state == "done"
    third.refresh_from_db()
    assert third.sentence == "Waits for “Second”, which touches network a too."


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


def test_a_job_waits_for_a_click_on_the_same_network_and_says_so(row: Engine) -> None:
    job = start(row, *make("a", "b"))
    thread = threading.Thread(target=run_and_close, args=(job.pk,))
    with taking_turn(row.pk, make("a")):
        thread.start()
        wait_until(lambda: measure(job).done == 1, "the other network is made")
        wait_until(
            lambda: "Waits for another change" in Job.objects.get(pk=job.pk).sentence, "it is said"
        )
        assert "a" not in names(row)
    thread.join()
    assert run(job).state == "done"


def test_a_click_on_another_network_does_not_wait_for_a_job(row: Engine) -> None:
    job = start(row, *make("a", "b", "c"))
    thread = threading.Thread(target=run_and_close, args=(job.pk,))
    with taking_turn(row.pk, make("c")):
        thread.start()
        wait_until(lambda: measure(job).done == 2, "the job is under way")
        assert carry_out_plan(row, plan_one(enter(row, "web", "back")), POLICY).is_done
        assert measure(job).ended == 2
    thread.join()
    assert run(job).state == "done"


@pytest.mark.parametrize("how", ["read-only", "switched off"])
def test_a_job_waits_while_nothing_may_be_changed(
    row: Engine, settings: Settings, how: str
) -> None:
    job = start(row, *make("a"))
    settings.IS_READ_ONLY = how == "read-only"
    Engine.objects.update(is_enabled=how != "switched off")
    assert (run(job).state, states(job)) == ("waiting", ["waiting"])
    assert job.sentence.startswith("Waits: ")
    settings.IS_READ_ONLY = False
    Engine.objects.update(is_enabled=True)
    assert run(job).state == "done"


def test_a_job_stops_between_two_items_when_its_engine_is_switched_off(row: Engine) -> None:
    job = start(row, *make("a", "b", "c"))
    thread = threading.Thread(target=run_and_close, args=(job.pk,))
    with taking_turn(row.pk, make("c")):
        thread.start()
        wait_until(lambda: measure(job).done == 2, "two items are done")
        Engine.objects.update(is_enabled=False)
        thread.join()
    job.refresh_from_db()
    assert (job.state, job.sentence) == ("waiting", "Waits: the engine Lab is switched off.")
    assert states(job) == ["done", "done", "waiting"]
    Engine.objects.update(is_enabled=True)
    assert run(job).state == "done"


def test_a_job_whose_engine_stays_away_ends_and_says_so(
    row: Engine, engine: SimulatedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ENGINE_PATIENCE_SECONDS", 0.1)
    job = start(row, *make("a", "b"))
    engine.stop()
    assert run(job).state == "failed"
    assert job.sentence == "Lab does not answer."
    assert states(job) == ["skipped", "skipped"]
    engine.start()
    assert run(queue.retry(job, POLICY)).state == "done"


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


def test_an_engine_that_refuses_to_be_read_ends_the_job(
    row: Engine, engine: SimulatedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ENGINE_PATIENCE_SECONDS", 0.1)
    job = start(row, *make("a"))
    engine.faults.refuse()
    assert (run(job).state, states(job)) == ("failed", ["skipped"])
    assert job.sentence


def test_an_engine_that_restarts_in_the_middle_is_waited_for(
    row: Engine, engine: SimulatedEngine
) -> None:
    job = start(row, *make("a", "b", "c"))
    thread = threading.Thread(target=run_and_close, args=(job.pk,))
    with taking_turn(row.pk, make("c")):
        thread.start()
        wait_until(lambda: measure(job).done == 2, "two items are done")
        engine.stop()
    waits = "Waits: Lab does not answer."
    wait_until(lambda: Job.objects.get(pk=job.pk).sentence == waits, "it is said")
    assert measure(job).done == 2
    engine.start()
    thread.join()
    job.refresh_from_db()
    assert (job.state, job.sentence, states(job)) == ("done", "", ["done"] * 3)
    assert names(row) == {"front", "back", "a", "b", "c"}
    assert JournalEntry.objects.filter(outcome="done").count() == 3


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
