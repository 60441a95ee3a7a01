"""The rows netdash owns. What an engine says is never a row; it is a snapshot."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Engine(models.Model):
    """A Docker Engine that netdash reads, and where it answers."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(
        max_length=60, unique=True, help_text="Stands in the address of every page of this engine."
    )
    address = models.CharField(
        max_length=255,
        help_text="unix:///var/run/docker.sock, tcp://name:2376 or ssh://user@name.",
    )
    tls_ca = models.CharField("TLS authority file", max_length=255, blank=True)
    tls_certificate = models.CharField("TLS certificate file", max_length=255, blank=True)
    tls_key = models.CharField("TLS key file", max_length=255, blank=True)
    is_enabled = models.BooleanField("enabled", default=True)
    is_simulated = models.BooleanField("simulated", default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        permissions = (("change_networks", "Can change networks and connections on engines"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Name the topology of this engine."""
        return reverse("topology", args=[self.slug])


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

    @property
    def can_be_undone(self) -> bool:
        """Tell whether there is something to take back that nobody took back yet."""
        return bool(self.outcome == self.Outcome.DONE and self.undo and not self.undone_at)


class SetupLink(models.Model):
    """The link of the first start that makes the administrator; only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"made {self.made_at:%Y-%m-%d %H:%M}"

    @classmethod
    def make(cls) -> str:
        """Make a new link, the only one that works from now on, and return its token."""
        token = secrets.token_urlsafe(24)
        with transaction.atomic():
            cls.objects.all().delete()
            cls.objects.create(token_hash=hash_token(token))
        return token

    @classmethod
    def is_valid(cls, token: str) -> bool:
        """Tell whether the link works."""
        return cls.objects.filter(token_hash=hash_token(token)).exists()

    @classmethod
    def use(cls, token: str, create: Callable[[], User]) -> User | None:
        """Use the link up and create its user; None when another request was first."""
        with transaction.atomic():
            if not cls.objects.filter(token_hash=hash_token(token)).delete()[0]:
                return None
            return create()


def hash_token(token: str) -> str:
    """Hash a token that is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
