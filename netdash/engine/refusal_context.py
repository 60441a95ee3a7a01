"""What was asked of an engine when it refused: names, fields, and who is in the way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from netdash.topology import connection_words as connection
from netdash.topology import creation_words as creation
from netdash.topology.addresses import find_free, find_holder
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
)
from netdash.topology.connection_checks import describe_holder, list_cidrs, plan_leaving_none
from netdash.topology.creation_checks import suggest_other
from netdash.topology.driver_options import BRIDGE_NAME
from netdash.topology.lookup import find_network, list_members, list_names, pick_endpoint
from netdash.topology.option_words import say_config_missing
from netdash.topology.plans import plan_removal
from netdash.topology.refusal import Refusal
from netdash.topology.removal_words import say_half_left, say_in_use, say_not_connected
from netdash.topology.snapshot import Container, Network, Snapshot, Subnet
from netdash.topology.subnets import find_free_subnets, find_overlaps, is_ipv6, parse_block


@dataclass(frozen=True, slots=True)
class Asked:
    """The change that was refused and the snapshot it was made on."""

    change: Change
    snapshot: Snapshot
    status: int

    @property
    def name(self) -> str:
        """Name the network to be created."""
        return self.change.name if isinstance(self.change, CreateNetwork) else self.network_name

    @property
    def other(self) -> str:
        """Suggest another name for it."""
        return suggest_other(self.snapshot, self.name)

    @property
    def network_name(self) -> str:
        """Name the network the change is about."""
        if isinstance(self.change, CreateNetwork):
            return self.change.name
        return self.change.network_name

    @property
    def container_name(self) -> str:
        """Name the container the change is about."""
        if isinstance(self.change, ConnectContainer | DisconnectContainer):
            return self.change.container_name
        return ""

    @property
    def network(self) -> Network | None:
        """Find the network the change is about."""
        if isinstance(self.change, CreateNetwork):
            return None
        return find_network(self.snapshot, self.change.network_id, self.change.network_name)

    @property
    def container(self) -> Container | None:
        """Find the container the change is about."""
        if isinstance(self.change, ConnectContainer | DisconnectContainer):
            return self.snapshot.containers_by_id.get(self.change.container_id)
        return None

    @property
    def settings(self) -> EndpointSettings:
        """Give what the connection asked for."""
        if isinstance(self.change, ConnectContainer):
            return self.change.settings
        return EndpointSettings()

    @property
    def address_field(self) -> str:
        """Name the field of the fixed address."""
        return "ipv6" if self.settings.ipv6 and not self.settings.ipv4 else "ipv4"

    @property
    def mac(self) -> str:
        """Give the MAC that was asked for."""
        return self.settings.mac

    @property
    def subnets(self) -> tuple[Subnet, ...]:
        """Give the subnets that were asked for."""
        return self.change.subnets if isinstance(self.change, CreateNetwork) else ()

    @property
    def bridge_name(self) -> str:
        """Give the bridge name that was asked for."""
        options = self.change.options if isinstance(self.change, CreateNetwork) else ()
        return dict(options).get(BRIDGE_NAME, "")

    @property
    def config_from(self) -> str:
        """Name the configuration that was asked for."""
        return self.change.config_from if isinstance(self.change, CreateNetwork) else ""

    def name_on_parent(self, parent: str) -> str:
        """Name the network that is built on an interface of the engine's machine."""
        found = (one.name for one in self.snapshot.networks if ("parent", parent) in one.options)
        return next(found, "")

    def name_of(self, network_id: str) -> str:
        """Name a network by its id; empty when unknown."""
        network = self.snapshot.networks_by_id.get(network_id)
        return network.name if network is not None else ""

    def find_free(self, prefix: int) -> tuple[str, ...]:
        """Find two free subnets of a size."""
        return find_free_subnets(self.snapshot, prefix, count=2)

    def find_subnet(self, field: str, text: str) -> int:
        """Find which subnet row holds a text in a field; the first where none does."""
        wanted = text.rstrip(":,")
        rows = (n for n, subnet in enumerate(self.subnets) if getattr(subnet, field) == wanted)
        return next(rows, 0)

    def find_pool(self, field: str, text: str) -> tuple[str, int]:
        """Find the CIDR and number of the row that holds a text in a field."""
        index = self.find_subnet(field, text)
        return (self.subnets[index].cidr if self.subnets else "", index)

    def find_bare(self) -> int:
        """Find the subnet row without a CIDR."""
        return next((n for n, subnet in enumerate(self.subnets) if not subnet.cidr), 0)

    def find_auxiliary(self, name: str) -> int:
        """Find the subnet row with an auxiliary address of that name."""
        rows = (n for n, subnet in enumerate(self.subnets) if name in dict(subnet.auxiliary))
        return next(rows, 0)

    def read_auxiliary(self, name: str) -> str:
        """Give the auxiliary address of a name."""
        return (
            dict(self.subnets[self.find_auxiliary(name)].auxiliary).get(name, "")
            if self.subnets
            else ""
        )

    def find_publisher(self, place: str) -> str:
        """Name the other container that publishes ``0.0.0.0:8080``."""
        port = place.rpartition(":")[2]
        for container in self.snapshot.containers:
            if container.name != self.container_name and any(
                str(found.host_port) == port for found in container.ports
            ):
                return container.name
        return ""

    def explain_name(self) -> Refusal:
        """Say that a name is taken; 20.10 says so of no name at all."""
        if not self.name.strip():
            return creation.say_name_empty()
        return creation.say_name_taken(self.name, self.other)

    def explain_port(self, place: str) -> Refusal:
        """Say who has a port; a running container is left with half a connection."""
        refusal = connection.say_port_taken(place, self.find_publisher(place))
        if self.container is None or not self.container.is_running:
            return refusal
        return replace(refusal, remedy=connection.say_how_to_free(self.container_name))

    def find_users(self) -> list[str]:
        """Name the networks made from this configuration."""
        return [n.name for n in self.snapshot.networks if n.config_from == self.network_name]

    def explain_unconnected(self) -> Refusal:
        """Say that there is nothing to end, or only what a failed connection left behind."""
        network, container = self.network, self.container
        names = (self.container_name, self.network_name)
        if not (network and container and container.is_running):
            return say_not_connected(*names)
        place = pick_endpoint(container, network.id, network.name)
        return say_half_left(*names) if place else say_not_connected(*names)

    def explain_overlap(self) -> Refusal:
        """Say which subnet collides with whom; 20.10 also says so of parts of one network."""
        for index, subnet in enumerate(self.subnets):
            others = find_overlaps(self.snapshot, subnet.cidr)
            if others:
                named = [(network.name, cidr) for network, cidr in others]
                return creation.say_overlap(subnet.cidr, named, self._suggest(subnet), index)
        for index, subnet in enumerate(self.subnets):
            for name, address in subnet.auxiliary:
                if address == subnet.gateway:
                    return creation.say_auxiliary_taken(name, address, index)
        if sum(1 for subnet in self.subnets if not is_ipv6(subnet)) > 1:
            return self.explain_several()
        first = self.subnets[0] if self.subnets else Subnet("")
        return creation.say_overlap(first.cidr, (), self._suggest(first))

    def explain_several(self) -> Refusal:
        """Say that the driver takes one pool of a kind."""
        driver = self.change.driver if isinstance(self.change, CreateNetwork) else "bridge"
        rows = [n for n, subnet in enumerate(self.subnets) if not is_ipv6(subnet)]
        return creation.say_several_subnets(driver, rows[1] if len(rows) > 1 else 0)

    def explain_gateway(self, address: str) -> Refusal:
        """Say why a gateway cannot be: an edge of its subnet."""
        return creation.say_gateway_reserved(address, self.find_subnet("gateway", address))

    def explain_small(self) -> Refusal:
        """Say which subnet is too small."""
        sizes = [parse_block(subnet.cidr) for subnet in self.subnets]
        rows = [n for n, b in enumerate(sizes) if b is not None and b.num_addresses <= 2]
        index = rows[0] if rows else 0
        return creation.say_subnet_small(self.subnets[index].cidr if self.subnets else "", index)

    def explain_host(self) -> Refusal:
        """Engines before 28 say the same of the container and of the network."""
        container = self.container
        if container is not None and container.network_mode == "host":
            return connection.say_host_mode(container.name)
        if isinstance(self.change, DisconnectContainer):
            return connection.say_host_mode(self.container_name)
        return connection.say_host_network(self.container_name)

    def explain_none(self) -> Refusal:
        """Say on which side ``none`` is, with the plan that leaves it."""
        network, container = self.network, self.container
        names = [e.network_name for e in container.endpoints] if container is not None else []
        if network is not None and network.driver == "null":
            return connection.say_none_network(self.container_name, names)
        if network is None or container is None or "none" not in names:
            return connection.say_none_mode(self.container_name)
        return connection.say_none_mode(container.name, plan_leaving_none(container, network))

    def explain_shared(self) -> Refusal:
        """Say whose stack the container shares."""
        container = self.container
        if container is not None and container.network_mode == "host":
            return connection.say_host_mode(container.name)
        owner_id = container.owner_id if container is not None else ""
        owner = self.snapshot.containers_by_id.get(owner_id)
        return connection.say_shared_stack(self.container_name, owner.name if owner else "")

    def explain_outside(self, address: str) -> Refusal:
        """Say which subnets the address would have to be of."""
        network = self.network
        wants_ipv6 = ":" in address
        if network is None:
            return connection.say_address_outside(address, self.network_name, (), "")
        free = next(iter(find_free(self.snapshot, network, 1, wants_ipv6)), "")
        cidrs = list_cidrs(network, wants_ipv6)
        return connection.say_address_outside(address, network.name, cidrs, free)

    def explain_taken(self) -> Refusal:
        """Say who has the address that was asked for."""
        address = self.settings.ipv4 or self.settings.ipv6
        network = self.network
        if network is None:
            return connection.say_address_taken(address, "", "")
        holder = find_holder(self.snapshot, network, address)
        free = next(iter(find_free(self.snapshot, network, 1, ":" in address)), "")
        who = describe_holder(holder) if holder is not None else ""
        return connection.say_address_taken(address, who, free)

    def explain_unreadable(self, text: str) -> Refusal:
        """Engine 29 refuses an address before it knows what it is for."""
        for index, subnet in enumerate(self.subnets):
            if subnet.gateway == text:
                return creation.say_gateway_invalid(text, index)
        field = "ipv6" if text == self.settings.ipv6 else "ipv4"
        return connection.say_address_invalid(text, field)

    def explain_missing(self) -> Refusal:
        """Say which network is gone: the one of the change, or the configuration of a new one."""
        if self.config_from:
            return say_config_missing(self.config_from)
        return connection.say_network_gone(self.network_name)

    def explain_full(self) -> Refusal:
        """Say which network is full."""
        network = self.network
        cidrs = list_cidrs(network, wants_ipv6=False) if network is not None else ()
        return connection.say_subnet_full(self.network_name, cidrs)

    def explain_in_use(self) -> Refusal:
        """Say who is still connected, with the plan that frees the network."""
        network = self.network
        if network is None:
            return say_in_use(self.network_name, (), None)
        members = list_members(self.snapshot, network)
        names = list_names(container for container, endpoint in members if endpoint.is_live)
        return say_in_use(network.name, names, plan_removal(self.snapshot, network))

    def _suggest(self, subnet: Subnet) -> tuple[str, ...]:
        block = parse_block(subnet.cidr)
        return self.find_free(block.prefixlen if block is not None else 24)
