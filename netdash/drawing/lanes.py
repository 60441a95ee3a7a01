"""The order of a panel's lanes: by tier, then so that few risers cross a bus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, permutations

from netdash.drawing.crossings import count_crossings
from netdash.drawing.scene import Scene

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


def order_networks(
    scene: Scene,
    trays: Mapping[str, Sequence[object]],
    crowds: Sequence[frozenset[str]],
    thin: frozenset[str],
    known: Sequence[str],
) -> list[str]:
    """Order a panel's networks: thin ones on top, then by tier and risers, silent ones last."""
    ranked = sorted([(scene.networks_by_id[key].name, key) for key in trays])
    last = [key for _, key in ranked if key in scene.silent_ids]
    tops = [key for _, _, key in sorted([(scene.uses[k], n, k) for n, k in ranked if k in thin])]
    free = trays.keys() - thin - scene.silent_ids
    locals_ = sorted([(find_score(scene, key), name, key) for name, key in ranked if key in free])
    start = [*tops, *[key for _, _, key in locals_]]
    places = {key: place for place, key in enumerate(start)}
    risers = [tuple(sorted([places[key] for key in crowd if key in places])) for crowd in crowds]
    scores = tuple([find_score(scene, key) for key in start])
    joined = tuple([found for found in sorted(risers) if len(found) > 1])
    best = [start[index] for index in order_lanes(scores, joined, len(tops))]
    return (keep_order(scene, best, known, thin) if known else best) + last


def find_score(scene: Scene, network_id: str) -> float:
    """Find how low a network is drawn; those that are gone go to the end."""
    tier = scene.tiers.get(network_id)
    return tier.score if tier else 99.0


def keep_order(
    scene: Scene, order: list[str], known: Sequence[str], thin: frozenset[str]
) -> list[str]:
    """Keep the remembered order; a new lane goes below the one that it should follow."""
    places = {key: place for place, key in enumerate(known)}
    ids = {scene.keys_by_network_id[network_id]: network_id for network_id in order}
    kept = sorted((key for key in ids if key in places), key=lambda key: places[key])
    if not kept:
        return order
    result = [ids[key] for key in kept]
    for place, network_id in enumerate(order):
        if scene.keys_by_network_id[network_id] not in places:
            above = order[place - 1] if place else None
            result.insert(result.index(above) + 1 if above else 0, network_id)
    return [key for key in result if key in thin] + [key for key in result if key not in thin]


@lru_cache(maxsize=2048)
def order_lanes(scores: tuple[float, ...], risers: Risers, fixed: int = 0) -> tuple[int, ...]:
    """Order lanes, given by their scores in tier order, so that few risers cross a bus.

    ``risers`` holds the lanes each block joins, as indices into ``scores``; the first ``fixed``
    lanes are thin ones and stay on top. Lanes leave the order of tiers only where that saves a
    crossing.
    """
    order = order_tops(tuple(range(len(scores))), risers, fixed)
    least = count_crossings(order, risers)
    if least and len(scores) - fixed > 1:
        cheapest = order_tops(find_cheapest(scores, risers, fixed), risers, fixed)
        crossings = count_crossings(cheapest, risers)
        if crossings < least:
            order, least = straighten(cheapest, crossings, scores, risers, fixed)
    return straighten_tops(order, least, scores, risers, fixed)


def find_cheapest(scores: tuple[float, ...], risers: Risers, fixed: int) -> tuple[int, ...]:
    """Find the order that costs least; the first of equals wins.

    All orders are tried up to five free lanes, beyond that single lanes move up to three places
    while it helps.
    """
    start = tuple(range(len(scores)))
    pull = sum_up(scores, risers, fixed)
    head, free = start[:fixed], start[fixed:]
    if len(free) > ALL_ORDERS_UP_TO:
        return climb(start, fixed, pull)
    best, cost = start, float("inf")
    for tail in permutations(free):
        order = (*head, *tail)
        price = measure_cost(order, pull, cost)
        if price < cost:
            best, cost = order, price
    return best


