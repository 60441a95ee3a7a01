"""The order of a panel's lanes: by tier, then so that risers skip few buses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, permutations

SKIPPED = 2.0
SKIPPED_FROM_ABOVE = 0.7
"""A riser from a shared network on top skips what is between in every order."""
SPAN = 0.2
INVERSION = 0.6
ALL_ORDERS_UP_TO = 5
FARTHEST = 3
PASSES = 4

Risers = tuple[tuple[int, ...], ...]


@lru_cache(maxsize=8192)
def order_lanes(scores: tuple[float, ...], risers: Risers, fixed: int = 0) -> tuple[int, ...]:
    """Order lanes, given by their scores in tier order, so that the drawing costs least.

    ``risers`` holds the lanes each block joins, as indices into ``scores``; the first
    ``fixed`` lanes keep their places. All orders are tried up to five free lanes, beyond that
    single lanes move up to three places while it helps. The first of equals wins.
    """
    start = tuple(range(len(scores)))
    if len(start) - fixed < 2 or not risers or is_best(start, risers, scores):
        return start
    head, free = start[:fixed], start[fixed:]
    if len(free) <= ALL_ORDERS_UP_TO:
        return min(
            ((*head, *order) for order in permutations(free)),
            key=lambda order: measure_cost(order, risers, scores, fixed),
        )
    return climb(start, fixed, risers, scores)


def climb(
    order: tuple[int, ...], fixed: int, risers: Risers, scores: Sequence[float]
) -> tuple[int, ...]:
    """Move single lanes while the cost falls."""
    best, cost = order, measure_cost(order, risers, scores, fixed)
    for _ in range(PASSES):
        before = cost
        for place in range(fixed, len(order)):
            for target in range(
                max(fixed, place - FARTHEST), min(len(order), place + FARTHEST + 1)
            ):
                moved = list(best)
                moved.insert(target, moved.pop(place))
                price = measure_cost(moved, risers, scores, fixed)
                if price < cost - 1e-9:
                    best, cost = tuple(moved), price
        if cost == before:
            break
    return best


def is_best(order: Sequence[int], risers: Risers, scores: Sequence[float]) -> bool:
    """Tell whether nothing is skipped and nothing inverted, so that no order can cost less."""
    return all(max(found) - min(found) == len(found) - 1 for found in risers)


def measure_cost(
    order: Sequence[int], risers: Risers, scores: Sequence[float], fixed: int
) -> float:
    """Add up skipped buses, spans and tiers out of order."""
    places = [0] * len(order)
    for place, lane in enumerate(order):
        places[lane] = place
    cost = 0.0
    for found in risers:
        spots = [places[lane] for lane in found]
        span = max(spots) - min(spots)
        weight = SKIPPED if min(found) >= fixed else SKIPPED_FROM_ABOVE
        cost += weight * (span + 1 - len(spots)) + SPAN * span
    for upper, lower in combinations(order, 2):
        if scores[upper] > scores[lower]:
            cost += INVERSION
    return cost
