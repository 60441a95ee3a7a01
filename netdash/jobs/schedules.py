"""When a policy runs: as beat computes it, from beat's own rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery.schedules import crontab
from cron_descriptor import get_description
from django.utils import timezone

from netdash.models import CleanupPolicy, CleanupRun

MOST_DAYS = 366 * 8
"""The longest that a crontab line pauses: 29 February, across 2100."""


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


def find_last_moment(line: crontab, now: datetime) -> datetime | None:
    """Find the last minute, this one included, that a crontab line names."""
    day = now.astimezone(line.tz).replace(second=0, microsecond=0)
    for _ in range(MOST_DAYS):
        if is_day(line, day) and (moment := find_moment_of_day(line, day)):
            return moment
        day = (day - timedelta(days=1)).replace(hour=23, minute=59)
    return None


def is_day(line: crontab, day: datetime) -> bool:
    """Tell whether a crontab line names a day; Celery wants all three fields to agree."""
    return (
        day.month in line.month_of_year
        and day.day in line.day_of_month
        and day.isoweekday() % 7 in line.day_of_week
    )


def find_moment_of_day(line: crontab, latest: datetime) -> datetime | None:
    """Find the last moment of a day up to a time of it."""
    for hour in sorted(line.hour, reverse=True):
        for minute in sorted(line.minute, reverse=True):
            if (hour, minute) <= (latest.hour, latest.minute):
                return latest.replace(hour=hour, minute=minute)
    return None


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
