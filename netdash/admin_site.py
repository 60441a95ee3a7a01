"""Django's admin with its lists in the order in which people need them."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

SECTIONS = (
    ("netdash", ("Engine", "CleanupPolicy", "CleanupRun", "User", "JournalEntry")),
    ("Sign-ins", ("AccessAttempt",)),
)
"""Headings with the names of their rows; whatever else is registered comes last."""


class NetdashAdminSite(AdminSite):
    """The one admin of netdash."""

    site_header = "netdash"
    site_title = "netdash admin"
    index_title = "Engines, clean-up and users"
    site_url = None  # the way back to the topology stands beside it

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Give the lists by heading; the page of one app stays as Django has it."""
        found: list[dict[str, Any]] = super().get_app_list(request, app_label)
        return found if app_label else sort_lists(found)


def sort_lists(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the lists of all apps under the headings."""
    rows_by_name = {row["object_name"]: (row, app) for app in apps for row in app["models"]}
    sections = []
    for title, names in SECTIONS:
        rows = [rows_by_name.pop(name) for name in names if name in rows_by_name]
        if rows:
            app = rows[0][1]
            sections.append({**app, "name": title, "models": [row for row, _app in rows]})
    rest = [row for row, _app in rows_by_name.values()]
    return [*sections, {**apps[-1], "name": "More", "models": rest}] if rest else sections
