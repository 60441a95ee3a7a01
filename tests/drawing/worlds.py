"""Snapshots drawn by lot, and the laws that every board keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import strategies as st

from netdash.drawing.shapes import Board, Card, Lane, Panel
from netdash.drawing.words import BOLD, measure
from netdash.topology.snapshot import (
    COMPOSE_NUMBER,
    COMPOSE_PROJECT,
    COMPOSE_SERVICE,
    Container,
    Endpoint,
    Network,
    Pairs,
    PublishedPort,
    Snapshot,
    Subnet,
)
from netdash.views.marks import MEASURES, Measures

PROJECTS = ("", "shop", "blog", "infra")
NAMES = ("front", "back", "db", "queue", "x", "default", "mesh", "production-frontend-network")
STATES = ("running", "exited", "paused", "created", "restarting", "dead")
BUILT_IN = (
    Network("n-bridge", "bridge", subnets=(Subnet("172.17.0.0/16"),)),
    Network("n-host", "host", driver="host"),
    Network("n-none", "none", driver="null"),
)


def build_labels(project: str, service: str = "", number: int = 0) -> Pairs:
    labels = {}
    if project:
        labels[COMPOSE_PROJECT] = project
    if service:
        labels |= {COMPOSE_SERVICE: service, COMPOSE_NUMBER: str(number)}
    return tuple(sorted(labels.items()))


@st.composite
def networks(draw: st.DrawFn) -> tuple[Network, ...]:
    made = draw(st.lists(st.tuples(st.sampled_from(PROJECTS), st.sampled_from(NAMES)), max_size=9))
    found = [
        Network(
            f"n-{place}",
            f"{project}_{name}" if project else name,
            driver=draw(st.sampled_from(("bridge", "bridge", "overlay"))),
            is_internal=draw(st.booleans()),
            labels=build_labels(project),
        )
        for place, (project, name) in enumerate(made)
    ]
    return tuple(sorted((*BUILT_IN, *found), key=lambda n: (n.name, n.id)))


@st.composite
def containers(draw: st.DrawFn, known: tuple[Network, ...], place: int) -> Container:
    project = draw(st.sampled_from(PROJECTS))
    chosen = draw(st.lists(st.sampled_from(known), max_size=3, unique=True))
    endpoints = [Endpoint(n.id, n.name, id=f"e-{place}-{n.id}") for n in chosen]
    if draw(st.integers(0, 19)) == 0:
        endpoints.append(Endpoint("n-gone", "gone"))
    is_sharing = place > 0 and not endpoints and draw(st.booleans())
    return Container(
        id=f"c-{place}",
        name=f"{project or 'lone'}-c{place}",
        image="registry.example/team/app:1",
        state=draw(st.sampled_from(STATES)),
        health=draw(st.sampled_from(("", "healthy", "unhealthy"))),
        labels=build_labels(project, f"svc{place % 3}" if project else "", place),
        network_mode=f"container:c-{draw(st.integers(0, place - 1))}" if is_sharing else "bridge",
        ports=(PublishedPort(80, host_port=8000),) if draw(st.booleans()) else (),
        endpoints=tuple(endpoints),
    )


@st.composite
def snapshots(draw: st.DrawFn, most: int = 24) -> Snapshot:
    known = draw(networks())
    count = draw(st.integers(0, most))
    found = [draw(containers(known, place)) for place in range(count)]
    return Snapshot(known, tuple(sorted(found, key=lambda c: (c.name, c.id))))


@st.composite
def growing(draw: st.DrawFn) -> tuple[Snapshot, Snapshot, Container]:
    """Draw a snapshot, the same with one container more, and that container."""
    whole = draw(snapshots())
    new = draw(containers(whole.networks, 99))
    more = tuple(sorted((*whole.containers, new), key=lambda c: (c.name, c.id)))
    return whole, replace(whole, containers=more), new


def find_boxes(panel: Panel) -> Iterator[tuple[float, float, float, float]]:
    for card in panel.cards:
        yield (card.x, card.y, card.x + card.width, card.y + card.height)
        for tab in card.tabs:
            yield (tab.x, tab.y, tab.x + tab.width, tab.y + tab.height)


def overlaps(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return (
        one[0] < other[2] - 0.01
        and other[0] < one[2] - 0.01
        and one[1] < other[3] - 0.01
        and other[1] < one[3] - 0.01
    )


def check_laws(board: Board) -> None:
    """Check that nothing overlaps, nothing sticks out and no riser crosses a foreign card."""
    places = [(p.x, p.y, p.x + p.width, p.y + p.height) for p in board.panels]
    for number, one in enumerate(places):
        assert one[0] >= 0
        assert one[2] <= board.width + 0.01
        assert one[3] <= board.height + 0.01
        for other in places[number + 1 :]:
            assert not overlaps(one, other)
    for panel in board.panels:
        check_panel(panel)
        for lane in panel.lanes:
            check_words(panel, lane, MEASURES[board.density])


def check_words(panel: Panel, lane: Lane, measures: Measures) -> None:
    """Check that a lane's name touches neither its bus nor cards, frames, risers or the edge."""
    end, half = measures.label_x + lane.label_width, measures.label_down
    if lane.is_shared:
        half = measures.pill_height / 2
        end = measures.label_x - 2 + measure(lane.label, measures.pill_px, BOLD) + 2 * half
    elif lane.bus_style != "none":
        assert end < lane.bus_x1 - 18 * measures.lock * lane.is_internal < lane.bus_x2
    assert end < panel.width
    words = (measures.label_x, lane.bus_y - half, end, lane.bus_y + half)
    for box in (*find_boxes(panel), *find_lines(panel)):
        assert not overlaps(words, box), lane


def find_lines(panel: Panel) -> Iterator[tuple[float, float, float, float]]:
    for riser in panel.risers:
        for part in riser.parts:
            yield (riser.x - 1, part.y1, riser.x + 1, part.y2)
        if riser.frame:
            x, y, width, height = riser.frame
            yield (x, y, x + width, y + height)


def check_panel(panel: Panel) -> None:
    boxes = list(find_boxes(panel))
    for number, one in enumerate(boxes):
        assert one[0] >= 0
        assert one[2] <= panel.width + 0.01, panel
        assert one[3] <= panel.height + 0.01
        for other in boxes[number + 1 :]:
            assert not overlaps(one, other), panel
    for riser in panel.risers:
        own = set(riser.container_ids)
        top = min(part.y1 for part in riser.parts)
        bottom = max(part.y2 for part in riser.parts)
        line = (riser.x - 1, top, riser.x + 1, bottom)
        for card in panel.cards:
            if own.isdisjoint(card.container_ids):
                box = (card.x, card.y, card.x + card.width, card.y + card.height)
                assert not overlaps(line, box), panel


def find_inside(panel: Panel) -> dict[str, tuple[float, float]]:
    return {card.key: (card.x, card.y) for card in panel.cards}


def find_cards(board: Board) -> dict[str, Card]:
    return {card.key: card for panel in board.panels for card in panel.cards}
