"""Connect containers to networks and disconnect them, with all that an engine refuses."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from netdash.simulator.endpoints import attach, detach
from netdash.simulator.lookup import find_container, find_network
from netdash.simulator.networks import publish
from netdash.simulator.ports import publish_ports
from netdash.simulator.refusals import Refusal, join_faults
from netdash.simulator.state import (
    PREDEFINED,
    Container,
    Endpoint,
    EngineState,
    Json,
    Network,
)

SHARED = (
    "container sharing network namespace with another container or host cannot be connected to "
    "any other network"
)
PRIVATE = (
    "container cannot be connected to multiple networks with one of the networks in private "
    "(none) mode"
)
HOST = "container cannot be disconnected from host network or connected to host network"
NO_ALIAS = "network-scoped alias is supported only for containers in user defined networks"
NO_STATIC = "user specified IP address is supported on user defined networks only"
NO_SUBNET = (
    "user specified IP address is supported only when connecting to networks with user "
    "configured subnets"
)


def connect(state: EngineState, network_name: str, body: Json) -> None:
    """Connect a container; one that does not run notes the network by its name alone."""
    container = find_container(state, body.get("Container") or "")
    network = find_network(state, network_name)
    place = read_endpoint(body.get("EndpointConfig") or {})
    place.has_names = True
    if container.is_running:
        check_mode_network(state, container)
    check_combination(state, container, network)
    check_endpoint(state, network, place)
    twin = container.endpoints.get(network.name)
    if not container.is_running:
        if twin is None or (twin.network_id and twin.network_id not in state.networks):
            container.endpoints[network.name] = place
        return
    if twin and twin.id and twin.network_id == network.id:
        attach(state, container, network, place)
    if network.is_config_only:
        # The refusal that follows leaves this entry behind on every version.
        container.endpoints[network.name] = place
    attach(state, container, network, place)
    container.endpoints[network.name] = place
    try:
        publish_ports(state, container)
    except Refusal:
        # A real engine leaves the interface in the container; here nothing is left.
        detach(state, container, network.name, times=0)
        del container.endpoints[network.name]
        raise
    publish(state, network, "connect", container=container.id)


def read_endpoint(config: Json) -> Endpoint:
    """Read an ``EndpointSettings`` of a request."""
    return Endpoint(
        ipam=config.get("IPAMConfig"),
        aliases=list(config.get("Aliases") or []),
        links=config.get("Links"),
        driver_options=config.get("DriverOpts"),
        gateway_priority=int(config.get("GwPriority") or 0),
        wanted_mac=config.get("MacAddress") or "",
    )


def check_mode_network(state: EngineState, container: Container) -> None:
    """Refuse a container whose network of birth is gone; from 26 on it is bound to that."""
    mode = container.mode
    is_named = not (container.is_sharing or mode in ("default", *PREDEFINED))
    if not (is_named and state.edition.is_from(26)):
        return
    if mode not in state.networks and not state.list_named(mode):
        raise Refusal(
            404,
            f"could not find a network matching network mode {mode}: network {mode} not found",
        )


def check_combination(state: EngineState, container: Container, network: Network) -> None:
    """Refuse what cannot go together: host, none and shared network stacks."""
    if container.is_sharing or (container.mode == "host" and network.driver != "host"):
        raise Refusal(400, SHARED)
    if network.driver == "host" and container.mode != "host":
        is_new = state.edition.is_from(28)
        raise Refusal(
            400,
            "cannot connect container to host network - "
            "container must be created in host network mode"
            if is_new
            else HOST,
        )
    others = [name for name in list_found(state, container) if name != network.name]
    if others and (network.name == "none" or "none" in others):
        raise Refusal(400, PRIVATE)


def list_found(state: EngineState, container: Container) -> list[str]:
    """Name the networks of a container that are still there."""
    return [
        name
        for name, place in container.endpoints.items()
        if (place.network_id in state.networks if place.network_id else state.list_named(name))
    ]


def check_endpoint(state: EngineState, network: Network, place: Endpoint) -> None:
    """Refuse aliases and static addresses where the network does not take them."""
    faults = list(find_endpoint_faults(state, network, place))
    if not faults:
        return
    if state.edition.is_from(26):
        raise join_faults("invalid endpoint settings", faults)
    raise Refusal(400, faults[0])


def find_endpoint_faults(state: EngineState, network: Network, place: Endpoint) -> Iterator[str]:
    """Walk what is wrong with an endpoint's settings."""
    static = [
        (family, address)
        for family in (4, 6)
        if (address := (place.ipam or {}).get(f"IPv{family}Address"))
    ]
    if network.name in PREDEFINED:
        if static:
            yield NO_STATIC
        if place.aliases:
            yield NO_ALIAS
    if state.edition.is_from(26):
        yield from find_mac_faults(place.wanted_mac)
    for family, address in static:
        yield from find_static_faults(state, network, family, address)


