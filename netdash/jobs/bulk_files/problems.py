"""What a file gives: rows, what was left out, and what is wrong with it at which line."""

from __future__ import annotations

from dataclasses import dataclass

from netdash.topology.rows import Row

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
