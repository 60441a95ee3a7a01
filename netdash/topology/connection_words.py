"""The sentences about connections that cannot be, foreseen or answered alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netdash.topology.changes import Plan
from netdash.topology.refusal import Refusal, list_words, quote

NETWORK_ID = re.compile(r"[0-9a-f]{64}")


def say_network_gone(name: str) -> Refusal:
    """The network is not there (any more)."""
    return Refusal(
        "network_gone",
        f"The network {quote(name)} no longer exists.",
        "Choose another network, or create it again.",
        "network",
    )


def say_container_gone(name: str) -> Refusal:
    """The container is not there (any more)."""
    return Refusal(
        "container_gone",
        f"The container {quote(name)} no longer exists.",
        "Choose another container; a new one of that name has another id.",
        "container",
    )


def say_already_connected(container: str, network: str) -> Refusal:
    """It is connected, with other settings than asked for."""
    return Refusal(
        "already_connected",
        f"{quote(container)} is already connected to {quote(network)}.",
        "To change its settings there, disconnect it first and connect it again.",
        "network",
    )


def say_host_network(container: str) -> Refusal:
    """Nobody can be connected to the host network later."""
    return Refusal(
        "host_network",
        f"{quote(container)} cannot be connected to the network host: "
        "a container lives in the machine's own network stack from its creation or never.",
        "Create it again with --network host, or publish the ports it should offer.",
        "network",
    )


def say_host_mode(container: str) -> Refusal:
    """A container in host mode has no networks of its own."""
    return Refusal(
        "host_mode",
        f"{quote(container)} uses the machine's own network stack (network mode host), "
        "so it can be neither connected nor disconnected.",
        "Create it again with --network and the network it shall be on.",
        "container",
    )


def say_shared_stack(container: str, owner: str) -> Refusal:
    """A container in another's stack has no networks of its own."""
    return Refusal(
        "shared_stack",
        f"{quote(container)} lives in the network stack of {quote(owner) or 'another container'}, "
        "so it cannot be connected by itself.",
        f"Connect {quote(owner) or 'that container'} instead: both share its networks.",
        "container",
    )


def say_none_mode(container: str, plan: Plan | None = None) -> Refusal:
    """A container on the network none must leave it first."""
    return Refusal(
        "none_mode",
        f"{quote(container)} is on the network none, which allows no other network beside it.",
        "Disconnect it from none first, then connect it.",
        "network",
        plan,
    )


def say_none_network(container: str, networks: Sequence[str]) -> Refusal:
    """The network none is only for those on no other."""
    return Refusal(
        "none_network",
        f"{quote(container)} can join the network none only when it is on no other network; "
        f"now it is on {list_words(networks)}.",
        "Disconnect it from these networks; on no network it is just as isolated.",
        "network",
    )


def say_mode_missing(container: str, mode: str) -> Refusal:
    """Engine 26 on binds a container to the network it was created with, by name or id."""
    name, remedy = mode, f"Create a network named {quote(mode)}, or create the container again."
    if NETWORK_ID.fullmatch(mode):
        name, remedy = mode[:12], "Create the container again: no new network has that id."
    return Refusal(
        "mode_missing",
        f"{quote(container)} was created with the network {quote(name)}, which is gone; "
        "this engine neither starts it nor connects it to any network without that one.",
        remedy,
        "container",
    )


def say_config_only(network: str) -> Refusal:
    """A configuration is no network."""
    return Refusal(
        "config_only",
        f"{quote(network)} only holds a configuration; no container can be on it.",
        "Create a network from this configuration (config-from) and connect to that one.",
        "network",
    )


def say_not_attachable(network: str) -> Refusal:
    """Swarm networks take single containers only when attachable."""
    return Refusal(
        "not_attachable",
        f"{quote(network)} takes only Swarm services, it was created without attachable.",
        "Create an overlay network with attachable, and connect the container to that.",
        "network",
    )


def say_alias_on_default(network: str) -> Refusal:
    """The default bridge knows no names."""
    return Refusal(
        "alias_on_default",
        f"The built-in network {quote(network)} knows no aliases.",
        "Leave the aliases out, or use a network of your own, where names resolve.",
        "aliases",
    )


def say_address_on_default(network: str, field: str = "ipv4") -> Refusal:
    """The default bridge gives addresses by itself."""
    return Refusal(
        "address_on_default",
        f"On the built-in network {quote(network)} addresses cannot be chosen.",
        "Leave the address out, or use a network of your own with a subnet.",
        field,
    )


