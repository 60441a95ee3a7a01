"""Look for what speaks against a connection or its end before the engine is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netdash.topology.addresses import (
    TakenAddress,
    find_free,
    find_holder,
    find_subnet,
    list_edges,
    parse_address,
)
from netdash.topology.changes import (
    ConnectContainer,
    DisconnectContainer,
    EndpointSettings,
    Plan,
    Step,
)
from netdash.topology.connection_words import (
    say_address_invalid,
    say_address_on_default,
    say_address_outside,
    say_address_taken,
    say_alias_on_default,
    say_already_connected,
    say_config_only,
    say_container_gone,
    say_host_mode,
    say_host_network,
    say_link_local_invalid,
    say_mac_invalid,
    say_mode_missing,
    say_network_gone,
    say_no_ipv6,
    say_none_mode,
    say_none_network,
    say_not_attachable,
    say_shared_stack,
    say_subnet_full,
    say_unsupported,
)
from netdash.topology.lookup import find_network, has_default_rules, pick_endpoint
from netdash.topology.modes import find_missing_mode, has_private_mode, is_host_mode
from netdash.topology.refusal import Refusal, quote
from netdash.topology.removal_words import say_made_again
from netdash.topology.settled import find_endpoint
from netdash.topology.snapshot import Container, Network, Snapshot
from netdash.topology.subnets import is_ipv6, parse_block

MAC = re.compile(r"(?:[0-9a-fA-F]{2}([:-]))(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}\Z")


def check_connect(snapshot: Snapshot, change: ConnectContainer) -> Iterator[Refusal]:
    """Say what speaks against a connection; the container and network first."""
    container = snapshot.containers_by_id.get(change.container_id)
    network = find_network(snapshot, change.network_id, change.network_name)
    if container is None:
        yield say_container_gone(change.container_name)
    if network is None:
        yield say_network_gone(change.network_name)
    if container is None or network is None:
        return
    blocked = list(check_container(snapshot, container, network))
    yield from blocked or check_settings(snapshot, container, network, change.settings)


def check_container(
    snapshot: Snapshot, container: Container, network: Network
) -> Iterator[Refusal]:
    """Say what in the container and the network keeps them apart; at most one thing."""
    missing = find_missing_mode(snapshot, container) if container.is_running else ""
    elsewhere = [e.network_name for e in container.endpoints if not snapshot.is_dangling(e)]
    if is_host_mode(container):
        yield say_host_mode(container.name)
    elif container.is_sharing:
        owner = snapshot.containers_by_id.get(container.owner_id)
        yield say_shared_stack(container.name, owner.name if owner is not None else "")
    elif network.driver == "host":
        yield say_host_network(container.name)
    elif network.is_config_only:
        yield say_config_only(network.name)
    elif is_connected(container, network):
        yield say_already_connected(container.name, network.name)
    elif has_private_mode(container):
        yield say_none_mode(container.name, plan_leaving_none(container, network))
    elif network.driver == "null" and elsewhere:
        yield say_none_network(container.name, elsewhere)
    elif missing:
        yield say_mode_missing(container.name, missing)
    elif network.scope == "swarm" and not network.is_attachable:
        yield say_not_attachable(network.name)


def check_settings(
    snapshot: Snapshot, container: Container, network: Network, wanted: EndpointSettings
) -> Iterator[Refusal]:
    """Say what in the settings does not fit the network."""
    for field, address in (("ipv4", wanted.ipv4), ("ipv6", wanted.ipv6)):
        if address:
            yield from check_address(snapshot, container, network, field, address)
    if wanted.aliases and has_default_rules(network):
        yield say_alias_on_default(network.name)
    if wanted.mac and not MAC.match(wanted.mac):
        yield say_mac_invalid(wanted.mac)
    for text in wanted.link_local:
        address_found = parse_address(text)
        if address_found is None or not address_found.is_link_local:
            yield say_link_local_invalid(text)
    if wanted.gateway_priority and not snapshot.engine.has_api(1, 48):
        yield say_unsupported("gateway priorities", "28", "gateway_priority")
    if container.is_running and not wanted.ipv4 and is_full(snapshot, network):
        yield say_subnet_full(network.name, list_cidrs(network, wants_ipv6=False))


def check_address(
    snapshot: Snapshot, container: Container, network: Network, field: str, text: str
) -> Iterator[Refusal]:
    """Say what is wrong with a chosen address; at most one thing.

    An address somebody has stops a running container; a stopped one is told at its start.
    """
    address = parse_address(text)
    wants_ipv6 = field == "ipv6"
    if address is None or (address.version == 6) != wants_ipv6:
        yield say_address_invalid(text, field)
    elif has_default_rules(network):
        yield say_address_on_default(network.name, field)
    elif wants_ipv6 and not network.has_ipv6:
        yield say_no_ipv6(network.name, text)
    elif find_subnet(network, text) is None:
        free = next(iter(find_free(snapshot, network, 1, wants_ipv6)), "")
        yield say_address_outside(text, network.name, list_cidrs(network, wants_ipv6), free)
    elif container.is_running:
        holder = find_holder(snapshot, network, text)
        if holder is not None and holder.kind != "waiting":
            free = next(iter(find_free(snapshot, network, 1, wants_ipv6)), "")
            yield say_address_taken(text, describe_holder(holder), free)


def describe_holder(holder: TakenAddress) -> str:
    """Say who has an address: ``web has it``."""
    match holder.kind:
        case "container":
            return f"{quote(holder.holder)} has it"
        case "waiting":
            return f"{quote(holder.holder)}, which is stopped, has asked for it"
        case "gateway":
            return "it is the gateway"
        case "auxiliary":
            return f"it is kept for {quote(holder.holder)}"
        case "broadcast":
            return "it is the broadcast address"
    return "it is the address of the subnet itself"


def check_disconnect(snapshot: Snapshot, change: DisconnectContainer) -> Iterator[Refusal]:
    """Say what speaks against ending a connection; nothing when there is none."""
    container = snapshot.containers_by_id.get(change.container_id)
    if container is None:
        if not change.force:
            yield say_container_gone(change.container_name)
        return
    endpoint = find_endpoint(snapshot, change)
    if endpoint is not None and is_host_mode(container):
        yield say_host_mode(container.name)
    elif endpoint is not None and change.endpoint_id not in ("", endpoint.id):
        yield say_made_again(container.name, endpoint.network_name)


def is_connected(container: Container, network: Network) -> bool:
    """Tell whether it has an endpoint there; one that failed to come alive counts as well."""
    return pick_endpoint(container, network.id, network.name) is not None


def is_full(snapshot: Snapshot, network: Network) -> bool:
    """Tell whether no IPv4 address is left that an engine would give; false where unsure."""
    if not network.has_ipv4 or not list_cidrs(network, wants_ipv6=False):
        return False
    members = snapshot.members_by_network_id.get(network.id, ())
    has_room = len(members) + count_reserved(network) < count_room(network)
    return not has_room and not has_free(snapshot, network)


def has_free(snapshot: Snapshot, network: Network) -> bool:
    """Tell whether an address is free, those that stopped containers wait for included."""
    if find_free(snapshot, network):
        return True
    members = snapshot.members_by_network_id.get(network.id, ())
    return any(endpoint.static_ipv4 and not endpoint.is_live for _, endpoint in members)


def count_room(network: Network) -> int:
    """Count the IPv4 addresses of the ranges an engine gives from."""
    blocks = [
        parse_block(subnet.ip_range) or parse_block(subnet.cidr)
        for subnet in network.subnets
        if not is_ipv6(subnet)
    ]
    return sum(block.num_addresses for block in blocks if block is not None)


def count_reserved(network: Network) -> int:
    """Count the most addresses that can be reserved in the IPv4 pools."""
    found = 0
    for subnet in network.subnets:
        block = parse_block(subnet.cidr)
        if block is not None and block.version == 4:
            found += len(list_edges(block)) + 1 + len(subnet.auxiliary)
    return found


def list_cidrs(network: Network, wants_ipv6: bool) -> tuple[str, ...]:
    """List the pools of one family."""
    return tuple(subnet.cidr for subnet in network.subnets if is_ipv6(subnet) == wants_ipv6)


def plan_leaving_none(container: Container, network: Network) -> Plan:
    """Make the plan that leaves ``none`` and joins a network."""
    none = next(found for found in container.endpoints if found.network_name == "none")
    away = DisconnectContainer(none.network_id, "none", container.id, container.name)
    join = ConnectContainer(network.id, network.name, container.id, container.name)
    steps = (Step(away, "none allows no other network beside it"), Step(join))
    return Plan(steps, f"Move {container.name} from none to {network.name}")
