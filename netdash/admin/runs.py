"""Runs of clean-up policies: what each did, to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from netdash.jobs.runs import settle
from netdash.models import CleanupRun

from .words import show_outcome

READ = ("policy", "engine", "trigger", "at", "ended_at", "outcome", "sentence", "job")


@admin.register(CleanupRun)
class CleanupRunAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The history of clean-up: nobody rewrites it, and it is swept by itself."""

    list_display = (
        "shown_at",
        "shown_policy",
        "engine",
        "shown_outcome",
        "sentence",
        "shown_trigger",
    )
    list_filter = ("outcome", "policy", "engine", "trigger")
    list_select_related = ("engine", "job__engine", "policy")
    search_fields = ("policy_name", "sentence")
    list_per_page = 50
    fields = READ
    change_list_template = "admin/netdash/cleanuprun/list.html"
    change_form_template = "admin/netdash/cleanuprun/page.html"

    @admin.display(description="at", ordering="at")
    def shown_at(self, run: CleanupRun) -> str:
        """Say when it began, as its page does."""
        return f"{timezone.localtime(run.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description="policy", ordering="policy_name")
    def shown_policy(self, run: CleanupRun) -> str:
        """Name its policy, also when that is gone."""
        return run.policy_name

    @admin.display(description="outcome", ordering="outcome")
    def shown_outcome(self, run: CleanupRun) -> SafeString:
        """Show how it ended, with the way to its page."""
        return show_outcome(run)

    @admin.display(description="why", ordering="trigger")
    def shown_trigger(self, run: CleanupRun) -> str:
        """Say what made it run."""
        by = f", {run.author_name}" if run.author_name else ""
        return f"{run.get_trigger_display()}{by}"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name the list."""
        return super().changelist_view(request, {"title": "Clean-up runs"})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one run as it is now, with its lists."""
        run = self.get_object(request, object_id)
        context = {**(extra_context or {}), **describe_run(run)} if run else extra_context
        return super().change_view(request, object_id, form_url, context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Runs come from policies alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: CleanupRun | None = None) -> bool:
        """A run stays as it was written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CleanupRun | None = None) -> bool:
        """A run stays until the history is swept."""
        return False


def describe_run(run: CleanupRun) -> dict[str, Any]:
    """Gather what the page of a run shows."""
    if not run.is_ended:
        run = settle(run)
    report = run.report
    results = {one["id"]: one for one in report.get("items", [])}
    chosen = [{**one, "result": results.get(one["id"])} for one in report.get("chosen", [])]
    return {
        "run": run,
        "title": str(run),
        "chosen": chosen,
        "has_results": bool(results),
        "chosen_title": name_chosen(run),
        "doubtful": report.get("doubtful", []),
        "more_chosen": report.get("chosen_count", 0) - len(chosen),
        "spared_count": report.get("spared_count"),
        "delivery": [{"way": way, **one} for way, one in sorted(run.delivery.items())],
        "report_due_at": run.report_due_at,
        "policy_address": name_policy_address(run),
    }


def name_chosen(run: CleanupRun) -> str:
    """Name the list of what was chosen."""
    if run.is_dry_run:
        return "Would go"
    return "Chosen, nothing removed" if run.outcome == run.Outcome.LIMIT else "Chosen"


def name_policy_address(run: CleanupRun) -> str:
    """Give the address of the run's policy; empty when that is gone."""
    if run.policy_id is None:
        return ""
    return reverse("admin:netdash_cleanuppolicy_change", args=[run.policy_id])
