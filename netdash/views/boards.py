"""Boards drawn once per process, snapshot and view, on the plan that the store remembers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from netdash.drawing.board import Options, draw_board
from netdash.drawing.plan import decode_plan, encode_plan
from netdash.drawing.shapes import Board, Role
from netdash.live import store
from netdash.live.store import Stored
from netdash.topology.filters import narrow
from netdash.topology.snapshot import Snapshot

from .filters import ViewQuery, write_query
from .line_marks import write_streets
from .marks import Names, shorten_id
from .panels import name_panel, render_panel, sign_panel

KEPT_BOARDS = 24


@dataclass(frozen=True)
class Drawn:
    """A board with the reading it shows; its markup is written when first asked for."""

    version: int
    slug: str
    board: Board
    snapshot: Snapshot

    @cached_property
    def names(self) -> Names:
        """Give the words and links of the drawing what they need; what is gone keeps its name."""
        endpoints = (e for container in self.snapshot.containers for e in container.endpoints)
        gone = {e.network_id: e.network_name for e in endpoints if self.snapshot.is_dangling(e)}
        return Names(
            gone | {network.id: network.name for network in self.snapshot.networks},
            {container.id: container.name for container in self.snapshot.containers},
            reverse("containers", args=[self.slug]),
            reverse("networks", args=[self.slug]),
            reverse("disconnect", args=[self.slug]),
        )

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """List the signs of the panels, in their order."""
        return tuple(sign_panel(panel) for panel in self.board.panels)

    @cached_property
    def places(self) -> str:
        """Write where the panels stand: the one style element that moves them."""
        return "".join(
            f"#{name_panel(panel.key)}{{transform:translate({panel.x:g}px,{panel.y:g}px)}}"
            for panel in self.board.panels
        )

    @cached_property
    def gradients(self) -> tuple[tuple[Role, Role], ...]:
        """List the pairs of colours that bridging cards wear."""
        cards = (card for panel in self.board.panels for card in panel.cards)
        return tuple(sorted({card.roles for card in cards if card.is_bridging}))

    @cached_property
    def order(self) -> str:
        """Write the element ids of the panels."""
        return " ".join(name_panel(panel.key) for panel in self.board.panels)

    @cached_property
    def streets(self) -> SafeString:
        """Write the lines between the panels."""
        return write_streets(self.board, self.names)

    @cached_property
    def sections(self) -> tuple[SafeString, ...]:
        """Write every panel."""
        return tuple(self.write_sections(frozenset()))

    def write_sections(self, have: frozenset[str]) -> Iterator[SafeString]:
        """Write the panels whose signs are not in ``have``."""
        for panel, sign in zip(self.board.panels, self.signs, strict=True):
            if sign not in have:
                # Written by a template that escapes, and kept as text by the cache.
                text = render_panel(panel, self.board.density, self.slug, self.names)
                yield mark_safe(text)  # noqa: S308

    def find_hits(self, ids: frozenset[str]) -> tuple[str, ...]:
        """Find what stands for these ids on the board, in reading order, as short ids."""
        found: dict[str, None] = {}
        for panel in sorted(self.board.panels, key=lambda panel: (panel.y, panel.x)):
            for lane in panel.lanes:
                if lane.network_id in ids:
                    found[shorten_id(lane.network_id)] = None
            for card in panel.cards:
                if not ids.isdisjoint(card.container_ids):
                    found[shorten_id(card.container_ids[0])] = None
                for tab in card.tabs:
                    if tab.container_id in ids:
                        found[shorten_id(tab.container_id)] = None
        return tuple(found)


_drawn_by_view: OrderedDict[tuple[int, int, str], Drawn] = OrderedDict()
_lock = Lock()


def find_board(
    engine_id: int, slug: str, stored: Stored, query: ViewQuery, project: str | None = None
) -> Drawn:
    """Find the board of a view, drawn on its remembered plan; text only searches, never narrows."""
    query = replace(query, filter=replace(query.filter, text=""), notes=())
    view = name_view(query, project)
    key = (engine_id, stored.version, f"{slug} {view}")
    with _lock:
        if key in _drawn_by_view:
            _drawn_by_view.move_to_end(key)
            return _drawn_by_view[key]
    drawn = draw(engine_id, slug, stored, query, project)
    with _lock:
        _drawn_by_view[key] = drawn
        while len(_drawn_by_view) > KEPT_BOARDS:
            _drawn_by_view.popitem(last=False)
    return drawn


def draw(engine_id: int, slug: str, stored: Stored, query: ViewQuery, project: str | None) -> Drawn:
    """Draw a view afresh from the reading and remember its plan."""
    view = name_view(query, project)
    shown = narrow(stored.snapshot, query.filter)
    options = Options(
        density=query.density,
        grouping=query.grouping,
        open_keys=query.open_keys,
        only_project=project,
    )
    kept = store.load_plan(engine_id, view)
    board, plan = draw_board(shown, options, decode_plan(kept) if kept else None)
    encoded = encode_plan(plan)
    if encoded != kept:
        store.save_plan(engine_id, view, encoded)
    return Drawn(stored.version, slug, board, shown)


def forget_plan(engine_id: int, query: ViewQuery, project: str | None = None) -> None:
    """Drop the remembered plan of a view, so that it is drawn as compact as possible."""
    query = replace(query, filter=replace(query.filter, text=""))
    store.save_plan(engine_id, name_view(query, project), {})
    with _lock:
        for key in [key for key in _drawn_by_view if key[0] == engine_id]:
            del _drawn_by_view[key]


def name_view(query: ViewQuery, project: str | None) -> str:
    """Name a view: the same for everybody who looks at it."""
    return f"{project!r} {write_query(query)}" if project is not None else write_query(query)
