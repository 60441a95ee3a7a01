"""The sentences about networks that cannot be created, foreseen or answered alike."""

from __future__ import annotations

from collections.abc import Sequence

from netdash.topology.refusal import Refusal, list_words, quote

NOT_MADE = "not_made"
"""The kind of what only follows from a creation that is refused."""


def say_name_empty() -> Refusal:
    """A network needs a name."""
    return Refusal(
        "name_empty",
        "The network needs a name.",
        "Say what it is for: shop-backend, monitoring.",
        "name",
    )


def say_not_made(name: str) -> Refusal:
    """An earlier step of the plan cannot make the network that this one needs."""
    return Refusal(NOT_MADE, f"{quote(name)} cannot be made.", "", "network")


def say_name_odd(name: str) -> Refusal:
    """The engine would take it, but nobody could address it well."""
    return Refusal(
        "name_odd",
        f"The name {quote(name)} would be hard to use in commands and addresses.",
        "Use letters, digits, dots, dashes and underscores, beginning with a letter or digit, "
        "at most 63 characters.",
        "name",
    )


def say_name_taken(name: str, suggestion: str = "") -> Refusal:
    """Another network has the name."""
    return Refusal(
        "name_taken",
        f"There is already a network named {quote(name)}.",
        f"Choose another name, for example {suggestion}." if suggestion else "Choose another name.",
        "name",
    )


def say_name_predefined(name: str) -> Refusal:
    """The name is one of Docker's own."""
    return Refusal(
        "name_predefined",
        f"{quote(name) or 'This name'} is kept by Docker for its own networks.",
        "Choose a name other than bridge, host, none and default.",
        "name",
    )


def say_driver_single(driver: str) -> Refusal:
    """Only one network can have these drivers, and Docker made it."""
    return Refusal(
        "driver_single",
        f"Docker allows a single network with the driver {quote(driver)}, and made it already.",
        "Create the container with --network host or none, or choose bridge.",
        "driver",
    )


def say_driver_unknown(driver: str) -> Refusal:
    """The plugin is not installed."""
    return Refusal(
        "driver_unknown",
        f"The engine has no network driver named {quote(driver)}.",
        "Choose bridge, macvlan, ipvlan or overlay, or install the plugin.",
        "driver",
    )


def say_needs_swarm(field: str = "driver") -> Refusal:
    """The engine is in no swarm."""
    return Refusal(
        "needs_swarm",
        "This engine is not part of a Swarm, which such a network needs.",
        "Start one on the engine (docker swarm init), or choose bridge.",
        field,
    )


def say_ingress_scope() -> Refusal:
    """Ingress belongs to swarm networks."""
    return Refusal(
        "ingress_scope",
        "Only an overlay network of a Swarm can be the ingress network.",
        "Turn ingress off, or choose the driver overlay.",
        "is_ingress",
    )


def say_subnet_invalid(text: str, index: int = 0) -> Refusal:
    """It is no CIDR."""
    return Refusal(
        "subnet_invalid",
        f"{quote(text)} is not a subnet.",
        "Write an address and a prefix length, like 10.20.0.0/24 or fd00:20::/64.",
        f"subnets.{index}.cidr",
    )


def say_subnet_missing(index: int = 0) -> Refusal:
    """A gateway or range without a subnet."""
    return Refusal(
        "subnet_missing",
        "A gateway, a range or an auxiliary address needs a subnet around it.",
        "Fill in the subnet, or leave these out and let the engine choose.",
        f"subnets.{index}.cidr",
    )


def say_host_bits(text: str, wanted: str, index: int = 0) -> Refusal:
    """The address is not the first of its block."""
    return Refusal(
        "host_bits",
        f"{quote(text)} names an address inside a subnet, not the subnet itself.",
        f"You probably mean {quote(wanted)}.",
        f"subnets.{index}.cidr",
    )


def say_subnet_small(text: str, index: int = 0) -> Refusal:
    """No room for a gateway and a container."""
    return Refusal(
        "subnet_small",
        f"{quote(text)} has no room for a gateway and a container.",
        "Choose a prefix of /29 or shorter (/125 for IPv6).",
        f"subnets.{index}.cidr",
    )


def say_overlap(
    text: str, others: Sequence[tuple[str, str]], free: Sequence[str], index: int = 0
) -> Refusal:
    """Another network has these addresses; each other is (name, CIDR)."""
    whom = list_words([f"{name} ({cidr})" for name, cidr in others])
    sentence = f"{quote(text)} overlaps {whom}." if text else "The subnet overlaps another network."
    if text and not others:
        sentence = f"{quote(text)} overlaps another network, or a route of the engine's machine."
    remedy = f"Free is for example {list_words(free)}." if free else "Choose another subnet."
    return Refusal("overlap", sentence, remedy, f"subnets.{index}.cidr")


