"""What the two lists never hold: one inspect per container, in the background."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from netdash.engine.client import EngineClient
from netdash.engine.errors import speaking
from netdash.engine.joining import DEFAULT_BRIDGE
from netdash.engine.reader import order_port, parse_pairs
from netdash.engine.translating import Raw
from netdash.topology.snapshot import (
    BUILT_IN_NAMES,
    Container,
    Endpoint,
    Pairs,
    PublishedPort,
    Snapshot,
)

SHORT_ID_LENGTH = 12


@dataclass(frozen=True, slots=True)
class EndpointDetails:
    """What an inspect adds to one endpoint."""

    network_id: str
    network_name: str
    aliases: tuple[str, ...] = ()
    """As asked for, without the short id that engines before 28 add by themselves."""
    dns_names: tuple[str, ...] = ()
    """What resolves to it on this network."""
    static_ipv4: str = ""
    static_ipv6: str = ""
    link_local: tuple[str, ...] = ()
    driver_options: Pairs = ()


@dataclass(frozen=True, slots=True)
class ContainerDetails:
    """What an inspect adds to a container.

    ``raw`` is the engine's own answer, less the values of environment variables.
    """

    container_id: str
    started_at: str = ""
    """RFC 3339, empty when it never started."""
    wanted_ports: tuple[PublishedPort, ...] = ()
    """Asked for at creation; ``host_port`` 0 lets the engine choose, None only exposes."""
    endpoints: tuple[EndpointDetails, ...] = ()
    raw: Raw = field(default_factory=dict, compare=False, hash=False, repr=False)


def take_details(client: EngineClient, container_id: str) -> ContainerDetails:
    """Inspect one container; a vanished one raises EngineError with status code 404."""
    with speaking(client):
        return parse_details(client.inspect_container(container_id))


def parse_details(found: Raw) -> ContainerDetails:
    """Translate the answer of ``GET /containers/{id}/json``."""
    started_at = str((found.get("State") or {}).get("StartedAt") or "")
    endpoints = (found.get("NetworkSettings") or {}).get("Networks") or {}
    return ContainerDetails(
        container_id=found["Id"],
        started_at="" if started_at.startswith("0001-") else started_at,
        wanted_ports=parse_wanted_ports(found),
        endpoints=tuple(
            parse_endpoint_details(name, endpoints[name] or {}, found) for name in sorted(endpoints)
        ),
        raw=hide_environment(found),
    )


def hide_environment(found: Raw) -> Raw:
    """Leave out the values of environment variables: passwords, and not for whoever may look."""
    config = found.get("Config") or {}
    names = [f"{pair.partition('=')[0]}=…" for pair in config.get("Env") or ()]
    return {**found, "Config": {**config, "Env": names}} if names else found


def parse_wanted_ports(found: Raw) -> tuple[PublishedPort, ...]:
    """Read bindings and exposed ports from ``HostConfig`` and ``Config``."""
    host = found.get("HostConfig") or {}
    bindings: Mapping[str, Any] = host.get("PortBindings") or {}
    exposed = set((found.get("Config") or {}).get("ExposedPorts") or ()) - set(bindings)
    ports = set(parse_bindings(bindings))
    for word in exposed:
        ports.add(parse_port(word, "", 0 if host.get("PublishAllPorts") else None))
    return tuple(sorted(ports, key=order_port))


def parse_bindings(bindings: Mapping[str, Any]) -> Iterator[PublishedPort]:
    """Translate ``{"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}``."""
    for word, places in bindings.items():
        none: Raw = {}
        for place in places or (none,):
            first = str(place.get("HostPort") or "0").partition("-")[0]
            yield parse_port(
                word, place.get("HostIp") or "", int(first) if first.isdecimal() else 0
            )


def parse_port(word: str, host_address: str, host_port: int | None) -> PublishedPort:
    """Translate ``80/tcp``."""
    number, _, protocol = word.partition("/")
    return PublishedPort(
        int(number) if number.isdecimal() else 0, protocol or "tcp", host_address, host_port
    )


def parse_endpoint_details(name: str, found: Raw, container: Raw) -> EndpointDetails:
    """Translate one entry of ``NetworkSettings.Networks`` of an inspect."""
    wanted = found.get("IPAMConfig") or {}
    short_id = container["Id"][:SHORT_ID_LENGTH]
    aliases = tuple(sorted(set(found.get("Aliases") or ()) - {short_id}))
    return EndpointDetails(
        network_id=found.get("NetworkID") or "",
        network_name=name,
        aliases=aliases,
        dns_names=parse_dns_names(name, found, container, aliases),
        static_ipv4=wanted.get("IPv4Address") or "",
        static_ipv6=wanted.get("IPv6Address") or "",
        link_local=tuple(sorted(wanted.get("LinkLocalIPs") or ())),
        driver_options=parse_pairs(found.get("DriverOpts")),
    )


def parse_dns_names(
    network_name: str, found: Raw, container: Raw, aliases: Iterable[str]
) -> tuple[str, ...]:
    """Read ``DNSNames`` (API 1.44); before, Docker resolves name, aliases and short id alike.

    The default bridge resolves nothing.
    """
    if "DNSNames" in found:
        return tuple(sorted(set(found["DNSNames"] or ())))
    if network_name in BUILT_IN_NAMES:
        return ()
    name = str(container.get("Name") or "").removeprefix("/")
    return tuple(sorted({name, container["Id"][:SHORT_ID_LENGTH], *aliases} - {""}))


def add_details(
    snapshot: Snapshot, details_by_container_id: Mapping[str, ContainerDetails]
) -> Snapshot:
    """Complete the containers whose details are known; the others stay as they are."""
    containers = tuple(
        add_to_container(container, details_by_container_id.get(container.id))
        for container in snapshot.containers
    )
    return replace(snapshot, containers=containers)


def add_to_container(container: Container, details: ContainerDetails | None) -> Container:
    """Complete one container."""
    if details is None:
        return container
    return replace(
        container,
        started_at=details.started_at,
        wanted_ports=details.wanted_ports,
        endpoints=tuple(
            add_to_endpoint(one, find_endpoint(one, details)) for one in container.endpoints
        ),
    )


def find_endpoint(endpoint: Endpoint, details: ContainerDetails) -> EndpointDetails | None:
    """Find an endpoint's details by network id, else by name where the id was not yet known."""
    for found in details.endpoints:
        if found.network_id and found.network_id == endpoint.network_id:
            return found
    by_name = endpoint.network_name == DEFAULT_BRIDGE and not endpoint.is_live
    for found in details.endpoints:
        if (by_name or not found.network_id) and found.network_name in (
            endpoint.network_name,
            endpoint.network_id,
        ):
            return found
    return None


def add_to_endpoint(endpoint: Endpoint, details: EndpointDetails | None) -> Endpoint:
    """Complete one endpoint."""
    if details is None:
        return endpoint
    return replace(
        endpoint,
        aliases=details.aliases,
        dns_names=details.dns_names,
        static_ipv4=details.static_ipv4,
        static_ipv6=details.static_ipv6,
        link_local=details.link_local,
        driver_options=details.driver_options,
    )
