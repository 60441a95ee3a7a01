"""Engines: where each answers, and how it is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from netdash.forms.engines import EngineForm
from netdash.live import store
from netdash.live.store import StoreAway
from netdash.models import CleanupRun, Engine


@admin.register(Engine)
class EngineAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Where each engine answers, and how it is right now."""

    form = EngineForm
    list_display = ("name", "address", "is_enabled", "state")
    list_filter = ("is_enabled",)
    search_fields = ("name", "address")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("state",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "address", "is_enabled", "state")}),
        (
            "TLS, for tcp:// addresses",
            {
                "fields": ("tls_ca", "tls_certificate", "tls_key"),
                "description": "Paths of PEM files as the watcher and the worker see them.",
            },
        ),
    )

    @admin.display(description="How it is")
    def state(self, engine: Engine) -> SafeString | str:
        """Say what the watcher says; it notices a new or changed engine within seconds."""
        if engine.pk is None:
            return "The watcher reads it within seconds of saving."
        if not engine.is_enabled:
            return "Switched off."
        try:
            status = store.read_status(engine.pk)
        except StoreAway:
            return "Not known: Redis does not answer."
        return format_html("{} <bdi>{}</bdi> {}", status.state, status.sentence, status.remedy)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Let the runs of policies go with their engine, although nobody deletes one alone."""
        found, counts, missing, kept = super().get_deleted_objects(objs, request)
        return found, counts, missing - {CleanupRun._meta.verbose_name}, kept
