"""Look for what speaks against creating a network before the engine is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netdash.topology.changes import CreateNetwork
from netdash.topology.connection_words import say_unsupported
from netdash.topology.creation_words import (
    say_driver_single,
    say_ingress_scope,
    say_ipv6_pool_missing,
    say_name_empty,
    say_name_odd,
    say_name_predefined,
    say_name_taken,
    say_needs_swarm,
    say_nothing_to_address,
    say_pools_exhausted,
)
from netdash.topology.facts import Facts, has_swarm
from netdash.topology.lookup import find_named
from netdash.topology.option_checks import check_options
from netdash.topology.option_words import say_config_missing, say_config_mixed
from netdash.topology.refusal import Refusal
from netdash.topology.snapshot import Snapshot
from netdash.topology.subnet_checks import check_subnets
from netdash.topology.subnets import find_free_subnets, find_next_pool, is_ipv6
from netdash.topology.supports import list_supports

GOOD_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}\Z")
KEPT_NAMES = frozenset({"bridge", "host", "none", "default"})


def check_creation(snapshot: Snapshot, change: CreateNetwork, facts: Facts) -> Iterator[Refusal]:
    """Say what speaks against a creation, one field after the other."""
    yield from check_name(snapshot, change.name)
    yield from check_driver(snapshot, change, facts)
    if change.config_from:
        yield from check_config(snapshot, change)
        return
    yield from check_families(snapshot, change)
    yield from check_subnets(snapshot, change)
    yield from check_options(snapshot, change)
    if needs_pool(change) and not find_next_pool(snapshot):
        yield say_pools_exhausted(find_free_subnets(snapshot, 24, count=2))


def check_name(snapshot: Snapshot, name: str) -> Iterator[Refusal]:
    """Say what is wrong with a name; at most one thing. Engines take almost any."""
    if not name.strip():
        yield say_name_empty()
    elif name in KEPT_NAMES:
        yield say_name_predefined(name)
    elif find_named(snapshot, name):
        yield say_name_taken(name, suggest_other(snapshot, name))
    elif not GOOD_NAME.match(name):
        yield say_name_odd(name)


def check_driver(snapshot: Snapshot, change: CreateNetwork, facts: Facts) -> Iterator[Refusal]:
    """Say what is wrong with driver, scope and ingress; at most one thing."""
    is_swarm = has_swarm(snapshot, facts)
    if change.is_config_only:
        return
    if change.driver in ("host", "null"):
        yield say_driver_single(change.driver)
    elif change.driver == "overlay" and is_swarm is False:
        yield say_needs_swarm()
    elif change.scope == "swarm" and is_swarm is False:
        yield say_needs_swarm("scope")
    elif change.is_ingress and change.driver != "overlay":
        yield say_ingress_scope()


def check_config(snapshot: Snapshot, change: CreateNetwork) -> Iterator[Refusal]:
    """Say what is wrong with making a network from a configuration."""
    if not any(network.is_config_only for network in find_named(snapshot, change.config_from)):
        yield say_config_missing(change.config_from)
    elif change.subnets or change.options or change.has_ipv6 or change.labels:
        yield say_config_mixed(change.config_from)


def check_families(snapshot: Snapshot, change: CreateNetwork) -> Iterator[Refusal]:
    """Say what is wrong with turning IPv4 and IPv6 on and off."""
    supports = list_supports(snapshot.engine)
    has_pool = any(is_ipv6(subnet) for subnet in change.subnets)
    if not change.has_ipv4 and not supports.ipv4_off:
        yield say_unsupported("networks without IPv4", "28", "has_ipv4")
    elif not change.has_ipv4 and not change.has_ipv6:
        yield say_nothing_to_address()
    is_automatic = supports.automatic_ipv6 or change.is_config_only or change.driver == "overlay"
    if change.has_ipv6 and not has_pool and not is_automatic:
        yield say_ipv6_pool_missing()


def needs_pool(change: CreateNetwork) -> bool:
    """Tell whether the engine must choose an IPv4 subnet from its own pools."""
    if change.is_config_only or not change.has_ipv4 or change.config_from:
        return False
    if change.driver == "overlay" or change.ipam_driver != "default":
        return False
    return not any(subnet.cidr and not is_ipv6(subnet) for subnet in change.subnets)


def suggest_other(snapshot: Snapshot, name: str) -> str:
    """Suggest the next name of its kind that nobody has: shop-2, shop-3."""
    stem = re.sub(r"-\d+\Z", "", name)[:55]
    names = {network.name for network in snapshot.networks}
    return next(f"{stem}-{n}" for n in range(2, len(names) + 3) if f"{stem}-{n}" not in names)
