"""Django's admin for the rows netdash owns: engines, users with their role, the journal."""

from __future__ import annotations

from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_celery_beat.models import ClockedSchedule, SolarSchedule

from netdash.forms.engines import EngineForm
from netdash.forms.users import UserEditForm, UserMakeForm
from netdash.live import store
from netdash.live.store import StoreAway
from netdash.models import Engine, JournalEntry
from netdash.roles import find_role, give_role

admin.site.site_header = "netdash"
admin.site.site_title = "netdash admin"
admin.site.index_title = "Engines, users and jobs"
# What nobody needs to see: groups are roles, sign-ins are in the log, the sun plays no part.
for hidden in (User, Group, AccessLog, AccessFailureLog, SolarSchedule, ClockedSchedule):
    admin.site.unregister(hidden)


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


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Users, each with one role."""

    form = UserEditForm
    add_form = UserMakeForm
    list_display = ("username", "role", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Who it is", {"fields": ("first_name", "last_name", "email")}),
        ("What it may do", {"fields": ("role", "is_active")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "password1", "password2", "role")}),
    )

    @admin.display(description="role")
    def role(self, user: User) -> str:
        """Name the user's role."""
        return find_role(user) or "none"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Give the chosen role once the row is there."""
        super().save_related(request, form, formsets, change)
        if role := form.cleaned_data.get("role"):
            give_role(form.instance, role)


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
