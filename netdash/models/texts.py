"""Text as every database can store it."""

from __future__ import annotations

from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def without_nul(value: Any) -> Any:
    """Replace NUL in a text, or anywhere in a JSON-ready value: PostgreSQL stores none.

    Docker takes it in labels and options.
    """
    if isinstance(value, str):
        return value.replace("\0", REPLACEMENT)
    if isinstance(value, dict):
        return {without_nul(key): without_nul(found) for key, found in value.items()}
    if isinstance(value, list | tuple):
        return [without_nul(found) for found in value]
    return value
