"""When a policy runs next, and which moments a line of a crontab names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from pytest_django import Settings

from netdash.jobs.policies import run_policy
from netdash.jobs.schedules import find_next_run, say_next_run, say_schedule
from netdash.live import beats
from netdash.models import CleanupPolicy, CleanupRun, Engine
from netdash.models.crontabs import UnreadableCrontabError, find_last_moment, read_crontab
from tests.policies import make_policy

pytestmark = pytest.mark.django_db


def test_the_next_run_is_when_beat_will_send_it(ci_row: Engine) -> None:
    policy = make_policy(ci_row, every=1, period="hours")
    now = timezone.now()
    assert is_near(find_next_run(policy), now + timedelta(hours=1))
    PeriodicTask.objects.update(last_run_at=now - timedelta(minutes=50))
    policy = CleanupPolicy.objects.get()
    assert is_near(find_next_run(policy), now + timedelta(minutes=10))
    # Beat writes its time down only every few minutes; the run is fresher.
    (run,) = run_policy(policy, "schedule")
    assert is_near(find_next_run(policy), run.at + timedelta(hours=1))
    beats.note("beat")
    assert ", in 59 minutes" in say_next_run(policy)
    PeriodicTask.objects.update(last_run_at=now - timedelta(hours=5))
    CleanupRun.objects.all().delete()
    assert say_next_run(CleanupPolicy.objects.get()) == "now"


def test_the_next_run_of_a_crontab_line_is_its_next_moment(
    ci_row: Engine, settings: Settings
) -> None:
    policy = make_policy(ci_row, crontab="0 0 1 1 *")
    now = timezone.localtime()
    new_year = now.replace(
        year=now.year + 1, month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    assert is_near(find_next_run(policy), new_year)
    assert "12:00 AM" in say_schedule(policy)


def is_near(found: Any, wanted: Any) -> bool:
    return found is not None and abs((found - wanted).total_seconds()) < 30


def test_a_policy_that_is_off_or_has_no_engine_says_that_it_never_runs(ci_row: Engine) -> None:
    policy = make_policy(ci_row, is_enabled=False)
    assert say_next_run(policy) == "never: switched off"
    policy.is_enabled = True
    policy.save()
    Engine.objects.update(is_enabled=False)
    assert say_next_run(policy) == "never: no engine that is switched on"


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2026-11-28T02:30:59", "2026-11-28T02:30:00"),
        ("2026-11-28T02:29:59", "2026-11-27T02:30:00"),
        ("2026-03-05T00:00:00", "2026-02-28T02:30:00"),
    ],
)
def test_a_late_message_stands_for_the_last_moment_of_its_line(now: str, wanted: str) -> None:
    line = read_crontab("30 2 * * 5,6")
    found = find_last_moment(line, datetime.fromisoformat(now).replace(tzinfo=line.tz))
    assert found == datetime.fromisoformat(wanted).replace(tzinfo=line.tz)


@pytest.mark.parametrize("line", ["", "a b c d e", "* * * * * *", "0 0 31 4,6 *"])
def test_what_names_no_moment_is_no_crontab_line(line: str) -> None:
    with pytest.raises(UnreadableCrontabError):
        read_crontab(line)
