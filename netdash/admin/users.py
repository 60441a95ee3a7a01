"""Users, each with one role."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

from netdash.forms.users import UserEditForm, UserMakeForm
from netdash.roles import find_role, give_role

admin.site.unregister(User)


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
