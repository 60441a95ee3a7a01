"""What the simulated engine holds: networks, containers, their endpoints, images, events."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from netdash.simulator.editions import DEFAULT_VERSION, EDITIONS, Edition
from netdash.simulator.events import EventLog

Json = dict[str, Any]
PREDEFINED = ("bridge", "host", "none")


@dataclass
class Pool:
    """One address pool of a network; ``taken`` holds the addresses in use as integers."""

    subnet: IPv4Network | IPv6Network
    gateway: str = ""
    """As shown: empty when a subnet was given without one."""
    gateway_in_use: str = ""
    ip_range: str = ""
    auxiliary: dict[str, str] = field(default_factory=dict)
    as_given: str = ""
    """The subnet in the words of the request."""
    is_chosen: bool = False
    """Whether the user named the subnet; only then are static addresses accepted."""
    taken: set[int] = field(default_factory=set)


@dataclass
class Network:
    """One network."""

    id: str
    name: str
    driver: str
    created_at: int
    scope: str = "local"
    pools: list[Pool] = field(default_factory=list)
    has_ipv4: bool = True
    has_ipv6: bool = False
    is_internal: bool = False
    is_attachable: bool = False
    is_ingress: bool = False
    is_config_only: bool = False
    config_from: str = ""
    ipam_driver: str = "default"
    ipam_options: dict[str, str] | None = None
    options: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    live: dict[str, Endpoint] = field(default_factory=dict)
    """Live endpoints by container id."""

    @property
    def held(self) -> list[Pool]:
        """List the pools whose addresses it holds: a configuration network holds none."""
        return [] if self.is_config_only else self.pools


@dataclass
class Endpoint:
    """A container's entry of one network; addresses are empty while it is not running."""

    network_id: str = ""
    id: str = ""
    ipv4: str = ""
    ipv4_prefix: int = 0
    gateway: str = ""
    ipv6: str = ""
    ipv6_prefix: int = 0
    ipv6_gateway: str = ""
    mac: str = ""
    ipam: Json | None = None
    aliases: list[str] = field(default_factory=list)
    links: list[str] | None = None
    driver_options: dict[str, str] | None = None
    gateway_priority: int = 0
    wanted_mac: str = ""
    has_names: bool = False
    """Whether it has DNS names: from the first start, a connect or a rename on."""
    was_renamed: bool = False
    """Whether its container was renamed on it: then even the default bridge shows DNS names."""


@dataclass
class Container:
    """One container. Times are nanoseconds since 1970, zero for never."""

    id: str
    name: str
    image: str
    created_at: int
    config: Json
    host_config: Json
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    """By network name."""
    state: str = "created"
    health: str = ""
    exit_code: int = 0
    started_at: int = 0
    finished_at: int = 0
    restart_count: int = 0
    is_stopped_by_hand: bool = False
    ports: dict[str, list[Json] | None] = field(default_factory=dict)
    """Effective ports, as ``NetworkSettings.Ports``."""
    first_network: str = ""
    """Of the networks it was on when its ports were last looked at, the one that counted."""
    error: str = ""

    @property
    def is_running(self) -> bool:
        """Tell whether its processes exist: running or paused."""
        return self.state in ("running", "paused")

    @property
    def mode(self) -> str:
        """Say ``HostConfig.NetworkMode``."""
        return str(self.host_config["NetworkMode"])

    @property
    def labels(self) -> dict[str, str]:
        """Say its labels."""
        return self.config.get("Labels") or {}

    @property
    def is_sharing(self) -> bool:
        """Tell whether it lives in another container's network stack."""
        return self.mode.startswith("container:")


@dataclass
class EngineState:
    """Everything one simulated engine knows; whoever reads or changes it holds ``lock``."""

    edition: Edition = EDITIONS[DEFAULT_VERSION]
    name: str = "simulated"
    seed: str = "netdash"
    networks: dict[str, Network] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    """Image ids by reference with tag."""
    events: EventLog = field(default_factory=EventLog)
    lock: threading.RLock = field(default_factory=threading.RLock)
    changed: threading.Condition = field(init=False)
    next_pool: int = 0
    """Where the search for a free default pool begins; engines before 27 go round."""
    next_port: int = 0
    serial: itertools.count[int] = field(default_factory=itertools.count)
    waking: list[str] = field(default_factory=list)
    """Ids of containers that come up with the engine after a restart."""
    networks_by_name: dict[str, list[Network]] = field(default_factory=dict)
    container_ids_by_name: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.changed = threading.Condition(self.lock)

    def make_id(self) -> str:
        """Make the next id: 64 hex digits, the same ones in every run."""
        return sha256(f"{self.seed} {next(self.serial)}".encode()).hexdigest()

    def add_network(self, network: Network) -> None:
        """Keep a network, findable by id and name."""
        self.networks[network.id] = network
        self.networks_by_name.setdefault(network.name, []).append(network)

    def drop_network(self, network: Network) -> None:
        """Forget a network."""
        del self.networks[network.id]
        self.networks_by_name[network.name].remove(network)

    def list_named(self, name: str) -> list[Network]:
        """List the networks of a name: one, none, or on old engines several."""
        return self.networks_by_name.get(name, [])

    def now(self) -> int:
        """Say the time in nanoseconds since 1970."""
        return time.time_ns()

    def note_change(self) -> None:
        """Wake those who wait for a container to stop or to go."""
        with self.changed:
            self.changed.notify_all()
