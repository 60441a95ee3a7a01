"""Who can reach whom, as far as networks permit: never whether a service answers.

A stopped container counts as being where it would be once started. Rules and measurements:
common networks with live endpoints; inter-container communication; the default bridge without
names; published ports through the machine, which no isolation between bridges stops.
"""

from __future__ import annotations

from collections.abc import Iterable

from netdash.topology.driver_options import ICC, MASQUERADE
from netdash.topology.modes import is_host_mode
from netdash.topology.snapshot import Container, Endpoint, Network, PublishedPort, Snapshot

FALSE_WORDS = frozenset(("0", "f", "F", "FALSE", "false", "False"))
PRIVATE_DRIVERS = frozenset(("host", "null"))


def is_shared(network: Network) -> bool:
    """Tell whether containers meet on it at all: not on ``host`` and ``none``."""
    return network.driver not in PRIVATE_DRIVERS and not network.is_config_only


def is_open(network: Network) -> bool:
    """Tell whether its containers reach each other by address."""
    return is_shared(network) and dict(network.options).get(ICC, "true") not in FALSE_WORDS


def counts(container: Container, endpoint: Endpoint) -> bool:
    """Tell whether an endpoint carries traffic now, or will once the container runs."""
    return endpoint.is_live or not container.is_running


def find_stack(snapshot: Snapshot, container: Container) -> Container | None:
    """Find whose network stack a container lives in: its own, or its owner's; None when gone."""
    if not container.is_sharing:
        return container
    owner = snapshot.containers_by_id.get(container.owner_id)
    return None if owner is None or owner.is_sharing else owner


def find_network_ids(snapshot: Snapshot, container: Container) -> frozenset[str]:
    """List the networks on which it meets others, those of its stack's owner included."""
    stack = find_stack(snapshot, container)
    if stack is None:
        return frozenset()
    return frozenset(
        endpoint.network_id
        for endpoint in stack.endpoints
        if counts(stack, endpoint)
        and (network := snapshot.networks_by_id.get(endpoint.network_id)) is not None
        and is_shared(network)
    )


def find_peer_ids(snapshot: Snapshot, network_ids: Iterable[str]) -> set[str]:
    """List the containers that somebody on these networks reaches by address, itself included."""
    found: set[str] = set()
    for network_id in network_ids:
        network = snapshot.networks_by_id.get(network_id)
        if network is not None and is_open(network):
            found |= find_member_ids(snapshot, network_id)
    return found


def find_member_ids(snapshot: Snapshot, network_id: str) -> set[str]:
    """List the containers with an endpoint that counts on a network."""
    members = snapshot.members_by_network_id.get(network_id, ())
    return {container.id for container, endpoint in members if counts(container, endpoint)}


def can_reach_machine(snapshot: Snapshot, container: Container) -> bool:
    """Tell whether it reaches the engine's machine, so every port published there.

    A network without masquerade loses its way to other networks' ports; an internal one has
    none.
    """
    stack = find_stack(snapshot, container)
    if stack is None:
        return False
    if is_host_mode(stack):
        return True
    return any(
        leads_to_machine(snapshot.networks_by_id.get(network_id))
        for network_id in find_network_ids(snapshot, stack)
    )


def leads_to_machine(network: Network | None) -> bool:
    """Tell whether a network leads out to the machine's published ports."""
    if network is None or network.is_internal or network.driver != "bridge":
        return False
    return dict(network.options).get(MASQUERADE, "true") not in FALSE_WORDS


def list_published(container: Container) -> tuple[PublishedPort, ...]:
    """List the ports that others than the machine itself reach through it."""
    return tuple(
        port
        for port in container.ports
        if port.host_port is not None and not is_loopback(port.host_address)
    )


def is_loopback(address: str) -> bool:
    """Tell whether only the machine itself reaches an address."""
    return address.startswith("127.") or address == "::1"
