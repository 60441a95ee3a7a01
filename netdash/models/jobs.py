"""Jobs: plans that outlive a request, and what became of each of their steps."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from .engines import Engine
from .journal import JournalEntry


class Job(models.Model):
    """A plan that a worker carries out, step by step; its items hold the progress."""

    class Kind(models.TextChoices):
        """What a job is for."""

        CREATE = "create", "bulk creation"
        CHANGE = "change", "bulk change"
        CLEANUP = "cleanup", "clean-up"
        UNDO = "undo", "undo"
        RETRY = "retry", "retry"

    class State(models.TextChoices):
        """How far a job is; the last three are ends."""

        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed in part"
        CANCELLED = "cancelled", "cancelled"

    engine = models.ForeignKey(Engine, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)
    plan_id = models.UUIDField(default=uuid.uuid4, unique=True)
    """Names the request that asked for it, and its rows in the journal."""
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    sentence = models.TextField(blank=True)
    """What it waits for, or why it ended as it did."""
    guard = models.JSONField(default=dict)
    """What must still be true of each network at its moment; empty for nothing.

    As ``topology.candidates`` writes the filter of a clean-up.
    """
    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followers"
    )
    """The job that this one retries or takes back."""
    touches = models.JSONField(default=list)
    """What its steps touch, as ``topology.plans.list_touched`` names it."""
    is_cancel_asked = models.BooleanField(default=False)
    holder = models.CharField(max_length=100, blank=True)
    """The worker that carries it out, as long as its lease holds."""
    leased_until = models.DateTimeField(null=True, blank=True)
    faults = models.PositiveSmallIntegerField(default=0)
    """How often netdash itself failed at it."""
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    went_on_at = models.DateTimeField(null=True, blank=True)
    """When it began or, after Redis or its engine was away, last went on."""
    reading_seconds = models.FloatField(default=0.0)
    """How long the last reading of the engine took; one more ends the job."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("engine", "-created_at", "-id")),
            models.Index(fields=("state", "engine")),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Name the page of this job."""
        return reverse("job", args=[self.engine.slug, self.pk])

    @property
    def is_ended(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.state not in (self.State.WAITING, self.State.RUNNING)


class JobItem(models.Model):
    """One step of a job, and what became of it."""

    class State(models.TextChoices):
        """How far a step is."""

        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        ALREADY = "already", "already so"
        SKIPPED = "skipped", "skipped"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    strand = models.PositiveIntegerField()
    """Steps of one strand touch the same things and go in order; strands go side by side."""
    change = models.JSONField()
    """As ``topology.change_codec`` writes it."""
    kind = models.CharField(max_length=10)
    summary = models.TextField()
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    sentence = models.TextField(blank=True)
    """Why it was skipped or failed, in words a person understands."""
    remedy = models.TextField(blank=True)
    engine_words = models.TextField(blank=True)
    """The engine's own words of a refusal."""
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(
        JournalEntry, on_delete=models.SET_NULL, null=True, blank=True, related_name="job_item"
    )
    undoes = models.ForeignKey(
        JournalEntry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("job", "position")
        constraints = (
            models.UniqueConstraint(fields=("job", "position"), name="one_item_per_step"),
        )
        indexes = (models.Index(fields=("job", "state")),)

    def __str__(self) -> str:
        return self.summary
