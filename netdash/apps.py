"""The one Django app of netdash."""

from __future__ import annotations

from django.apps import AppConfig


class NetdashConfig(AppConfig):
    """Register the app under the label ``netdash``."""

    name = "netdash"
    label = "netdash"
    default_auto_field = "django.db.models.BigAutoField"
