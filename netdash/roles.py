"""The three roles, as Django groups: viewer, operator, administrator."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

VIEWER, OPERATOR, ADMINISTRATOR = "viewer", "operator", "administrator"
ROLES = (VIEWER, OPERATOR, ADMINISTRATOR)
VIEWER_MAY = ("view_engine", "view_journalentry")
OPERATOR_MAY = (*VIEWER_MAY, "change_networks")


def make_roles(sender: AppConfig, using: str = "default", **_: Any) -> None:
    """Make the groups and give them their permissions; run after each migration.

    Permissions exist only after `post_migrate` made them, so a migration cannot do this.
    """
    mine = Permission.objects.using(using).filter(content_type__app_label="netdash")
    grants = {
        VIEWER: mine.filter(codename__in=VIEWER_MAY),
        OPERATOR: mine.filter(codename__in=OPERATOR_MAY),
        ADMINISTRATOR: Permission.objects.using(using).all(),
    }
    for name, permissions in grants.items():
        group, _made = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(permissions)


def give_role(user: User, role: str) -> None:
    """Give the user exactly this role; an administrator may open the admin."""
    user.groups.set(Group.objects.filter(name=role))
    user.is_staff = role == ADMINISTRATOR
    user.is_superuser = user.is_superuser and user.is_staff
    user.save(update_fields=["is_staff", "is_superuser"])


def find_role(user: User) -> str:
    """Name the highest role of the user; empty for none."""
    names = set(user.groups.values_list("name", flat=True))
    if user.is_superuser:
        return ADMINISTRATOR
    return next((role for role in reversed(ROLES) if role in names), "")


def has_administrator() -> bool:
    """Tell whether somebody can manage engines and users."""
    may_manage = Q(is_superuser=True) | Q(groups__name=ADMINISTRATOR)
    return User.objects.filter(may_manage, is_active=True).exists()
