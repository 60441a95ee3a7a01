"""How a run of a policy ends: with its job, by itself, skipped, or cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from netdash.jobs.endings import job_ended
from netdash.jobs.reports import ask_for_report
from netdash.models import CleanupPolicy, CleanupRun, Job, JobItem
from netdash.models.texts import without_nul
from netdash.topology.refusal import count

Outcome = CleanupRun.Outcome
WORDS_BY_STATE: dict[str, str] = {
    JobItem.State.DONE: "removed",
    JobItem.State.ALREADY: "already gone",
    JobItem.State.SKIPPED: "spared at the last look",
    JobItem.State.FAILED: "failed",
    JobItem.State.CANCELLED: "not reached",
}
CUT_SHORT_AFTER = timedelta(minutes=5)
CUT_SHORT = "No worker carried it on within 5 minutes. Nothing was removed."
MOST_KEPT = 1000
"""Runs that the history of a policy holds."""


def find_earlier(run: CleanupRun) -> CleanupRun | None:
    """Find the run of the same policy on the same engine that is still under way."""
    earlier = CleanupRun.objects.filter(
        policy=run.policy_id, engine=run.engine_id, outcome=Outcome.RUNNING, pk__lt=run.pk
    )
    return next((one for one in earlier.order_by("-pk") if not settle(one).is_ended), None)


def skip(run: CleanupRun, earlier: CleanupRun) -> CleanupRun:
    """End a run because an earlier one is under way; of beat's, one row stands for all."""
    times = 1
    if run.trigger == CleanupRun.Trigger.SCHEDULE:
        others = CleanupRun.objects.filter(
            policy=run.policy_id,
            engine=run.engine_id,
            trigger=run.trigger,
            outcome=Outcome.SKIPPED,
            pk__gt=earlier.pk,
        )
        times += sum(one.report.get("times", 1) for one in others)
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
            "id": item.change.get("network_id", ""),
            "name": item.change.get("network_name", ""),
            "state": item.state,
            "words": WORDS_BY_STATE.get(item.state, item.get_state_display()),
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
    rest = list(WORDS_BY_STATE.items())[1:]
    parts += [f"{numbers[state]} {words}" for state, words in rest if numbers[state]]
    return f"{', '.join(parts)}. {job.sentence}".strip()


def end_run(run: CleanupRun, outcome: str, sentence: str) -> CleanupRun:
    """Write down how a run ended, once, and ask for its report."""
    run.outcome, run.sentence, run.ended_at = outcome, without_nul(sentence), timezone.now()
    run.report = without_nul(run.report)
    running = CleanupRun.objects.filter(pk=run.pk, job=run.job, outcome=Outcome.RUNNING)
    with transaction.atomic():
        ended = running.update(
            outcome=outcome, sentence=run.sentence, ended_at=run.ended_at, report=run.report
        )
        if ended:
            ask_for_report(run)
    if not ended:
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


def sweep_runs() -> None:
    """Forget runs that are older than the history is kept, and the many of a quick schedule."""
    oldest = timezone.now() - timedelta(days=settings.CLEANUP_DAYS)
    ended = CleanupRun.objects.exclude(outcome=Outcome.RUNNING)
    ended.filter(at__lt=oldest).delete()
    for policy in CleanupPolicy.objects.all():
        runs = ended.filter(policy=policy)
        kept = runs.order_by("-at", "-pk").values_list("pk", flat=True)[:MOST_KEPT]
        runs.exclude(pk__in=list(kept)).delete()


job_ended.connect(close_run_of, dispatch_uid="netdash.close_run_of")
