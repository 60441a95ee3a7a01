"""Compare two snapshots up to what only an engine can choose, and make changes by chance."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from random import Random

from netdash.topology.addresses import find_free
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    RemoveNetwork,
)
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet
from netdash.topology.subnets import DEFAULT_POOLS, find_free_subnets

SEED = int(os.environ.get("NETDASH_SEED", "7"))
"""Where chance begins."""
ALIASES = ("db", "cache", "a,b", 'say "hi"', "überraschung", "x.y", "queue")


def mask(snapshot: Snapshot, automatic: Collection[str] = ()) -> Snapshot:
    """Blank ids, times, MACs, automatic addresses and the pools of the named networks.

    Names of a container that never started come with its first start or connection, so those
    of stopped containers are blanked as well.
    """
    networks = tuple(mask_network(network, automatic) for network in snapshot.networks)
    containers = tuple(mask_container(container, automatic) for container in snapshot.containers)
    ordered = tuple(sorted(networks, key=lambda found: found.name))
    return Snapshot(ordered, containers)


def drop_notes(snapshot: Snapshot) -> Snapshot:
    """Leave out what stopped containers note of networks that are gone: no undo brings it back."""
    containers = tuple(
        replace(
            container,
            endpoints=tuple(e for e in container.endpoints if not snapshot.is_dangling(e)),
        )
        for container in snapshot.containers
    )
    return replace(snapshot, containers=containers)


def mask_network(network: Network, automatic: Collection[str]) -> Network:
    masked = replace(network, id=network.name, created_at="")
    return replace(masked, subnets=()) if network.name in automatic else masked


def mask_container(container: Container, automatic: Collection[str]) -> Container:
    endpoints = [mask_endpoint(endpoint, automatic) for endpoint in container.endpoints]
    if not container.is_running:
        endpoints = [replace(endpoint, dns_names=()) for endpoint in endpoints]
    ordered = tuple(sorted(endpoints, key=lambda found: found.network_name))
    return replace(container, endpoints=ordered, started_at=None)


def mask_endpoint(endpoint: Endpoint, automatic: Collection[str]) -> Endpoint:
    is_masked = endpoint.network_name in automatic
    return replace(
        endpoint,
        network_id=endpoint.network_name,
        id="live" if endpoint.id else "",
        mac="",
        ipv4=endpoint.ipv4 if endpoint.static_ipv4 else "",
        ipv6=endpoint.ipv6 if endpoint.static_ipv6 else "",
        gateway="" if is_masked else endpoint.gateway,
        ipv6_gateway="" if is_masked else endpoint.ipv6_gateway,
        ipv4_prefix=0 if is_masked else endpoint.ipv4_prefix,
        ipv6_prefix=0 if is_masked else endpoint.ipv6_prefix,
    )


def choose_change(random: Random, snapshot: Snapshot) -> Change:
    """Make a change by chance: mostly possible ones, some that cannot happen."""
    made = [network for network in snapshot.networks if not network.is_built_in]
    pick = random.random()
    if pick < 0.15 or not made:
        return choose_creation(random, snapshot)
    if pick < 0.25:
        network = random.choice(made)
        return RemoveNetwork(network.id, network.name)
    container = random.choice(snapshot.containers)
    if pick < 0.5 and container.endpoints:
        endpoint = random.choice(container.endpoints)
        return DisconnectContainer(
            endpoint.network_id, endpoint.network_name, container.id, container.name
        )
    network = random.choice(snapshot.networks if pick > 0.95 else made)
    settings = choose_settings(random, snapshot, network)
    return ConnectContainer(network.id, network.name, container.id, container.name, settings)


def choose_creation(random: Random, snapshot: Snapshot) -> CreateNetwork:
    """Make a bridge by chance, now and then with IPv6, a range, fixed parts and options."""
    number = random.randrange(1000)
    cidr = find_free_subnets(snapshot, 24, within=f"10.{random.randrange(200, 230)}.0.0/16")[0]
    front = cidr.rsplit(".", 1)[0]
    subnet = random.choice(
        (
            Subnet(cidr),
            Subnet(cidr, gateway=f"{front}.254"),
            Subnet(cidr, f"{front}.1", f"{front}.128/25"),
            Subnet(cidr, f"{front}.1", "", (("printer", f"{front}.9"), ("router", f"{front}.8"))),
        )
    )
    has_ipv6 = random.random() < 0.25
    subnets = (subnet, Subnet(f"fd00:{number:x}::/64")) if has_ipv6 else (subnet,)
    options = (("com.docker.network.bridge.enable_icc", "false"),) * (random.random() < 0.2)
    return CreateNetwork(
        name=f"made-{number}" if random.random() < 0.95 else "bridge",
        subnets=subnets if random.random() < 0.9 or has_ipv6 else (),
        options=options,
        labels=(("environment", random.choice(("dev", "a=b", "x, y"))),) * (number % 2),
        is_internal=random.random() < 0.2,
        is_attachable=random.random() < 0.2,
        has_ipv6=has_ipv6,
    )


def is_chosen(network: Network) -> bool:
    """Engines before 29 fix addresses only in subnets that somebody chose."""
    return all(subnet.cidr not in DEFAULT_POOLS for subnet in network.subnets)


def choose_settings(random: Random, snapshot: Snapshot, network: Network) -> EndpointSettings:
    """Make endpoint settings that fit a network, by chance."""
    if network.is_built_in or random.random() < 0.3:
        return EndpointSettings()
    free = find_free(snapshot, network, 40) if network.subnets else ()
    free_ipv6 = find_free(snapshot, network, 40, wants_ipv6=True) if network.has_ipv6 else ()
    return EndpointSettings(
        ipv4=random.choice(free) if free and is_chosen(network) and random.random() < 0.5 else "",
        ipv6=random.choice(free_ipv6) if free_ipv6 and random.random() < 0.5 else "",
        aliases=tuple(sorted(random.sample(ALIASES, random.randrange(3)))),
        gateway_priority=random.choice((None, 5, -3)) if snapshot.engine.has_api(1, 48) else None,
        link_local=("169.254.10.4",) * (random.random() < 0.1),
    )


def explain_difference(wanted: Snapshot, found: Snapshot) -> str:
    """Show the networks and containers that differ, wanted first."""
    wanted_items = {item.name: repr(item) for item in list_items(wanted)}
    found_items = {item.name: repr(item) for item in list_items(found)}
    names = sorted(wanted_items.keys() | found_items.keys())
    pairs = [(wanted_items.get(name), found_items.get(name)) for name in names]
    return "\n".join(f"- {one}\n+ {other}" for one, other in pairs if one != other)


def list_items(snapshot: Snapshot) -> list[Network | Container]:
    return [*snapshot.networks, *snapshot.containers]
