"""The same topology as tables: containers down, the networks of their group across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from netdash.drawing.captions import describe
from netdash.drawing.glyphs import find_glyph
from netdash.drawing.groups import Group, find_groups
from netdash.drawing.labels import find_labels
from netdash.drawing.lanes import order_networks
from netdash.drawing.scene import Scene, build_scene, order_groups
from netdash.drawing.shapes import Glyph, Grouping, Role
from netdash.topology.snapshot import Container, Endpoint, Snapshot
from netdash.topology.tiers import find_short_name, find_tiers


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """One network of a section; ``network_id`` is empty for containers on none."""

    network_id: str
    name: str
    label: str
    description: str
    role: Role
    is_shared: bool
    is_internal: bool


class MatrixCell(NamedTuple):
    """Whether the container is on the network; a line joins the dots of one that bridges."""

    network_id: str
    state: Literal["on", "passed", "off"]
    """``passed`` lies between two dots of the row."""
    endpoint: Endpoint | None
    role: Role
    joins_left: bool
    joins_right: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One container of a section."""

    container_id: str
    name: str
    label: str
    image: str
    glyph: Glyph
    state: str
    health: str
    owner_name: str
    """Whose network stack it shares, or empty."""
    is_bridging: bool
    is_cut_point: bool
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class MatrixSection:
    """One group's table."""

    key: str
    title: str
    columns: tuple[MatrixColumn, ...]
    rows: tuple[MatrixRow, ...]


def draw_matrix(snapshot: Snapshot, grouping: Grouping) -> tuple[MatrixSection, ...]:
    """Draw a table per group, with the networks in the order of the lanes."""
    tiers = find_tiers(snapshot)
    groups = find_groups(snapshot, tiers, grouping)
    scene = build_scene(snapshot, tiers, groups)
    ordered = order_groups(scene, groups, grouping)
    return tuple(draw_section(scene, group) for group in ordered)


def draw_section(scene: Scene, group: Group) -> MatrixSection:
    """Draw one group's table."""
    trays: dict[str, list[object]] = {network_id: [] for network_id in group.network_ids}
    crowds = set()
    for container in group.containers:
        network_ids = find_network_ids(scene, container)
        trays.update((key, trays.get(key, [])) for key in network_ids)
        crowds.add(frozenset(network_ids))
    order = order_networks(scene, trays, sorted(crowds, key=sorted), frozenset(), ())
    labels = find_labels(group, group.containers)
    rows = [
        draw_row(scene, container, labels[container.id], order) for container in group.containers
    ]
    return MatrixSection(
        key=group.key,
        title=group.title,
        columns=tuple(draw_column(scene, network_id) for network_id in order),
        rows=tuple(sorted(rows, key=lambda row: (row.label, row.name, row.container_id))),
    )


def find_network_ids(scene: Scene, container: Container) -> tuple[str, ...]:
    """Name the networks in a container's row: those of the stack that it lives in."""
    owner = scene.snapshot.containers_by_id.get(container.owner_id)
    return scene.network_ids_by_container_id[owner.id if owner else container.id]


def draw_column(scene: Scene, network_id: str) -> MatrixColumn:
    """Draw one network's head."""
    network = scene.networks_by_id[network_id]
    tier = scene.tiers.get(network_id)
    return MatrixColumn(
        network_id=network_id,
        name=network.name,
        label=find_short_name(network),
        description=describe(network),
        role=tier.role if tier else "neutral",
        is_shared=scene.is_shared(network_id),
        is_internal=network.is_internal,
    )


def draw_row(scene: Scene, container: Container, label: str, order: list[str]) -> MatrixRow:
    """Draw one container's row."""
    owner = scene.snapshot.containers_by_id.get(container.owner_id)
    endpoints = {e.network_id: e for e in (owner or container).endpoints}
    joined = set(find_network_ids(scene, container))
    places = [place for place, network_id in enumerate(order) if network_id in joined]
    first, last = (places[0], places[-1]) if places else (0, -1)
    return MatrixRow(
        container_id=container.id,
        name=container.name,
        label=label,
        image=container.image,
        glyph=find_glyph(container),
        state=container.state,
        health=container.health,
        owner_name=owner.name if owner else "",
        is_bridging=len(endpoints) > 1,
        is_cut_point=container.id in scene.cut_ids,
        cells=tuple(
            MatrixCell(
                network_id=network_id,
                state="on" if network_id in joined else find_gap(place, first, last),
                endpoint=endpoints.get(network_id),
                role=tier.role if (tier := scene.tiers.get(network_id)) else "neutral",
                joins_left=first < place <= last,
                joins_right=first <= place < last,
            )
            for place, network_id in enumerate(order)
        ),
    )


def find_gap(place: int, first: int, last: int) -> Literal["passed", "off"]:
    """Tell whether a cell without a dot lies between two."""
    return "passed" if first < place < last else "off"
