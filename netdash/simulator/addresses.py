"""Which addresses are handed out: pools for networks, addresses for endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from netdash.simulator.refusals import Refusal
from netdash.simulator.state import EngineState, Pool

Subnet = IPv4Network | IPv6Network
DEFAULT_POOLS = (
    *(IPv4Network(f"172.{second}.0.0/16") for second in range(17, 32)),
    *IPv4Network("192.168.0.0/16").subnets(new_prefix=20),
)
"""Docker's predefined local pools: 15 of /16, then 16 of /20."""
IN_USE = "Address already in use"


def find_default_pool(state: EngineState) -> Subnet:
    """Choose the next free predefined pool.

    From 27 on it is the lowest free one; older engines go on from the last one given.
    """
    taken = list_ipv4_subnets(state)
    start = 0 if state.edition.is_from(27) else state.next_pool
    for step in range(len(DEFAULT_POOLS)):
        place = (start + step) % len(DEFAULT_POOLS)
        if not overlaps(DEFAULT_POOLS[place], taken):
            state.next_pool = (place + 1) % len(DEFAULT_POOLS)
            return DEFAULT_POOLS[place]
    if state.edition.is_from(27):
        raise Refusal(400, "all predefined address pools have been fully subnetted")
    raise Refusal(404, no_pool("IPv4"))


def find_default_ipv6_pool(state: EngineState) -> Subnet:
    """Make the unique local /64 of a network without an IPv6 subnet; only from 27 on."""
    if not state.edition.is_from(27):
        raise Refusal(404, no_pool("IPv6"))
    number = sha256(f"{state.seed} ula".encode()).digest()[:5].hex()
    taken = {pool.subnet for network in state.networks.values() for pool in network.held}
    site = IPv6Network(f"fd{number[:2]}:{number[2:6]}:{number[6:10]}::/48")
    return next(subnet for subnet in site.subnets(new_prefix=64) if subnet not in taken)


def no_pool(family: str) -> str:
    """Say that no predefined pool is left."""
    return (
        f"could not find an available, non-overlapping {family} address pool among the defaults "
        "to assign to the network"
    )


def list_ipv4_subnets(state: EngineState) -> list[Subnet]:
    """List the IPv4 subnets of all networks."""
    return [
        pool.subnet
        for network in state.networks.values()
        for pool in network.held
        if pool.subnet.version == 4
    ]


def overlaps(subnet: Subnet, others: Iterable[Subnet]) -> bool:
    """Tell whether a subnet shares addresses with one of the others."""
    low, high = int(subnet.network_address), int(subnet.broadcast_address)
    return any(
        other.version == subnet.version
        and low <= int(other.broadcast_address)
        and int(other.network_address) <= high
        for other in others
    )


def reserve_ends(pool: Pool) -> None:
    """Take the addresses that nobody gets: that of the network and the broadcast one."""
    if pool.subnet.num_addresses > 2:
        pool.taken |= {int(pool.subnet.network_address), int(pool.subnet.broadcast_address)}


def take_address(pool: Pool, wanted: str = "") -> str:
    """Take the wanted address, or the lowest free one in the ip-range; raise LookupError."""
    number = int(ip_address(wanted)) if wanted else next(iter_free(pool), None)
    if number is None or number in pool.taken:
        raise LookupError(IN_USE)
    pool.taken.add(number)
    return str(ip_address(number) if pool.subnet.version == 4 else ip_address_6(number))


def ip_address_6(number: int) -> str:
    """Write a number as an IPv6 address; small ones would be read as IPv4."""
    return str(IPv6Network((number, 128)).network_address)


def iter_free(pool: Pool) -> Iterator[int]:
    """Walk the free addresses that may be handed out, lowest first."""
    subnet = pool.subnet
    if pool.ip_range:
        asked = ip_network(pool.ip_range, strict=False)
        subnet = asked if overlaps(asked, [subnet]) else subnet
    low, high = int(subnet.network_address), int(subnet.broadcast_address)
    return (number for number in range_long(low, high) if number not in pool.taken)


def range_long(low: int, high: int) -> Iterator[int]:
    """Walk numbers of any size, both ends included."""
    while low <= high:
        yield low
        low += 1


def release_address(pool: Pool, address: str) -> None:
    """Give an address back."""
    pool.taken.discard(int(ip_address(address)))


def find_pool(pools: Iterable[Pool], address: str) -> Pool | None:
    """Find the pool that holds an address."""
    parsed = ip_address(address)
    return next((pool for pool in pools if parsed in pool.subnet), None)
