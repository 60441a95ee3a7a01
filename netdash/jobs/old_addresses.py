"""The addresses of connections that an undo makes again: which come back, and which may not.

An address that the engine chose is not asked for: that would fix it from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netdash.models import JournalEntry
from netdash.topology import codec
from netdash.topology.changes import Change, ConnectContainer, Plan
from netdash.topology.lookup import find_network, pick_endpoint
from netdash.topology.plans import find_strands
from netdash.topology.preview import ForeseenStep
from netdash.topology.refusal import quote
from netdash.topology.snapshot import Endpoint, Snapshot

SHOWN = 8


def read_before(entry: JournalEntry) -> Snapshot:
    """Read what was there before a row's change; nothing where another version wrote it."""
    try:
        return codec.decode(entry.before)
    except codec.UnknownFormat:
        return Snapshot()


def find_lost(change: Change, entry: JournalEntry, before: Snapshot) -> Endpoint | None:
    """Find the endpoint that a row's undo gives back; None where that is not known."""
    if not isinstance(change, ConnectContainer):
        return None
    container = before.containers_by_id.get(change.container_id)
    return pick_endpoint(container, entry.network_id, change.network_name) if container else None


def list_chosen(
    steps: Iterable[tuple[Change, Endpoint | None]],
) -> Iterator[tuple[ConnectContainer, str]]:
    """List the connections whose address the engine chooses, with the one that it had chosen."""
    for change, lost in steps:
        if isinstance(change, ConnectContainer) and lost is not None:
            had = "" if lost.static_ipv4 or lost.static_ipv6 else write_addresses(lost)
            if had:
                yield change, had


def foretell(steps: Iterable[tuple[ForeseenStep, Endpoint | None]], after: Snapshot) -> list[str]:
    """Say which addresses the engine chooses again, and what it will probably choose.

    Nothing is said of stopped containers: theirs is chosen when they start.
    """
    ready = ((step.change, lost) for step, lost in steps if step.state == "ready")
    return cap(
        [
            say_probable(change, had, has)
            for change, had in list_chosen(ready)
            if (has := read_address(change, after))
        ]
    )


def may_swap(plan: Plan) -> bool:
    """Tell whether a job makes connections to one network side by side, in whatever order."""
    strands: dict[str, set[int]] = {}
    for change, strand in zip(plan.changes, find_strands(plan), strict=True):
        if isinstance(change, ConnectContainer):
            strands.setdefault(change.network_id or change.network_name, set()).add(strand)
    return any(len(found) > 1 for found in strands.values())


def compare_addresses(steps: Iterable[tuple[Change, Endpoint | None]], now: Snapshot) -> list[str]:
    """Say which connections have another address than before."""
    return cap(
        [
            f"{name_place(change)} has another address: {has}, before {had}."
            for change, had in list_chosen(steps)
            if (has := read_address(change, now)) not in ("", had)
        ]
    )


def say_probable(change: ConnectContainer, had: str, has: str) -> str:
    """Say what address a connection will probably have."""
    end = "again" if has == had else f"and no longer {had}"
    return f"{name_place(change)}: probably {has} {end}."


def read_address(change: ConnectContainer, snapshot: Snapshot) -> str:
    """Read the address that a connection has; empty while it has none."""
    container = snapshot.containers_by_id.get(change.container_id)
    network = find_network(snapshot, change.network_id, change.network_name)
    network_id = network.id if network else ""
    endpoint = pick_endpoint(container, network_id, change.network_name) if container else None
    return write_addresses(endpoint) if endpoint else ""


def write_addresses(endpoint: Endpoint) -> str:
    """Write the addresses of an endpoint."""
    return " and ".join(filter(None, (endpoint.ipv4, endpoint.ipv6)))


def name_place(change: ConnectContainer) -> str:
    """Name a container and where it is connected."""
    return f"{quote(change.container_name)} on {quote(change.network_name)}"


def cap(sentences: list[str]) -> list[str]:
    """Keep the first sentences, and count the others."""
    hidden = len(sentences) - SHOWN
    return sentences[:SHOWN] + ([f"And {hidden} more."] if hidden > 0 else [])
