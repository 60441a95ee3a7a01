"""What a change does to a snapshot, as the engine would do it."""

from __future__ import annotations

from dataclasses import replace

from netdash.topology.addresses import find_subnet
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    Plan,
    RemoveNetwork,
)
from netdash.topology.draft import Draft, find_prefix
from netdash.topology.lookup import NEW, is_user_defined, pick_endpoint
from netdash.topology.modes import has_private_mode, is_host_mode
from netdash.topology.snapshot import Container, Endpoint, EngineFacts, Network, Snapshot, Subnet
from netdash.topology.subnets import find_next_pool, is_ipv6, parse_block


def apply(snapshot: Snapshot, change: Change) -> Snapshot:
    """Foresee the snapshot after a change.

    What only the engine can choose is marked or guessed: ids begin with ``lookup.NEW``,
    addresses are the lowest free ones, MACs are empty. A change that cannot happen (something
    is missing, already so, or in use) leaves the snapshot as it is.
    """
    draft = Draft(snapshot)
    apply_to(draft, change)
    return draft.freeze()


def apply_plan(snapshot: Snapshot, plan: Plan) -> Snapshot:
    """Foresee the snapshot after all steps of a plan."""
    draft = Draft(snapshot)
    for change in plan.changes:
        apply_to(draft, change)
    return draft.freeze()


def apply_to(draft: Draft, change: Change) -> None:
    """Work one change into a draft."""
    match change:
        case ConnectContainer():
            _connect(draft, change)
        case DisconnectContainer():
            _disconnect(draft, change)
        case CreateNetwork():
            _create(draft, change)
        case RemoveNetwork():
            _remove(draft, change)


def build_network(change: CreateNetwork, engine: EngineFacts) -> Network:
    """Build the network a creation asks for, before the engine chose any pool."""
    default_scope = "swarm" if change.driver == "overlay" and not change.is_config_only else "local"
    return Network(
        id=NEW + change.name,
        name=change.name,
        driver="null" if change.is_config_only else change.driver,
        scope=change.scope or default_scope,
        subnets=_order_subnets(change, engine),
        has_ipv4=change.has_ipv4,
        has_ipv6=change.has_ipv6,
        is_internal=change.is_internal,
        is_attachable=change.is_attachable,
        is_ingress=change.is_ingress,
        is_config_only=change.is_config_only,
        config_from=change.config_from,
        ipam_driver=change.ipam_driver,
        ipam_options=tuple(sorted(change.ipam_options)),
        options=tuple(sorted(change.options)),
        labels=tuple(sorted(change.labels)),
    )


def build_endpoint(
    draft: Draft, network: Network, container: Container, settings: EndpointSettings
) -> Endpoint:
    """Build the endpoint a connection makes; a stopped container's has no id and no address."""
    aliases = tuple(sorted(set(settings.aliases) - {container.id[:12]}))
    wanted = Endpoint(
        network_id=network.id,
        network_name=network.name,
        gateway_priority=_find_priority(draft.start.engine, settings),
        aliases=aliases,
        dns_names=_list_dns_names(network, container, aliases),
        static_ipv4=settings.ipv4,
        static_ipv6=settings.ipv6,
        link_local=tuple(sorted(settings.link_local)),
        driver_options=tuple(sorted(settings.driver_options)),
    )
    if not container.is_running:
        return wanted
    return _make_live(draft, network, replace(wanted, id=f"{NEW}{container.name}@{network.name}"))


def _connect(draft: Draft, change: ConnectContainer) -> None:
    network = draft.find_network(change.network_id, change.network_name)
    container = draft.containers.get(change.container_id)
    if network is None or container is None or not _is_connectable(draft, container, network):
        return
    found = pick_endpoint(container, network.id, network.name)
    if found is None or found.network_id not in draft.networks:
        dropped = found or _find_dead(draft, container, network)
        draft.put(container, build_endpoint(draft, network, container, change.settings), dropped)


def _is_connectable(draft: Draft, container: Container, network: Network) -> bool:
    if network.is_config_only or network.name == "host" or is_host_mode(container):
        return False
    if container.is_sharing or has_private_mode(container):
        return False
    return network.name != "none" or not any(
        endpoint.network_id in draft.networks for endpoint in container.endpoints
    )


def _find_dead(draft: Draft, container: Container, network: Network) -> Endpoint | None:
    """A container's note of a network that is gone gives way to a new one of that name."""
    for endpoint in container.endpoints:
        if endpoint.network_name == network.name and endpoint.network_id not in draft.networks:
            return endpoint
    return None


