"""Policies: what a run removes, what it only says, and what stops it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from netdash.engine.client import forget
from netdash.jobs.choices import preview
from netdash.jobs.policies import run_policy
from netdash.jobs.working import carry_out
from netdash.live.refresh import refresh
from netdash.models import CleanupPolicy, CleanupRun, Engine, Job, JournalEntry
from tests.jobs.lab import run_to_its_end
from tests.policies import list_names, make_old_networks, make_policy, sum_up
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.django_db(transaction=True)
Outcome, Trigger = CleanupRun.Outcome, CleanupRun.Trigger


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
