"""The journal: every change of an engine, and how it is taken back."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from .engines import Engine
from .texts import without_nul


class JournalEntry(models.Model):
    """One change of an engine: who, when, what, why, with what outcome, and how to take it back."""

    class Outcome(models.TextChoices):
        """How a change ended."""

        RUNNING = "running", "under way"
        DONE = "done", "done"
        REFUSED = "refused", "refused"
        UNKNOWN = "unknown", "not known"

    class Origin(models.TextChoices):
        """Who made a change."""

        NETDASH = "netdash", "in netdash"
        OUTSIDE = "outside", "outside netdash"

    engine = models.ForeignKey(Engine, on_delete=models.CASCADE, related_name="journal")
    at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=150, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.NETDASH)
    kind = models.CharField(max_length=10)
    """connect, disconnect, create or remove."""
    summary = models.TextField()
    command = models.TextField(blank=True)
    note = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    container_id = models.CharField(max_length=64, blank=True)
    container_name = models.TextField(blank=True)
    network_id = models.CharField(max_length=64, blank=True)
    network_name = models.TextField(blank=True)
    change = models.JSONField()
    undo = models.JSONField(default=list)
    """Changes that take it back, in order; as ``topology.change_codec`` writes them."""
    before = models.JSONField(default=dict)
    """What was there before: the endpoint's full settings, or the network with its members."""
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.RUNNING)
    sentence = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    plan_id = models.UUIDField(default=uuid.uuid4)
    """The same for all changes of one plan."""
    position = models.PositiveIntegerField(default=0)
    undoes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="undone_by"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    """When all of its undo had been carried out."""
    is_witnessed = models.BooleanField(default=False)
    """The watcher has seen its effect, so the next change alike is somebody else's."""

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name_plural = "journal"
        indexes = (
            models.Index(fields=("engine", "-at", "-id")),
            models.Index(fields=("engine", "container_id", "network_id")),
        )
        constraints = (
            models.UniqueConstraint(fields=("plan_id", "position"), name="one_row_per_step"),
        )

    def __str__(self) -> str:
        return self.summary

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save what an engine says in a form that every database takes."""
        for field in self._meta.concrete_fields:
            if isinstance(field, models.TextField | models.JSONField):
                value = getattr(self, field.attname, None)
                setattr(self, field.attname, without_nul(value))
        super().save(*args, **kwargs)

    @property
    def can_be_undone(self) -> bool:
        """Tell whether there is something to take back that nobody took back yet."""
        return bool(self.outcome == self.Outcome.DONE and self.undo and not self.undone_at)
