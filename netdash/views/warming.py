"""What a process does once, done before anybody waits for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import NoReverseMatch, get_resolver, reverse

from netdash.drawing.board import Options, draw_board
from netdash.drawing.shapes import Density
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot

from .boards import Drawn
from .panels import write_panel

MOST_YOUNG = 20_000
"""New objects between two rounds of the garbage collector; Python's own is 700."""
DENSITIES: tuple[Density, ...] = ("cards", "chips", "dots")


def warm() -> None:
    """Compile the templates and addresses, and draw a small board in every density.

    What a fresh process has not got costs its first page 20 ms and more: parsed templates,
    compiled patterns, modules that are imported late.
    """
    write_addresses()
    for name in list_templates():
        get_template(name)
    snapshot = build_sample()
    for density in DENSITIES:
        board, _ = draw_board(snapshot, Options(density))
        drawn = Drawn(0, "-", board, snapshot)
        for panel in board.panels:
            write_panel(panel, density, "-", drawn.names)
    settle()


def write_addresses() -> None:
    """Write every address once: each compiles its pattern at its first use."""
    patterns = get_resolver().reverse_dict
    for name in [key for key in patterns if isinstance(key, str)]:
        for found in patterns.getlist(name):
            for _, parameters in found[0]:
                with suppress(NoReverseMatch):
                    reverse(name, kwargs=dict.fromkeys(parameters, "1"))


def settle() -> None:
    """Take what is there by now for good out of the garbage collector's rounds, and make them rare.

    Walking it all again costs the first page of 2,000 containers 40 ms, and finds nothing; a
    board is tens of thousands of objects without a cycle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MOST_YOUNG)


def list_templates() -> Iterator[str]:
    """List the templates that are netdash's own."""
    folder = Path(settings.BASE_DIR, "templates")
    for path in sorted(folder.rglob("*.html")):
        yield path.relative_to(folder).as_posix()


def build_sample() -> Snapshot:
    """Build a web server, a service between two networks, and a database."""
    front, back = Network("front", "front"), Network("back", "back", is_internal=True)
    places = {"web": (front,), "api": (back, front), "db": (back,)}
    containers = tuple(
        Container(
            name,
            name,
            endpoints=tuple(Endpoint(n.id, n.name, ipv4="10.0.0.2") for n in networks),
        )
        for name, networks in places.items()
    )
    return Snapshot((back, front), tuple(sorted(containers, key=lambda found: found.name)))
