"""Lines of a crontab, as beat reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from celery.schedules import ParseException
from django.conf import settings
from django_celery_beat.tzcrontab import TzAwareCrontab

FIELDS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
"""The five fields of a line, in their order."""
MOST_DAYS = 366 * 8
"""How far back a moment is looked for: from 29 February to the one before, across 2100."""


class UnreadableCrontabError(ValueError):
    """The line names no moment; says why."""


def read_crontab(line: str) -> TzAwareCrontab:
    """Read a line of five fields; raises UnreadableCrontabError, also for 30 February."""
    values = line.split()
    if len(values) != len(FIELDS):
        raise UnreadableCrontabError("Write five fields: minute, hour, day, month, weekday.")
    zone = ZoneInfo(settings.TIME_ZONE)
    try:
        return TzAwareCrontab(**dict(zip(FIELDS, values, strict=True)), tz=zone)
    except (ParseException, ValueError, KeyError) as error:
        words = str(error).rstrip(".")
        raise UnreadableCrontabError(f"This cannot be read: {words}.") from error


def find_last_moment(line: TzAwareCrontab, now: datetime) -> datetime | None:
    """Find the last minute, this one included, that a line names."""
    day = now.astimezone(line.tz).replace(second=0, microsecond=0)
    for _ in range(MOST_DAYS):
        if is_day(line, day) and (moment := find_moment_of_day(line, day)):
            return moment
        day = (day - timedelta(days=1)).replace(hour=23, minute=59)
    return None


def is_day(line: TzAwareCrontab, day: datetime) -> bool:
    """Tell whether a line names a day; Celery wants day, month and weekday to agree."""
    return (
        day.month in line.month_of_year
        and day.day in line.day_of_month
        and day.isoweekday() % 7 in line.day_of_week
    )


def find_moment_of_day(line: TzAwareCrontab, latest: datetime) -> datetime | None:
    """Find the last moment of a day up to a time of it."""
    for hour in sorted(line.hour, reverse=True):
        for minute in sorted(line.minute, reverse=True):
            if (hour, minute) <= (latest.hour, latest.minute):
                return latest.replace(hour=hour, minute=minute)
    return None
