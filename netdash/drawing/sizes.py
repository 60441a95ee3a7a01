"""How large everything is, per density, in pixels at zoom 1."""

from __future__ import annotations

from dataclasses import dataclass

from netdash.drawing.shapes import Density


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """One density's measures."""

    card_width: float
    card_height: float
    gap_x: float
    gap_y: float
    label_column: float
    tint_x: float
    """Where the tint of a lane begins, from the panel's left edge."""
    title_height: float
    bus_drop: float
    """From the top of a lane to its bus."""
    card_drop: float
    """From the bus to the first row of cards."""
    lane_foot: float
    """Below the last row of a lane."""
    lane_gap: float
    min_lane: float
    thin_lane: float
    thin_drop: float
    """From the top of a thin lane to its bus: the pill of a lane below it keeps a gap."""
    pad_right: float
    pad_bottom: float
    frame: float
    """Between the cards of a block and their dashed frame."""
    clearance: float
    """Kept free on either side of a riser."""
    tab_height: float
    panel_gap: float
    min_panel_gap: float
    """What is left between panels when one has grown."""
    margin: float
    gutter: float
    line: float
    """Between neighbouring trunks in a gutter."""
    trunk_line: float
    """Between neighbouring trunks along the top, where they are labelled."""
    fold_from: int
    """Replicas from this number on are folded into one card; 0 is never."""
    name_px: float
    sub_px: float
    lane_px: float
    title_px: float
    name_inset: float
    """From a card's left edge to its name."""


SIZES: dict[Density, Sizes] = {
    "cards": Sizes(
        card_width=156, card_height=38, gap_x=12, gap_y=8, label_column=150, tint_x=6,
        title_height=42, bus_drop=7, card_drop=12, lane_foot=8, lane_gap=8, min_lane=46,
        thin_lane=20, thin_drop=8, pad_right=16, pad_bottom=10, frame=6, clearance=9, tab_height=16,
        panel_gap=20, min_panel_gap=12, margin=16, gutter=26, line=9, trunk_line=18, fold_from=4,
        name_px=12.5, sub_px=10, lane_px=12.5, title_px=15, name_inset=26,
    ),
    "chips": Sizes(
        card_width=116, card_height=22, gap_x=8, gap_y=5, label_column=106, tint_x=4,
        title_height=30, bus_drop=5, card_drop=8, lane_foot=6, lane_gap=4, min_lane=28,
        thin_lane=17, thin_drop=6.5, pad_right=12, pad_bottom=8, frame=4, clearance=7,
        tab_height=13, panel_gap=16, min_panel_gap=9, margin=14, gutter=20, line=7,
        trunk_line=15, fold_from=3,
        name_px=11, sub_px=9, lane_px=10.5, title_px=12.5, name_inset=19,
    ),
    "dots": Sizes(
        card_width=10, card_height=10, gap_x=3, gap_y=3, label_column=62, tint_x=2,
        title_height=17, bus_drop=3, card_drop=4, lane_foot=3, lane_gap=2, min_lane=14,
        thin_lane=12, thin_drop=4, pad_right=8, pad_bottom=5, frame=2.5, clearance=4, tab_height=5,
        panel_gap=12, min_panel_gap=6, margin=10, gutter=10, line=4, trunk_line=12, fold_from=0,
        name_px=9, sub_px=8, lane_px=8, title_px=10, name_inset=0,
    ),
}  # fmt: skip

CARDS_UP_TO = 120
CHIPS_UP_TO = 600
MAX_LANES = 12
MAX_ITEMS = 200


def choose_density(count: int, before: Density | None = None) -> Density:
    """Choose by the number of containers; one in use stays until it is a tenth off."""
    ease = 1.1 if before == "cards" else 1.0
    if count <= CARDS_UP_TO * ease and not (before == "chips" and count > CARDS_UP_TO * 0.9):
        return "cards"
    ease = 1.1 if before == "chips" else 1.0
    if count <= CHIPS_UP_TO * ease and not (before == "dots" and count > CHIPS_UP_TO * 0.9):
        return "chips"
    return "dots"
