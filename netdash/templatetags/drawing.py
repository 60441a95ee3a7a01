"""What the templates of a drawing need beside Django's own: short numbers."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.filter(is_safe=True)
def n(number: float) -> SafeString:
    """Write a length with at most one decimal and no needless zeros: nothing to escape."""
    return SafeString(f"{round(number, 1):g}" if abs(number) < 100_000 else f"{number:.0f}")
