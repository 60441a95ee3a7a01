"""The forms of users: a name, a password, a role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import User

from netdash.roles import ROLES, VIEWER, find_role

WORDS = {
    "viewer": "viewer: sees everything",
    "operator": "operator: also changes networks and connections",
    "administrator": "administrator: also manages engines and users",
}
CHOICES = [(role, WORDS[role]) for role in ROLES]


class UserMakeForm(UserCreationForm):  # type: ignore[type-arg]
    """A new user, a viewer unless told otherwise."""

    role = forms.ChoiceField(choices=CHOICES, initial=VIEWER, widget=forms.RadioSelect)

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username",)


class UserEditForm(UserChangeForm):  # type: ignore[type-arg]
    """A user that exists."""

    role = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["role"] = find_role(self.instance)
