"""The sentences about driver options and configurations that cannot be."""

from __future__ import annotations

from netdash.topology.refusal import Refusal, quote


def say_option_unreadable(key: str, value: str, wanted: str = "") -> Refusal:
    """The engine cannot read the value."""
    what = quote(key.rsplit(".", 1)[-1]) if key else "An option"
    return Refusal(
        "option_unreadable",
        f"{what} cannot be {quote(value) or 'empty'}.",
        wanted or "Look at the option's help for what it takes.",
        "options",
    )


def say_parent_missing(parent: str) -> Refusal:
    """The machine has no such interface."""
    return Refusal(
        "parent_missing",
        f"The engine's machine has no interface {quote(parent)} to build on.",
        "Name an interface of that machine (ip link), or one with a VLAN number, like eth0.10.",
        "options",
    )


def say_parent_used(parent: str, holder: str = "") -> Refusal:
    """An older engine allows one macvlan per parent; ``holder`` is the network there."""
    what = f"the network {quote(holder)}" if holder else "another network of this kind"
    return Refusal(
        "parent_used",
        f"The interface {quote(parent)} already carries {what}.",
        "Use that network, a VLAN of the interface (like eth0.10), or a newer engine.",
        "options",
    )


def say_mode_unknown(mode: str, driver: str = "macvlan") -> Refusal:
    """The driver knows no such mode."""
    modes = {"macvlan": "bridge, private, vepa or passthru", "ipvlan": "l2, l3 or l3s"}
    return Refusal(
        "mode_unknown",
        f"The driver {quote(driver)} has no mode {quote(mode)}.",
        f"Choose {modes.get(driver, 'one of its modes')}.",
        "options",
    )


def say_gateway_mode(reason: str) -> Refusal:
    """A gateway mode does not fit."""
    return Refusal(
        "gateway_mode",
        f"The gateway mode does not fit: {quote(reason)}.",
        "isolated needs an internal network; nat, nat-unprotected and routed fit any other.",
        "options",
    )


def say_bridge_name_long(name: str) -> Refusal:
    """Linux takes 15 characters."""
    what = f"The bridge name {quote(name)}" if name else "The bridge name"
    return Refusal(
        "bridge_name_long",
        f"{what} is longer than an interface's name can be.",
        "Use at most 15 characters.",
        "options",
    )


def say_bridge_name_foreign(name: str) -> Refusal:
    """The interface is something else."""
    return Refusal(
        "bridge_name_foreign",
        f"The engine's machine has an interface {quote(name)} that is not a bridge.",
        "Choose another bridge name, for example br- and a short word.",
        "options",
    )


def say_bridge_name_taken(name: str, network: str) -> Refusal:
    """Another network owns the bridge; removing one would break the other."""
    by = f" of the network {quote(network)}" if network else " of another network"
    return Refusal(
        "bridge_name_taken",
        f"The bridge name {quote(name)} is that{by}.",
        "Choose another one; two networks on one bridge destroy each other.",
        "options",
    )


def say_not_text(field: str = "labels") -> Refusal:
    """Values must be text."""
    return Refusal(
        "not_text",
        "Labels and options hold text only.",
        'Write numbers and true or false as text ("1500").',
        field,
    )


def say_key_empty(field: str) -> Refusal:
    """A pair without a key."""
    return Refusal(
        "key_empty",
        "A label or option needs a key before its value.",
        "Write key=value.",
        field,
    )


def say_config_missing(name: str) -> Refusal:
    """The configuration is not there."""
    return Refusal(
        "config_missing",
        f"There is no configuration named {quote(name)}.",
        "Create it first (config-only), or leave config-from empty.",
        "config_from",
    )


def say_config_mixed(name: str) -> Refusal:
    """A network from a configuration has nothing of its own."""
    return Refusal(
        "config_mixed",
        f"Subnets, options, labels and IPv6 come from the configuration {quote(name)}; "
        "none of them can be given beside it.",
        "Leave them out, or do without the configuration.",
        "config_from",
    )
