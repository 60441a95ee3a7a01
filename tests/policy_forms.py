"""The pages of a policy in the admin: their addresses, and input that is right."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from netdash.forms.policies import CleanupPolicyForm
from netdash.models import CleanupPolicy, Engine

ADD, LIST = "admin:netdash_cleanuppolicy_add", "admin:netdash_cleanuppolicy_changelist"


def fill(engine: Engine, **values: object) -> dict[str, Any]:
    """Fill in the page of a policy."""
    filled: dict[str, Any] = {
        "name": "nightly",
        "engines": [engine.pk],
        "name_pattern": "ci-*",
        "is_enabled": "on",
        "every": 1,
        "period": "days",
        "is_dry_run": "on",
        "limit": 20,
        **values,
    }
    return {name: value for name, value in filled.items() if value is not None}


def find_error(engine: Engine, field: str, /, **values: object) -> str:
    """Give what the page says beside a field."""
    form = CleanupPolicyForm(fill(engine, **values))
    return str(form.errors.get(field, ""))


def open_page(client: Client, page: str, policy: CleanupPolicy) -> str:
    return client.get(reverse(f"admin:netdash_cleanuppolicy_{page}", args=[policy.pk])).text