def say_address_without_subnet(network: str, field: str = "ipv4") -> Refusal:
    """Engines before 29 fix addresses only in configured subnets."""
    return Refusal(
        "address_without_subnet",
        f"{quote(network)} has a subnet that the engine chose by itself; "
        "there this engine lets nobody choose an address.",
        "Leave the address out, or move the network to a subnet of your own.",
        field,
    )


def say_address_outside(address: str, network: str, cidrs: Sequence[str], free: str) -> Refusal:
    """The address is not of this network."""
    where = f" ({list_words(cidrs)})" if cidrs else ""
    return Refusal(
        "address_outside",
        f"{quote(address)} lies outside {quote(network)}{where}.",
        f"Free is for example {free}." if free else "",
        "ipv6" if ":" in address else "ipv4",
    )


def say_address_taken(address: str, holder: str, free: str) -> Refusal:
    """Somebody has the address."""
    return Refusal(
        "address_taken",
        f"{quote(address)} is taken: {holder}." if holder else f"{quote(address)} is taken.",
        f"The next free address is {free}." if free else "No address is free on this network.",
        "ipv6" if ":" in address else "ipv4",
    )


def say_address_invalid(address: str, field: str) -> Refusal:
    """It is no address of that family."""
    family, example = ("IPv6", "fd00::2") if field == "ipv6" else ("IPv4", "10.0.0.2")
    return Refusal(
        "address_invalid",
        f"{quote(address)} is not an {family} address.",
        f"Write it like {example}, without a prefix length.",
        field,
    )


def say_link_local_invalid(address: str) -> Refusal:
    """It is no link-local address."""
    return Refusal(
        "link_local_invalid",
        f"{quote(address)} is not a link-local address.",
        "Write one from 169.254.0.0/16 or fe80::/10.",
        "link_local",
    )


def say_mac_invalid(mac: str) -> Refusal:
    """It is no MAC address."""
    return Refusal(
        "mac_invalid",
        f"{quote(mac)} is not a MAC address.",
        "Write six pairs of hexadecimal digits, like 02:42:ac:11:00:02.",
        "mac",
    )


def say_no_ipv6(network: str, address: str) -> Refusal:
    """The network has no IPv6."""
    return Refusal(
        "no_ipv6",
        f"{quote(network)} has no IPv6, so {quote(address)} cannot be given.",
        "Leave the IPv6 address out, or use a network with IPv6.",
        "ipv6",
    )


def say_subnet_full(network: str, cidrs: Sequence[str]) -> Refusal:
    """No address is left."""
    where = f" ({list_words(cidrs)})" if cidrs else ""
    return Refusal(
        "subnet_full",
        f"{quote(network)} has no free address left{where}.",
        "Disconnect a container that no longer needs it, or move the network to a larger subnet.",
        "network",
    )


def say_port_taken(place: str, holder: str) -> Refusal:
    """A port the container publishes is taken on the machine."""
    by = f" by {quote(holder)}" if holder else ""
    return Refusal(
        "port_taken",
        f"The port {quote(place)} of the machine is already in use{by}.",
        "Stop what uses it, or create the container with another published port.",
        "container",
    )


def say_how_to_free(container: str) -> str:
    """Say what is left to do once a port was found taken: half a connection stays."""
    return (
        f"Stop what uses it, then restart {quote(container)}: the failed connection left an "
        "interface in it. Or create the container with another published port."
    )


def say_half_connected(container: str, network: str) -> Refusal:
    """A connection was refused half-way; engines leave its interface in the container."""
    return Refusal(
        "half_connected",
        f"{quote(container)} still has an interface to {quote(network)} from a connection "
        "that failed.",
        "Stop the container, disconnect it there, start it and connect it again.",
        "container",
    )


def say_bridge_lost(network: str) -> Refusal:
    """The bridge was deleted under the engine, by a network of the same bridge name."""
    return Refusal(
        "bridge_lost",
        f"The engine has lost the bridge of {quote(network)}: it was deleted with another "
        "network of the same bridge name.",
        "Restart the engine; it makes its own bridge again.",
        "network",
    )


def say_container_name(name: str) -> Refusal:
    """The engine takes no such name for a container."""
    return Refusal(
        "container_name",
        f"No container can be named {quote(name)}.",
        "Use at least two letters, digits, dots, dashes or underscores, beginning with a letter "
        "or digit.",
        "container",
    )


def say_unsupported(feature: str, since: str, field: str) -> Refusal:
    """The engine's API has no word for it."""
    return Refusal(
        "unsupported",
        f"This engine knows no {feature}; that came with Docker {since}.",
        "Leave it out, or upgrade the engine.",
        field,
    )
