"""A drawing as one file: an SVG with its own styles, in the colours of one theme."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from .boards import Drawn

Theme = Literal["light", "dark"]
TOKEN = re.compile(r"--([\w-]+):\s*(?:light-dark\(\s*(#\w+)\s*,\s*(#\w+)\s*\)|(#\w+))\s*;")
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
USE = re.compile(r"var\(--([\w-]+)\)")
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 allows in no way, escaped or not (section 2.2)."""


@cache
def read_colours(theme: Theme) -> dict[str, str]:
    """Read the colours of a theme from the style sheets of the page."""
    text = "".join(
        (settings.BASE_DIR / "static" / "css" / name).read_text()
        for name in ("tokens.css", "board.css")
    )
    return {
        name: plain or (light if theme == "light" else dark)
        for name, light, dark, plain in TOKEN.findall(text)
    }


@cache
def read_styles(theme: Theme) -> str:
    """Read the styles of the shapes with each colour written out."""
    text = (settings.BASE_DIR / "static" / "css" / "shapes.css").read_text()
    text = COMMENT.sub("", text)
    colours = read_colours(theme)
    return USE.sub(lambda found: colours[found[1]], text)


def write_picture(drawn: Drawn, theme: Theme) -> str:
    """Write a drawing as a standalone SVG document."""
    context = {
        "drawn": drawn,
        "styles": mark_safe(read_styles(theme)),  # noqa: S308
        "page": read_colours(theme)["page"],
        "panels": [
            (panel, mark_safe(open_nested(text)))  # noqa: S308
            for panel, text in zip(drawn.board.panels, drawn.sections, strict=True)
        ],
    }
    return ILLEGAL.sub("", get_template("topology/picture.svg").render(context))


def open_nested(section: str) -> str:
    """Take the drawing out of a panel's section, less what only a browser needs."""
    start, end = section.index("<svg "), section.rindex("</svg>")
    inner = section[section.index(">", start) + 1 : end]
    return re.sub(r' (?:href|data-\w+|aria-label)="[^"]*"', "", inner)
