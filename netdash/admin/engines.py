"""Engines: where each answers, and how it is."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from netdash.forms.engines import EngineForm
from netdash.live import store
from netdash.live.store import StoreAway
from netdash.models import CleanupRun, Engine, JournalEntry


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
        """Let journal rows and runs of policies go with their engine, and count what goes.

        Nobody deletes one of those alone. Each row by name would be a page without end.
        """
        _, counts, missing, kept = super().get_deleted_objects(objs, request)
        gone = [f"{count} {name}" for name, count in counts.items()]
        going = {model._meta.verbose_name for model in (CleanupRun, JournalEntry)}
        return [*(f"Engine: {engine}" for engine in objs), gone], counts, missing - going, kept

    def delete_model(self, request: HttpRequest, obj: Engine) -> None:
        """Forget what was read of it, too."""
        engine_id = obj.pk
        super().delete_model(request, obj)
        forget(engine_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Engine]) -> None:
        """Forget what was read of them, too."""
        ids = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        for engine_id in ids:
            forget(engine_id)


def forget(engine_id: int) -> None:
    """Forget an engine that is deleted; without Redis the watcher does so later."""
    with suppress(StoreAway):
        store.forget(engine_id)