def straighten(
    order: tuple[int, ...], crossings: int, scores: Sequence[float], risers: Risers, fixed: int
) -> tuple[tuple[int, ...], int]:
    """Bring neighbours back into the order of tiers where no more risers cross a bus for it.

    ``crossings`` are those of ``order``; those of the new order come with it.
    """
    best, least = order, crossings
    for _ in order:
        before = best
        for place in range(fixed, len(best) - 1):
            upper, lower = best[place : place + 2]
            if scores[upper] <= scores[lower]:
                continue
            swapped = order_tops((*best[:place], lower, upper, *best[place + 2 :]), risers, fixed)
            crossings = count_crossings(swapped, risers, least)
            if crossings <= least:
                best, least = swapped, crossings
        if best == before:
            break
    return best, least


def order_tops(order: tuple[int, ...], risers: Risers, fixed: int) -> tuple[int, ...]:
    """Put those thin lanes on top whose risers reach deepest: they need not cross the others."""
    if fixed < 2:
        return order
    places = {lane: place for place, lane in enumerate(order[fixed:])}
    depths: dict[int, list[int]] = {lane: [] for lane in range(fixed)}
    for found in risers:
        deepest = max([places.get(lane, -1) for lane in found])
        for lane in found:
            if lane < fixed:
                depths[lane].append(deepest)
    tops = sorted(depths, key=lambda lane: (-max(depths[lane], default=-1), -sum(depths[lane])))
    return (*tops, *order[fixed:])


def straighten_tops(
    order: tuple[int, ...], least: int, scores: Sequence[float], risers: Risers, fixed: int
) -> tuple[int, ...]:
    """Put thin lanes in the order of tiers, unless more risers than ``least`` cross a bus then."""
    tops = sorted(order[:fixed], key=lambda lane: scores[lane])
    straight = (*tops, *order[fixed:])
    if straight == order or count_crossings(straight, risers, least) > least:
        return order
    return straight


def climb(order: tuple[int, ...], fixed: int, pull: Pull) -> tuple[int, ...]:
    """Move single lanes while the cost falls."""
    best, cost = order, measure_cost(order, pull)
    tried = {order}
    for _ in range(PASSES):
        before = cost
        for place in range(fixed, len(order)):
            for target in range(
                max(fixed, place - FARTHEST), min(len(order), place + FARTHEST + 1)
            ):
                lanes = list(best)
                lanes.insert(target, lanes.pop(place))
                moved = tuple(lanes)
                if moved not in tried:
                    tried.add(moved)
                    price = measure_cost(moved, pull, cost)
                    if price < cost - 1e-9:
                        best, cost = moved, price
        if cost == before:
            break
    return best


def sum_up(scores: Sequence[float], risers: Risers, fixed: int) -> Pull:
    """Sum up what the lanes' order costs, but for what every order costs."""
    pairs: dict[tuple[int, int], float] = {}
    crowds: dict[tuple[int, ...], float] = {}
    for found in risers:
        price = SPAN + (SKIPPED if found[0] >= fixed else SKIPPED_FROM_ABOVE)
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


def measure_cost(order: Sequence[int], pull: Pull, limit: float = float("inf")) -> float:
    """Add up spans, skipped buses and tiers out of order; stop where it is above the limit."""
    places = [0] * len(order)
    for place, lane in enumerate(order):
        places[lane] = place
    cost = 0.0
    for one, other, price in pull.pairs:
        cost += price * abs(places[one] - places[other])
    if cost >= limit:
        return cost
    for found, price in pull.crowds:
        spots = [places[lane] for lane in found]
        cost += price * (max(spots) - min(spots))
    for upper, lower in pull.ranked:
        if places[upper] > places[lower]:
            cost += INVERSION
    return cost
