"""Clean-up that comes back by itself: policies, and what became of each run."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from netdash.topology.candidates import CleanupFilter, encode_filter

from .crontabs import FIELDS
from .engines import Engine
from .jobs import Job

TASK = "netdash.jobs.tasks.run_cleanup_policy"


def make_filter() -> dict[str, Any]:
    """Make the filter without wishes: whatever nobody names may go."""
    return encode_filter(CleanupFilter())


class CleanupPolicy(models.Model):
    """What may be cleaned up, where, when and how far; its schedule is a row of beat's."""

    class Period(models.TextChoices):
        """What an interval counts in."""

        SECONDS = "seconds", "seconds"
        MINUTES = "minutes", "minutes"
        HOURS = "hours", "hours"
        DAYS = "days", "days"

    name = models.CharField(max_length=60, unique=True)
    engines = models.ManyToManyField(Engine, related_name="cleanup_policies")
    filter = models.JSONField(default=make_filter)
    """As ``topology.candidates`` writes it."""
    takes_doubtful = models.BooleanField("also those with doubts", default=False)
    is_dry_run = models.BooleanField("dry run only", default=True)
    limit = models.PositiveIntegerField(
        "limit per run", default=20, validators=[MinValueValidator(1)]
    )
    is_enabled = models.BooleanField("enabled", default=True)
    every = models.PositiveIntegerField(
        "every", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    period = models.CharField(max_length=10, choices=Period, default=Period.DAYS)
    crontab = models.CharField("crontab line", max_length=200, blank=True)
    """Five fields; where it is given it counts, and not the interval."""
    mail_to = models.TextField("e-mail to", blank=True)
    webhook = models.CharField(max_length=500, blank=True)
    reports_all = models.BooleanField("report every run", default=False)
    task = models.OneToOneField(
        PeriodicTask, on_delete=models.SET_NULL, null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "clean-up policy"
        verbose_name_plural = "clean-up policies"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep beat's row in step; beat sees it within 5 s."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            task = self.schedule()
            is_new = self.task_id != task.pk
            self.task = task
            if is_new:
                super().save(update_fields=["task"])

    def schedule(self) -> PeriodicTask:
        """Write beat's row; a schedule that changed counts from now."""
        interval, crontab = self.find_interval(), self.find_crontab()
        name = f"clean-up policy {self.pk}"
        row = PeriodicTask.objects.filter(name=name).first() or PeriodicTask(name=name, task=TASK)
        if (row.interval, row.crontab) != (interval, crontab):
            row.last_run_at = None
        row.interval, row.crontab = interval, crontab
        row.description = self.name
        row.kwargs = json.dumps({"policy": self.pk})
        row.enabled = self.is_enabled
        row.expire_seconds = self.interval_seconds
        row.save()
        return row

    def find_interval(self) -> IntervalSchedule | None:
        """Find or make beat's row of the interval; None where a crontab line counts."""
        if self.crontab:
            return None
        wanted = {"every": self.every or 1, "period": self.period}
        return IntervalSchedule.objects.filter(**wanted).first() or (
            IntervalSchedule.objects.create(**wanted)
        )

    def find_crontab(self) -> CrontabSchedule | None:
        """Find or make beat's row of the crontab line; None where the interval counts."""
        if not self.crontab:
            return None
        wanted = dict(zip(FIELDS, self.crontab.split(), strict=True))
        wanted["timezone"] = settings.TIME_ZONE
        return CrontabSchedule.objects.filter(**wanted).first() or (
            CrontabSchedule.objects.create(**wanted)
        )

    @property
    def interval_seconds(self) -> int | None:
        """Give the length of the interval; None for a crontab line."""
        if self.crontab:
            return None
        return int(timedelta(**{self.period: self.every or 1}).total_seconds())

    @property
    def addresses(self) -> tuple[str, ...]:
        """List the mail addresses that a report goes to."""
        return tuple(self.mail_to.replace(",", " ").split())


@receiver(post_delete, sender=CleanupPolicy)
def forget_schedule(instance: CleanupPolicy, **_: Any) -> None:
    """Take beat's row away with the policy."""
    for row in PeriodicTask.objects.filter(pk=instance.task_id):
        row.delete()


class CleanupRun(models.Model):
    """One run of a policy on one engine: what went or would go, and what was said about it."""

    class Trigger(models.TextChoices):
        """What made it run."""

        SCHEDULE = "schedule", "by schedule"
        HAND = "hand", "by hand"
        COMMAND = "command", "by command"

    class Outcome(models.TextChoices):
        """How a run ended."""

        RUNNING = "running", "under way"
        LOOKED = "looked", "dry run"
        DONE = "done", "carried out"
        PARTLY = "partly", "carried out in part"
        LIMIT = "limit", "stopped by its limit"
        SKIPPED = "skipped", "skipped"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    policy = models.ForeignKey(
        CleanupPolicy, on_delete=models.SET_NULL, null=True, related_name="runs"
    )
    policy_name = models.CharField(max_length=60)
    engine = models.ForeignKey(Engine, on_delete=models.CASCADE, related_name="cleanup_runs")
    trigger = models.CharField(max_length=10, choices=Trigger)
    tick = models.CharField(max_length=64)
    """What asked for it: the moment of a crontab line, the message of beat, a click."""
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    """The ``plan_id`` of its job."""
    author_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_dry_run = models.BooleanField("dry run")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.RUNNING)
    sentence = models.TextField(blank=True)
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="cleanup_run"
    )
    report = models.JSONField(default=dict)
    """``chosen``, ``doubtful`` and ``spared``: what was found when it ran."""
    delivery = models.JSONField(default=dict)
    """What became of the report, in a sentence by ``mail`` and ``webhook``."""
    report_due_at = models.DateTimeField(null=True, blank=True)
    """When the report is sent (again); None for sent, given up or not wanted."""

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = "clean-up run"
        indexes = (
            models.Index(fields=("policy", "-at", "-id")),
            models.Index(fields=("outcome",)),
        )
        constraints = (
            models.UniqueConstraint(fields=("policy", "engine", "tick"), name="one_run_per_tick"),
        )

    def __str__(self) -> str:
        return f"{self.policy_name} on {self.engine}, {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """Name the page of this run in the admin."""
        return reverse("admin:netdash_cleanuprun_change", args=[self.pk])

    @property
    def is_ended(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.outcome != self.Outcome.RUNNING
