"""Jobs that must wait: for another job, for a click, or for their engine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from netdash.jobs import leases, queue, work
from netdash.jobs.progress import measure
from netdash.jobs.runner import carry_out_plan
from netdash.live.turns import taking_turn
from netdash.models import Engine, Job, JournalEntry
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
    assert job.went_on_at == job.started_at, "other steps went on meanwhile"


def test_of_two_threads_the_one_that_speaks_last_is_heard(row: Engine) -> None:
    job = start(row, *make("a"))
    lease = leases.take(job.pk)
    assert lease
    under_way, begun, has_spoken = work.Work(job, lease), threading.Event(), threading.Event()

    def wait_for_the_other(execute: Callable[..., Any], *query: Any) -> Any:
        begun.set()
        has_spoken.wait(0.5)  # in vain where the other has to wait for this one
        return execute(*query)

    def speak_slowly() -> None:
        with connection.execute_wrapper(wait_for_the_other):
            under_way.say("Waits.")
        connection.close()

    thread = threading.Thread(target=speak_slowly)
    thread.start()
    assert begun.wait(30)
    under_way.say("")
    has_spoken.set()
    thread.join()
    assert Job.objects.get(pk=job.pk).sentence == job.sentence == ""


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
    back_at = timezone.now()
    engine.start()
    thread.join()
    job.refresh_from_db()
    assert job.went_on_at
    assert job.went_on_at > back_at
    assert (job.state, job.sentence, states(job)) == ("done", "", ["done"] * 3)
    assert names(row) == {"front", "back", "a", "b", "c"}
    assert JournalEntry.objects.filter(outcome="done").count() == 3
