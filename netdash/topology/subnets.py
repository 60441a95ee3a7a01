"""Subnets of an engine: what overlaps, what is free, what the engine would take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TypeAlias

from netdash.topology.snapshot import Network, Snapshot, Subnet

Block: TypeAlias = IPv4Network | IPv6Network

DEFAULT_POOLS = (
    *(f"172.{number}.0.0/16" for number in range(17, 32)),
    *(f"192.168.{number}.0/20" for number in range(0, 256, 16)),
)
"""What a daemon without default-address-pools hands out, in its order: 31 networks."""


@lru_cache(maxsize=8192)
def parse_block(cidr: str) -> Block | None:
    """Read a CIDR, host bits allowed; None when it is none."""
    try:
        return ip_network(cidr, strict=False)
    except ValueError:
        return None


def list_blocks(network: Network) -> tuple[Block, ...]:
    """List the readable address pools of a network."""
    blocks = (parse_block(subnet.cidr) for subnet in network.subnets)
    return tuple(block for block in blocks if block is not None)


def is_ipv6(subnet: Subnet) -> bool:
    """Tell the family of an address pool; unreadable ones count as IPv4."""
    block = parse_block(subnet.cidr)
    return block is not None and block.version == 6


def find_overlaps(snapshot: Snapshot, cidr: str) -> tuple[tuple[Network, str], ...]:
    """List the networks whose pools overlap a CIDR, each with the pool, in name order."""
    wanted = parse_block(cidr)
    if wanted is None:
        return ()
    return tuple(
        (network, str(block))
        for network in snapshot.networks
        if not network.is_config_only
        for block in list_blocks(network)
        if overlaps(block, wanted)
    )


def overlaps(one: Block, other: Block) -> bool:
    """Tell whether two blocks of any family share an address."""
    if isinstance(one, IPv4Network):
        return isinstance(other, IPv4Network) and one.overlaps(other)
    return isinstance(other, IPv6Network) and one.overlaps(other)


def find_free_subnets(
    snapshot: Snapshot,
    prefix: int = 24,
    within: str = "",
    count: int = 1,
    taken: Iterable[str] = (),
) -> tuple[str, ...]:
    """List the first free subnets of one size, lowest first.

    ``within`` is where to look, else the engine's own default pools and then 10.0.0.0/8 (IPv4)
    or fd00::/8 (a prefix above 32). ``taken`` names more blocks to keep clear of, such as routes
    of the machine.
    """
    used = _collapse(snapshot, taken)
    found: list[str] = []
    for place in _list_places(within, prefix):
        for block in _walk(place, prefix, used):
            found.append(str(block))
            if len(found) == count:
                return tuple(found)
    return tuple(found)


def find_next_pool(snapshot: Snapshot) -> str:
    """Name the pool an engine with default settings would give next; empty when used up."""
    used = _collapse(snapshot, ())
    for pool in DEFAULT_POOLS:
        block = ip_network(pool)
        if not any(overlaps(block, other) for other in used):
            return pool
    return ""


def _collapse(snapshot: Snapshot, taken: Iterable[str]) -> list[Block]:
    blocks = [
        block
        for network in snapshot.networks
        if not network.is_config_only
        for block in list_blocks(network)
    ]
    blocks += [block for block in map(parse_block, taken) if block is not None]
    ipv4 = collapse_addresses(block for block in blocks if isinstance(block, IPv4Network))
    ipv6 = collapse_addresses(block for block in blocks if isinstance(block, IPv6Network))
    return [*ipv4, *ipv6]


def _list_places(within: str, prefix: int) -> list[Block]:
    if within:
        place = parse_block(within)
        return [place] if place is not None else []
    if prefix > 32:
        return [ip_network("fd00::/8")]
    return [ip_network(pool) for pool in (*DEFAULT_POOLS, "10.0.0.0/8")]


def _walk(place: Block, prefix: int, used: list[Block]) -> Iterator[Block]:
    """Step through the free blocks of a size, jumping over each used block at once."""
    if prefix < place.prefixlen or prefix > place.max_prefixlen:
        return
    size = 1 << (place.max_prefixlen - prefix)
    start, end = int(place.network_address), int(place.broadcast_address)
    spans = sorted(
        (int(block.network_address), int(block.broadcast_address))
        for block in used
        if overlaps(block, place)
    )
    for first, last in spans:
        while start + size <= first:
            yield _make_block(place, start, prefix)
            start += size
        if last >= start:
            start = (last // size + 1) * size
    while start + size - 1 <= end:
        yield _make_block(place, start, prefix)
        start += size


def _make_block(place: Block, start: int, prefix: int) -> Block:
    kind = IPv4Network if isinstance(place, IPv4Network) else IPv6Network
    return kind((start, prefix))
