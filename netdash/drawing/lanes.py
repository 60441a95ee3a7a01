"""The order of a panel's lanes: by tier, then so that risers skip few buses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, permutations

SKIPPED = 4.0
SKIPPED_FROM_ABOVE = 0.7
"""A riser from a shared network on top skips what is between in every order."""
SPAN = 0.2
INVERSION = 0.6
ALL_ORDERS_UP_TO = 5
FARTHEST = 3
PASSES = 4

Risers = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Pull:
    """What draws lanes together, summed up once for all the orders that are tried."""

    pairs: tuple[tuple[int, int, float], ...]
    """Two lanes and the price of each step between them."""
    crowds: tuple[tuple[tuple[int, ...], float], ...]
    """Three lanes or more and the price of each bus skipped."""
    ranked: tuple[tuple[int, int], ...]
    """Two lanes of different tiers, the upper one first."""


@lru_cache(maxsize=8192)
def order_lanes(scores: tuple[float, ...], risers: Risers, fixed: int = 0) -> tuple[int, ...]:
    """Order lanes, given by their scores in tier order, so that the drawing costs least.

    ``risers`` holds the lanes each block joins, as indices into ``scores``; the first
    ``fixed`` lanes keep their places. All orders are tried up to five free lanes, beyond that
    single lanes move up to three places while it helps. The first of equals wins.
    """
    start = tuple(range(len(scores)))
    if len(start) - fixed < 2 or is_best(risers):
        return start
    pull = sum_up(scores, risers, fixed)
    head, free = start[:fixed], start[fixed:]
    if len(free) <= ALL_ORDERS_UP_TO:
        orders = ((*head, *order) for order in permutations(free))
        return min(orders, key=lambda order: measure_cost(order, pull))
    return climb(start, fixed, pull)


def climb(order: tuple[int, ...], fixed: int, pull: Pull) -> tuple[int, ...]:
    """Move single lanes while the cost falls."""
    best, cost = order, measure_cost(order, pull)
    for _ in range(PASSES):
        before = cost
        for place in range(fixed, len(order)):
            for target in range(
                max(fixed, place - FARTHEST), min(len(order), place + FARTHEST + 1)
            ):
                if target == place:
                    continue
                moved = list(best)
                moved.insert(target, moved.pop(place))
                price = measure_cost(moved, pull)
                if price < cost - 1e-9:
                    best, cost = tuple(moved), price
        if cost == before:
            break
    return best


def is_best(risers: Risers) -> bool:
    """Tell whether in tier order nothing is skipped, so that no order can cost less."""
    return all(max(found) - min(found) == len(found) - 1 for found in risers)


def sum_up(scores: Sequence[float], risers: Risers, fixed: int) -> Pull:
    """Sum up what the lanes' order costs, but for what every order costs."""
    pairs: dict[tuple[int, int], float] = {}
    crowds: dict[tuple[int, ...], float] = {}
    for found in risers:
        price = SPAN + (SKIPPED if min(found) >= fixed else SKIPPED_FROM_ABOVE)
        if len(found) == 2:
            pair = (found[0], found[1])
            pairs[pair] = pairs.get(pair, 0) + price
        else:
            crowds[found] = crowds.get(found, 0) + price
    free = range(fixed, len(scores))
    return Pull(
        tuple((one, other, price) for (one, other), price in pairs.items()),
        tuple(crowds.items()),
        tuple((a, b) for a, b in combinations(free, 2) if scores[a] < scores[b]),
    )


def measure_cost(order: Sequence[int], pull: Pull) -> float:
    """Add up spans, skipped buses and tiers out of order."""
    places = [0] * len(order)
    for place, lane in enumerate(order):
        places[lane] = place
    cost = 0.0
    for one, other, price in pull.pairs:
        cost += price * abs(places[one] - places[other])
    for found, price in pull.crowds:
        spots = [places[lane] for lane in found]
        cost += price * (max(spots) - min(spots))
    for upper, lower in pull.ranked:
        if places[upper] > places[lower]:
            cost += INVERSION
    return cost
