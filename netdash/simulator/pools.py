"""The address pools of a new network: what was asked for, else a default one."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from netdash.simulator import addresses
from netdash.simulator.refusals import Refusal
from netdash.simulator.state import EngineState, Json, Network, Pool

DRIVERS_WITHOUT_ADDRESSES = ("host", "null")


def build_pools(state: EngineState, network: Network, configs: list[Json]) -> None:
    """Fill ``network.pools``: IPv4 before IPv6, each with its gateway taken."""
    if network.driver in DRIVERS_WITHOUT_ADDRESSES or network.ipam_driver == "null":
        return
    pools = [build_pool(config) for config in configs if config.get("Subnet")]
    check_overlap(state, pools)
    kept = [pool for pool in pools if pool.subnet.version == 4]
    if network.has_ipv4 and not kept:
        kept = [Pool(addresses.find_default_pool(state))]
    if network.has_ipv6:
        sixes = [pool for pool in pools if pool.subnet.version == 6]
        kept += sixes or [Pool(addresses.find_default_ipv6_pool(state))]
    else:
        sixes = [pool for pool in pools if pool.subnet.version == 6]
        kept = [*sixes, *kept] if state.edition.is_from(26) else [*kept, *sixes]
    if network.driver == "bridge" and sum(pool.subnet.version == 4 for pool in kept) > 1:
        raise Refusal(403, "bridge driver doesn't support multiple subnets")
    for pool in kept:
        reserve(state, network, pool)
    network.pools = kept


def build_pool(config: Json) -> Pool:
    """Read one entry of ``IPAM.Config``."""
    try:
        text = config["Subnet"]
        if "/" not in text:
            raise ValueError(text)
        subnet = ip_network(text, strict=False)
    except ValueError:
        raise Refusal(500, f"Invalid subnet {text} : invalid CIDR address: {text}") from None
    return Pool(
        subnet=subnet,
        as_given=text,
        gateway=config.get("Gateway") or "",
        ip_range=config.get("IPRange") or "",
        auxiliary=dict(config.get("AuxiliaryAddresses") or {}),
        is_chosen=True,
    )


def check_overlap(state: EngineState, pools: list[Pool]) -> None:
    """Refuse a subnet that another network, or an earlier pool of this one, holds."""
    others = [pool.subnet for network in state.networks.values() for pool in network.held]
    for pool in pools:
        if pool.subnet.prefixlen == 0 or addresses.overlaps(pool.subnet, others):
            raise refuse_overlap(state)


def refuse_overlap(state: EngineState) -> Refusal:
    """Word an overlap."""
    start = "invalid pool request: " if state.edition.is_from(28) else ""
    return Refusal(403, f"{start}Pool overlaps with other one on this address space")


def reserve(state: EngineState, network: Network, pool: Pool) -> None:
    """Take the ends of a pool, its gateway and its auxiliary addresses."""
    if pool.subnet.num_addresses <= 2 and not state.edition.is_from(26):
        raise Refusal(500, "failed to allocate gateway (): No available addresses on this pool")
    addresses.reserve_ends(pool)
    pool.gateway_in_use = take_gateway(pool)
    if not pool.is_chosen:
        pool.gateway = pool.gateway_in_use
    for name, address in pool.auxiliary.items():
        take_auxiliary(pool, name, address)


def take_gateway(pool: Pool) -> str:
    """Take the gateway asked for, or the first address of the subnet."""
    try:
        if pool.gateway and ip_address(pool.gateway) not in pool.subnet:
            message = f"failed to allocate gateway ({pool.gateway}): "
            raise Refusal(500, message + "Requested address is out of range")
        return addresses.take_address(pool, pool.gateway)
    except LookupError:
        message = f"failed to allocate gateway ({pool.gateway}): {addresses.IN_USE}"
        raise Refusal(500, message) from None


def take_auxiliary(pool: Pool, name: str, address: str) -> None:
    """Take an auxiliary address, which no container shall get."""
    if ip_address(address) not in pool.subnet:
        message = f"auxiliary address: ({name}:{address}) must belong to the master pool: "
        raise Refusal(403, message + str(pool.subnet))
    try:
        addresses.take_address(pool, address)
    except LookupError:
        message = f"failed to allocate secondary ip address ({name}:{address}): {addresses.IN_USE}"
        raise Refusal(500, message) from None
