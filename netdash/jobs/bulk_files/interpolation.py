"""``${VARIABLE}`` in Compose files: nobody's environment is read, only defaults count."""

from __future__ import annotations

import re

from netdash.jobs.bulk_files.problems import UnreadableFile
from netdash.topology.refusal import quote

NAME = r"[A-Za-z_][A-Za-z0-9_]*"
FORMS = re.compile(
    rf"\$(?:(?P<dollar>\$)|(?P<bare>{NAME})|\{{(?P<name>{NAME})(?P<rest>[^${{}}]*)\}}|(?P<odd>))"
)


def fill_in(text: str, line: int) -> str:
    """Fill in defaults; raises UnreadableFile for a variable that has none.

    ``$$`` is a dollar, ``${A:-b}`` and ``${A-b}`` are b, ``${A:+b}`` and ``${A+b}`` are nothing.
    A default within a default is not read.
    """
    return FORMS.sub(lambda found: find_value(found, text, line), text) if "$" in text else text


def find_value(found: re.Match[str], text: str, line: int) -> str:
    """Find what one variable stands for."""
    if found["dollar"]:
        return "$"
    if found["odd"] is not None:
        raise UnreadableFile(f"{quote(text)} cannot be read here; write the value itself.", line)
    rest = found["rest"] or ""
    for mark in (":-", "-"):
        if rest.startswith(mark):
            return rest.removeprefix(mark)
    if rest.startswith((":+", "+")):
        return ""
    name = found["bare"] or found["name"]
    words = f"${{{name}}} has no value: netdash reads no environment and no .env."
    raise UnreadableFile(f"{words} Write the value, or a default: ${{{name}:-value}}.", line)