def say_own_overlap(text: str, other: str, index: int = 0) -> Refusal:
    """Two subnets of the same creation overlap."""
    return Refusal(
        "own_overlap",
        f"{quote(text)} overlaps {quote(other)} of this same network.",
        "Let the subnets of one network stand side by side.",
        f"subnets.{index}.cidr",
    )


def say_several_subnets(driver: str, index: int = 1) -> Refusal:
    """A bridge has one IPv4 pool."""
    return Refusal(
        "several_subnets",
        f"The driver {quote(driver)} takes one IPv4 and one IPv6 subnet, not several of a kind.",
        "Keep one of each, or use several networks.",
        f"subnets.{index}.cidr",
    )


def say_gateway_invalid(text: str, index: int = 0) -> Refusal:
    """It is no address."""
    return Refusal(
        "gateway_invalid",
        f"{quote(text)} is not an address.",
        "Write the gateway as a plain address, like 10.20.0.1.",
        f"subnets.{index}.gateway",
    )


def say_gateway_outside(text: str, cidr: str, index: int = 0) -> Refusal:
    """The gateway is not of its subnet."""
    where = f"the subnet {quote(cidr)}" if cidr else "its subnet"
    return Refusal(
        "gateway_outside",
        f"The gateway {quote(text)} lies outside {where}.",
        "Choose an address of the subnet, usually its first, or leave it out.",
        f"subnets.{index}.gateway",
    )


def say_gateway_reserved(text: str, index: int = 0) -> Refusal:
    """Network and broadcast addresses serve nobody."""
    return Refusal(
        "gateway_reserved",
        f"The gateway {quote(text)} is the first or last address of its subnet, "
        "which stands for the subnet itself or for everybody.",
        "Choose an address between them, usually the one ending in .1.",
        f"subnets.{index}.gateway",
    )


def say_range_invalid(text: str, index: int = 0) -> Refusal:
    """It is no CIDR."""
    return Refusal(
        "range_invalid",
        f"{quote(text)} is not a range.",
        "Write it as a subnet inside the subnet, like 10.20.0.128/25.",
        f"subnets.{index}.ip_range",
    )


def say_range_outside(text: str, cidr: str, index: int = 0) -> Refusal:
    """The range is not inside its subnet."""
    where = f"the subnet {quote(cidr)}" if cidr else "its subnet"
    return Refusal(
        "range_outside",
        f"The range {quote(text)} does not lie inside {where}.",
        "Choose a part of the subnet, or leave the range out to use all of it.",
        f"subnets.{index}.ip_range",
    )


def say_auxiliary_invalid(name: str, text: str, index: int = 0) -> Refusal:
    """It is no name with an address."""
    return Refusal(
        "auxiliary_invalid",
        f"The auxiliary address {quote(name)}={quote(text)} is not a name with an address.",
        "Write it like printer=10.20.0.9.",
        f"subnets.{index}.auxiliary",
    )


def say_auxiliary_outside(name: str, text: str, cidr: str, index: int = 0) -> Refusal:
    """The auxiliary address is not of its subnet."""
    where = f"the subnet {quote(cidr)}" if cidr else "its subnet"
    return Refusal(
        "auxiliary_outside",
        f"The auxiliary address {quote(name)} {quote(text)} lies outside {where}.",
        "Choose an address of the subnet; it is kept free for a machine that Docker does not run.",
        f"subnets.{index}.auxiliary",
    )


def say_auxiliary_taken(name: str, text: str, index: int = 0) -> Refusal:
    """The auxiliary address is the gateway or given twice."""
    return Refusal(
        "auxiliary_taken",
        f"The auxiliary address {quote(name)} {quote(text)} is the gateway or named twice.",
        "Choose another address for it.",
        f"subnets.{index}.auxiliary",
    )


def say_ipv6_pool_missing() -> Refusal:
    """The engine has no IPv6 pool to choose from."""
    return Refusal(
        "ipv6_pool_missing",
        "This engine has no IPv6 pool of its own to choose a subnet from.",
        "Add an IPv6 subnet, for example one from fd00::/8, or turn IPv6 off.",
        "has_ipv6",
    )


def say_pools_exhausted(free: Sequence[str]) -> Refusal:
    """All default pools are used up."""
    return Refusal(
        "pools_exhausted",
        "All address pools the engine chooses from by itself are used up.",
        f"Choose a subnet yourself; free is for example {list_words(free)}. "
        "Or remove networks nobody uses."
        if free
        else "Choose a subnet yourself, or remove networks nobody uses.",
        "subnets.0.cidr",
    )


def say_nothing_to_address() -> Refusal:
    """Neither IPv4 nor IPv6."""
    return Refusal(
        "no_family",
        "A network without IPv4 and without IPv6 has no addresses to give.",
        "Turn at least one of them on.",
        "has_ipv4",
    )
