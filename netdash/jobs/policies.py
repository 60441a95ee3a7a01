"""Run clean-up policies: look, choose, carry out or only say, and keep what became of it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from netdash.engine.errors import EngineError
from netdash.jobs.cleanup import review_engine, start_cleanup
from netdash.jobs.endings import job_ended
from netdash.jobs.reports import ask_for_report
from netdash.jobs.writing import Author
from netdash.live.refresh import refresh
from netdash.live.store import StoreAway
from netdash.models import CleanupPolicy, CleanupRun, Engine, Job, JobItem
from netdash.topology.candidates import (
    Candidate,
    Review,
    UnreadableFilterError,
    decode_filter,
)
from netdash.topology.refusal import count

Outcome, Trigger = CleanupRun.Outcome, CleanupRun.Trigger
CUT_SHORT_AFTER = timedelta(minutes=10)
MOST_LISTED = 500
"""Networks that a run keeps of each kind; more are counted."""
MOST_KEPT = 1000
"""Runs that the history of a policy holds."""
READ_ONLY = "Changes are switched off (NETDASH_READ_ONLY), so this was a dry run."
CUT_SHORT = "The worker ended before it had begun to remove anything."
UNREADABLE = "Its filter cannot be read: open the policy, look at its wishes and save it again."


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a run; the same ``tick`` again is the same run."""

    trigger: str
    tick: str
    author_name: str = ""
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What a policy takes on an engine, what it leaves because of doubts, and the rest."""

    chosen: tuple[Candidate, ...]
    doubtful: tuple[Candidate, ...]
    review: Review

    def exceeds(self, limit: int) -> bool:
        """Tell whether more would go than may."""
        return len(self.chosen) > limit


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
                "is_dry_run": policy.is_dry_run or asking.is_dry_run or settings.IS_READ_ONLY,
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
    run.report = describe_choice(policy, choice)
    run.save(update_fields=["report"])
    return decide(policy, run, choice)


def look(policy: CleanupPolicy, engine: Engine) -> Choice:
    """Read the engine now and choose; raises EngineError, StoreAway, UnreadableFilterError."""
    refresh(engine)
    return choose(policy, engine)


def choose(policy: CleanupPolicy, engine: Engine) -> Choice:
    """Choose from the last reading; raises StoreAway and UnreadableFilterError."""
    review = review_engine(engine, decode_filter(policy.filter))
    chosen: list[Candidate] = []
    doubtful: list[Candidate] = []
    for found in review.candidates:
        (doubtful if found.doubts and not policy.takes_doubtful else chosen).append(found)
    return Choice(tuple(chosen), tuple(doubtful), review)


def decide(policy: CleanupPolicy, run: CleanupRun, choice: Choice) -> CleanupRun:
    """End a run that removes nothing, or start its job."""
    if run.is_dry_run:
        return end_run(run, Outcome.LOOKED, say_choice(policy, choice))
    if choice.exceeds(policy.limit):
        return end_run(run, Outcome.LIMIT, f"{say_limit(policy, choice)} Nothing was removed.")
    if not choice.chosen:
        return end_run(run, Outcome.DONE, f"Nothing to clean up.{say_doubtful(choice)}")
    author = Author(name=f"policy {policy.name}", note=say_asked(run))
    run.job = start_cleanup(
        run.engine,
        choice.chosen,
        decode_filter(policy.filter),
        author,
        title=f"Clean-up by policy {policy.name}",
        token=run.token,
    )
    run.save(update_fields=["job"])
    return close_run(run)


def say_asked(run: CleanupRun) -> str:
    """Say what made a policy run."""
    by = f" of {run.author_name}" if run.author_name else ""
    return f"{run.get_trigger_display().capitalize()}{by}."


def say_choice(policy: CleanupPolicy, choice: Choice) -> str:
    """Say what would go."""
    number = count(len(choice.chosen), "network")
    words = f"{number} would go.{say_doubtful(choice)}"
    if not choice.chosen:
        words = f"Nothing would go.{say_doubtful(choice)}"
    elif choice.exceeds(policy.limit):
        words = f"{say_limit(policy, choice)} Nothing would be removed."
    return f"{READ_ONLY} {words}" if settings.IS_READ_ONLY else words


def say_limit(policy: CleanupPolicy, choice: Choice) -> str:
    """Say that more would go than may."""
    number = count(len(choice.chosen), "network")
    return f"{number} would go, more than the limit of {policy.limit}."


def say_doubtful(choice: Choice) -> str:
    """Say how many stay because something speaks against them."""
    if not choice.doubtful:
        return ""
    number = count(len(choice.doubtful), "network")
    return f" {number} left alone because of doubts."


def describe_choice(policy: CleanupPolicy, choice: Choice) -> dict[str, Any]:
    """Write down what was found, for the report."""
    return {
        "limit": policy.limit,
        "chosen": describe_candidates(choice.chosen),
        "doubtful": describe_candidates(choice.doubtful),
        "chosen_count": len(choice.chosen),
        "doubtful_count": len(choice.doubtful),
        "spared_count": len(choice.review.spared),
    }


def describe_candidates(found: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Write down networks that can go."""
    return [
        {
            "id": one.network.id,
            "name": one.network.name,
            "reason": one.reason,
            "doubts": list(one.doubts),
        }
        for one in found[:MOST_LISTED]
    ]


