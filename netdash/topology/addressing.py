"""How full the subnets are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from netdash.topology.addresses import find_gateway
from netdash.topology.snapshot import Network, Snapshot, Subnet

Address = IPv4Address | IPv6Address
Range = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class SubnetUse:
    """How many addresses of a subnet are taken.

    ``size`` counts what the engine can give or keep: all but the network's own address and,
    for IPv4, the broadcast address. ``reserved`` is the gateway, also one that the engine
    chose, and the auxiliary addresses; ``used`` is those of live endpoints. Sizes of IPv6
    subnets are true integers up to 2**128.
    """

    cidr: str
    gateway: str
    ip_range: str
    size: int
    used: int
    reserved: int
    free: int
    used_fraction: float
    """Used and reserved, between 0 and 1."""


def measure_use(snapshot: Snapshot, network: Network) -> tuple[SubnetUse, ...]:
    """Measure each subnet of the network, in the engine's order; unreadable ones are left out."""
    taken = {
        address
        for _, endpoint in snapshot.members_by_network_id.get(network.id, ())
        for text in (endpoint.ipv4, endpoint.ipv6)
        if (address := parse_address(text))
    }
    complete = (replace(s, gateway=find_gateway(snapshot, network, s)) for s in network.subnets)
    uses = (measure_subnet(subnet, taken) for subnet in complete)
    return tuple(use for use in uses if use)


def measure_subnet(subnet: Subnet, taken: set[Address]) -> SubnetUse | None:
    """Measure one subnet; ``taken`` may hold addresses of others."""
    try:
        whole = ip_network(subnet.cidr, strict=False)
    except ValueError:
        return None
    kept = {parse_address(text) for text in (subnet.gateway, *dict(subnet.auxiliary).values())}
    reserved = {address for address in kept if address and address in whole}
    used = sum(1 for address in taken if address in whole and address not in reserved)
    size = max(count_addresses(whole), used + len(reserved))
    return SubnetUse(
        cidr=subnet.cidr,
        gateway=subnet.gateway,
        ip_range=subnet.ip_range,
        size=size,
        used=used,
        reserved=len(reserved),
        free=size - used - len(reserved),
        used_fraction=(used + len(reserved)) / size,
    )


def count_addresses(whole: Range) -> int:
    """Count the addresses that hosts can have."""
    if whole.max_prefixlen - whole.prefixlen <= 1:
        return whole.num_addresses
    return whole.num_addresses - (2 if whole.version == 4 else 1)


def parse_address(text: str) -> Address | None:
    """Read an address, with or without a prefix length; None when it is not one."""
    try:
        return ip_address(text.partition("/")[0])
    except ValueError:
        return None
