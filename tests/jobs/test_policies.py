"""Policies: what a run removes, what it only says, and what stops it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from netdash.engine.client import forget
from netdash.jobs import runs
from netdash.jobs.choices import preview
from netdash.jobs.policies import Asking, begin_runs, carry_on, decide, look, run_policy
from netdash.jobs.runs import settle_runs, sweep_runs
from netdash.jobs.tasks import run_cleanup_policy
from netdash.jobs.working import carry_out
from netdash.live.refresh import refresh
from netdash.models import CleanupPolicy, CleanupRun, Engine, Job, JobItem, JournalEntry
from tests.policies import list_names, make_old_networks, make_policy, sum_up
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.django_db(transaction=True)
Outcome, Trigger = CleanupRun.Outcome, CleanupRun.Trigger


def run_to_its_end(policy: CleanupPolicy, **asked: Any) -> CleanupRun:
    """Run a policy that has one engine, and its job, as a worker would."""
    (run,) = run_policy(policy, asked.pop("trigger", Trigger.SCHEDULE), **asked)
    if run.job is not None:
        carry_out(run.job.pk)
        run.refresh_from_db()
    return run


def test_a_dry_run_says_what_would_go_and_removes_nothing(
    ci: SimulatedEngine, ci_row: Engine
) -> None:
    policy = make_policy(ci_row)
    before = list_names(ci)
    run = run_to_its_end(policy)
    assert (run.outcome, run.sentence) == (Outcome.LOOKED, "3 networks would go.")
    assert [one["name"] for one in run.report["chosen"]] == ["ci-1", "ci-2", "ci-3"]
    assert "No container" in run.report["chosen"][0]["reason"]
    assert run.ended_at is not None
    assert list_names(ci) == before
    assert not Job.objects.exists()


def test_carrying_out_removes_what_the_wishes_catch_and_leaves_a_trail(
    ci: SimulatedEngine, ci_row: Engine
) -> None:
    ci.docker("network", "create", "other")
    run = run_to_its_end(make_policy(ci_row, is_dry_run=False))
    assert list_names(ci) & {"ci-1", "ci-2", "ci-3", "other"} == {"other"}
    assert (run.outcome, run.sentence) == (Outcome.DONE, "3 networks removed.")
    results = [(one["id"], one["words"]) for one in run.report["items"]]
    assert results == [(one["id"], "removed") for one in run.report["chosen"]]
    assert run.job is not None
    assert run.job.kind == Job.Kind.CLEANUP
    assert run.job.plan_id == run.token
    rows = JournalEntry.objects.filter(plan_id=run.token)
    assert {row.author_name for row in rows} == {"policy nightly"}
    assert {row.network_name for row in rows} == {"ci-1", "ci-2", "ci-3"}


def test_nothing_to_do_is_a_run_without_a_job(ci_row: Engine) -> None:
    run = run_to_its_end(make_policy(ci_row, pattern="nobody-*", is_dry_run=False))
    assert (run.outcome, run.sentence) == (Outcome.DONE, "Nothing to clean up.")
    assert run.job is None


def test_more_than_the_limit_removes_nothing_at_all(ci: SimulatedEngine, ci_row: Engine) -> None:
    before = list_names(ci)
    run = run_to_its_end(make_policy(ci_row, is_dry_run=False, limit=2))
    assert run.outcome == Outcome.LIMIT
    assert run.sentence == "3 networks would go, more than the limit of 2. Nothing was removed."
    assert list_names(ci) == before
    run = run_to_its_end(make_policy_again(run, limit=3))
    assert run.outcome == Outcome.DONE


def make_policy_again(run: CleanupRun, **values: object) -> CleanupPolicy:
    """Change the policy of a run."""
    assert run.policy is not None
    for name, value in values.items():
        setattr(run.policy, name, value)
    run.policy.save()
    CleanupRun.objects.update(at=timezone.now() - timedelta(hours=1))
    return run.policy


def test_what_has_doubts_is_left_alone_unless_asked(ci: SimulatedEngine, ci_row: Engine) -> None:
    ci.docker("network", "create", "ci-young")
    run = run_to_its_end(make_policy(ci_row, is_dry_run=False))
    assert "ci-young" in list_names(ci)
    assert [one["name"] for one in run.report["doubtful"]] == ["ci-young"]
    assert "Created" in run.report["doubtful"][0]["doubts"][0]
    run = run_to_its_end(make_policy_again(run, takes_doubtful=True))
    assert run.sentence == "1 network removed."
    assert "ci-young" not in list_names(ci)


def test_a_network_that_came_into_use_meanwhile_stays(ci: SimulatedEngine, ci_row: Engine) -> None:
    (run,) = run_policy(make_policy(ci_row, is_dry_run=False), Trigger.SCHEDULE)
    assert run.job is not None
    ci.docker("network", "connect", "ci-2", "api")
    carry_out(run.job.pk)
    run.refresh_from_db()
    assert "ci-2" in list_names(ci)
    assert run.outcome == Outcome.DONE
    assert run.sentence.startswith("2 networks removed, 1 spared at the last look.")
    states = {one["name"]: one["state"] for one in run.report["items"]}
    assert states == {"ci-1": "done", "ci-2": "skipped", "ci-3": "done"}


def test_an_engine_that_is_away_is_a_run_that_says_so(ci: SimulatedEngine, ci_row: Engine) -> None:
    policy = make_policy(ci_row, is_dry_run=False)
    ci.stop()
    run = run_to_its_end(policy)
    assert run.outcome == Outcome.FAILED
    assert len(run.sentence) > 20
    assert run.job is None


def test_two_engines_have_a_run_each_and_one_that_is_away_does_not_hold_up_the_other(
    ci: SimulatedEngine, ci_row: Engine
) -> None:
    other = SimulatedEngine()
    try:
        make_old_networks(other, "ci-9")
        row = Engine.objects.create(name="A", slug="a", address=other.address)
        off = Engine.objects.create(name="Off", slug="off", address="unix:///x", is_enabled=False)
        policy = make_policy(ci_row, row, off)
        done = run_policy(policy, Trigger.SCHEDULE)
        assert [run.engine.name for run in done] == ["A", "CI"]
        assert sum_up(done)[0] == (Outcome.LOOKED, "1 network would go.")
        assert sum_up(done)[1] == (Outcome.LOOKED, "3 networks would go.")
        other.stop()
        assert [run.outcome for run in run_policy(policy, Trigger.HAND)] == ["failed", "looked"]
    finally:
        other.close()
        forget(row)


def test_the_read_only_switch_makes_every_run_a_dry_run(
    ci: SimulatedEngine, ci_row: Engine, settings: Settings
) -> None:
    settings.IS_READ_ONLY = True
    before = list_names(ci)
    run = run_to_its_end(make_policy(ci_row, is_dry_run=False))
    assert (run.outcome, run.is_dry_run) == (Outcome.LOOKED, True)
    assert "NETDASH_READ_ONLY" in run.sentence
    assert "3 networks would go." in run.sentence
    assert list_names(ci) == before


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


def test_a_filter_that_this_version_cannot_read_removes_nothing(
    ci: SimulatedEngine, ci_row: Engine
) -> None:
    policy = make_policy(ci_row, is_dry_run=False)
    CleanupPolicy.objects.update(filter={"format": 99, "colour": "red"})
    policy.refresh_from_db()
    run = run_to_its_end(policy)
    assert run.outcome == Outcome.FAILED
    assert "cannot be read" in run.sentence
    assert {"ci-1", "ci-2", "ci-3"} <= list_names(ci)


def test_a_preview_is_what_a_dry_run_then_says(ci_row: Engine) -> None:
    off = Engine.objects.create(name="Off", slug="off", address="unix:///x", is_enabled=False)
    new = Engine.objects.create(name="New", slug="new", address="unix:///y")
    policy = make_policy(ci_row, off, new)
    refresh(ci_row)
    known, unread, switched_off = preview(policy)
    assert known.choice is not None
    assert [one.network.name for one in known.choice.chosen] == ["ci-1", "ci-2", "ci-3"]
    assert "not been read" in unread.trouble
    assert "switched off" in switched_off.trouble
    assert not CleanupRun.objects.exists()


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
