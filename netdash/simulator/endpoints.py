"""A container's places on networks: what attaching and detaching one does."""

from __future__ import annotations

from hashlib import sha256
from ipaddress import ip_address

from netdash.simulator import addresses
from netdash.simulator.networks import publish, release
from netdash.simulator.refusals import Refusal
from netdash.simulator.state import Container, Endpoint, EngineState, Network, Pool

DRIVERS_THAT_PUBLISH = ("bridge", "overlay")


def attach(state: EngineState, container: Container, network: Network, place: Endpoint) -> None:
    """Make the live endpoint of a running container: addresses and MAC; events are the caller's."""
    if container.id in network.live:
        message = f"endpoint with name {container.name} already exists in network {network.name}"
        raise Refusal(403, message)
    place.has_names = True
    if network.is_config_only:
        raise Refusal(403, "cannot create endpoint on configuration-only network")
    take_addresses(state, network, place)
    place.network_id = network.id
    place.id = state.make_id()
    if network.driver not in ("host", "null"):
        place.mac = make_mac(state, place)
    network.live[container.id] = place


def take_addresses(state: EngineState, network: Network, place: Endpoint) -> None:
    """Take one address of each family, the static ones where asked; none if one fails."""
    try:
        for pool in network.pools:
            take_from(state, network, pool, place)
    except Refusal:
        release(network, place.ipv4, place.ipv6)
        place.ipv4 = place.ipv6 = ""
        raise


def take_from(state: EngineState, network: Network, pool: Pool, place: Endpoint) -> None:
    """Take the address of one pool's family, unless an earlier pool has given one."""
    family = pool.subnet.version
    if (family == 6 and not network.has_ipv6) or (place.ipv4 if family == 4 else place.ipv6):
        return
    wanted = (place.ipam or {}).get(f"IPv{family}Address") or ""
    if wanted and ip_address(wanted) not in pool.subnet:
        if len(network.pools) > 1 and addresses.find_pool(network.pools, wanted):
            return
        raise Refusal(
            500,
            f"Invalid address {wanted}: It does not belong to any of this network's subnets",
        )
    try:
        address = addresses.take_address(pool, wanted)
    except LookupError:
        raise refuse_address(network, wanted, family) from None
    gateway = "" if is_without_gateway(state, network) else pool.gateway_in_use
    if family == 4:
        place.ipv4, place.ipv4_prefix, place.gateway = address, pool.subnet.prefixlen, gateway
    else:
        place.ipv6, place.ipv6_prefix, place.ipv6_gateway = address, pool.subnet.prefixlen, gateway


def refuse_address(network: Network, wanted: str, family: int) -> Refusal:
    """Word that an address, or every address, is taken."""
    if wanted:
        return Refusal(403, addresses.IN_USE)
    return Refusal(
        500,
        f"no available IPv{family} addresses on this network's address pools: "
        f"{network.name} ({network.id})",
    )


def is_without_gateway(state: EngineState, network: Network) -> bool:
    """Tell whether endpoints show no gateway: internal networks from 26 on."""
    return network.is_internal and state.edition.is_from(26)


def make_mac(state: EngineState, place: Endpoint) -> str:
    """Make a MAC address: from the IPv4 address before 28, a random local one since."""
    if place.ipv4 and not state.edition.is_from(28):
        digits = f"0242{int(ip_address(place.ipv4)):08x}"
    else:
        noise = sha256(place.id.encode()).digest()
        digits = bytes([noise[0] & 0xFE | 0x02, *noise[1:6]]).hex()
    return ":".join(digits[start : start + 2] for start in range(0, 12, 2))


def detach(state: EngineState, container: Container, name: str, *, times: int = 1) -> None:
    """End a live endpoint; the entry stays, with its network's id."""
    place = container.endpoints[name]
    network = state.networks.get(place.network_id)
    if network is None or network.live.pop(container.id, None) is None:
        return
    release(network, place.ipv4, place.ipv6)
    clear(place)
    for _ in range(times):
        publish(state, network, "disconnect", container=container.id)


def clear(place: Endpoint) -> None:
    """Forget what only a live endpoint has."""
    place.id = place.ipv4 = place.gateway = place.ipv6 = place.ipv6_gateway = place.mac = ""
    place.ipv4_prefix = place.ipv6_prefix = 0


def find_route_network(state: EngineState, container: Container) -> Network | None:
    """Find the network of the default route: priority, then name; never an internal one."""
    usable = [
        (-place.gateway_priority, name, network)
        for name, place in container.endpoints.items()
        if place.id
        and (network := state.networks.get(place.network_id))
        and not network.is_internal
        and network.driver not in ("host", "null")
    ]
    return min(usable, key=lambda found: found[:2])[2] if usable else None
