"""Cards made ready to be written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from netdash.drawing.shapes import Card, Density, Glyph, Tab
from netdash.views.glyphs import GLYPHS, draw_glyph
from netdash.views.marks import Names, cut, short, shorten_id, shorten_ids


@dataclass(frozen=True, slots=True)
class CardMark:
    """One card, ready to be written."""

    card: Card
    head: SafeString
    """The attributes of its link, escaped."""
    size: SafeString
    dot: SafeString
    """All of it, where a plain square says it; else empty."""
    networks: str
    glyph: str
    """The path of its state's shape; empty where a plain dot says it."""
    end: float
    """Where words at the right edge end."""
    cut: str
    count: int
    pips: tuple[PipMark, ...]
    tabs: tuple[TabMark, ...]


@dataclass(frozen=True, slots=True)
class PipMark:
    """One of a fold's containers: its state's shape."""

    glyph: Glyph
    path: str


@dataclass(frozen=True, slots=True)
class TabMark:
    """A container in another's network stack, ready to be written."""

    tab: Tab
    address: str
    words: str
    glyph: str
    text_y: float


def mark_card(card: Card, density: Density, names: Names) -> CardMark:
    """Prepare a card."""
    count = len(card.container_ids)
    networks = shorten_ids(card.network_ids)
    is_plain = density == "dots" and card.glyph == "running"
    head, size = write_head(card, networks, names), write_size(card.width, card.height)
    return CardMark(
        card=card,
        head=head,
        size=size,
        dot=SafeString(f"<a {head}><rect {size}/></a>" if is_plain else ""),
        networks=networks,
        glyph="" if is_plain else GLYPHS[density, card.glyph],
        end=card.width - 8,
        cut=f"M{card.width - 16:g} 6v7m9-7v7m-9-3.5h9" if card.is_cut_point else "",
        count=count if count > 1 else 0,
        pips=mark_pips(card) if density == "cards" else (),
        tabs=tuple(mark_tab(tab, names) for tab in card.tabs),
    )


def write_head(card: Card, networks: str, names: Names) -> SafeString:
    """Write a card's attributes in one go: the template engine would take five times as long."""
    address = escape(names.containers_address + shorten_id(card.container_ids[0]))
    place = f"{short(card.x)} {short(card.y)}"
    return mark_safe(  # noqa: S308
        f'class="{classify_card(card)}" data-n="{escape(networks)}" href="{address}"'
        f' transform="translate({place})" aria-label="{escape(speak_card(card, names))}"'
    )


@cache
def write_size(width: float, height: float) -> SafeString:
    """Write the size of a card: there are few."""
    return format_html('width="{}" height="{}"', short(width), short(height))


def mark_pips(card: Card) -> tuple[PipMark, ...]:
    """Draw a fold's states in a row that ends at the card's right edge."""
    start = card.width - 6 - 7 * len(card.pips)
    return tuple(
        PipMark(glyph, draw_glyph(glyph, start + 7 * place, 28.5, 2.2))
        for place, glyph in enumerate(card.pips)
    )


def classify_card(card: Card) -> str:
    """Name the classes of a card: its state, its colours, whether it bridges."""
    classes = ["c", card.glyph]
    top, bottom = card.roles
    classes.append(f"g-{top}-{bottom}" if card.is_bridging else f"r-{top}")
    if card.is_bridging:
        classes.append("b")
    return " ".join(classes)


def speak_card(card: Card, names: Names) -> str:
    """Say what a card shows: name, state, networks."""
    networks = ", ".join(
        cut(names.networks_by_id.get(id_, shorten_id(id_))) for id_ in card.network_ids[:6]
    )
    count = f"{len(card.container_ids)} replicas, " if len(card.container_ids) > 1 else ""
    more = f" and {len(card.network_ids) - 6} more" if len(card.network_ids) > 6 else ""
    where = f", on {networks}{more}" if networks else ", on no network"
    only = ", the only way between its networks" if card.is_cut_point else ""
    return f"{cut(card.name)}, {count}{card.glyph}{where}{only}"


def mark_tab(tab: Tab, names: Names) -> TabMark:
    """Prepare a tab."""
    return TabMark(
        tab=tab,
        address=names.containers_address + shorten_id(tab.container_id),
        words=f"{cut(tab.name)}, {tab.glyph}, shares this network stack",
        glyph=draw_glyph(tab.glyph, 8, tab.height / 2, 3),
        text_y=tab.height / 2 + 3.5,
    )
