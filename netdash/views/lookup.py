"""Find things by the ids that addresses hold: whole, or the first characters as Docker shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Found = TypeVar("Found")
SHORTEST = 12


def find_by_id(found_by_id: Mapping[str, Found], wanted: str) -> Found | None:
    """Find by a whole id, else by a prefix of at least 12 characters that only one has."""
    if wanted in found_by_id:
        return found_by_id[wanted]
    if len(wanted) < SHORTEST:
        return None
    matches = [id_ for id_ in found_by_id if id_.startswith(wanted)]
    return found_by_id[matches[0]] if len(matches) == 1 else None