def find_mac_faults(mac: str) -> Iterator[str]:
    """Walk what is wrong with a MAC address; engines before 26 never look."""
    parts = mac.replace("-", ":").split(":")
    digits = "0123456789abcdefABCDEF"
    if mac and not (len(parts) == 6 and all(len(p) == 2 and set(p) <= set(digits) for p in parts)):
        yield f"invalid MAC address {mac}"


def find_static_faults(
    state: EngineState, network: Network, family: int, address: str
) -> Iterator[str]:
    """Walk what is wrong with a static address, as far as it is seen before the endpoint is."""
    is_new = state.edition.is_from(26)
    parsed = parse(address, family)
    if parsed is None:
        if not is_new:
            raise Refusal(500, f"Invalid IPv{family} address: {address})")
        yield f"invalid IPv{family} address: {address}"
    chosen = [p for p in network.pools if p.is_chosen and p.subnet.version == family]
    if not chosen:
        yield NO_SUBNET
    elif is_new and not any(parsed is not None and (parsed in pool.subnet) for pool in chosen):
        yield f"no configured subnet or ip-range contain the IP address {address}"


def parse(address: str, family: int) -> object | None:
    """Read an address of a family; None when it is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed if parsed.version == family else None


def disconnect(state: EngineState, network_name: str, body: Json) -> None:
    """Disconnect a container; from a stopped one also a network that is gone, by name."""
    is_forced, name = bool(body.get("Force")), body.get("Container") or ""
    try:
        container = find_container(state, name)
    except Refusal:
        if is_forced:
            raise Refusal(404, f"endpoint {name} not found") from None
        raise
    network = find_network_or_none(state, network_name)
    if not container.is_running or (network is None and is_forced):
        forget_entry(state, container, network, network.name if network else network_name)
        return
    if network is None:
        find_network(state, network_name)
    else:
        disconnect_running(state, container, network)


def find_network_or_none(state: EngineState, name: str) -> Network | None:
    """Find a network, or nothing."""
    try:
        return find_network(state, name)
    except Refusal:
        return None


def forget_entry(
    state: EngineState, container: Container, network: Network | None, name: str
) -> None:
    """Take an entry out of a container that does not run; only engines before 28 tell."""
    if name not in container.endpoints:
        raise Refusal(500, f"container {container.id} is not connected to the network {name}")
    del container.endpoints[name]
    if network and not state.edition.is_from(28):
        publish(state, network, "disconnect", container=container.id)


def disconnect_running(state: EngineState, container: Container, network: Network) -> None:
    """End the endpoint of a running container and take its entry out."""
    is_new = state.edition.is_from(28)
    if network.driver == "host" and container.mode == "host":
        raise Refusal(
            400,
            "cannot disconnect container from host network - "
            "container was created in host network mode"
            if is_new
            else HOST,
        )
    place = container.endpoints.get(network.name)
    if place is None or place.network_id != network.id:
        message = f"container {container.id} is not connected to network {network.name}"
        raise Refusal(500, message)
    detach(state, container, network.name, times=1 if state.edition.is_from(28) else 2)
    del container.endpoints[network.name]
    publish_ports(state, container)
