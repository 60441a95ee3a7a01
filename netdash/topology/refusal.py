"""A refusal: why a change cannot be, in words, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netdash.topology.changes import Plan

LONGEST_NAME = 80
SHOWN_NAMES = 5


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a change cannot be, and what to do next.

    ``field`` is the form field it belongs to, in the words of the change (``name``,
    ``subnets.0.gateway``, ``options``, ``ipv4``); empty when it belongs to no single one.
    ``plan`` makes way where one can. ``engine_words`` is what the engine said, if it was asked.
    """

    kind: str
    sentence: str
    remedy: str = ""
    field: str = ""
    plan: Plan | None = None
    engine_words: str = ""


def quote(name: str) -> str:
    """Make a hostile name safe inside a sentence: short, on one line, its direction isolated."""
    flat = "".join(character if character.isprintable() else "�" for character in name)
    short = flat if len(flat) <= LONGEST_NAME else flat[: LONGEST_NAME - 1] + "…"
    return short if short.isascii() else f"\u2068{short}\u2069"


def list_words(names: Sequence[str], shown: int = SHOWN_NAMES) -> str:
    """List names in a sentence, the surplus counted: ``a, b and 3 more``."""
    quoted = [quote(name) for name in names[:shown]]
    if len(names) > shown:
        quoted.append(f"{len(names) - shown} more")
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def count(number: int, word: str, plural: str = "") -> str:
    """Count things: ``1 container``, ``2 containers``."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"
