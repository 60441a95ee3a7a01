"""Which ports a container publishes on the networks it is on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from netdash.topology.snapshot import (
    Container,
    Endpoint,
    EngineFacts,
    Network,
    PublishedPort,
    Snapshot,
)

ANY_ADDRESSES = ("0.0.0.0", "::")  # noqa: S104
NEVER_PUBLISHING = frozenset({"macvlan", "ipvlan", "null", "host"})


def is_publishing_on(endpoint: Endpoint, networks: Mapping[str, Network]) -> bool:
    """Tell whether ports can be published through an endpoint: not on internal networks."""
    network = networks.get(endpoint.network_id)
    return (
        endpoint.is_live
        and network is not None
        and not network.is_internal
        and network.driver not in NEVER_PUBLISHING
    )


def foresee_ports(
    container: Container, before: Container, networks: Mapping[str, Network], engine: EngineFacts
) -> tuple[PublishedPort, ...]:
    """Foresee the ports of a running container whose endpoints changed.

    They stay while some network can publish them, go with the last one, and come back from
    what was wanted at creation; a port the engine shall choose then shows 0.
    """
    if not container.is_running:
        return before.ports
    can = any(is_publishing_on(endpoint, networks) for endpoint in container.endpoints)
    if engine.api_version and not engine.has_api(1, 45):
        if is_inside_only(container, networks):
            return foresee_inside(container, before, networks)
        is_kept = can and is_open(before)
    else:
        is_kept = can == any(is_publishing_on(endpoint, networks) for endpoint in before.endpoints)
    if is_kept:
        return before.ports
    return tuple(expand_ports(container.wanted_ports or ())) if can else ()


def foresee_inside(
    container: Container, before: Container, networks: Mapping[str, Network]
) -> tuple[PublishedPort, ...]:
    """Foresee the ports of a container that only internal networks hold, on engines before 26.1.

    Measured on 20.10: they follow the network whose gateway counts, the first by name. Where
    another one comes first because that one left, they are open; because it came, closed.
    """
    if not before.ports or find_first(container, networks) == find_first(before, networks):
        return before.ports
    wanted = container.wanted_ports or ()
    if len(container.endpoints) < len(before.endpoints):
        return tuple(expand_ports(wanted))
    return tuple(replace(port, host_address="", host_port=None) for port in wanted)


def find_first(container: Container, networks: Mapping[str, Network]) -> tuple[bool, str] | None:
    """Find the network whose gateway counts on engines before 26.1; internal ones come last."""
    ids = (endpoint.network_id for endpoint in container.endpoints if endpoint.is_live)
    return min(
        ((networks[id_].is_internal, networks[id_].name) for id_ in ids if id_ in networks),
        default=None,
    )


def is_open(container: Container) -> bool:
    """Tell whether a container publishes anything now."""
    return any(port.host_port is not None for port in container.ports)


def is_inside_only(container: Container, networks: Mapping[str, Network]) -> bool:
    """Tell whether a container lives on networks, and all of them are internal bridges."""
    found = [networks.get(endpoint.network_id) for endpoint in container.endpoints]
    live = [network for network in found if network is not None]
    return bool(live) and all(n.is_internal and n.driver not in NEVER_PUBLISHING for n in live)


def find_clash(
    container: Container, before: Container, snapshot: Snapshot
) -> tuple[PublishedPort, Container] | None:
    """Find the first port a changed container opens that another one has on the machine."""
    others = [other for other in snapshot.containers if other.id != container.id]
    held = [(port, other) for other in others for port in other.ports if port.host_port]
    for wanted in container.ports:
        if wanted.host_port and wanted not in before.ports:
            for port, other in held:
                if is_same_place(wanted, port):
                    return wanted, other
    return None


def is_same_place(one: PublishedPort, other: PublishedPort) -> bool:
    """Tell whether two ports cannot be open at once; any-addresses hold all of their family."""
    addresses = {one.host_address, other.host_address}
    families = {":" in address for address in addresses}
    return (
        (one.protocol, one.host_port) == (other.protocol, other.host_port)
        and len(families) == 1
        and (len(addresses) == 1 or not addresses.isdisjoint(ANY_ADDRESSES))
    )


def expand_ports(wanted: tuple[PublishedPort, ...]) -> Iterator[PublishedPort]:
    """Write wanted ports as an engine lists them: one row for IPv4 and one for IPv6."""
    for port in wanted:
        if port.host_port is None or port.host_address:
            yield port
        else:
            for address in ANY_ADDRESSES:
                yield replace(port, host_address=address)
