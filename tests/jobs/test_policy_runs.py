"""The runs of a policy: one for each turn, none left under way, and not kept for ever."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from netdash.jobs import runs
from netdash.jobs.policies import Asking, begin_runs, carry_on, decide, look, run_policy
from netdash.jobs.runs import settle_runs, sweep_runs
from netdash.jobs.tasks import run_cleanup_policy
from netdash.jobs.working import carry_out
from netdash.models import CleanupRun, Engine, Job, JobItem
from tests.jobs.lab import run_to_its_end
from tests.policies import make_policy

pytestmark = pytest.mark.django_db(transaction=True)
Outcome, Trigger = CleanupRun.Outcome, CleanupRun.Trigger


def test_one_turn_of_a_crontab_line_delivered_twice_is_one_run(ci_row: Engine) -> None:
    policy = make_policy(ci_row, is_dry_run=False, crontab="0 0 1 1 *")
    for _ in range(2):  # two beats: two messages
        run_cleanup_policy.apply(kwargs={"policy": policy.pk}, task_id=uuid.uuid4().hex)
    run = CleanupRun.objects.get()
    new_year = timezone.localtime().replace(month=1, day=1, hour=0, minute=0, second=0)
    assert run.tick == new_year.replace(microsecond=0).isoformat()
    assert Job.objects.count() == 1


def test_one_turn_of_an_interval_delivered_twice_is_one_run(ci_row: Engine) -> None:
    policy = make_policy(ci_row, is_dry_run=False)
    message = uuid.uuid4().hex
    for id_ in (message, message, uuid.uuid4().hex):  # redelivered; and from a second beat
        run_cleanup_policy.apply(kwargs={"policy": policy.pk}, task_id=id_)
    assert CleanupRun.objects.count() == 1
    assert Job.objects.count() == 1
    CleanupRun.objects.update(at=timezone.now() - timedelta(seconds=59))
    run_cleanup_policy.apply(kwargs={"policy": policy.pk}, task_id=uuid.uuid4().hex)
    assert CleanupRun.objects.count() == 2


def test_a_run_that_was_cut_off_before_its_job_is_carried_on_when_delivered_again(
    ci_row: Engine,
) -> None:
    policy = make_policy(ci_row, is_dry_run=False)
    (begun,) = begin_runs(policy, Asking(Trigger.SCHEDULE, "tick"))
    (run,) = run_policy(policy, Trigger.SCHEDULE, tick="tick")
    assert run.pk == begun.pk
    assert run.job is not None
    begun.refresh_from_db()
    again = carry_on(policy, begun)
    assert again.job == run.job
    assert Job.objects.count() == 1


def test_while_a_run_is_under_way_the_next_ones_are_skipped_and_said_once(ci_row: Engine) -> None:
    policy = make_policy(ci_row, is_dry_run=False)
    (first,) = run_policy(policy, Trigger.SCHEDULE)
    (by_hand,) = run_policy(policy, Trigger.HAND)
    for _ in range(3):
        CleanupRun.objects.update(at=timezone.now() - timedelta(hours=1))
        (skipped,) = run_policy(policy, Trigger.SCHEDULE)
    assert {by_hand.outcome, skipped.outcome} == {Outcome.SKIPPED}
    assert by_hand.sentence.endswith("is still under way.")
    assert "is still under way; skipped 3 times." in skipped.sentence
    assert set(CleanupRun.objects.all()) == {first, by_hand, skipped}
    assert first.job is not None
    carry_out(first.job.pk)
    (after,) = run_policy(policy, Trigger.HAND)
    assert after.outcome == Outcome.DONE


def test_a_job_that_is_cancelled_ends_its_run_as_cancelled(ci_row: Engine) -> None:
    from netdash.jobs.queue import cancel

    (run,) = run_policy(make_policy(ci_row, is_dry_run=False), Trigger.SCHEDULE)
    assert run.job is not None
    cancel(run.job)
    run.refresh_from_db()
    assert run.outcome == Outcome.CANCELLED
    assert "0 networks removed, 3 not reached." in run.sentence


def test_an_end_that_nobody_told_is_found_by_the_clock(ci_row: Engine) -> None:
    (run,) = run_policy(make_policy(ci_row, is_dry_run=False), Trigger.SCHEDULE)
    assert run.job is not None
    run.job.items.update(state=JobItem.State.FAILED, sentence="in use")
    Job.objects.update(state=Job.State.FAILED, ended_at=timezone.now())
    CleanupRun.objects.update(job=None)
    settle_runs()
    run.refresh_from_db()
    assert run.outcome == Outcome.FAILED
    assert run.sentence == "0 networks removed, 3 failed."


def test_a_run_whose_worker_died_before_its_job_does_not_stay_under_way(ci_row: Engine) -> None:
    policy = make_policy(ci_row)
    (run,) = begin_runs(policy, Asking(Trigger.SCHEDULE, "tick"))
    settle_runs()
    run.refresh_from_db()
    assert not run.is_ended
    CleanupRun.objects.update(at=timezone.now() - runs.CUT_SHORT_AFTER - timedelta(seconds=1))
    settle_runs()
    run.refresh_from_db()
    assert (run.outcome, run.sentence) == (Outcome.FAILED, runs.CUT_SHORT)


def test_a_second_delivery_that_looks_too_late_leaves_the_report_of_a_run_as_it_is(
    ci_row: Engine,
) -> None:
    policy = make_policy(ci_row, is_dry_run=False)
    (late,) = begin_runs(policy, Asking(Trigger.SCHEDULE, "tick"))
    run = run_to_its_end(policy, tick="tick")
    assert late.outcome == Outcome.RUNNING
    assert carry_on(policy, late).outcome == Outcome.DONE
    run.refresh_from_db()
    assert len(run.report["chosen"]) == len(run.report["items"]) == 3
    assert Job.objects.count() == 1


def test_a_run_that_was_given_up_starts_no_job_afterwards(ci_row: Engine) -> None:
    policy = make_policy(ci_row, is_dry_run=False)
    (run,) = begin_runs(policy, Asking(Trigger.SCHEDULE, "tick"))
    choice = look(policy, ci_row)  # takes so long that the run is given up meanwhile
    CleanupRun.objects.update(at=timezone.now() - timedelta(hours=1))
    settle_runs()
    assert decide(policy, run, choice).sentence == runs.CUT_SHORT
    assert not Job.objects.exists()


def test_beat_runs_no_policy_that_is_off_or_gone(ci_row: Engine) -> None:
    policy = make_policy(ci_row, is_enabled=False)
    run_cleanup_policy.apply(kwargs={"policy": policy.pk})
    run_cleanup_policy.apply(kwargs={"policy": policy.pk + 1})
    assert not CleanupRun.objects.exists()
    run_cleanup_policy.apply(kwargs={"policy": policy.pk, "trigger": "hand", "tick": "click"})
    assert CleanupRun.objects.get().trigger == Trigger.HAND


def test_the_history_is_swept(ci_row: Engine, settings: Settings) -> None:
    policy = make_policy(ci_row)
    now = timezone.now()
    rows = [
        CleanupRun(
            policy=policy,
            policy_name="nightly",
            engine=ci_row,
            trigger=Trigger.SCHEDULE,
            tick=str(number),
            is_dry_run=True,
            outcome=outcome,
            at=now - timedelta(days=age),
        )
        for number, (age, outcome) in enumerate(
            [(0, "looked"), (89, "looked"), (91, "looked"), (400, "running")]
        )
    ]
    CleanupRun.objects.bulk_create(rows)
    sweep_runs()
    assert set(CleanupRun.objects.values_list("tick", flat=True)) == {"0", "1", "3"}


def test_a_quick_schedule_does_not_fill_the_history(ci_row: Engine) -> None:
    policy = make_policy(ci_row)
    now = datetime.now(UTC)
    CleanupRun.objects.bulk_create(
        CleanupRun(
            policy=policy,
            policy_name="nightly",
            engine=ci_row,
            trigger=Trigger.SCHEDULE,
            tick=str(number),
            is_dry_run=True,
            outcome=Outcome.LOOKED,
            at=now - timedelta(minutes=number),
        )
        for number in range(runs.MOST_KEPT + 5)
    )
    sweep_runs()
    assert CleanupRun.objects.count() == runs.MOST_KEPT
    assert not CleanupRun.objects.filter(tick=str(runs.MOST_KEPT)).exists()
