"""How fast the items of a job end, and how long the rest will take at that."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST = 3
"""Items that must have ended before their pace says anything."""
FEWEST_OF_HALF = 20
"""With fewer in each half of the time chance says more about its pace than the engine does."""
FURTHEST = 1.0
"""So far a change of pace goes on, as a share of the way it was seen on: many soon pass."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What ended since a job began, or last went on, in both halves of that time."""

    early: int
    late: int
    seconds: float
    """Since the first of these items began."""
    seconds_late: float

    @property
    def per_second(self) -> float:
        """Tell how many items end in a second now; 0 while unknown."""
        if self.early + self.late < FEWEST:
            return 0.0
        return 1 / self.of_now

    @property
    def has_halves(self) -> bool:
        """Tell whether each half has enough items to be compared with the other."""
        return min(self.early, self.late) >= FEWEST_OF_HALF

    @property
    def on_the_whole(self) -> float:
        """Give the seconds per item."""
        return self.seconds / (self.early + self.late)

    @property
    def of_late(self) -> float:
        """Give the seconds per item in the second half."""
        return self.seconds_late / self.late

    @property
    def of_now(self) -> float:
        """Give the seconds per item: on the whole, or of late where enough or too few ended."""
        if self.has_halves:
            return self.of_late
        if self.early < FEWEST_OF_HALF:
            return self.on_the_whole
        return max(self.on_the_whole, self.seconds_late / (self.late + 1))

    def foresee(self, left: float) -> float | None:
        """Tell how many seconds so many more items take; None while nobody can tell.

        Engines become slower with each network that they have, so a change of pace goes on:
        its middle lies half of the second half, and half of the rest, behind what was measured.
        """
        if self.early + self.late < FEWEST:
            return None
        if not self.has_halves:
            return left * self.of_now
        ahead = min((left + self.late) / self.early, FURTHEST)
        foreseen = self.of_late + (self.of_late - self.on_the_whole) * ahead
        return left * max(foreseen, self.of_late / 2)
