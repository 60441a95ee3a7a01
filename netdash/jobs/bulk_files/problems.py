"""What a file gives: rows, what was left out, and what is wrong with it at which line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from netdash.topology.rows import Row

Asked = ParamSpec("Asked")
Read = TypeVar("Read")

MOST_BYTES = 1_048_576
"""A thousand networks of a thousand bytes."""
MOST_PROBLEMS = 20


class UnreadableFile(ValueError):  # noqa: N818 - reads as a sentence where it is raised
    """A file, or a line of it, that cannot be read; the words say why."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(f"Line {line:,}: {sentence}" if line else sentence)
        self.line = line


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows of a file in its order; with problems there are none."""

    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences about what was left out on purpose."""
    problems: tuple[str, ...] = ()
    """Sentences, most with their line; at most twenty."""
    halves: tuple[Row, ...] = ()
    """With problems: the rows as far as they could be read, to be judged, never to be made."""


@dataclass
class Attempts:
    """Reads one value of a row after the other, and keeps what is wrong with each."""

    problems: list[str] = field(default_factory=list)

    def read(
        self,
        otherwise: Read,
        reader: Callable[Asked, Read],
        /,
        *args: Asked.args,
        **options: Asked.kwargs,
    ) -> Read:
        """Read a value; one that cannot be read is noted, and stands as something else."""
        try:
            return reader(*args, **options)
        except UnreadableFile as error:
            self.problems.append(str(error))
            return otherwise

    def note(self, sentence: str, line: int) -> None:
        """Note what is wrong with the row."""
        self.problems.append(str(UnreadableFile(sentence, line)))


def build_reading(rows: list[Row], problems: list[str]) -> Reading:
    """Build what a file gives: its rows, or what is wrong with them."""
    if problems:
        return Reading(problems=tuple(problems[:MOST_PROBLEMS]), halves=tuple(rows))
    return Reading(tuple(rows))
