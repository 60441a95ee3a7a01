"""Networks come and go: create, remove, prune."""

from __future__ import annotations

import re
import time
from typing import Any

from netdash.simulator import addresses
from netdash.simulator.answers import write_pool
from netdash.simulator.lookup import find_network
from netdash.simulator.network_checks import check_creation, check_driver, check_options
from netdash.simulator.pools import build_pool, build_pools
from netdash.simulator.refusals import Refusal
from netdash.simulator.state import PREDEFINED, EngineState, Json, Network


def create_network(state: EngineState, body: Json) -> tuple[Network, str]:
    """Create a network from the body of ``POST /networks/create``; answer a warning too."""
    warning = check_creation(state, body)
    name, is_config_only = body.get("Name") or "", bool(body.get("ConfigOnly"))
    driver = "null" if is_config_only else body.get("Driver") or "bridge"
    network = Network(
        id=state.make_id(),
        name=name,
        driver=driver,
        created_at=state.now(),
        has_ipv4=body.get("EnableIPv4") is not False,
        has_ipv6=bool(body.get("EnableIPv6")),
        is_internal=bool(body.get("Internal")),
        is_attachable=bool(body.get("Attachable")),
        is_config_only=is_config_only,
        config_from=(body.get("ConfigFrom") or {}).get("Network", ""),
        ipam_driver=(body.get("IPAM") or {}).get("Driver") or "default",
        ipam_options=(body.get("IPAM") or {}).get("Options"),
        options=dict(body.get("Options") or {}),
        labels=dict(body.get("Labels") or {}),
    )
    configs = (body.get("IPAM") or {}).get("Config") or []
    if network.config_from:
        configs = take_configuration(state, network)
    if is_config_only:
        network.pools = [build_pool(config) for config in configs]
    else:
        check_driver(state, network)
        build_pools(state, network, configs)
        check_options(state, network)
    state.add_network(network)
    publish(state, network, "create")
    return network, warning


def take_configuration(state: EngineState, network: Network) -> list[Json]:
    """Take options, labels and IPv6 from a configuration network; answer its pools."""
    named = [n for n in state.list_named(network.config_from) if n.is_config_only]
    if not named:
        raise Refusal(404, f'configuration network "{network.config_from}" does not exist')
    source = named[0]
    network.options = dict(source.options)
    network.labels = source.labels | network.labels
    network.has_ipv6, network.ipam_driver = source.has_ipv6, source.ipam_driver
    return [write_pool(state, pool) for pool in source.pools]


def remove_network(state: EngineState, name: str) -> None:
    """Remove a network that no running container uses; those of stopped ones go silently."""
    network = find_network(state, name, is_removal=True)
    if network.name in PREDEFINED:
        raise Refusal(403, f"{network.name} is a pre-defined network and cannot be removed")
    users = [n for n in state.networks.values() if n.config_from == network.name]
    if users and network.is_config_only:
        start = "error while removing network: "
        raise Refusal(403, f'{start}configuration network "{network.name}" is in use')
    if network.live:
        raise Refusal(403, say_active(state, network))
    drop_network(state, network)


def drop_network(state: EngineState, network: Network) -> None:
    """Take a network out and say so; configurations go in silence."""
    state.drop_network(network)
    if not network.is_config_only:
        publish(state, network, "destroy")


def say_active(state: EngineState, network: Network) -> str:
    """Word that a network has endpoints; from 28 on the message names them."""
    start = f"error while removing network: network {network.name}"
    if not state.edition.is_from(28):
        return f"{start} id {network.id} has active endpoints"
    named = ", ".join(
        f'name:"{state.containers[key].name}" id:"{endpoint.id[:12]}"'
        for key, endpoint in network.live.items()
    )
    return f"{start} has active endpoints ({named})"


def prune_networks(state: EngineState, filters: dict[str, list[str]]) -> list[str]:
    """Remove what no running container uses and the filters admit; answer the names."""
    word = "invalid" if state.edition.is_from(26) else "Invalid"
    for key in filters:
        if key not in ("label", "label!", "until"):
            raise Refusal(400, f"{word} filter '{key}'")
    until = parse_until(state, filters.get("until", [])) if filters.get("until") else None
    doomed = [n for n in state.networks.values() if is_prunable(n, filters, until)]
    for network in doomed:
        drop_network(state, network)
    state.events.publish("network", "prune", "", {"reclaimed": "0"})
    return [network.name for network in doomed]


def is_prunable(network: Network, filters: dict[str, list[str]], until: int | None) -> bool:
    """Tell whether pruning takes a network."""
    return (
        network.name not in PREDEFINED
        and not (network.live or network.is_config_only or network.is_ingress)
        and (until is None or network.created_at <= until)
        and all(has_label(network.labels, label) for label in filters.get("label", []))
        and not any(has_label(network.labels, label) for label in filters.get("label!", []))
    )


def has_label(labels: dict[str, str], wanted: str) -> bool:
    """Tell whether labels hold ``key`` or ``key=value``."""
    key, equals, value = wanted.partition("=")
    return key in labels and (not equals or labels[key] == value)


def parse_until(state: EngineState, values: list[str]) -> int:
    """Read ``until``: a duration before now (``1h30m``) or seconds since 1970; nanoseconds."""
    text = values[0]
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", text)
    if parts and "".join(number + unit for number, unit in parts) == text:
        ago = sum(float(number) * units[unit] for number, unit in parts)
        return int((time.time() - ago) * 10**9)
    try:
        return int(float(text) * 10**9)
    except ValueError:
        status = 400 if state.edition.is_from(26) else 500
        message = f'failed to parse value as time or duration: "{text}"'
        raise Refusal(status, message) from None


def publish(state: EngineState, network: Network, action: str, **more: str) -> None:
    """Tell what happened to a network."""
    attributes: dict[str, Any] = more | {"name": network.name, "type": network.driver}
    state.events.publish("network", action, network.id, attributes)


def release(network: Network, *held: str) -> None:
    """Give addresses back to a network's pools."""
    for address in filter(None, held):
        if pool := addresses.find_pool(network.pools, address):
            addresses.release_address(pool, address)
