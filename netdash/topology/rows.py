"""One network of many: what is asked for, where that stands, and what it was made from."""

from __future__ import annotations

from dataclasses import dataclass

from netdash.topology.changes import CreateNetwork
from netdash.topology.snapshot import Pairs

MOST_ROWS = 1_000
"""Networks that one plan makes at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """One network that a pattern or a file asks for."""

    creation: CreateNetwork
    place: str = ""
    """Where it is asked for: ``line 3``."""
    picks: Pairs = ()
    """The value of each axis, in the order of the axes; empty for a file."""
    reason: str = ""
    is_half: bool = False
    """Tells that some of it could not be read, or placed, and is left out."""
