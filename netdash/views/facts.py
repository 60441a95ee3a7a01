"""What a page shows of one thing: named facts, ready to be written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from netdash.drawing.shapes import Glyph, Role
from netdash.topology.snapshot import Pairs

from .words import BEING_READ, parse_time, say_span


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is and what is so; ``note`` says more in small letters."""

    name: str
    text: str
    is_code: bool = False
    """An identifier or address: a fixed-width face and a copy button."""
    is_pending: bool = False
    """Not read yet."""
    at: datetime | None = None
    """The moment the words speak of."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A container named by another's page."""

    id: str
    name: str
    glyph: Glyph


@dataclass(frozen=True, slots=True)
class NetworkTag:
    """A network as a coloured name; one that is gone has no page of its own."""

    id: str
    name: str
    role: Role
    is_gone: bool = False


def code(name: str, text: str, note: str = "") -> tuple[Fact, ...]:
    """State an identifier or address, when there is one."""
    return (Fact(name, text, is_code=True, note=note),) if text else ()


def plain(name: str, text: str, note: str = "") -> tuple[Fact, ...]:
    """State something in words, when there is something."""
    return (Fact(name, text, note=note),) if text else ()


def moment(name: str, text: str | int | None, now: datetime) -> tuple[Fact, ...]:
    """State a time of an engine as so long ago, when there is one."""
    found = parse_time(text)
    if found is None:
        return ()
    return (Fact(name, f"{say_span(max(0, (now - found).total_seconds()))} ago", at=found),)


def pending(name: str) -> Fact:
    """State that the watcher has not read a detail yet."""
    return Fact(name, BEING_READ, is_pending=True)


def listed(name: str, values: Iterable[str] | None) -> tuple[Fact, ...]:
    """State several identifiers in one line; None is not read yet, nothing is left out."""
    if values is None:
        return (pending(name),)
    return code(name, ", ".join(values))


def state_pairs(pairs: Pairs, words: dict[str, str] | None = None) -> tuple[Fact, ...]:
    """State labels or options: the key as the name, what it means as the note."""
    known = words or {}
    return tuple(Fact(key, value, is_code=True, note=known.get(key, "")) for key, value in pairs)
