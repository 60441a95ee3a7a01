"""Plans for what takes several changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netdash.topology.addresses import find_holder, find_subnet
from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    Plan,
    RemoveNetwork,
    Step,
)
from netdash.topology.effects import build_network
from netdash.topology.inverses import connect_again, read_settings
from netdash.topology.lookup import list_members, pick_endpoint
from netdash.topology.modes import is_host_mode
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot
from netdash.topology.subnets import find_overlaps


def plan_removal(snapshot: Snapshot, network: Network, with_stopped: bool = False) -> Plan:
    """Make the plan: disconnect every running container, then remove the network.

    With ``with_stopped`` the stopped containers are disconnected as well, so that they start
    again without it.
    """
    steps = [
        Step(disconnect(container, endpoint), _why_disconnect(endpoint))
        for container, endpoint in list_members(snapshot, network)
        if endpoint.is_live or with_stopped
    ]
    steps.append(Step(RemoveNetwork(network.id, network.name), "Nobody is on it any more"))
    return Plan(tuple(steps), f"Remove network {network.name}")


def plan_connect(
    network: Network, containers: Iterable[Container], settings: EndpointSettings | None = None
) -> Plan:
    """Make the plan that connects several containers to one network.

    Fixed addresses and a MAC would serve one of them only and are left out.
    """
    given = settings or EndpointSettings()
    common = replace(given, ipv4="", ipv6="", mac="", link_local=())
    steps = tuple(
        Step(ConnectContainer(network.id, network.name, found.id, found.name, common))
        for found in containers
        if pick_endpoint(found, network.id, network.name) is None
    )
    return Plan(steps, f"Connect {len(steps)} to {network.name}")


def plan_disconnect(network: Network, containers: Iterable[Container]) -> Plan:
    """Make the plan that ends the connections of several containers to one network."""
    steps = [
        Step(disconnect(container, endpoint))
        for container in containers
        if (endpoint := pick_endpoint(container, network.id, network.name)) is not None
        and not is_host_mode(container)
    ]
    return Plan(tuple(steps), f"Disconnect {len(steps)} from {network.name}")


def plan_migration(snapshot: Snapshot, network: Network, wanted: CreateNetwork) -> Plan:
    """Make the plan that replaces a network by another: create, move everybody, remove.

    Each container is connected to the new network before it leaves the old one, with its
    aliases, priority and options, and with its fixed addresses where they fit the new subnets.
    A new network that overlaps the old one or bears its name can only be made once the old one
    is gone; then everybody is disconnected first.
    """
    members = list_members(snapshot, network)
    target = build_network(wanted, snapshot.engine)
    engine = snapshot.engine
    leave = [Step(disconnect(c, endpoint), f"Leaves {network.name}") for c, endpoint in members]
    enter = [
        Step(
            replace(
                connect_again(c, endpoint, engine, ""),
                network_name=wanted.name,
                settings=fit_settings(read_settings(c, endpoint, engine), target),
            ),
            f"Comes from {network.name}" + _note_lost(endpoint, target),
        )
        for c, endpoint in _order(members)
    ]
    create = Step(wanted, f"Takes the place of {network.name}")
    remove = Step(RemoveNetwork(network.id, network.name), f"{wanted.name} has taken its place")
    if is_in_the_way(network, target):
        steps = (*leave, remove, create, *enter)
    else:
        steps = (create, *enter, *leave, remove)
    is_same_name = network.name == wanted.name
    title = f"Change {network.name}" if is_same_name else f"Move {network.name} to {wanted.name}"
    return Plan(steps, title)


def fit_settings(settings: EndpointSettings, network: Network) -> EndpointSettings:
    """Leave out the fixed addresses that a network cannot give."""
    return replace(
        settings,
        ipv4=settings.ipv4 if fits(network, settings.ipv4) else "",
        ipv6=settings.ipv6 if network.has_ipv6 and fits(network, settings.ipv6) else "",
    )


def fits(network: Network, address: str) -> bool:
    """Tell whether a new network can give an address: in a subnet of it and not reserved."""
    subnet = find_subnet(network, address)
    if subnet is None:
        return False
    alone = Snapshot((network,))
    return find_holder(alone, network, address) is None


def is_in_the_way(network: Network, target: Network) -> bool:
    """Tell whether both cannot exist at once."""
    alone = Snapshot((network,))
    return network.name == target.name or any(
        find_overlaps(alone, subnet.cidr) for subnet in target.subnets
    )


def disconnect(container: Container, endpoint: Endpoint) -> DisconnectContainer:
    """Make the change that ends an endpoint."""
    return DisconnectContainer(
        endpoint.network_id, endpoint.network_name, container.id, container.name
    )


def _why_disconnect(endpoint: Endpoint) -> str:
    if endpoint.is_live:
        return "A network in use cannot be removed"
    return "It would not start again while it names a network that is gone"


def _order(
    members: tuple[tuple[Container, Endpoint], ...],
) -> list[tuple[Container, Endpoint]]:
    """Fixed addresses first, so that nobody is given them by chance."""
    return sorted(members, key=lambda member: not _has_choice(member[1]))


def _has_choice(endpoint: Endpoint) -> bool:
    return bool(endpoint.static_ipv4 or endpoint.static_ipv6)


def _note_lost(endpoint: Endpoint, target: Network) -> str:
    wanted = [endpoint.static_ipv4, endpoint.static_ipv6]
    lost = [text for text in wanted if text and not fits(target, text)]
    return f"; its address {' and '.join(lost)} does not fit there" if lost else ""
