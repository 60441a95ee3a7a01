"""The one Django app of netdash, and Django's admin as it is used here."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class NetdashConfig(AppConfig):
    """Register the app under the label ``netdash``."""

    name = "netdash"
    label = "netdash"
    default = True
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the roles whenever the tables were made or changed."""
        from netdash.roles import make_roles

        post_migrate.connect(make_roles, sender=self, dispatch_uid="netdash.make_roles")


class NetdashAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with the lists in our order."""

    default = False
    default_site = "netdash.admin_site.NetdashAdminSite"
