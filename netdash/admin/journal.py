"""The journal, to be read."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from netdash.models import JournalEntry


@admin.register(JournalEntry)
class JournalEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The journal, to be read: nobody rewrites it."""

    list_display = ("at", "engine", "summary", "author_name", "outcome")
    list_filter = ("engine", "outcome", "kind")
    search_fields = ("summary", "container_name", "network_name", "author_name")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Entries come from changes alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: JournalEntry | None = None) -> bool:
        """An entry stays as it was written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: JournalEntry | None = None) -> bool:
        """An entry stays."""
        return False
