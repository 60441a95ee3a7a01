"""What stands around every page: the rail, who is signed in, where the stream is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from netdash.models import Engine
from netdash.roles import find_role

from .engines import may_change
from .job_panel import Panel, build_panel
from .permission import SWITCHED_OFF, say_why_not


@dataclass(frozen=True, slots=True)
class RailItem:
    """One entry of the rail; ``badge`` names the count that stands beside it."""

    label: str
    address: str
    badge: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class RailSection:
    """Entries under one heading."""

    title: str
    items: tuple[RailItem, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry before it is known for whom: addresses that begin with ``names`` belong to it."""

    label: str
    name: str
    also: tuple[str, ...] = ()
    badge: str = ""
    permission: str = ""
    is_of_engine: bool = True


SECTIONS = (
    (
        "See",
        (
            Entry("Topology", "topology", ("matrix", "table", "project")),
            Entry("Networks", "networks", ("network-detail", "network-raw"), badge="networks"),
            Entry("Containers", "containers", ("container-",), badge="containers"),
        ),
    ),
    (
        "Change",
        (
            Entry("New network", "network-create", permission="change"),
            Entry("Many networks", "bulk", ("bulk-",)),
            Entry("Clean-up", "cleanup", ("cleanup-",)),
        ),
    ),
    (
        "Look back",
        (
            Entry("Jobs", "jobs", ("job",)),
            Entry("Journal", "journal", ("journal-",)),
        ),
    ),
    (
        "Set up",
        (
            Entry("Engines", "engines", is_of_engine=False),
            Entry("Health", "health", is_of_engine=False),
            Entry("Admin", "admin:index", permission="staff", is_of_engine=False),
        ),
    ),
)


class Frame:
    """The frame of one request; asks the database only when a template shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def slug(self) -> str:
        """Name the engine of this page, else the first one, else nothing."""
        match = self.request.resolver_match
        own = str(match.kwargs.get("slug", "")) if match else ""
        return own or Engine.objects.values_list("slug", flat=True).first() or ""

    @cached_property
    def rail(self) -> tuple[RailSection, ...]:
        """List what this user can open, section by section."""
        sections = (RailSection(title, tuple(self.find(entries))) for title, entries in SECTIONS)
        return tuple(section for section in sections if section.items)

    @cached_property
    def stream_address(self) -> str:
        """Name the stream of this page's engine."""
        try:
            return reverse("stream", args=[self.slug])
        except NoReverseMatch:
            return ""

    @cached_property
    def role_words(self) -> str:
        """Say what the signed-in user is."""
        user = self.request.user
        return (find_role(user) or "no role yet") if user.is_authenticated else ""

    @property
    def why_not(self) -> str:
        """Say to who cannot change the engine of this page why that is so."""
        return say_why_not(self.request) or SWITCHED_OFF

    @property
    def why_simulated(self) -> str:
        """Say why no engine of the user's own is shown; empty when a scene was asked for."""
        return str(settings.WHY_SIMULATED)

    @cached_property
    def engines(self) -> tuple[Engine, ...]:
        """List the engines that a page of no engine leads to."""
        return tuple(Engine.objects.filter(is_enabled=True))

    @cached_property
    def panel(self) -> Panel:
        """Find the jobs that the panel shows."""
        return build_panel(self.request, self.slug)

    def allows(self, permission: str) -> bool:
        """Tell whether this user may open what asks for "staff" or "change"."""
        if permission == "change":
            return may_change(self.request)
        return permission != "staff" or self.request.user.is_staff

    def find(self, entries: tuple[Entry, ...]) -> Iterator[RailItem]:
        """Find the entries that this user may open."""
        match = self.request.resolver_match
        shown = (match.url_name or "") if match else ""
        for entry in entries:
            if not self.allows(entry.permission):
                continue
            if entry.is_of_engine and not self.slug:
                continue
            try:
                address = reverse(entry.name, args=[self.slug] if entry.is_of_engine else [])
            except NoReverseMatch:
                continue
            is_current = shown == entry.name or shown.startswith(entry.also)
            yield RailItem(entry.label, address, entry.badge, is_current)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template its frame (a context processor)."""
    return {"frame": Frame(request)}
