"""What every journal row says of its change, whoever made it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netdash.models import JournalEntry
from netdash.topology.change_codec import encode_change, kind_of
from netdash.topology.changes import Change, describe
from netdash.topology.lookup import find_network, list_members, pick_endpoint
from netdash.topology.snapshot import Container, Network, Snapshot


def describe_change(row: JournalEntry, change: Change) -> None:
    """Fill in what a change says of itself."""
    row.kind, row.summary, row.change = kind_of(change), describe(change), encode_change(change)
    row.container_id = getattr(change, "container_id", "")
    row.container_name = getattr(change, "container_name", "")
    row.network_id = getattr(change, "network_id", "")
    row.network_name = getattr(change, "network_name", "") or getattr(change, "name", "")


def cut(snapshot: Snapshot, change: Change) -> Snapshot:
    """Keep of a snapshot what a change is about: the network and the endpoints on it."""
    named: Any = change
    network = find_network(
        snapshot,
        getattr(named, "network_id", ""),
        getattr(named, "network_name", "") or getattr(named, "name", ""),
    )
    if container := snapshot.containers_by_id.get(getattr(named, "container_id", "")):
        kept: tuple[Container, ...] = (keep_endpoint(container, named),)
    else:
        members = list_members(snapshot, network) if network else ()
        kept = tuple(replace(member, endpoints=(endpoint,)) for member, endpoint in members)
    networks: tuple[Network, ...] = (network,) if network else ()
    return Snapshot(networks, kept, snapshot.engine)


def keep_endpoint(container: Container, change: Any) -> Container:
    """Keep only the endpoint that a change is about."""
    endpoint = pick_endpoint(container, change.network_id, change.network_name)
    return replace(container, endpoints=(endpoint,) if endpoint else ())