def find_earlier(run: CleanupRun) -> CleanupRun | None:
    """Find the run of the same policy on the same engine that is still under way."""
    earlier = CleanupRun.objects.filter(
        policy=run.policy_id, engine=run.engine_id, outcome=Outcome.RUNNING, pk__lt=run.pk
    )
    return next((one for one in earlier.order_by("-pk") if not settle(one).is_ended), None)


def skip(run: CleanupRun, earlier: CleanupRun) -> CleanupRun:
    """End a run because an earlier one is under way; one row stands for all that were skipped."""
    others = CleanupRun.objects.filter(
        policy=run.policy_id, engine=run.engine_id, outcome=Outcome.SKIPPED, pk__gt=earlier.pk
    )
    times = 1 + sum(one.report.get("times", 1) for one in others)
    others.delete()
    run.report = {"times": times}
    since = timezone.localtime(earlier.at)
    words = f"The run of {since:%Y-%m-%d %H:%M:%S} is still under way"
    again = f"; skipped {times} times" if times > 1 else ""
    return end_run(run, Outcome.SKIPPED, f"{words}{again}.")


def close_run(run: CleanupRun) -> CleanupRun:
    """End a run whose job has ended, as that went; one whose job goes on stays as it is."""
    job = run.job
    if job is None:
        return run
    job.refresh_from_db()
    if not job.is_ended:
        return run
    items = tuple(job.items.all())
    numbers = Counter(item.state for item in items)
    run.report = {**run.report, "items": describe_items(items)}
    return end_run(run, name_outcome(job, numbers), say_numbers(job, numbers))


def describe_items(items: Iterable[JobItem]) -> list[dict[str, str]]:
    """Write down what became of each network."""
    return [
        {
            "name": item.change.get("network_name", ""),
            "state": item.state,
            "sentence": item.sentence,
        }
        for item in items
    ]


def name_outcome(job: Job, numbers: Counter[str]) -> str:
    """Name how a run ended by how its job did."""
    if job.state == Job.State.CANCELLED:
        return Outcome.CANCELLED
    if job.state == Job.State.DONE:
        return Outcome.DONE
    went = numbers[JobItem.State.DONE] + numbers[JobItem.State.ALREADY]
    return Outcome.PARTLY if went else Outcome.FAILED


def say_numbers(job: Job, numbers: Counter[str]) -> str:
    """Say what became of the networks, in numbers."""
    parts = [f"{count(numbers[JobItem.State.DONE], 'network')} removed"]
    words_by_state = {
        JobItem.State.ALREADY: "already gone",
        JobItem.State.SKIPPED: "spared at the last look",
        JobItem.State.FAILED: "failed",
        JobItem.State.CANCELLED: "not reached",
    }
    parts += [
        f"{numbers[state]} {words}" for state, words in words_by_state.items() if numbers[state]
    ]
    return f"{', '.join(parts)}. {job.sentence}".strip()


def end_run(run: CleanupRun, outcome: str, sentence: str) -> CleanupRun:
    """Write down how a run ended, once, and ask for its report."""
    run.outcome, run.sentence, run.ended_at = outcome, sentence, timezone.now()
    running = CleanupRun.objects.filter(pk=run.pk, outcome=Outcome.RUNNING)
    ended = running.update(
        outcome=outcome, sentence=sentence, ended_at=run.ended_at, report=run.report
    )
    if ended:
        ask_for_report(run)
    else:
        run.refresh_from_db()
    return run


def settle(run: CleanupRun, now: datetime | None = None) -> CleanupRun:
    """Bring a run that is under way up to date with its job, or say that it was cut short."""
    if run.job is None:
        run.job = Job.objects.filter(plan_id=run.token).first()
        if run.job is not None:
            run.save(update_fields=["job"])
    if run.job is not None:
        return close_run(run)
    if run.at < (now or timezone.now()) - CUT_SHORT_AFTER:
        return end_run(run, Outcome.FAILED, CUT_SHORT)
    return run


def settle_runs() -> None:
    """Settle every run that is under way; each end is told at once, this finds what was lost."""
    for run in CleanupRun.objects.filter(outcome=Outcome.RUNNING).select_related("job", "engine"):
        settle(run)


def close_run_of(job: Job, **_: Any) -> None:
    """Close the run whose job has ended."""
    for run in CleanupRun.objects.filter(token=job.plan_id, outcome=Outcome.RUNNING):
        settle(run)


job_ended.connect(close_run_of, dispatch_uid="netdash.close_run_of")


def sweep_runs() -> None:
    """Forget runs that are older than the history is kept, and the many of a quick schedule."""
    oldest = timezone.now() - timedelta(days=settings.CLEANUP_DAYS)
    ended = CleanupRun.objects.exclude(outcome=Outcome.RUNNING)
    ended.filter(at__lt=oldest).delete()
    for policy in CleanupPolicy.objects.all():
        runs = ended.filter(policy=policy)
        kept = runs.order_by("-at", "-pk").values_list("pk", flat=True)[:MOST_KEPT]
        runs.exclude(pk__in=list(kept)).delete()
