"""When a policy runs: as beat computes it, from beat's own rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from cron_descriptor import get_description
from django.utils import timezone

from netdash.live import beats
from netdash.live.store import StoreAway
from netdash.models import CleanupPolicy, CleanupRun
from netdash.models.crontabs import find_last_moment
from netdash.topology.cleanup_words import say_span

SILENT_SECONDS = 75
"""Beat shows itself every 30 s."""


def find_next_run(policy: CleanupPolicy) -> datetime | None:
    """Compute when beat sends the policy next; None when it is off, a past time when overdue.

    Beat writes its last time down only every 3 minutes; the newest run by schedule is fresher.
    """
    row = policy.task
    if row is None or not row.enabled:
        return None
    ran_at = (
        policy.runs.filter(trigger=CleanupRun.Trigger.SCHEDULE)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    known = [at for at in (row.last_run_at, ran_at) if at is not None]
    since = max([*known, row.date_changed] if row.last_run_at is None else known)
    remaining: timedelta = row.schedule.remaining_estimate(since)
    return timezone.now() + remaining


def name_tick(policy: CleanupPolicy, message_id: str, now: datetime) -> str:
    """Name the moment of the schedule that a message of beat stands for.

    Messages for one moment of a crontab line have one name, however late and from however
    many beats; an interval has no moments of its own, there the message is the moment.
    """
    row = policy.task
    if row is None or row.crontab is None:
        return message_id
    moment = find_last_moment(row.crontab.schedule, now)
    return moment.isoformat() if moment else message_id


def say_schedule(policy: CleanupPolicy) -> str:
    """Say a schedule in words: "every 2 hours", "at 02:30 AM"."""
    if policy.crontab:
        words: str = get_description(policy.crontab)
        return words[:1].lower() + words[1:]
    every = policy.every or 1
    return (
        f"every {policy.period.removesuffix('s')}"
        if every == 1
        else f"every {every} {policy.period}"
    )


def say_next_run(policy: CleanupPolicy) -> str:
    """Say when a policy runs next, and what keeps it from running."""
    next_at = find_next_run(policy)
    if next_at is None:
        return "never: switched off"
    if not policy.engines.filter(is_enabled=True).exists():
        return "never: no engine that is switched on"
    if trouble := find_trouble():
        return trouble
    seconds = (next_at - timezone.now()).total_seconds()
    if seconds <= 0:
        return "now"
    return f"{timezone.localtime(next_at):%Y-%m-%d %H:%M:%S}, in {say_span(max(seconds, 1))}"


def find_trouble() -> str:
    """Say why nothing runs by schedule; empty when beat is there."""
    try:
        now, seen_at = beats.read_all()
    except StoreAway:
        return "not while Redis does not answer"
    if "beat" not in seen_at or (now - seen_at["beat"]).total_seconds() > SILENT_SECONDS:
        return "not while beat does not run"
    return ""
