"""How wrong the time left of a job was, by one rule for every bench."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

BAR_SHARE = 0.3
SHORTEST_SECONDS = 3.0
"""Below this the time is not judged: it is said in whole seconds."""
FIRST_PART = 0.25


def find_errors(looks: Iterable[tuple[float, float, float]]) -> tuple[float, ...]:
    """Give how far each look was off, as a share of what was left in truth.

    A look is the part that had ended (0 to 1), the seconds left as said, and those left in
    truth. The first quarter of a job is not judged.
    """
    return tuple(
        abs(said - true) / true
        for part, said, true in looks
        if part >= FIRST_PART and true > SHORTEST_SECONDS
    )


def tell_errors(looks: Iterable[tuple[float, float, float]]) -> None:
    """Print how many looks were within the bar, and the worst."""
    errors = find_errors(looks)
    if not errors:
        print("time left       never said: MISSED")
        return
    inside = sum(error <= BAR_SHARE for error in errors)
    print(
        f"time left       {inside} of {len(errors)} looks within {BAR_SHARE:.0%}, "
        f"median error {statistics.median(errors):.0%}, worst {max(errors):.0%}: "
        f"{'ok' if inside == len(errors) else 'MISSED'}"
    )
