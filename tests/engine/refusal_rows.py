"""Rows of what engines refuse: short words for changes, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    RemoveNetwork,
)
from netdash.topology.refusal import Refusal
from netdash.topology.snapshot import Snapshot, Subnet

NOWHERE = "f" * 64
OLD, NEW = ("20.10",), ("26.1", "28.5")
EVERY = (*OLD, *NEW)
POOL = Subnet("10.91.0.0/24")


@dataclass(frozen=True)
class Row:
    """One row of what engines refuse: the change, and what is said of it.

    ``versions`` are those that refuse; the others accept and the row is not provoked there.
    """

    name: str
    build: Callable[[Snapshot], Change]
    kind: str
    field: str = ""
    says: str = ""
    versions: tuple[str, ...] = EVERY
    is_foreseen: bool = True


def create(name: str = "new", **fields: Any) -> Callable[[Snapshot], Change]:
    return lambda _: CreateNetwork(name, **fields)


def create_in(*subnets: Subnet, **fields: Any) -> Callable[[Snapshot], Change]:
    return create(subnets=subnets, **fields)


def with_option(key: str, value: str, **fields: Any) -> Callable[[Snapshot], Change]:
    return create_in(POOL, options=((key, value),), **fields)


def connect(container: str, network: str, **settings: Any) -> Callable[[Snapshot], Change]:
    return lambda now: ConnectContainer(
        find_id(now, network),
        network,
        find_id(now, container),
        container,
        EndpointSettings(**settings),
    )


def disconnect(container: str, network: str) -> Callable[[Snapshot], Change]:
    return lambda now: DisconnectContainer(
        find_id(now, network), network, find_id(now, container), container
    )


def remove(network: str) -> Callable[[Snapshot], Change]:
    return lambda now: RemoveNetwork(find_id(now, network), network)


def find_id(snapshot: Snapshot, name: str) -> str:
    ids = {network.name: network.id for network in snapshot.networks}
    ids |= {container.name: container.id for container in snapshot.containers}
    return ids.get(name, NOWHERE)


BRIDGE = "com.docker.network.bridge"


def assert_says(row: Row, refusal: Refusal) -> None:
    assert (refusal.kind, refusal.field) == (row.kind, row.field), refusal
    assert row.says in f"{refusal.sentence} {refusal.remedy}"
    assert refusal.sentence.endswith(".")
    assert refusal.remedy
