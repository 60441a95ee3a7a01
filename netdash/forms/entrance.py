"""The forms of the way in."""

from __future__ import annotations

from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User

from netdash.roles import ADMINISTRATOR, give_role


class AdministratorForm(UserCreationForm):  # type: ignore[type-arg]
    """The first user, who manages engines and users."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username",)

    def create(self) -> User:
        """Make the administrator."""
        user: User = self.save(commit=False)
        user.is_superuser = True
        user.save()
        give_role(user, ADMINISTRATOR)
        return user
