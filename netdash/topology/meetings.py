"""Sum up who meets whom in as few statements as are true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

MOST = 3
"""More statements than this are summed up in one that says what it leaves open."""

Ids = frozenset[str]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Each of ``who`` meets each of ``whom``; where ``is_partial``, some of them do not.

    Where ``who`` and ``whom`` are the same, they meet each other.
    """

    who: Ids
    whom: Ids
    is_partial: bool = False


def sum_up_meetings(met_by_group: Iterable[tuple[Ids, Ids]]) -> list[Meeting]:
    """Sum up groups and whom each of their members meets; meeting is mutual.

    A group's own members stand in what it meets when they meet each other.
    """
    groups = [(own, met) for own, met in met_by_group if met and len(own | met) > 1]
    everyone: Ids = frozenset().union(*(own for own, _ in groups))
    whom: Ids = frozenset().union(*(met for _, met in groups)) - everyone
    if all(everyone - met <= (own if len(own) == 1 else frozenset()) for own, met in groups):
        found = [Meeting(everyone, everyone)] if len(everyone) > 1 else []
        groups = [(own, met - everyone) for own, met in groups]
    else:
        found = [Meeting(own, own) for own, met in groups if len(own) > 1 and own <= met]
        groups = [(own, met - own) for own, met in groups]
    found += islice(_sum_up_strangers(groups), MOST + 1)
    if len(found) <= MOST:
        return found
    each_other = any(not everyone.isdisjoint(one.whom) for one in found)
    both = [Meeting(everyone, everyone, is_partial=True)] * each_other
    return both + [Meeting(everyone, whom, is_partial=True)] * bool(whom)


def _sum_up_strangers(groups: list[tuple[Ids, Ids]]) -> Iterator[Meeting]:
    """Tell of the groups that meet most first; what they meet need not be told of these again."""
    while groups := [(own, met) for own, met in groups if met]:
        _, most = max(groups, key=lambda group: len(group[1]))
        who: Ids = frozenset().union(*(own for own, met in groups if met == most))
        yield Meeting(who, most)
        groups = [(own, met - who if own & most else met) for own, met in groups if met != most]
