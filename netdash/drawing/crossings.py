"""How many buses risers cross, known from the order of the lanes before anything is packed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf


def count_crossings(
    order: Sequence[int], risers: Sequence[tuple[int, ...]], most: float = inf
) -> int:
    """Count the buses that risers pass without a ring; ``risers`` hold the lanes each joins.

    Counting stops above ``most``.

    Blocks are packed as ``packing.order_blocks`` orders them: a riser stands to the right of
    the buses it skips, so that it crosses only those with a ring still to come.
    """
    waiting = sorted(find_long(order, risers))
    crossings = 0
    while len(waiting) > 1 and crossings <= most:
        joins = [joined for _, _, joined, _ in waiting]
        prices = [
            sum([(joined & skipped).bit_count() for joined in joins]) for *_, skipped in waiting
        ]
        *_, skipped = waiting.pop(prices.index(min(prices)))
        to_come = 0
        for _, _, joined, _ in waiting:
            to_come |= joined
        crossings += (to_come & skipped).bit_count()
    return crossings


def find_long(
    order: Sequence[int], risers: Sequence[tuple[int, ...]]
) -> Iterator[tuple[int, int, int, int]]:
    """List the risers that skip a bus: how many, and the places joined and skipped, a bit each.

    The second is how many buses a riser joins: of two that skip as many, the shorter comes first.
    """
    bits = [0] * len(order)
    for place, lane in enumerate(order):
        bits[lane] = 1 << place
    for found in risers:
        joined = sum([bits[lane] for lane in found])
        passed = (1 << joined.bit_length() - 1) - (joined & -joined)
        if skipped := passed & ~joined:
            yield skipped.bit_count(), len(found), joined, skipped
