"""Run clean-up policies: look, choose, carry out or only say, and keep what became of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from netdash.engine.errors import EngineError
from netdash.jobs.choices import (
    UNREADABLE,
    Choice,
    choose,
    describe_choice,
    say_choice,
    say_doubtful,
    say_limit,
)
from netdash.jobs.cleanup import start_cleanup
from netdash.jobs.runs import close_run, end_run, find_earlier, skip
from netdash.jobs.writing import Author
from netdash.live.refresh import refresh
from netdash.live.store import StoreAway
from netdash.models import CleanupPolicy, CleanupRun, Engine, Job
from netdash.models.texts import without_nul
from netdash.topology.candidates import UnreadableFilterError, decode_filter

BROKEN = "netdash itself failed before anything was removed: the worker's log says how."
Outcome, Trigger = CleanupRun.Outcome, CleanupRun.Trigger


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a run; the same ``tick`` again is the same run."""

    trigger: str
    tick: str
    author_name: str = ""
    is_dry_run: bool = False


def run_policy(
    policy: CleanupPolicy,
    trigger: str,
    *,
    tick: str = "",
    author_name: str = "",
    is_dry_run: bool = False,
) -> tuple[CleanupRun, ...]:
    """Run a policy on each of its engines that is switched on; give the runs.

    A run whose job goes on is under way in the answer. Nothing is raised: an engine that is
    away is a run that failed and says why.
    """
    asking = Asking(trigger, tick or uuid.uuid4().hex, author_name, is_dry_run)
    return tuple(carry_on(policy, run) for run in begin_runs(policy, asking))


def begin_runs(policy: CleanupPolicy, asking: Asking) -> tuple[CleanupRun, ...]:
    """Write down the runs of a tick, or find those that another message of it began."""
    engines = policy.engines.filter(is_enabled=True)
    return tuple(begin_run(policy, engine, asking) for engine in engines)


def begin_run(policy: CleanupPolicy, engine: Engine, asking: Asking) -> CleanupRun:
    """Write down one run; two beats that send one turn of an interval give one run."""
    with transaction.atomic():
        CleanupPolicy.objects.select_for_update().filter(pk=policy.pk).first()
        if asking.trigger == Trigger.SCHEDULE and (turn := find_same_turn(policy, engine)):
            return turn
        run, _made = CleanupRun.objects.get_or_create(
            policy=policy,
            engine=engine,
            tick=asking.tick,
            defaults={
                "policy_name": policy.name,
                "trigger": asking.trigger,
                "author_name": asking.author_name,
                "is_dry_run": policy.is_dry_run or asking.is_dry_run,
            },
        )
    return run


def find_same_turn(policy: CleanupPolicy, engine: Engine) -> CleanupRun | None:
    """Find the run by schedule that is nearer than half an interval."""
    if policy.interval_seconds is None:
        return None
    nearest = timezone.now() - timedelta(seconds=policy.interval_seconds / 2)
    runs = policy.runs.filter(engine=engine, trigger=Trigger.SCHEDULE, at__gt=nearest)
    return runs.order_by("-at").first()


def carry_on(policy: CleanupPolicy, run: CleanupRun) -> CleanupRun:
    """Do what is left of a run: all of it, or nothing when it has ended or has its job."""
    if run.is_ended or run.job_id:
        return run
    if earlier := find_earlier(run):
        return skip(run, earlier)
    try:
        choice = look(policy, run.engine)
    except EngineError as error:
        return end_run(run, Outcome.FAILED, f"{error.sentence} {error.remedy}".strip())
    except StoreAway as error:
        return end_run(run, Outcome.FAILED, str(error))
    except UnreadableFilterError:
        return end_run(run, Outcome.FAILED, UNREADABLE)
    except Exception:
        end_run(run, Outcome.FAILED, BROKEN)
        raise
    return decide(policy, run, choice)


def keep_choice(run: CleanupRun, found: dict[str, Any]) -> bool:
    """Write down what was found; False when another delivery has carried the run on meanwhile."""
    run.is_dry_run = run.is_dry_run or settings.IS_READ_ONLY
    run.report = without_nul(found)
    rows = CleanupRun.objects.filter(pk=run.pk, job=None, outcome=Outcome.RUNNING)
    is_kept = bool(rows.update(report=run.report, is_dry_run=run.is_dry_run))
    if not is_kept:
        run.refresh_from_db()
    return is_kept


def look(policy: CleanupPolicy, engine: Engine) -> Choice:
    """Read the engine now and choose; raises EngineError, StoreAway, UnreadableFilterError."""
    refresh(engine)
    return choose(policy, engine)


def decide(policy: CleanupPolicy, run: CleanupRun, choice: Choice) -> CleanupRun:
    """End a run that removes nothing, or start its job, unless it was ended meanwhile."""
    if not keep_choice(run, describe_choice(policy, choice)):
        return run
    if run.is_dry_run:
        return end_run(run, Outcome.LOOKED, say_choice(policy, choice))
    if choice.exceeds(policy.limit):
        return end_run(run, Outcome.LIMIT, f"{say_limit(policy, choice)} Nothing was removed.")
    if not choice.chosen:
        return end_run(run, Outcome.DONE, f"Nothing to clean up.{say_doubtful(choice)}")
    with transaction.atomic():
        runs = CleanupRun.objects.select_for_update().filter(pk=run.pk, outcome=Outcome.RUNNING)
        if runs.first() is None:
            run.refresh_from_db()
            return run
        run.job = start_job(policy, run, choice)
        run.save(update_fields=["job"])
    return close_run(run)


def start_job(policy: CleanupPolicy, run: CleanupRun, choice: Choice) -> Job:
    """Start the job that removes what was chosen; one for each run."""
    return start_cleanup(
        run.engine,
        choice.chosen,
        decode_filter(policy.filter),
        Author(name=f"policy {policy.name}", note=say_asked(run)),
        title=f"Clean-up by policy {policy.name}",
        token=run.token,
    )


def say_asked(run: CleanupRun) -> str:
    """Say what made a policy run."""
    by = f" of {run.author_name}" if run.author_name else ""
    return f"{run.get_trigger_display().capitalize()}{by}."


def begin_by_hand(policy: CleanupPolicy, tick: str, author_name: str) -> tuple[CleanupRun, ...]:
    """Write down the runs that somebody asks for and have a worker carry them on.

    Without a broker they end at once and say so.
    """
    from netdash.jobs.tasks import run_cleanup_policy  # the task calls back here

    asking = Asking(Trigger.HAND, tick or uuid.uuid4().hex, author_name)
    runs = begin_runs(policy, asking)
    asked = {"trigger": asking.trigger, "tick": asking.tick, "author_name": author_name}
    try:
        run_cleanup_policy.apply_async((policy.pk,), asked, retry=False, ignore_result=True)
    except OperationalError:
        return tuple(end_run(run, Outcome.FAILED, "Redis does not answer.") for run in runs)
    return runs
