"""What the templates of a drawing need beside Django's own: short numbers."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter(is_safe=True)
def n(number: float) -> str:
    """Write a length with at most one decimal and no needless zeros."""
    return f"{round(number, 1):g}" if abs(number) < 100_000 else f"{number:.0f}"
