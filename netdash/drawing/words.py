"""Words cut to fit: measured with the real advance widths of Inter."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

REGULAR = 400
BOLD = 600

# Advance widths of U+0020 to U+007E in thousandths of an em: Inter 4, Regular and SemiBold.
# fmt: off
ADVANCES = {
    REGULAR: (
        281, 278, 403, 631, 638, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 625, 464,
        605, 636, 642, 608, 624, 571, 616, 624, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727,
        719, 598, 587, 743, 740, 264, 543, 652, 562, 889, 753, 761, 635, 761, 639, 638, 642, 741,
        676, 949, 642, 665, 625, 362, 357, 362, 469, 452, 497, 564, 621, 558, 621, 582, 361, 609,
        591, 237, 237, 544, 237, 869, 585, 597, 609, 609, 372, 523, 364, 581, 557, 812, 540, 557,
        541, 362, 327, 362, 659,
    ),
    BOLD: (
        248, 309, 396, 643, 649, 844, 663, 213, 393, 393, 543, 673, 295, 466, 290, 379, 667, 481,
        621, 652, 666, 632, 648, 587, 646, 648, 290, 295, 673, 673, 673, 544, 999, 724, 657, 744,
        724, 608, 586, 755, 744, 275, 561, 677, 566, 906, 741, 775, 643, 776, 651, 649, 660, 734,
        724, 1007, 690, 705, 653, 393, 379, 393, 481, 468, 497, 575, 630, 577, 630, 593, 377, 625,
        613, 261, 261, 569, 261, 898, 610, 608, 625, 625, 397, 549, 380, 608, 576, 837, 562, 576,
        562, 393, 358, 393, 673,
    ),
}
# fmt: on
ELLIPSIS = "…"
KEPT_AT_END = 5
LONGEST = 400
"""Longer texts are cut before they are measured: nothing that wide is ever drawn."""


@lru_cache(maxsize=4096)
def measure_character(character: str, weight: int) -> int:
    """Measure one character in thousandths of an em; guess those outside ASCII generously."""
    code = ord(character)
    if 32 <= code < 127:
        return ADVANCES[weight][code - 32]
    if character == ELLIPSIS:
        return 860
    if unicodedata.combining(character):
        return 0
    return 1050 if unicodedata.east_asian_width(character) in "WF" else 720


@lru_cache(maxsize=32768)
def measure(text: str, px: float, weight: int = REGULAR) -> float:
    """Measure a text in pixels."""
    advances = ADVANCES[weight]
    total = 0
    for character in text:
        code = ord(character)
        if 32 <= code < 127:
            total += advances[code - 32]
        else:
            total += measure_character(character, weight)
    return total * px / 1000


@lru_cache(maxsize=32768)
def shorten(text: str, width: float, px: float, weight: int = REGULAR) -> str:
    """Cut the middle out of a text that is too wide, keeping its last five characters.

    Control and formatting characters are left out: they have no place in a drawing.
    """
    text = clean(text[:LONGEST])
    if measure(text, px, weight) <= width:
        return text
    tail = text[-KEPT_AT_END:]
    room = width - measure(ELLIPSIS + tail, px, weight)
    head = text[:-KEPT_AT_END]
    while head and measure(head, px, weight) > room:
        head = head[:-1]
    if head:
        return f"{head.rstrip()}{ELLIPSIS}{tail}"
    return cut(text, width, px, weight)


def cut(text: str, width: float, px: float, weight: int = REGULAR) -> str:
    """Cut the end off a text that is too wide."""
    text = clean(text[:LONGEST])
    if measure(text, px, weight) <= width:
        return text
    room = width - measure(ELLIPSIS, px, weight)
    while text and measure(text, px, weight) > room:
        text = text[:-1]
    return f"{text.rstrip()}{ELLIPSIS}"


def clean(text: str) -> str:
    """Drop control, formatting and surrogate characters (Unicode category C)."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if unicodedata.category(c)[0] != "C")


def count_words(count: int, noun: str) -> str:
    """Write a number with its noun: ``1 container``, ``2 containers``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
