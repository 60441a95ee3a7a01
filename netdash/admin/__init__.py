"""Django's admin for the rows netdash owns: a module per noun."""

from __future__ import annotations

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from . import engines, journal, policies, runs, users

__all__ = ["engines", "journal", "policies", "runs", "users"]

HIDDEN = (
    *(Group, AccessLog, AccessFailureLog),
    *(PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule),
)
"""What nobody needs to see: groups are roles, sign-ins are in the log, policies hold schedules."""

for hidden in HIDDEN:
    admin.site.unregister(hidden)
