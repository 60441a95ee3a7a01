"""Rows of lists as markup: kept once written, because the next reading changes few of them."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

KEPT_ROWS = 2000


@lru_cache(maxsize=KEPT_ROWS)
def write_row(template: str, row: Hashable, slug: str, can_change: bool = False) -> SafeString:
    """Write one row by a template that knows nothing but the row, the engine and the right."""
    context = {"row": row, "slug": slug, "can_change": can_change}
    # Written by a template that escapes, and kept as text.
    return mark_safe(get_template(template).render(context))  # noqa: S308
