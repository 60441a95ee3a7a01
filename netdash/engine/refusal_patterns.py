"""What engines say when they refuse a change, and which sentence says it to a person.

Each rule is a pattern and what builds the refusal from its groups; the first that fits wins. A
builder that returns None lets the next rule try.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from netdash.engine.refusal_context import Asked
from netdash.topology import connection_words as connection
from netdash.topology import creation_words as creation
from netdash.topology import option_words as option
from netdash.topology import removal_words as removal
from netdash.topology.refusal import Refusal

__all__ = ["RULES", "Asked"]

Build: TypeAlias = Callable[[re.Match[str], Asked], Refusal | None]
Rule: TypeAlias = tuple[re.Pattern[str], Build]


def rule(pattern: str, build: Build) -> Rule:
    """Make a rule; case does not matter, engines changed it between versions."""
    return re.compile(pattern, re.IGNORECASE), build


CREATION: tuple[Rule, ...] = (
    rule(
        r"network with name .* already exists",
        lambda m, a: a.explain_name(),
    ),
    rule(
        r"configuration network \S+ does not exist",
        lambda m, a: option.say_config_missing(a.config_from),
    ),
    rule(
        r"user specified configurations are not supported",
        lambda m, a: option.say_config_mixed(a.config_from),
    ),
    rule(r"\Ainvalid name", lambda m, a: creation.say_name_empty()),
    rule(
        r"not permitted on predefined (\S+) network",
        lambda m, a: creation.say_name_predefined(a.name),
    ),
    rule(
        r'only one instance of "?([\w-]+)"? network', lambda m, a: creation.say_driver_single(m[1])
    ),
    rule(r'plugin "([^"]*)" not found', lambda m, a: creation.say_driver_unknown(m[1])),
    rule(r"error looking up network plugin (\S+)", lambda m, a: creation.say_driver_unknown(m[1])),
    rule(r"swarm scoped network when swarm is not", lambda m, a: creation.say_needs_swarm("scope")),
    rule(r"not a swarm manager", lambda m, a: creation.say_needs_swarm()),
    rule(r"ingress network can only be", lambda m, a: creation.say_ingress_scope()),
    rule(
        r"all predefined address pools|non-overlapping IPv4 address pool",
        lambda m, a: creation.say_pools_exhausted(a.find_free(24)),
    ),
    rule(r"non-overlapping IPv6 address pool", lambda m, a: creation.say_ipv6_pool_missing()),
    rule(r"doesn't support multiple subnets", lambda m, a: a.explain_several()),
    rule(r"Pool overlaps with other one", lambda m, a: a.explain_overlap()),
    rule(
        r"invalid subnet (\S+?):? it should be (\S+)",
        lambda m, a: creation.say_host_bits(m[1], m[2], a.find_subnet("cidr", m[1])),
    ),
    rule(r"\Ainvalid subnet\s*:", lambda m, a: creation.say_subnet_missing(a.find_bare())),
    rule(
        r"invalid subnet (\S+)",
        lambda m, a: creation.say_subnet_invalid(m[1].rstrip(":"), a.find_subnet("cidr", m[1])),
    ),
    rule(
        r'ParsePrefix\("([^"]*)"',
        lambda m, a: creation.say_subnet_invalid(m[1], a.find_subnet("cidr", m[1])),
    ),
    rule(
        r"failed to allocate gateway \((\S*?)\):? .*out of range",
        lambda m, a: creation.say_gateway_outside(m[1], *a.find_pool("gateway", m[1])),
    ),
    rule(
        r"failed to allocate gateway \((\S*?)\):? Address already",
        lambda m, a: a.explain_gateway(m[1]),
    ),
    rule(
        r"failed to allocate gateway \(\S*?\):? No available",
        lambda m, a: a.explain_small(),
    ),
    rule(
        r"invalid gateway \S*: parent subnet (?:invalid Prefix|\S* ?\Z)",
        lambda m, a: creation.say_subnet_missing(a.find_bare()),
    ),
    rule(
        r"invalid gateway (\S+): parent subnet (\S+)",
        lambda m, a: creation.say_gateway_outside(m[1], m[2], a.find_subnet("gateway", m[1])),
    ),
    rule(
        r"invalid gateway (?:address )?(\S+?)(?::| in)",
        lambda m, a: creation.say_gateway_invalid(m[1], a.find_subnet("gateway", m[1])),
    ),
    rule(
        r"invalid ip-range (\S+): parent subnet (\S+)",
        lambda m, a: creation.say_range_outside(m[1], m[2], a.find_subnet("ip_range", m[1])),
    ),
    rule(
        r"invalid ip-range (\S+): CIDR block is bigger than its parent subnet (\S+)",
        lambda m, a: creation.say_range_outside(m[1], m[2], a.find_subnet("ip_range", m[1])),
    ),
    rule(
        r"invalid ip-range (\S+?):",
        lambda m, a: creation.say_range_invalid(m[1], a.find_subnet("ip_range", m[1])),
    ),
    rule(
        r"auxiliary address: \((.*?):(\S+)\) must belong to the master pool: (\S+)",
        lambda m, a: creation.say_auxiliary_outside(m[1], m[2], m[3], a.find_auxiliary(m[1])),
    ),
    rule(
        r"invalid auxiliary address (.*?): parent subnet (\S+)",
        lambda m, a: creation.say_auxiliary_outside(
            m[1], a.read_auxiliary(m[1]), m[2], a.find_auxiliary(m[1])
        ),
    ),
    rule(
        r"invalid auxiliary address (.*?):",
        lambda m, a: creation.say_auxiliary_invalid(
            m[1], a.read_auxiliary(m[1]), a.find_auxiliary(m[1])
        ),
    ),
    rule(
        r"secondary ip address \((.*?):([0-9a-f.:]+)\)",
        lambda m, a: creation.say_auxiliary_taken(m[1], m[2], a.find_auxiliary(m[1])),
    ),
)

OPTIONS: tuple[Rule, ...] = (
    rule(
        r"failed to parse (\S*gateway_mode\S*) value: (\S*) \((.*)\)",
        lambda m, a: option.say_gateway_mode(m[3]),
    ),
    rule(
        r"gateway mode '(\w+)' can only be used for an internal network",
        lambda m, a: option.say_gateway_mode(f"{m[1]} on a network that is not internal"),
    ),
    rule(
        r"failed to parse (\S+) value: (.*?) \(",
        lambda m, a: option.say_option_unreadable(m[1], m[2]),
    ),
    rule(
        r"invalid MTU number: (\S+)",
        lambda m, a: option.say_option_unreadable("driver.mtu", m[1], "Write a number like 1450."),
    ),
    rule(
        r"invalid subinterface vlan name (\S+?),",
        lambda m, a: option.say_parent_missing(m[1]),
    ),
    rule(
        r"parent interface (?:does )?was not found on the host: (\S+)",
        lambda m, a: option.say_parent_missing(m[1]),
    ),
    rule(
        r"requested (\w+) mode '(.*?)' is not valid",
        lambda m, a: option.say_mode_unknown(m[2], m[1]),
    ),
    rule(
        r"already using parent interface (\S+)",
        lambda m, a: option.say_parent_used(m[1], a.name_on_parent(m[1])),
    ),
    rule(
        r"numerical result out of range",
        lambda m, a: option.say_bridge_name_long(a.bridge_name),
    ),
    rule(
        r"existing interface (\S+) is not a bridge",
        lambda m, a: option.say_bridge_name_foreign(m[1]),
    ),
    rule(
        r"conflicts with network (\S+) \((\S+)\): networks have same bridge name",
        lambda m, a: option.say_bridge_name_taken(m[2], a.name_of(m[1])),
    ),
    rule(
        r"cannot unmarshal \w+ into .*\.(Labels|Options)",
        lambda m, a: option.say_not_text(m[1].lower()),
    ),
)

CONNECTION: tuple[Rule, ...] = (
    rule(
        r"endpoint with name .* already exists in network",
        lambda m, a: connection.say_already_connected(a.container_name, a.network_name),
    ),
    rule(
        r"cannot connect container to host network",
        lambda m, a: connection.say_host_network(a.container_name),
    ),
    rule(
        r"cannot be disconnected from host network or connected|cannot disconnect .* from host",
        lambda m, a: a.explain_host(),
    ),
    rule(r"private \(none\) mode", lambda m, a: a.explain_none()),
    rule(
        r"sharing network namespace with another container or host", lambda m, a: a.explain_shared()
    ),
    rule(
        r"could not find a network matching network mode (\S+?):",
        lambda m, a: connection.say_mode_missing(a.container_name, m[1]),
    ),
    rule(r"configuration-only network", lambda m, a: connection.say_config_only(a.network_name)),
    rule(r"not manually attachable", lambda m, a: connection.say_not_attachable(a.network_name)),
    rule(r"network-scoped alias", lambda m, a: connection.say_alias_on_default(a.network_name)),
    rule(
        r"user.configured subnets",
        lambda m, a: connection.say_address_without_subnet(a.network_name, a.address_field),
    ),
    rule(
        r"user.specified IP address is supported on user.defined networks only",
        lambda m, a: connection.say_address_on_default(a.network_name, a.address_field),
    ),
    rule(
        r"Invalid (IPv[46]) address:? ?([^)\s]*)",
        lambda m, a: connection.say_address_invalid(m[2], m[1].lower()),
    ),
    rule(r"Invalid address (\S+): It does not belong", lambda m, a: a.explain_outside(m[1])),
    rule(
        r"no configured subnet(?: or ip-range)? contains? (?:the )?IP address (\S+)",
        lambda m, a: a.explain_outside(m[1]),
    ),
    rule(r'ParseAddr\("([^"]*)"\)', lambda m, a: a.explain_unreadable(m[1])),
    rule(
        r"invalid link-local IP address:? ?(\S*)",
        lambda m, a: connection.say_link_local_invalid(m[1]),
    ),
    rule(r"invalid MAC address:? ?(\S*)", lambda m, a: connection.say_mac_invalid(m[1] or a.mac)),
    rule(r"address (\S+): invalid MAC", lambda m, a: connection.say_mac_invalid(m[1])),
    rule(
        r"Bind for (\S+) failed: port is already allocated"
        r"|listen \w+ (\S+): bind: address already in use"
        r"|failed to bind host port for (\[\S*\]:\d+|\S*?:\d+):\S+: address already in use",
        lambda m, a: a.explain_port(m[1] or m[2] or m[3]),
    ),
    rule(
        r"conflicts with existing route",
        lambda m, a: connection.say_half_connected(a.container_name, a.network_name),
    ),
    rule(r"Address already in use", lambda m, a: a.explain_taken()),
    rule(
        r"no available (?:IPv[46] )?addresses on (?:this network's address pools|this pool)",
        lambda m, a: a.explain_full(),
    ),
    rule(
        r"failed to create endpoint .* on network \S+: network \S+ does not exist",
        lambda m, a: connection.say_bridge_lost(a.network_name),
    ),
    rule(
        r"Invalid container name \((.*)\)",
        lambda m, a: connection.say_container_name(m[1]),
    ),
)

REMOVAL: tuple[Rule, ...] = (
    rule(r"active endpoints", lambda m, a: a.explain_in_use()),
    rule(
        r"is a pre-defined network and cannot be removed",
        lambda m, a: removal.say_predefined(a.network_name),
    ),
    rule(r"\Ainvalid filter '(.*)'", lambda m, a: removal.say_filter_unknown(m[1])),
    rule(
        r'failed to parse value as time or duration:.*?"(.*?)"',
        lambda m, a: removal.say_time_unreadable(m[1]),
    ),
    rule(r"is ambiguous", lambda m, a: removal.say_ambiguous(a.network_name)),
    rule(
        r"in use by (?:service|task) (\S+)",
        lambda m, a: removal.say_service_uses(a.network_name, m[1]),
    ),
    rule(
        r"ingress network cannot be removed because service (\S+)",
        lambda m, a: removal.say_service_uses(a.network_name, m[1]),
    ),
    rule(
        r"configuration network .* is in use",
        lambda m, a: removal.say_config_used(a.network_name, a.find_users()),
    ),
    rule(
        r"is not connected to (?:the )?network",
        lambda m, a: a.explain_unconnected(),
    ),
    rule(
        r"endpoint .* not found",
        lambda m, a: a.explain_unconnected(),
    ),
    rule(r"No such container", lambda m, a: connection.say_container_gone(a.container_name)),
    rule(r"network .* not found", lambda m, a: a.explain_missing()),
)

RULES: tuple[Rule, ...] = (*CREATION, *OPTIONS, *CONNECTION, *REMOVAL)
