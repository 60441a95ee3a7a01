"""What *is*: one immutable reading of one Docker Engine.

Field names follow the Docker Engine API where a word exists there. Everything is keyed by
id, because names repeat on old engines. What the two list calls never hold (aliases, DNS
names, static addresses, wanted ports, start time) is ``None`` until the details pass of the
watcher has read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

Pairs = tuple[tuple[str, str], ...]
"""Labels or options as sorted (key, value) pairs: hashable, and equal when equal."""

COMPOSE_PROJECT = "com.docker.compose.project"
COMPOSE_SERVICE = "com.docker.compose.service"
COMPOSE_NUMBER = "com.docker.compose.container-number"
STACK_NAMESPACE = "com.docker.stack.namespace"
SWARM_SERVICE = "com.docker.swarm.service.name"
BUILT_IN_NAMES = frozenset({"bridge", "host", "none"})


@dataclass(frozen=True, slots=True)
class Subnet:
    """One address pool of a network (``IPAM.Config[]``); empty strings where none is given."""

    cidr: str
    gateway: str = ""
    ip_range: str = ""
    auxiliary: Pairs = ()


@dataclass(frozen=True, slots=True)
class Network:
    """One network as ``GET /networks`` lists it."""

    id: str
    name: str
    driver: str = "bridge"
    scope: str = "local"
    subnets: tuple[Subnet, ...] = ()
    has_ipv4: bool = True
    has_ipv6: bool = False
    is_internal: bool = False
    is_attachable: bool = False
    is_ingress: bool = False
    is_config_only: bool = False
    config_from: str = ""
    ipam_driver: str = "default"
    ipam_options: Pairs = ()
    options: Pairs = ()
    labels: Pairs = ()
    created_at: str = ""
    """RFC 3339, as the engine gives it."""

    @property
    def is_built_in(self) -> bool:
        """Tell whether Docker made it and never removes it: bridge, host, none, ingress."""
        return self.is_ingress or (self.name in BUILT_IN_NAMES and self.scope == "local")

    @property
    def project(self) -> str:
        """Name the Compose project or stack that made it, or nothing."""
        return find_project(self.labels)


@dataclass(frozen=True, slots=True)
class PublishedPort:
    """A port of a container; ``host_port`` is None when it is only exposed."""

    container_port: int
    protocol: str = "tcp"
    host_address: str = ""
    host_port: int | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A container's place on a network.

    ``id`` is empty when the engine has no live endpoint (stopped, never started, or a failed
    connect). ``network_id`` may name a network that is gone; ask ``Snapshot.is_dangling``.
    """

    network_id: str
    network_name: str
    id: str = ""
    ipv4: str = ""
    ipv4_prefix: int = 0
    gateway: str = ""
    ipv6: str = ""
    ipv6_prefix: int = 0
    ipv6_gateway: str = ""
    mac: str = ""
    gateway_priority: int | None = None
    aliases: tuple[str, ...] | None = None
    dns_names: tuple[str, ...] | None = None
    static_ipv4: str | None = None
    static_ipv6: str | None = None
    link_local: tuple[str, ...] | None = None
    driver_options: Pairs | None = None

    @property
    def is_live(self) -> bool:
        """Tell whether the engine holds a live endpoint."""
        return bool(self.id)


@dataclass(frozen=True, slots=True)
class Container:
    """One container, in any state.

    ``state`` is created, running, restarting, paused, exited, removing or dead; ``health`` is
    healthy, unhealthy, starting or empty. ``network_mode`` is default, bridge, host, none, a
    network's name or id, or ``container:<id>``.
    """

    id: str
    name: str
    image: str = ""
    state: str = "running"
    health: str = ""
    exit_code: int | None = None
    created_at: int = 0
    """Seconds since 1970."""
    started_at: str | None = None
    labels: Pairs = ()
    network_mode: str = "bridge"
    ports: tuple[PublishedPort, ...] = ()
    wanted_ports: tuple[PublishedPort, ...] | None = None
    endpoints: tuple[Endpoint, ...] = ()
    """In order of network name, then id."""

    @property
    def is_running(self) -> bool:
        """Tell whether it holds its network stack: running, paused or restarting."""
        return self.state in ("running", "paused", "restarting")

    @property
    def project(self) -> str:
        """Name its Compose project or stack, or nothing."""
        return find_project(self.labels)

    @property
    def service(self) -> str:
        """Name its Compose or Swarm service, or nothing."""
        labels = dict(self.labels)
        return labels.get(COMPOSE_SERVICE) or labels.get(SWARM_SERVICE, "")

    @property
    def owner_id(self) -> str:
        """Name the container whose network stack it shares (``container:X``), or nothing."""
        return self.network_mode.removeprefix("container:") if self.is_sharing else ""

    @property
    def is_sharing(self) -> bool:
        """Tell whether it lives in another container's network stack."""
        return self.network_mode.startswith("container:")


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What an engine says about itself (``GET /version``, asked once per connection)."""

    name: str = ""
    version: str = ""
    api_version: str = ""
    minimum_api_version: str = ""
    os: str = ""
    is_simulated: bool = False

    def has_api(self, major: int, minor: int) -> bool:
        """Tell whether it speaks at least this API version; unknown versions do not."""
        parts = self.api_version.split(".")
        if len(parts) != 2 or not all(part.isdecimal() for part in parts):
            return False
        return (int(parts[0]), int(parts[1])) >= (major, minor)


@dataclass(frozen=True)
class Snapshot:
    """One reading. Networks and containers are in order of name, then id."""

    networks: tuple[Network, ...] = ()
    containers: tuple[Container, ...] = ()
    engine: EngineFacts = EngineFacts()

    @cached_property
    def networks_by_id(self) -> Mapping[str, Network]:
        """Map each network's id to it."""
        return MappingProxyType({network.id: network for network in self.networks})

    @cached_property
    def containers_by_id(self) -> Mapping[str, Container]:
        """Map each container's id to it."""
        return MappingProxyType({container.id: container for container in self.containers})

    @cached_property
    def members_by_network_id(self) -> Mapping[str, tuple[tuple[Container, Endpoint], ...]]:
        """Map each network's id to its containers, running or not, with their endpoints."""
        members: dict[str, list[tuple[Container, Endpoint]]] = {n.id: [] for n in self.networks}
        for container in self.containers:
            for endpoint in container.endpoints:
                members.setdefault(endpoint.network_id, []).append((container, endpoint))
        return MappingProxyType({key: tuple(found) for key, found in members.items()})

    @cached_property
    def sharers_by_owner_id(self) -> Mapping[str, tuple[Container, ...]]:
        """Map a container's id to those that share its network stack."""
        sharers: dict[str, list[Container]] = {}
        for container in self.containers:
            if container.is_sharing:
                sharers.setdefault(container.owner_id, []).append(container)
        return MappingProxyType({key: tuple(found) for key, found in sharers.items()})

    def is_dangling(self, endpoint: Endpoint) -> bool:
        """Tell whether the endpoint names a network that this reading does not hold."""
        return endpoint.network_id not in self.networks_by_id


def find_project(labels: Pairs) -> str:
    """Read the Compose project, or the stack, from labels; empty when there is none."""
    labels_by_key = dict(labels)
    return labels_by_key.get(COMPOSE_PROJECT) or labels_by_key.get(STACK_NAMESPACE, "")
