"""The Compose lines that hold what a change does, so that the next `up` keeps it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TypeAlias

from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    RemoveNetwork,
)
from netdash.topology.snapshot import Pairs, Snapshot, Subnet

Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value] | None"

PLAIN = re.compile(r"[a-zA-Z_/][a-zA-Z0-9_./-]*\Z")
WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"})


def as_compose(change: Change, snapshot: Snapshot | None = None) -> str:
    """Write the lines to add to a Compose file, or as comments those to take out.

    With a snapshot the service and the network are called as their own Compose project calls
    them, where they have one.
    """
    match change:
        case ConnectContainer():
            return write_yaml(_build_connection(change, snapshot))
        case CreateNetwork():
            return write_yaml({"networks": {_find_key(change.name): build_network(change)}})
        case DisconnectContainer():
            service = find_service(change.container_id, change.container_name, snapshot)
            return _comment("take out", ("services", service, "networks", change.network_name))
        case RemoveNetwork():
            return _comment("take out", ("networks", change.network_name))


def build_network(change: CreateNetwork) -> dict[str, Value]:
    """Build the entry of a network under ``networks:``, defaults left out."""
    entry: dict[str, Value] = {"name": change.name}
    if change.driver != "bridge":
        entry["driver"] = change.driver
    if change.options:
        entry["driver_opts"] = _build_mapping(change.options)
    for key, is_set in (
        ("internal", change.is_internal),
        ("attachable", change.is_attachable),
        ("enable_ipv6", change.has_ipv6),
    ):
        if is_set:
            entry[key] = True
    if not change.has_ipv4:
        entry["enable_ipv4"] = False
    ipam = _build_ipam(change)
    if ipam:
        entry["ipam"] = ipam
    if change.labels:
        entry["labels"] = _build_mapping(change.labels)
    return entry


def find_service(container_id: str, name: str, snapshot: Snapshot | None) -> str:
    """Name the Compose service of a container, or the container where it has none."""
    container = snapshot.containers_by_id.get(container_id) if snapshot is not None else None
    return (container.service if container is not None else "") or name


def write_yaml(value: Mapping[str, Value], depth: int = 0) -> str:
    """Write a mapping as YAML; every scalar that is not plainly a word is quoted as JSON."""
    lines: list[str] = []
    for key, item in value.items():
        lines += _write_entry(write_scalar(key) + ":", item, depth)
    return "".join(f"{line}\n" for line in lines)


def write_scalar(value: str | int | bool | None) -> str:
    """Write one scalar; a dollar is doubled, or Compose would read a variable."""
    if isinstance(value, str):
        value = value.replace("$", "$$")
    if isinstance(value, str) and PLAIN.match(value) and value.lower() not in WORDS:
        return value
    return quote_text(value) if isinstance(value, str) else json.dumps(value)


def quote_text(text: str) -> str:
    """Quote text for YAML; what is not printable becomes an escape that YAML reads back."""
    return '"' + "".join(_escape(character) for character in text) + '"'


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _write_entry(head: str, item: Value, depth: int) -> list[str]:
    space = "  " * depth
    if isinstance(item, dict):
        if not item:
            return [f"{space}{head} {{}}"]
        return [f"{space}{head}", *write_yaml(item, depth + 1).splitlines()]
    if isinstance(item, list):
        return [f"{space}{head}", *(line for part in item for line in _write_item(part, depth + 1))]
    return [f"{space}{head} {write_scalar(item)}"] if item is not None else [f"{space}{head}"]


def _write_item(item: Value, depth: int) -> list[str]:
    space = "  " * depth
    if isinstance(item, dict):
        first, *others = write_yaml(item).splitlines()
        return [f"{space}- {first}", *(f"{space}  {line}" for line in others)]
    return [f"{space}- {write_scalar(item) if not isinstance(item, list) else json.dumps(item)}"]


def _build_connection(change: ConnectContainer, snapshot: Snapshot | None) -> dict[str, Value]:
    service = find_service(change.container_id, change.container_name, snapshot)
    key = _find_key(change.network_name)
    network: dict[str, Value] = {"external": True}
    if key != change.network_name:
        network = {"name": change.network_name, "external": True}
    return {
        "services": {service: {"networks": {key: _build_endpoint(change.settings)}}},
        "networks": {key: network},
    }


def _build_endpoint(settings: EndpointSettings) -> Value:
    entry: dict[str, Value] = {}
    if settings.aliases:
        entry["aliases"] = list(settings.aliases)
    for key, text in (
        ("ipv4_address", settings.ipv4),
        ("ipv6_address", settings.ipv6),
        ("mac_address", settings.mac),
    ):
        if text:
            entry[key] = text
    if settings.link_local:
        entry["link_local_ips"] = list(settings.link_local)
    if settings.gateway_priority:
        entry["gw_priority"] = settings.gateway_priority
    if settings.driver_options:
        entry["driver_opts"] = _build_mapping(settings.driver_options)
    return entry


def _build_ipam(change: CreateNetwork) -> dict[str, Value]:
    entry: dict[str, Value] = {}
    if change.ipam_driver != "default":
        entry["driver"] = change.ipam_driver
    if change.subnets:
        entry["config"] = [_build_pool(subnet) for subnet in change.subnets]
    if change.ipam_options:
        entry["options"] = _build_mapping(change.ipam_options)
    return entry


def _build_pool(subnet: Subnet) -> Value:
    pool: dict[str, Value] = {"subnet": subnet.cidr}
    if subnet.ip_range:
        pool["ip_range"] = subnet.ip_range
    if subnet.gateway:
        pool["gateway"] = subnet.gateway
    if subnet.auxiliary:
        pool["aux_addresses"] = _build_mapping(subnet.auxiliary)
    return pool


def _build_mapping(pairs: Pairs) -> dict[str, Value]:
    return dict(pairs)


def _find_key(name: str) -> str:
    """Compose keys are plain; an odd name stands in ``name:``."""
    return re.sub(r"[^a-zA-Z0-9._-]+", "-", name).strip("-.") or "network"


def _comment(verb: str, path: tuple[str, ...]) -> str:
    return f"# {verb}: " + ".".join(json.dumps(part)[1:-1] for part in path) + "\n"
