"""Look for what is wrong with the subnets of a network to be created."""

from __future__ import annotations

from collections.abc import Iterator

from netdash.topology.addresses import list_edges, parse_address
from netdash.topology.changes import CreateNetwork
from netdash.topology.creation_words import (
    say_auxiliary_invalid,
    say_auxiliary_outside,
    say_auxiliary_taken,
    say_gateway_invalid,
    say_gateway_outside,
    say_gateway_reserved,
    say_host_bits,
    say_overlap,
    say_own_overlap,
    say_range_invalid,
    say_range_outside,
    say_several_subnets,
    say_subnet_invalid,
    say_subnet_missing,
    say_subnet_small,
)
from netdash.topology.refusal import Refusal
from netdash.topology.snapshot import Snapshot, Subnet
from netdash.topology.subnets import Block, find_free_subnets, find_overlaps, overlaps, parse_block

ONE_POOL_DRIVERS = frozenset({"bridge"})


def check_subnets(snapshot: Snapshot, change: CreateNetwork) -> Iterator[Refusal]:
    """Say what is wrong with each subnet, at most one thing per value."""
    seen: list[Block] = []
    for index, subnet in enumerate(change.subnets):
        block = parse_block(subnet.cidr) if "/" in subnet.cidr else None
        problem = check_block(subnet, block, index)
        if problem is not None or block is None:
            if problem is not None:
                yield problem
            continue
        yield from check_place(snapshot, change, block, seen, index)
        yield from check_parts(subnet, block, index)
        seen.append(block)


def check_block(subnet: Subnet, block: Block | None, index: int) -> Refusal | None:
    """Say what is wrong with the subnet itself."""
    if not subnet.cidr:
        has_parts = subnet.gateway or subnet.ip_range or subnet.auxiliary
        return say_subnet_missing(index) if has_parts else None
    if block is None or not subnet.cidr.partition("/")[2].isdecimal():
        return say_subnet_invalid(subnet.cidr, index)
    if str(block.network_address) != str(parse_address(subnet.cidr.partition("/")[0])):
        return say_host_bits(subnet.cidr, str(block), index)
    if block.prefixlen >= block.max_prefixlen - 1:
        return say_subnet_small(subnet.cidr, index)
    return None


def check_place(
    snapshot: Snapshot,
    change: CreateNetwork,
    block: Block,
    seen: list[Block],
    index: int,
) -> Iterator[Refusal]:
    """Say with whom a subnet collides; a configuration alone collides with nobody."""
    own = next((other for other in seen if overlaps(other, block)), None)
    others = () if change.is_config_only else find_overlaps(snapshot, str(block))
    if own is not None:
        yield say_own_overlap(str(block), str(own), index)
    elif others:
        named = [(network.name, cidr) for network, cidr in others]
        yield say_overlap(str(block), named, suggest(snapshot, block), index)
    elif change.driver in ONE_POOL_DRIVERS and any(b.version == block.version for b in seen):
        yield say_several_subnets(change.driver, index)


def check_parts(subnet: Subnet, block: Block, index: int) -> Iterator[Refusal]:
    """Say what is wrong with gateway, range and auxiliary addresses."""
    if subnet.gateway:
        yield from check_gateway(subnet.gateway, block, index)
    if subnet.ip_range:
        inner = parse_block(subnet.ip_range) if "/" in subnet.ip_range else None
        if inner is None:
            yield say_range_invalid(subnet.ip_range, index)
        elif not is_inside(inner, block):
            yield say_range_outside(subnet.ip_range, subnet.cidr, index)
    yield from check_auxiliary(subnet, block, index)


def check_gateway(text: str, block: Block, index: int) -> Iterator[Refusal]:
    """Say what is wrong with a gateway."""
    address = parse_address(text)
    if address is None:
        yield say_gateway_invalid(text, index)
    elif address not in block:
        yield say_gateway_outside(text, str(block), index)
    elif address in list_edges(block):
        yield say_gateway_reserved(text, index)


def check_auxiliary(subnet: Subnet, block: Block, index: int) -> Iterator[Refusal]:
    """Say what is wrong with each auxiliary address."""
    taken = {parse_address(subnet.gateway)}
    for name, text in subnet.auxiliary:
        address = parse_address(text)
        if address is None or not name:
            yield say_auxiliary_invalid(name, text, index)
        elif address not in block:
            yield say_auxiliary_outside(name, text, str(block), index)
        elif address in taken:
            yield say_auxiliary_taken(name, text, index)
        taken.add(address)


def is_inside(inner: Block, outer: Block) -> bool:
    """Tell whether one block is a part of another."""
    return inner.version == outer.version and (
        inner.network_address in outer and inner.broadcast_address in outer
    )


def suggest(snapshot: Snapshot, block: Block) -> tuple[str, ...]:
    """Suggest two free subnets of the same size."""
    return find_free_subnets(snapshot, block.prefixlen, count=2)
