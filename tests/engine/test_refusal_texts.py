"""Words of engines that no private engine says here are understood as well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netdash.engine.refusals import explain
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
)
from netdash.topology.snapshot import Snapshot, Subnet
from tests.builders import topology


def test_what_nobody_knows_is_shown_as_the_engine_gave_it() -> None:
    change = CreateNetwork("new")
    refusal = explain(500, "the moon is in the wrong house", change, Snapshot())
    assert refusal.sentence == refusal.engine_words == "the moon is in the wrong house"
    assert refusal.kind == "unknown"


TEXTS = (
    ("network n1 is ambiguous (3 matches found based on name)", "ambiguous"),
    (
        "rpc error: code = FailedPrecondition desc = network x is in use by service y",
        "service_uses",
    ),
    (
        "rpc error: ... ingress network cannot be removed because service y depends on it",
        "service_uses",
    ),
    ('plugin "nosuch" not found', "driver_unknown"),
    ("network dm-0123456789ab is already using parent interface eth0", "parent_used"),
    ("existing interface eth0 is not a bridge", "bridge_name_foreign"),
    (
        "json: cannot unmarshal number into Go struct field NetworkCreateRequest.Labels of type "
        "string",
        "not_text",
    ),
    (
        "Could not attach to network ov: rpc error: code = PermissionDenied desc = network ov not "
        "manually attachable",
        "not_attachable",
    ),
    ("could not find a network matching network mode old: network old not found", "mode_missing"),
    (
        'netip.ParsePrefix("10.51.0/24"): ParseAddr("10.51.0"): IPv4 address too short',
        "subnet_invalid",
    ),
    (
        "invalid network config:\ninvalid gateway 10.51.0.1: parent subnet invalid Prefix doesn't "
        "contain this address",
        "subnet_missing",
    ),
    ("container abc is not connected to network n1", "not_connected"),
    (
        "driver failed programming external connectivity on endpoint web (abc): "
        "Bind for 0.0.0.0:8080 failed: port is already allocated",
        "port_taken",
    ),
    ("endpoint nope not found", "not_connected"),
    (
        "invalid endpoint settings:\n* invalid IPv4 address: abc\n* no configured subnet "
        "contain the IP address abc",
        "address_invalid",
    ),
    ("invalid JSON: address zz: invalid MAC address", "mac_invalid"),
    ('invalid JSON: ParseAddr("abc"): unable to parse IP', "address_invalid"),
    ('invalid JSON: ParseAddr("abd"): unable to parse IP', "gateway_invalid"),
    (
        "invalid endpoint settings:\nno configured subnet contains IP address 10.51.0.7",
        "address_outside",
    ),
    (
        "invalid endpoint settings:\nuser-specified IP address is supported on user-defined "
        "networks only",
        "address_on_default",
    ),
    (
        "invalid endpoint settings:\nnetwork-scoped aliases are only supported for user-defined "
        "networks",
        "alias_on_default",
    ),
    (
        'failed to parse value as time or duration: invalid seconds "zz": invalid syntax',
        "time_unreadable",
    ),
    (
        "failed to set up container networking: driver failed programming external connectivity "
        "on endpoint web (abc): failed to bind host port for [::]:8080:[fd00::2]:80/tcp: address "
        "already in use",
        "port_taken",
    ),
)


def test_half_a_connection_is_not_said_to_be_none() -> None:
    words = "container web is not connected to network front"
    now = topology("web: front", "db: back")

    def ask(name: str, snapshot: Snapshot) -> str:
        container = next(one for one in snapshot.containers if one.name == name)
        change = DisconnectContainer("", "front", container.id, name)
        return explain(500, words, change, snapshot).kind

    assert ask("web", now) == "half_connected"
    assert ask("db", now) == "not_connected"
    stopped = replace(now, containers=tuple(replace(c, state="exited") for c in now.containers))
    assert ask("web", stopped) == "not_connected"


@pytest.mark.parametrize(("text", "kind"), TEXTS)
def test_texts_that_need_a_swarm_a_plugin_or_another_version(text: str, kind: str) -> None:
    settings = EndpointSettings(ipv4="abc", mac="zz")
    change: Change = ConnectContainer("n", "n1", "c", "web", settings)
    if kind in ("subnet_invalid", "subnet_missing", "gateway_invalid"):
        change = CreateNetwork("n1", subnets=(Subnet("", "10.51.0.1"), Subnet("", "abd")))
    assert explain(400, text, change, Snapshot()).kind == kind
