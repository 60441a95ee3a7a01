"""Cards written as markup.

A page has thousands: the template engine takes six times as long. Whatever somebody typed goes
through ``escape``; all else is numbers and words of our own.
"""

from __future__ import annotations

from functools import cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from netdash.drawing.shapes import Card, Density, Tab

from .glyphs import GLYPHS, draw_glyph
from .marks import Names, cut, short, shorten_id, shorten_ids


def write_card(card: Card, density: Density, names: Names) -> SafeString:
    """Write a card, and the tabs of the containers in its network stack after it."""
    networks = escape(shorten_ids(card.network_ids))
    inside = write_dot(card) if density == "dots" else write_inside(card, density)
    is_fold = len(card.container_ids) > 1 and density != "dots"
    opens = f' data-open="{escape(card.key)}"' if is_fold else ""
    head = write_head(card, networks, names)
    tabs = "".join([write_tab(tab, networks, density, names) for tab in card.tabs])
    return mark_safe(f"<a {head}{opens}>{inside}</a>{tabs}")  # noqa: S308


def write_head(card: Card, networks: str, names: Names) -> str:
    """Write the attributes of a card's link."""
    address = names.containers_address + escape(shorten_id(card.container_ids[0]))
    place = f"{short(card.x)} {short(card.y)}"
    return (
        f'class="{classify_card(card)}" data-n="{networks}" href="{address}"'
        f' transform="translate({place})" aria-label="{escape(speak_card(card, names))}"'
    )


def write_dot(card: Card) -> str:
    """Write the smallest of cards: a square, with a sign unless it runs."""
    square = f"<rect {write_size(card.width, card.height)}/>"
    if card.glyph == "running":
        return square
    return f'{square}<path class="gl" d="{GLYPHS["dots", card.glyph]}"/>'


def write_inside(card: Card, density: Density) -> str:
    """Write a card's outline, state and words; a fold has a second outline behind."""
    size, count = write_size(card.width, card.height), len(card.container_ids)
    behind = f'<rect class="be" x="4" y="3" {size}/>' if count > 1 else ""
    outline = f'{behind}<rect {size}/><path class="gl" d="{GLYPHS[density, card.glyph]}"/>'
    end = short(card.width - 8)
    if density == "chips":
        more = f'<text class="x e" x="{end}" y="15">×{count}</text>' if count > 1 else ""
        return f'{outline}<text x="19" y="15">{escape(card.label)}</text>{more}'
    words = (
        f'<text x="26" y="17">{escape(card.label)}</text>'
        f'<text class="s" x="26" y="30">{escape(card.sublabel)}</text>'
    )
    if count > 1:
        words += f'<text class="x e" x="{end}" y="17">×{count}</text>{write_pips(card)}'
    elif card.port:
        words += f'<text class="s e" x="{end}" y="30">{escape(card.port)}</text>'
    if card.is_cut_point:
        words += f'<path class="cp" d="M{card.width - 16:g} 6v7m9-7v7m-9-3.5h9"/>'
    return outline + words


@cache
def write_size(width: float, height: float) -> str:
    """Write the size of a card: there are few."""
    return f'width="{short(width)}" height="{short(height)}"'


def write_pips(card: Card) -> str:
    """Write a fold's states in a row that ends at the card's right edge."""
    start = card.width - 6 - 7 * len(card.pips)
    return "".join(
        [
            f'<path class="gl {glyph}" d="{draw_glyph(glyph, start + 7 * place, 28.5, 2.2)}"/>'
            for place, glyph in enumerate(card.pips)
        ]
    )


def classify_card(card: Card) -> str:
    """Name the classes of a card: its state, its colours, whether it bridges."""
    top, bottom = card.roles
    colours = f"g-{top}-{bottom} b" if card.is_bridging else f"r-{top}"
    return f"c {card.glyph} {colours}"


def speak_card(card: Card, names: Names) -> str:
    """Say what a card shows: name, state, networks."""
    known = names.networks_by_id
    networks = ", ".join([cut(known.get(id_, id_[:12])) for id_ in card.network_ids[:6]])
    count = f"{len(card.container_ids)} replicas, " if len(card.container_ids) > 1 else ""
    more = f" and {len(card.network_ids) - 6} more" if len(card.network_ids) > 6 else ""
    where = f", on {networks}{more}" if networks else ", on no network"
    only = ", the only way between its networks" if card.is_cut_point else ""
    return f"{cut(card.name)}, {count}{card.glyph}{where}{only}"


def write_tab(tab: Tab, networks: str, density: Density, names: Names) -> str:
    """Write a container in another's network stack."""
    address = names.containers_address + escape(shorten_id(tab.container_id))
    words = escape(f"{cut(tab.name)}, {tab.glyph}, shares this network stack")
    place = f"{short(tab.x)} {short(tab.y)}"
    inside = f"<rect {write_size(tab.width, tab.height)}/>"
    if density != "dots":
        middle = tab.height / 2
        inside += (
            f'<path class="gl" d="{draw_glyph(tab.glyph, 8, middle, 3)}"/>'
            f'<text x="16" y="{short(middle + 3.5)}">{escape(tab.label)}</text>'
        )
    return (
        f'<a class="c tab {tab.glyph}" href="{address}" data-n="{networks}"'
        f' transform="translate({place})" aria-label="{words}">{inside}</a>'
    )
