"""Look for driver options and pairs an engine could not read, or would take to its harm."""

from __future__ import annotations

from collections.abc import Iterator

from netdash.topology.addresses import parse_address
from netdash.topology.changes import CreateNetwork
from netdash.topology.driver_options import (
    BRIDGE_NAME,
    GATEWAY_MODE,
    GATEWAY_MODE_IPV6,
    MTU,
    DriverOption,
    find_option,
)
from netdash.topology.option_words import (
    say_bridge_name_foreign,
    say_bridge_name_long,
    say_bridge_name_taken,
    say_gateway_mode,
    say_key_empty,
    say_mode_unknown,
    say_option_unreadable,
)
from netdash.topology.refusal import Refusal
from netdash.topology.snapshot import Network, Snapshot

TRUE_AND_FALSE = frozenset(
    ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"]
)
"""What Go's strconv.ParseBool reads."""
DEFAULT_BRIDGE = "docker0"
LONGEST_INTERFACE = 15


def check_options(snapshot: Snapshot, change: CreateNetwork) -> Iterator[Refusal]:
    """Say which driver options cannot be."""
    for key, value in change.options:
        if not key.strip():
            yield say_key_empty("options")
            continue
        option = find_option(key, change.driver)
        if option is not None and snapshot.engine.has_api(*option.since):
            yield from check_value(option, change, value)
        if key == BRIDGE_NAME and change.driver == "bridge":
            yield from check_bridge_name(snapshot, value)
    if any(not key.strip() for key, _ in change.labels):
        yield say_key_empty("labels")


def check_value(option: DriverOption, change: CreateNetwork, value: str) -> Iterator[Refusal]:
    """Say what is wrong with one value; at most one thing."""
    if option.kind == "bool" and option.key != "encrypted" and value not in TRUE_AND_FALSE:
        yield say_option_unreadable(option.key, value, "Write true or false.")
    elif option.key == MTU and not (value.isascii() and value.isdecimal()):
        yield say_option_unreadable(option.key, value, "Write a number of bytes, like 1450.")
    elif option.kind == "address" and parse_address(value) is None:
        yield say_option_unreadable(option.key, value, "Write an address of the machine.")
    elif option.key in (GATEWAY_MODE, GATEWAY_MODE_IPV6):
        yield from check_gateway_mode(option, change, value)
    elif option.kind == "choice" and value not in option.choices:
        yield say_mode_unknown(value, change.driver)


def check_gateway_mode(
    option: DriverOption, change: CreateNetwork, value: str
) -> Iterator[Refusal]:
    """Say what is wrong with a gateway mode."""
    if value not in option.choices:
        yield say_gateway_mode(f"unknown gateway mode {value}")
    elif value == "isolated" and not change.is_internal:
        yield say_gateway_mode("isolated on a network that is not internal")


def check_bridge_name(snapshot: Snapshot, name: str) -> Iterator[Refusal]:
    """Say what is wrong with a bridge name: 20.10 takes docker0 and later deletes it."""
    owner = find_bridge_owner(snapshot, name)
    if len(name.encode()) > LONGEST_INTERFACE:
        yield say_bridge_name_long(name)
    elif owner is not None or name == DEFAULT_BRIDGE:
        yield say_bridge_name_taken(name, owner.name if owner is not None else "bridge")
    elif name in ("lo", "eth0"):
        yield say_bridge_name_foreign(name)


def find_bridge_owner(snapshot: Snapshot, name: str) -> Network | None:
    """Find the network whose bridge has a name; bridges without a chosen one are br-<id>."""
    for network in snapshot.networks:
        is_chosen = (BRIDGE_NAME, name) in network.options
        is_made = network.driver == "bridge" and f"br-{network.id[:12]}" == name
        if is_chosen or is_made:
            return network
    return None
