"""The one Django app of netdash."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NetdashConfig(AppConfig):
    """Register the app under the label ``netdash``."""

    name = "netdash"
    label = "netdash"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the roles whenever the tables were made or changed."""
        from netdash.roles import make_roles

        post_migrate.connect(make_roles, sender=self, dispatch_uid="netdash.make_roles")
