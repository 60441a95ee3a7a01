"""The link of the first start, which makes the administrator."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import models, transaction

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class SetupLink(models.Model):
    """The link of the first start that makes the administrator; only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"made {self.made_at:%Y-%m-%d %H:%M}"

    @classmethod
    def make(cls) -> str:
        """Make a new link, the only one that works from now on, and return its token."""
        token = secrets.token_urlsafe(24)
        with transaction.atomic():
            cls.objects.all().delete()
            cls.objects.create(token_hash=hash_token(token))
        return token

    @classmethod
    def is_valid(cls, token: str) -> bool:
        """Tell whether the link works."""
        return cls.objects.filter(token_hash=hash_token(token)).exists()

    @classmethod
    def use(cls, token: str, create: Callable[[], User]) -> User | None:
        """Use the link up and create its user; None when another request was first."""
        with transaction.atomic():
            if not cls.objects.filter(token_hash=hash_token(token)).delete()[0]:
                return None
            return create()


def hash_token(token: str) -> str:
    """Hash a token that is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
