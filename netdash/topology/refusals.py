"""Say, before the engine is asked, why it would refuse a change."""

from __future__ import annotations

from collections.abc import Iterator

from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    RemoveNetwork,
)
from netdash.topology.connection_checks import check_connect, check_disconnect
from netdash.topology.connection_words import say_port_taken
from netdash.topology.creation_checks import check_creation
from netdash.topology.draft import Draft
from netdash.topology.effects import apply_to
from netdash.topology.facts import NO_FACTS, Facts
from netdash.topology.lookup import find_network, list_members, list_names
from netdash.topology.plans import plan_removal
from netdash.topology.publishing import find_clash
from netdash.topology.refusal import Refusal
from netdash.topology.removal_words import say_config_used, say_in_use, say_predefined
from netdash.topology.settled import is_done
from netdash.topology.snapshot import Snapshot

__all__ = ["Facts", "Refusal", "foresee_refusals"]


def foresee_refusals(
    change: Change, snapshot: Snapshot, facts: Facts = NO_FACTS
) -> tuple[Refusal, ...]:
    """List everything that speaks against a change; nothing for one that is already true.

    Stricter than the engines: names that are hard to address, subnets with host bits, bridge
    names that would break another network are refused although some engine takes them.
    """
    return () if is_done(change, snapshot) else tuple(_check(change, snapshot, facts))


def _check(change: Change, snapshot: Snapshot, facts: Facts) -> Iterator[Refusal]:
    match change:
        case ConnectContainer():
            yield from tuple(check_connect(snapshot, change)) or _check_ports(snapshot, change)
        case DisconnectContainer():
            yield from tuple(check_disconnect(snapshot, change)) or _check_ports(snapshot, change)
        case CreateNetwork():
            yield from check_creation(snapshot, change, facts)
        case RemoveNetwork():
            yield from _check_removal(snapshot, change)


def _check_ports(
    snapshot: Snapshot, change: ConnectContainer | DisconnectContainer
) -> Iterator[Refusal]:
    """Find a port that the change opens and another container has."""
    container = snapshot.containers_by_id.get(change.container_id)
    if container is None or not container.wanted_ports:
        return
    draft = Draft(snapshot)
    apply_to(draft, change)
    clash = find_clash(draft.containers[container.id], container, snapshot)
    if clash is not None:
        port, holder = clash
        address = f"{port.host_address}:{port.host_port}"
        yield say_port_taken(address, holder.name)


def _check_removal(snapshot: Snapshot, change: RemoveNetwork) -> Iterator[Refusal]:
    network = find_network(snapshot, change.network_id, change.network_name)
    if network is None:
        return
    users = list_names(c for c, endpoint in list_members(snapshot, network) if endpoint.is_live)
    made = [found.name for found in snapshot.networks if found.config_from == network.name]
    if network.is_built_in:
        yield say_predefined(network.name)
    elif users:
        yield say_in_use(network.name, users, plan_removal(snapshot, network))
    elif network.is_config_only and made:
        yield say_config_used(network.name, made)