def _disconnect(draft: Draft, change: DisconnectContainer) -> None:
    container = draft.containers.get(change.container_id)
    if container is None or is_host_mode(container):
        return
    network = draft.find_network(change.network_id, change.network_name)
    network_id = network.id if network is not None else change.network_id
    endpoint = pick_endpoint(container, network_id, change.network_name)
    if endpoint is None or (change.endpoint_id and endpoint.id != change.endpoint_id):
        return
    draft.drop(container, endpoint)


def _create(draft: Draft, change: CreateNetwork) -> None:
    if any(network.name == change.name for network in draft.networks.values()):
        return
    network = _inherit(draft, build_network(change, draft.start.engine))
    if _needs_pool(network):
        network = replace(network, subnets=(_choose_pool(draft), *network.subnets))
    draft.networks[network.id] = network
    _adopt(draft, network)


def _remove(draft: Draft, change: RemoveNetwork) -> None:
    network = draft.find_network(change.network_id, change.network_name)
    if network is None or network.is_built_in or draft.list_live_ids(network):
        return
    del draft.networks[network.id]


def _inherit(draft: Draft, network: Network) -> Network:
    """A network made from a configuration has its pools, options, labels and IPv6."""
    named = [n for n in draft.networks.values() if n.name == network.config_from]
    if not network.config_from or not named:
        return network
    source = named[0]
    return replace(
        network,
        subnets=source.subnets,
        options=source.options,
        labels=source.labels,
        has_ipv6=source.has_ipv6,
        ipam_driver=source.ipam_driver,
        ipam_options=source.ipam_options,
    )


def _adopt(draft: Draft, network: Network) -> None:
    """Notes by name alone, in containers that never ran on it, now mean the new network."""
    for container in list(draft.containers.values()):
        for endpoint in container.endpoints:
            if endpoint.network_name == network.name and not endpoint.network_id:
                draft.put(container, replace(endpoint, network_id=network.id), endpoint)


def _needs_pool(network: Network) -> bool:
    if network.is_config_only or not network.has_ipv4 or network.driver in ("host", "null"):
        return False
    return not any(not is_ipv6(subnet) for subnet in network.subnets)


def _choose_pool(draft: Draft) -> Subnet:
    cidr = find_next_pool(draft.freeze())
    block = parse_block(cidr)
    return Subnet(cidr, str(block.network_address + 1) if block is not None else "")


def _order_subnets(change: CreateNetwork, engine: EngineFacts) -> tuple[Subnet, ...]:
    """Engines list IPv4 pools first; Engine 29 drops IPv6 pools of a network without IPv6."""
    kept = [
        subnet
        for subnet in change.subnets
        if change.has_ipv6 or not is_ipv6(subnet) or not engine.has_api(1, 52)
    ]
    return tuple(sorted(kept, key=lambda subnet: (is_ipv6(subnet), subnet.cidr)))


def _find_priority(engine: EngineFacts, settings: EndpointSettings) -> int | None:
    return (settings.gateway_priority or 0) if engine.has_api(1, 48) else None


def _list_dns_names(
    network: Network, container: Container, aliases: tuple[str, ...]
) -> tuple[str, ...]:
    if not is_user_defined(network):
        return ()
    return tuple(sorted({container.name, container.id[:12], *aliases}))


def _make_live(draft: Draft, network: Network, wanted: Endpoint) -> Endpoint:
    if network.driver in ("null", "host"):
        return wanted
    ipv4, ipv4_prefix, gateway = _place(draft, network, wanted.static_ipv4 or "", False)
    ipv6, ipv6_prefix, ipv6_gateway = _place(draft, network, wanted.static_ipv6 or "", True)
    return replace(
        wanted,
        ipv4=ipv4,
        ipv4_prefix=ipv4_prefix,
        gateway=gateway,
        ipv6=ipv6,
        ipv6_prefix=ipv6_prefix,
        ipv6_gateway=ipv6_gateway,
    )


def _place(draft: Draft, network: Network, wanted: str, wants_ipv6: bool) -> tuple[str, int, str]:
    """Choose address, prefix and gateway of one family."""
    if not (network.has_ipv6 if wants_ipv6 else network.has_ipv4):
        return "", 0, ""
    address, prefix = wanted, 0
    if not wanted:
        address, prefix = draft.choose_address(network, wants_ipv6)
    subnet = find_subnet(network, address)
    if subnet is None:
        return address, prefix, ""
    is_hidden = network.is_internal and draft.start.engine.has_api(1, 45)
    gateway = "" if is_hidden else draft.find_gateway(network, subnet)
    return address, find_prefix(subnet), gateway
