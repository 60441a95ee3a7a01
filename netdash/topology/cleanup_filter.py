"""Which unused networks a clean-up is to take, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from netdash.topology.cleanup_words import (
    say_age_unknown,
    say_exists_shorter,
    say_not_chosen,
    say_other_driver,
    say_other_name,
    say_too_young,
    say_unwatched,
    say_used_lately,
    say_with_label,
    say_without_label,
)
from netdash.topology.snapshot import Network, Pairs

FORMAT = 1


class UnreadableFilterError(ValueError):
    """The dict is no filter that this version can read."""


@dataclass(frozen=True, slots=True)
class CleanupFilter:
    """Wishes, joined by *and*; an empty one takes every network that nobody names.

    ``labels`` and ``not_labels`` hold ``key`` or ``key=value``: a network has all of the one
    and none of the other. ``name_pattern`` is a glob of the whole name (``*``, ``?``,
    ``[abc]``; upper and lower case differ). Spans are in seconds, 0 for any. ``networks``
    holds ids. With ``ignores_stopped`` what only stopped containers name may go as well.
    """

    labels: tuple[str, ...] = ()
    not_labels: tuple[str, ...] = ()
    name_pattern: str = ""
    drivers: tuple[str, ...] = ()
    older_than_seconds: int = 0
    unused_since_seconds: int = 0
    """Not used, as far as netdash has watched, for at least so long."""
    ignores_stopped: bool = False
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What netdash remembers of the use of networks; times in seconds since 1970.

    It has watched without a gap since ``watched_since``, None when it has not watched at all.
    A network that is not in the mapping was not seen in use since then.
    """

    watched_since: float | None = None
    last_used_at_by_network_id: Mapping[str, float] = field(default_factory=dict)


NO_MEMORY = Memory()


def encode_filter(wanted: CleanupFilter) -> dict[str, Any]:
    """Write a filter as a JSON-ready dict; wishes that are not made are left out."""
    made: dict[str, Any] = {"format": FORMAT}
    for one in fields(wanted):
        value = getattr(wanted, one.name)
        if value != one.default:
            made[one.name] = list(value) if isinstance(value, tuple) else value
    return made


def decode_filter(found: Mapping[str, Any]) -> CleanupFilter:
    """Read what ``encode_filter`` wrote; raises UnreadableFilterError on anything else.

    A wish that this version does not know is refused too: leaving it out would take more.
    """
    if not isinstance(found, Mapping) or found.get("format") != FORMAT:
        raise UnreadableFilterError("not a filter of this version")
    types = {one.name: type(one.default) for one in fields(CleanupFilter)}
    values: dict[str, Any] = {}
    for name, value in found.items():
        if name == "format":
            continue
        if name not in types:
            raise UnreadableFilterError(f"{name!r} is no wish of a clean-up")
        values[name] = _decode(name, types[name], value)
    return CleanupFilter(**values)


def _decode(name: str, wanted: type, value: Any) -> Any:
    if wanted is tuple:
        if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
            return tuple(value)
    elif type(value) is wanted and (not isinstance(value, int) or value >= 0):
        return value
    raise UnreadableFilterError(f"{name} cannot be {value!r}")


def has_label(labels: Pairs, wanted: str) -> bool:
    """Tell whether a label is there: ``key`` for any value, or ``key=value``."""
    key, sign, value = wanted.partition("=")
    return any(found == key and (not sign or held == value) for found, held in labels)


def read_time(text: str) -> float | None:
    """Read an engine's RFC 3339 as seconds since 1970; its zero and nonsense are None."""
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.timestamp() if found.year > 1 else None
    except (ValueError, OverflowError):
        return None


def find_mismatch(
    network: Network, wanted: CleanupFilter, now: float, memory: Memory = NO_MEMORY
) -> str:
    """Say why the filter does not take a network; empty when it does."""
    return next(_list_mismatches(network, wanted, now, memory), "")


def _list_mismatches(
    network: Network, wanted: CleanupFilter, now: float, memory: Memory
) -> Iterator[str]:
    if wanted.networks and network.id not in wanted.networks:
        yield say_not_chosen()
    if wanted.name_pattern and not fnmatchcase(network.name, wanted.name_pattern):
        yield say_other_name(wanted.name_pattern)
    if wanted.drivers and network.driver not in wanted.drivers:
        yield say_other_driver(network.driver)
    yield from (say_without_label(o) for o in wanted.labels if not has_label(network.labels, o))
    yield from (say_with_label(o) for o in wanted.not_labels if has_label(network.labels, o))
    if wanted.older_than_seconds:
        yield from _check_age(network, wanted.older_than_seconds, now)
    if wanted.unused_since_seconds:
        yield from _check_use(network, wanted.unused_since_seconds, now, memory)


def _check_age(network: Network, span: int, now: float) -> Iterator[str]:
    created_at = read_time(network.created_at)
    if created_at is None:
        yield say_age_unknown()
    elif created_at > now - span:
        yield say_too_young(now - created_at, span)


def _check_use(network: Network, span: int, now: float, memory: Memory) -> Iterator[str]:
    used_at = memory.last_used_at_by_network_id.get(network.id)
    created_at = read_time(network.created_at)
    if used_at is not None and used_at > now - span:
        yield say_used_lately(now - used_at, span)
    elif created_at is not None and created_at > now - span:
        yield say_exists_shorter(now - created_at, span)
    elif memory.watched_since is None or memory.watched_since > now - span:
        watched = now - memory.watched_since if memory.watched_since is not None else 0
        yield say_unwatched(watched, span)
