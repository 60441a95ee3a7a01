"""Which ports a container publishes on the networks it is on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from netdash.topology.snapshot import Container, Endpoint, EngineFacts, Network, PublishedPort

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
    what was wanted at creation; a port the engine shall choose then shows 0. Measured: Engine
    20.10 leaves open ports open on an internal network that remains; 26.1 and later do not.
    """
    can = any(is_publishing_on(endpoint, networks) for endpoint in container.endpoints)
    could = any(is_publishing_on(endpoint, networks) for endpoint in before.endpoints)
    if engine.api_version and not engine.has_api(1, 45) and before.ports:
        could = True
        can = can or is_inside_only(container, networks)
    if can == could or not container.is_running:
        return before.ports
    return tuple(expand_ports(container.wanted_ports or ())) if can else ()


def is_inside_only(container: Container, networks: Mapping[str, Network]) -> bool:
    """Tell whether a container lives on networks, and all of them are internal bridges."""
    found = [networks.get(endpoint.network_id) for endpoint in container.endpoints]
    live = [network for network in found if network is not None]
    return bool(live) and all(n.is_internal and n.driver not in NEVER_PUBLISHING for n in live)


def expand_ports(wanted: tuple[PublishedPort, ...]) -> Iterator[PublishedPort]:
    """Write wanted ports as an engine lists them: one row for IPv4 and one for IPv6."""
    for port in wanted:
        if port.host_port is None or port.host_address:
            yield port
        else:
            for address in ANY_ADDRESSES:
                yield replace(port, host_address=address)
