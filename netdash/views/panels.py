"""Panels as markup: shapes in, SVG out, each cached by what it shows."""

from __future__ import annotations

from hashlib import blake2b

from django.core.cache import cache
from django.template.loader import get_template
from django.urls import reverse

from netdash.drawing.shapes import Density, Panel
from netdash.drawing.sizes import SIZES

from .card_marks import write_card
from .line_marks import write_lane, write_riser
from .marks import MEASURES, Names

CACHE_SECONDS = 3600


def name_panel(key: str) -> str:
    """Name the element of a panel: keys hold what users typed, ids in a page hold no blanks."""
    return f"p{blake2b(key.encode(errors='replace'), digest_size=5).hexdigest()}"


def sign_panel(panel: Panel) -> str:
    """Shorten what tells a drawn panel from every other: its key and its signature."""
    text = f"{panel.key}\0{panel.signature}"
    return blake2b(text.encode(errors="replace"), digest_size=5).hexdigest()


def render_panel(panel: Panel, density: Density, slug: str, names: Names) -> str:
    """Write one panel as a section with its own SVG; the same panel is written once an hour."""
    key = f"panel:{slug}:{density}:{sign_panel(panel)}"
    written = cache.get(key)
    if written is None:
        written = write_panel(panel, density, slug, names)
        cache.set(key, written, CACHE_SECONDS)
    return str(written)


def shorten_warning(warning: str) -> str:
    """Count what is wrong where there is no room for words: ``2 unhealthy, 1 dead`` is 3."""
    counts = [int(part.split()[0]) for part in warning.split(", ") if part]
    return str(sum(counts)) if counts else ""


def write_panel(panel: Panel, density: Density, slug: str, names: Names) -> str:
    """Write one panel."""
    context = {
        "panel": panel,
        "id": name_panel(panel.key),
        "sign": sign_panel(panel),
        "density": density,
        "warning": shorten_warning(panel.warning) if density == "dots" else panel.warning,
        "sizes": MEASURES[density],
        "title_height": SIZES[density].title_height - 6,
        "address": reverse("project", args=[slug, panel.key]),
        "parts": [
            *(write_lane(lane, density, names) for lane in panel.lanes),
            *(write_riser(riser, density, names) for riser in panel.risers),
            *(write_card(card, density, names) for card in panel.cards),
        ],
    }
    return get_template("topology/_panel.html").render(context)
