"""Clean-up policies: what, when, how far, whom to tell; preview and run."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from netdash.forms.cleanup import as_query
from netdash.forms.policies import CleanupPolicyForm
from netdash.jobs.choices import Catch, preview
from netdash.jobs.policies import begin_by_hand
from netdash.jobs.schedules import say_next_run, say_schedule
from netdash.models import CleanupPolicy
from netdash.models.texts import without_nul
from netdash.topology.candidates import UnreadableFilterError, decode_filter

from .words import show_catches, show_last_run, show_state

ONE = "Choose one policy."


@admin.register(CleanupPolicy)
class CleanupPolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One page for all of a policy; its schedule is beat's row, which nobody has to see."""

    form = CleanupPolicyForm
    list_display = ("name", "state", "where", "rhythm", "next_run", "last_run", "ways")
    search_fields = ("name",)
    readonly_fields = ("catches", "next_run", "last_run")
    actions = ("preview_now", "run_now")
    change_form_template = "admin/netdash/cleanuppolicy/page.html"
    change_list_template = "admin/netdash/cleanuppolicy/list.html"
    fieldsets = (
        (None, {"fields": ("name", "is_enabled", "catches")}),
        (
            "What",
            {
                "description": "All wishes together decide; without any, every network that no"
                " container names may go. Docker's own networks, those in use and those with the"
                " label netdash.keep never do.",
                "fields": (
                    "engines",
                    "name_pattern",
                    "labels",
                    "not_labels",
                    "drivers",
                    "older_than",
                    "unused_since",
                    "ignores_stopped",
                    "takes_doubtful",
                ),
            },
        ),
        ("When", {"fields": (("every", "period"), "crontab", "next_run", "last_run")}),
        ("How far", {"fields": ("is_dry_run", "limit", "is_looked_at")}),
        ("Report", {"fields": ("mail_to", "webhook", "reports_all")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of preview and run."""
        wrap = self.admin_site.admin_view
        mine = [
            path(
                "<int:pk>/preview/", wrap(self.preview_view), name="netdash_cleanuppolicy_preview"
            ),
            path("<int:pk>/run/", wrap(self.run_view), name="netdash_cleanuppolicy_run"),
        ]
        return [*mine, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CleanupPolicy]:
        """Fetch what the list shows along."""
        return super().get_queryset(request).select_related("task").prefetch_related("engines")

    def get_form(
        self,
        request: HttpRequest,
        obj: CleanupPolicy | None = None,
        change: bool = False,
        **kw: Any,
    ) -> Any:
        """Leave engines to their own page."""
        form = super().get_form(request, obj, change, **kw)
        engines: Any = form.base_fields["engines"].widget
        engines.can_add_related = False
        return form

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name the list, and tell an empty one what it is for."""
        return super().changelist_view(request, {"title": "Clean-up policies"})

    @admin.display(description="state")
    def state(self, policy: CleanupPolicy) -> SafeString:
        """Show whether it is off, looks only, or removes."""
        return show_state(policy)

    @admin.display(description="engines")
    def where(self, policy: CleanupPolicy) -> str:
        """Name its engines."""
        return ", ".join(engine.name for engine in policy.engines.all()) or "none"

    @admin.display(description="when")
    def rhythm(self, policy: CleanupPolicy) -> str:
        """Say its schedule."""
        return say_schedule(policy)

    @admin.display(description="next run")
    def next_run(self, policy: CleanupPolicy) -> str:
        """Say when beat runs it next."""
        return say_next_run(policy) if policy.pk else "once it is saved"

    @admin.display(description="last run")
    def last_run(self, policy: CleanupPolicy) -> SafeString | str:
        """Show how the last run ended."""
        return show_last_run(policy) if policy.pk else "never"

    @admin.display(description="catches now")
    def catches(self, policy: CleanupPolicy) -> SafeString | str:
        """Show what the wishes catch on the engines as last read."""
        if not policy.pk:
            return "Save it as a dry run: then this says what it would take today."
        return show_catches(preview(policy))

    @admin.display(description="")
    def ways(self, policy: CleanupPolicy) -> SafeString:
        """Offer preview and run."""
        return format_html(
            '<a class="way" href="{}">Preview</a> <a class="way" href="{}">Run</a>',
            name_address("preview", policy),
            name_address("run", policy),
        )

    @admin.action(description="Preview now", permissions=["view"])
    def preview_now(self, request: HttpRequest, chosen: QuerySet[CleanupPolicy]) -> Any:
        """Show what the chosen policy would take."""
        return self.go("preview", request, chosen)

    @admin.action(description="Run now", permissions=["change"])
    def run_now(self, request: HttpRequest, chosen: QuerySet[CleanupPolicy]) -> Any:
        """Ask whether the chosen policy shall run."""
        return self.go("run", request, chosen)

    def go(self, page: str, request: HttpRequest, chosen: QuerySet[CleanupPolicy]) -> Any:
        """Go to a page of the one chosen policy."""
        if len(chosen) == 1:
            return HttpResponseRedirect(name_address(page, chosen[0]))
        return self.message_user(request, ONE, messages.ERROR)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Say what the wishes catch today, once the engines are known."""
        super().save_related(request, form, formsets, change)
        for catch in preview(form.instance):
            words = show_catches((catch,))
            self.message_user(request, words, messages.INFO)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what a policy would take now, and what speaks against it."""
        policy = self.find(request, pk)
        if not self.has_view_permission(request, policy):
            raise PermissionDenied
        context = self.describe(request, policy, f"Preview of {policy.name}")
        return TemplateResponse(request, "admin/netdash/cleanuppolicy/preview.html", context)

    def run_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether a policy shall run now; run it when posted."""
        policy = self.find(request, pk)
        if not self.has_change_permission(request, policy):
            raise PermissionDenied
        if request.method == "POST":
            return self.run(request, policy)
        context = self.describe(request, policy, f"Run {policy.name} now")
        context["tick"] = uuid.uuid4().hex
        return TemplateResponse(request, "admin/netdash/cleanuppolicy/run.html", context)

    def run(self, request: HttpRequest, policy: CleanupPolicy) -> HttpResponse:
        """Begin the runs and go where they are shown; the same click twice is one run."""
        tick = without_nul(request.POST.get("tick", ""))[:64]
        runs = begin_by_hand(policy, tick, request.user.get_username())
        if not runs:
            self.message_user(request, "No engine of this policy is switched on.", messages.ERROR)
            return HttpResponseRedirect(name_address("change", policy))
        if len(runs) == 1:
            return HttpResponseRedirect(runs[0].get_absolute_url())
        address = reverse("admin:netdash_cleanuprun_changelist")
        return HttpResponseRedirect(f"{address}?policy__id__exact={policy.pk}")

    def find(self, request: HttpRequest, pk: int) -> CleanupPolicy:
        """Find a policy."""
        policy = self.get_queryset(request).filter(pk=pk).first()
        if policy is None:
            raise Http404
        return policy

    def describe(self, request: HttpRequest, policy: CleanupPolicy, title: str) -> dict[str, Any]:
        """Gather what preview and run show."""
        catches = [describe_catch(policy, catch) for catch in preview(policy)]
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "original": policy,
            "policy": policy,
            "removes": not (policy.is_dry_run or settings.IS_READ_ONLY),
            "is_read_only": settings.IS_READ_ONLY,
            "catches": catches,
            "is_idle": all(map(takes_nothing, catches)),
            "preview_address": name_address("preview", policy),
            "run_address": name_address("run", policy),
            "change_address": name_address("change", policy),
        }


def describe_catch(policy: CleanupPolicy, catch: Catch) -> dict[str, Any]:
    """Gather what the pages show of one engine."""
    choice = catch.choice
    return {
        "engine": catch.engine,
        "trouble": catch.trouble,
        "taken_at": catch.taken_at,
        "chosen": choice.chosen if choice else (),
        "doubtful": choice.doubtful if choice else (),
        "spared_count": len(choice.review.spared) if choice else 0,
        "is_over": bool(choice and choice.exceeds(policy.limit)),
        "address": name_cleanup_address(policy, catch),
    }


def takes_nothing(catch: dict[str, Any]) -> bool:
    """Tell whether a run would surely remove nothing of an engine, as far as it has been read."""
    return not catch["trouble"] and (catch["is_over"] or not catch["chosen"])


def name_cleanup_address(policy: CleanupPolicy, catch: Catch) -> str:
    """Give the address of the clean-up page of an engine with the policy's wishes."""
    try:
        query = as_query(decode_filter(policy.filter))
    except UnreadableFilterError:
        return ""
    return f"{reverse('cleanup', args=[catch.engine.slug])}?{query}"


def name_address(page: str, policy: CleanupPolicy) -> str:
    """Give the address of a page of a policy."""
    return reverse(f"admin:netdash_cleanuppolicy_{page}", args=[policy.pk])
