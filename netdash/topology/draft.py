"""A working copy of a snapshot, so that a plan of a thousand steps is foreseen in one go."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

from netdash.topology.addresses import find_gateway, list_taken, parse_address
from netdash.topology.lookup import pick_network
from netdash.topology.publishing import foresee_ports
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet
from netdash.topology.subnets import is_ipv6, parse_block


class Draft:
    """Networks and containers that may be altered, and the addresses given so far."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.start = snapshot
        self.networks = dict(snapshot.networks_by_id)
        self.containers = dict(snapshot.containers_by_id)
        self._live_ids: dict[str, set[str]] = {}
        self._taken: dict[str, set[int]] = {}
        self._lowest: dict[tuple[str, str], int] = {}

    def freeze(self) -> Snapshot:
        """Make the snapshot, sorted as every snapshot is."""
        networks = sorted(self.networks.values(), key=lambda found: (found.name, found.id))
        return Snapshot(tuple(networks), tuple(self.containers.values()), self.start.engine)

    def find_network(self, network_id: str, name: str) -> Network | None:
        """Find a network by id, or by name while it has no id yet."""
        return pick_network(self.networks, network_id, name)

    def list_live_ids(self, network: Network) -> set[str]:
        """List the containers with a live endpoint on a network."""
        if network.id not in self._live_ids:
            members = self.start.members_by_network_id.get(network.id, ())
            self._live_ids[network.id] = {c.id for c, endpoint in members if endpoint.is_live}
        return self._live_ids[network.id]

    def put(self, container: Container, endpoint: Endpoint, dropped: Endpoint | None) -> None:
        """Give a container an endpoint, instead of another one if named."""
        kept = [found for found in container.endpoints if found is not dropped]
        self._set_endpoints(container, [*kept, endpoint])
        network = self.networks[endpoint.network_id]
        if endpoint.is_live:
            self.list_live_ids(network).add(container.id)
            self._note_taken(network, endpoint)

    def drop(self, container: Container, endpoint: Endpoint) -> None:
        """Take an endpoint away and free its addresses."""
        self._set_endpoints(container, [e for e in container.endpoints if e is not endpoint])
        network = self.networks.get(endpoint.network_id)
        if network is None or not endpoint.is_live:
            return
        self.list_live_ids(network).discard(container.id)
        for address in (parse_address(endpoint.ipv4), parse_address(endpoint.ipv6)):
            if address is not None:
                self._find_taken(network).discard(int(address))
        for key in [key for key in self._lowest if key[0] == network.id]:
            del self._lowest[key]

    def choose_address(self, network: Network, wants_ipv6: bool) -> tuple[str, int]:
        """Choose the lowest free address and its prefix, as an engine does; empty when full."""
        for subnet in network.subnets:
            if is_ipv6(subnet) == wants_ipv6:
                found = self._choose_in(network, subnet)
                if found:
                    return found, find_prefix(subnet)
        return "", 0

    def find_gateway(self, network: Network, subnet: Subnet) -> str:
        """Name the gateway of a pool."""
        return find_gateway(self.start, network, subnet)

    def _choose_in(self, network: Network, subnet: Subnet) -> str:
        block = parse_block(subnet.ip_range) or parse_block(subnet.cidr)
        if block is None:
            return ""
        key = (network.id, subnet.cidr)
        taken = self._find_taken(network)
        number = self._lowest.get(key, int(block.network_address))
        while number in taken:
            number += 1
        self._lowest[key] = number
        kind = IPv4Address if block.version == 4 else IPv6Address
        return str(kind(number)) if number <= int(block.broadcast_address) else ""

    def _find_taken(self, network: Network) -> set[int]:
        """Addresses that stopped containers wait for are free to an engine."""
        if network.id not in self._taken:
            found = [t for t in list_taken(self.start, network) if t.kind != "waiting"]
            addresses = [parse_address(taken.address) for taken in found]
            self._taken[network.id] = {int(a) for a in addresses if a is not None}
        return self._taken[network.id]

    def _note_taken(self, network: Network, endpoint: Endpoint) -> None:
        for address in (parse_address(endpoint.ipv4), parse_address(endpoint.ipv6)):
            if address is not None:
                self._find_taken(network).add(int(address))

    def _set_endpoints(self, container: Container, endpoints: list[Endpoint]) -> None:
        ordered = sorted(endpoints, key=lambda found: (found.network_name, found.network_id))
        changed = replace(container, endpoints=tuple(ordered))
        ports = foresee_ports(changed, container, self.networks, self.start.engine)
        self.containers[container.id] = replace(changed, ports=ports)


def find_prefix(subnet: Subnet) -> int:
    """Read the prefix length of a pool; 0 when unreadable."""
    block = parse_block(subnet.cidr)
    return block.prefixlen if block is not None else 0
