"""Take a change back: what to do so that the world is as it was before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from netdash.topology.addresses import parse_address
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    Plan,
    RemoveNetwork,
    Step,
    describe,
)
from netdash.topology.draft import Draft
from netdash.topology.effects import apply_to
from netdash.topology.lookup import find_named, is_new, pick_endpoint
from netdash.topology.settled import find_endpoint
from netdash.topology.snapshot import Container, Endpoint, EngineFacts, Network, Snapshot

T = TypeVar("T")
Row = tuple[Change, Endpoint | None, T]
"""What takes a change back, the endpoint that this gives back, and what goes with it."""


def inverse(change: Change, before: Snapshot) -> tuple[Change, ...]:
    """List what takes a change back, in order; nothing when the change altered nothing.

    What cannot come back is left out: connections to networks that were gone already.
    """
    return tuple(step.change for step in invert_plan(Plan((Step(change),)), before).steps)


def invert_plan(plan: Plan, before: Snapshot) -> Plan:
    """Make the plan that takes a whole plan back, last step first.

    Neighbouring connections go fixed addresses first, then in order of the old address, because
    an engine gives the lowest free one: so automatic addresses come back as well.
    """
    draft = Draft(before)
    undone: list[Row[str]] = []
    for change in plan.changes:
        reason = f"Takes back: {describe(change)}"
        undone[:0] = [(back, lost, reason) for back, lost in _invert(draft, change)]
    gone = set(before.networks_by_id) - set(draft.networks)
    steps = [Step(_forget(change, gone), reason) for change, _, reason in order_connections(undone)]
    return Plan(tuple(steps), f"Undo: {plan.title}" if plan.title else "Undo")


def order_connections(rows: Iterable[Row[T]]) -> list[Row[T]]:
    """Order neighbouring connections by the endpoint that each gives back."""
    ordered: list[Row[T]] = []
    for is_connecting, group in groupby(rows, key=lambda row: isinstance(row[0], ConnectContainer)):
        run = list(group)
        ordered += sorted(run, key=lambda row: rank_lost(row[1])) if is_connecting else run
    return ordered


def pin(undo: Sequence[Change], network_id: str = "", endpoint_id: str = "") -> tuple[Change, ...]:
    """Bind an undo to the ids the engine chose, so that it never hits something made since."""
    return tuple(_pin(change, network_id, endpoint_id) for change in undo)


def renew(
    undo: Sequence[Change], now: Snapshot, later: Iterable[Change] = ()
) -> tuple[Change, ...]:
    """Fit an old undo to the present: restarted containers, networks made again under one name.

    ``later`` are the journal's changes since: where one of them ended or made the same
    connection, the old pin stays, and the undo will leave that connection alone.
    """
    touched = {_pair_of(change) for change in later}
    kept = (_repin(change, now) if _pair_of(change) not in touched else change for change in undo)
    return tuple(_find_again(change, now) for change in kept)


def read_settings(
    container: Container, endpoint: Endpoint, engine: EngineFacts
) -> EndpointSettings:
    """Read what a connection was asked for from an endpoint, as far as it is known.

    Engines before 26 add the short id to the aliases by themselves; it is left out. The MAC is
    kept where an engine can set one.
    """
    short_id = container.id[:12]
    return EndpointSettings(
        ipv4=endpoint.static_ipv4 or "",
        ipv6=endpoint.static_ipv6 or "",
        aliases=tuple(alias for alias in endpoint.aliases or () if alias != short_id),
        mac=endpoint.mac if engine.has_api(1, 54) else "",
        link_local=endpoint.link_local or (),
        gateway_priority=endpoint.gateway_priority or None,
        driver_options=endpoint.driver_options or (),
    )


def read_creation(network: Network) -> CreateNetwork:
    """Read the creation that makes a network like this one, its pools included."""
    is_derived = bool(network.config_from)
    return CreateNetwork(
        name=network.name,
        driver="bridge" if network.is_config_only else network.driver,
        subnets=() if is_derived else network.subnets,
        options=() if is_derived else network.options,
        labels=() if is_derived else network.labels,
        is_internal=network.is_internal,
        is_attachable=network.is_attachable,
        has_ipv4=network.has_ipv4,
        has_ipv6=network.has_ipv6 and not is_derived,
        is_ingress=network.is_ingress,
        scope="swarm" if network.scope == "swarm" and network.driver != "overlay" else "",
        is_config_only=network.is_config_only,
        config_from=network.config_from,
        ipam_driver="default" if is_derived else network.ipam_driver,
        ipam_options=() if is_derived else network.ipam_options,
    )


def connect_again(
    container: Container, endpoint: Endpoint, engine: EngineFacts, network_id: str
) -> ConnectContainer:
    """Make the change that gives a container this endpoint again."""
    return ConnectContainer(
        network_id="" if is_new(network_id) else network_id,
        network_name=endpoint.network_name,
        container_id=container.id,
        container_name=container.name,
        settings=read_settings(container, endpoint, engine),
    )


def _invert(draft: Draft, change: Change) -> list[tuple[Change, Endpoint | None]]:
    """Work a change into the draft; list what takes it back, with the endpoint it gives back."""
    match change:
        case ConnectContainer():
            return _invert_connect(draft, change)
        case DisconnectContainer():
            return _invert_disconnect(draft, change)
        case CreateNetwork():
            known = set(draft.networks)
            apply_to(draft, change)
            is_made = set(draft.networks) != known
            return [(RemoveNetwork("", change.name), None)] if is_made else []
        case RemoveNetwork():
            return _invert_remove(draft, change)


def _invert_connect(draft: Draft, change: ConnectContainer) -> list[tuple[Change, Endpoint | None]]:
    before = draft.containers.get(change.container_id)
    apply_to(draft, change)
    if draft.containers.get(change.container_id) is before:
        return []
    network = draft.find_network(change.network_id, change.network_name)
    network_id = network.id if network is not None and not is_new(network.id) else ""
    back = DisconnectContainer(
        network_id, change.network_name, change.container_id, change.container_name
    )
    return [(back, None)]


def _invert_disconnect(
    draft: Draft, change: DisconnectContainer
) -> list[tuple[Change, Endpoint | None]]:
    before = draft.containers.get(change.container_id)
    apply_to(draft, change)
    after = draft.containers.get(change.container_id)
    if before is None or after is None or after is before:
        return []
    lost = next(found for found in before.endpoints if found not in after.endpoints)
    if lost.network_id not in draft.networks:
        return []
    return [(connect_again(before, lost, draft.start.engine, lost.network_id), lost)]


def _invert_remove(draft: Draft, change: RemoveNetwork) -> list[tuple[Change, Endpoint | None]]:
    network = draft.find_network(change.network_id, change.network_name)
    apply_to(draft, change)
    if network is None or network.id in draft.networks:
        return []
    found: list[tuple[Change, Endpoint | None]] = [(read_creation(network), None)]
    for container in draft.containers.values():
        endpoint = pick_endpoint(container, network.id, network.name)
        if endpoint is not None:
            again = connect_again(container, endpoint, draft.start.engine, "")
            found.append((again, endpoint))
    return found


def rank_lost(lost: Endpoint | None) -> tuple[str, bool, int]:
    """Rank an endpoint that is made again: fixed addresses first, then by the old address."""
    if lost is None:
        return ("", True, 0)
    address = parse_address(lost.ipv4 or lost.ipv6)
    has_choice = bool(lost.static_ipv4 or lost.static_ipv6)
    return (lost.network_name, not has_choice, int(address) if address is not None else 0)


def _pin(change: Change, network_id: str, endpoint_id: str) -> Change:
    if isinstance(change, RemoveNetwork) and not change.network_id:
        return replace(change, network_id=network_id)
    if isinstance(change, DisconnectContainer):
        known_id = change.network_id or network_id
        return replace(change, network_id=known_id, endpoint_id=endpoint_id)
    return change


def _pair_of(change: Change) -> tuple[str, str]:
    if isinstance(change, ConnectContainer | DisconnectContainer):
        return (change.container_id, change.network_id or change.network_name)
    return ("", "")


def _forget(change: Change, gone: set[str]) -> Change:
    """A network that the undo makes again has another id: its name speaks for it."""
    if isinstance(change, ConnectContainer | DisconnectContainer) and change.network_id in gone:
        return replace(change, network_id="")
    return change


def _find_again(change: Change, now: Snapshot) -> Change:
    if not isinstance(change, ConnectContainer) or change.network_id in now.networks_by_id:
        return change
    named = find_named(now, change.network_name)
    return replace(change, network_id=named[0].id) if len(named) == 1 else change


def _repin(change: Change, now: Snapshot) -> Change:
    if not isinstance(change, DisconnectContainer) or not change.endpoint_id:
        return change
    endpoint = find_endpoint(now, change)
    return replace(change, endpoint_id=endpoint.id) if endpoint is not None else change
