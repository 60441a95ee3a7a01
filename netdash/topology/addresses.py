"""Addresses of one network: used, reserved, and the next free one, as the engine would choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias

from netdash.topology.lookup import list_members
from netdash.topology.snapshot import Network, Snapshot, Subnet
from netdash.topology.subnets import Block, is_ipv6, parse_block

Address: TypeAlias = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class TakenAddress:
    """An address nobody else can have, and who has it.

    ``kind`` is container, waiting (a stopped container has asked for it), gateway, auxiliary,
    network or broadcast.
    """

    address: str
    kind: str
    holder: str = ""


@lru_cache(maxsize=65536)
def parse_address(text: str) -> Address | None:
    """Read an address without a prefix; None when it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def list_taken(snapshot: Snapshot, network: Network) -> tuple[TakenAddress, ...]:
    """List the used and reserved addresses of a network, lowest first, IPv4 before IPv6."""
    found = [*_list_reserved(snapshot, network), *_list_used(snapshot, network)]
    return tuple(sorted(found, key=_rank))


def find_holder(snapshot: Snapshot, network: Network, address: str) -> TakenAddress | None:
    """Find who has an address, a live holder before a waiting one."""
    wanted = parse_address(address)
    found = [t for t in list_taken(snapshot, network) if parse_address(t.address) == wanted]
    return min(found, key=lambda taken: taken.kind == "waiting", default=None)


def find_free(
    snapshot: Snapshot, network: Network, count: int = 1, wants_ipv6: bool = False
) -> tuple[str, ...]:
    """List the first addresses the engine could give: lowest first, inside the ip-range.

    Addresses that stopped containers asked for are left out, although the engine would give
    them away.
    """
    taken = {parse_address(t.address) for t in list_taken(snapshot, network)}
    found: list[str] = []
    for subnet in network.subnets:
        if is_ipv6(subnet) == wants_ipv6:
            for address in walk_range(subnet):
                if address not in taken:
                    found.append(str(address))
                if len(found) == count:
                    return tuple(found)
    return tuple(found)


def walk_range(subnet: Subnet) -> Iterator[Address]:
    """Step through the addresses an engine hands out by itself, lowest first."""
    block = parse_block(subnet.ip_range) or parse_block(subnet.cidr)
    if block is None:
        return
    kind = IPv4Address if block.version == 4 else IPv6Address
    for number in range(int(block.network_address), int(block.broadcast_address) + 1):
        yield kind(number)


def find_subnet(network: Network, address: str) -> Subnet | None:
    """Find the address pool of a network that holds an address."""
    wanted = parse_address(address)
    for subnet in network.subnets:
        block = parse_block(subnet.cidr)
        if wanted is not None and block is not None and wanted in block:
            return subnet
    return None


def find_gateway(snapshot: Snapshot, network: Network, subnet: Subnet) -> str:
    """Name the gateway of a pool: as configured, as its endpoints say, or the first address.

    Engines before 29 list an unconfigured gateway nowhere but in the endpoints.
    """
    if subnet.gateway:
        return subnet.gateway.split("/")[0]
    block = parse_block(subnet.cidr)
    for _, endpoint in list_members(snapshot, network):
        seen = parse_address(endpoint.ipv6_gateway if is_ipv6(subnet) else endpoint.gateway)
        if seen is not None and block is not None and seen in block:
            return str(seen)
    return _find_first(block, parse_block(subnet.ip_range))


def list_edges(block: Block) -> tuple[Address, ...]:
    """List the addresses of a block that no container can have: network and broadcast."""
    if block.prefixlen >= block.max_prefixlen - 1:
        return ()
    if block.version == 6:
        return (block.network_address,)
    return (block.network_address, block.broadcast_address)


def _find_first(block: Block | None, part: Block | None) -> str:
    if block is None:
        return ""
    start = int((part or block).network_address)
    first = start if part is not None and start != int(block.network_address) else start + 1
    kind = IPv4Address if block.version == 4 else IPv6Address
    return str(kind(min(first, int(block.broadcast_address))))


def _list_reserved(snapshot: Snapshot, network: Network) -> Iterator[TakenAddress]:
    for subnet in network.subnets:
        block = parse_block(subnet.cidr)
        if block is None:
            continue
        for kind, address in zip(("network", "broadcast"), list_edges(block), strict=False):
            yield TakenAddress(str(address), kind)
        gateway = find_gateway(snapshot, network, subnet)
        if gateway:
            yield TakenAddress(gateway, "gateway", network.name)
        for name, address_text in subnet.auxiliary:
            yield TakenAddress(address_text, "auxiliary", name)


def _list_used(snapshot: Snapshot, network: Network) -> Iterator[TakenAddress]:
    for container, endpoint in list_members(snapshot, network):
        for live, wanted in (
            (endpoint.ipv4, endpoint.static_ipv4),
            (endpoint.ipv6, endpoint.static_ipv6),
        ):
            if live:
                yield TakenAddress(live, "container", container.name)
            elif wanted and not endpoint.is_live:
                yield TakenAddress(wanted, "waiting", container.name)


def _rank(taken: TakenAddress) -> tuple[int, int, str]:
    address = parse_address(taken.address)
    return (0, 0, "") if address is None else (address.version, int(address), taken.holder)
