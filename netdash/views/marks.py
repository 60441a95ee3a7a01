"""What all markup of a drawing shares: short ids, measures of words, lengths as text.

Ids stand in the markup as their first 12 characters, as Docker itself shortens them: the page of
2,000 containers is 70 KB lighter for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netdash.drawing.shapes import Density

SHORT = 12
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Measures:
    """Where the words of one density stand, in pixels at zoom 1."""

    title_x: float
    title_y: float
    label_x: float
    label_down: float
    """From the bus to a label's baseline."""
    sublabel_down: float
    """The same of the line below; 0 where there is none."""
    pill_height: float
    pill_px: float
    ring: float
    lock: float


MEASURES: Mapping[Density, Measures] = {
    "cards": Measures(15, 26, 15, 4.5, 19, 16, 11.5, 5, 1),
    "chips": Measures(12, 20, 10, 3.5, 0, 13, 10, 3.6, 0.8),
    "dots": Measures(6, 12, 5, 3, 0, 9.5, 8, 2.4, 0.55),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the words of a drawing need: names by id, and where the links lead."""

    networks_by_id: Mapping[str, str]
    containers_by_id: Mapping[str, str]
    containers_address: str
    networks_address: str
    disconnect_address: str


def shorten_id(id_: str) -> str:
    """Shorten an id as Docker does."""
    return id_[:SHORT]


def shorten_ids(ids: Iterable[str]) -> str:
    """Write short ids with a space between, each once."""
    return " ".join(dict.fromkeys(id_[:SHORT] for id_ in ids))


def cut(text: str) -> str:
    """Cut what would be read out for minutes."""
    return text if len(text) <= LONGEST_WORDS else f"{text[: LONGEST_WORDS - 1]}…"


def short(number: float) -> str:
    """Write a length with at most one decimal and no needless zeros."""
    return f"{round(number, 1):g}" if abs(number) < 100_000 else f"{number:.0f}"
