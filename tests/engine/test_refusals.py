"""Every refusal of an engine is put into words, with the cause and a next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from netdash.engine.client import EngineClient, open_client
from netdash.engine.commands import carry_out
from netdash.engine.errors import EngineError
from netdash.engine.refusals import explain
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    RemoveNetwork,
)
from netdash.topology.refusal import Refusal
from netdash.topology.refusals import foresee_refusals
from netdash.topology.snapshot import Snapshot, Subnet
from tests.engine.scenes import run
from tests.engine.truth import read_all
from tests.engines import IMAGE, RunningEngine

NOWHERE = "f" * 64
OLD, NEW = ("20.10",), ("26.1", "28.5")
EVERY = (*OLD, *NEW)
POOL = Subnet("10.91.0.0/24")


@dataclass(frozen=True)
class Row:
    """One row of what engines refuse: the change, and what is said of it.

    ``versions`` are those that refuse; the others accept and the row is not provoked there.
    """

    name: str
    build: Callable[[Snapshot], Change]
    kind: str
    field: str = ""
    says: str = ""
    versions: tuple[str, ...] = EVERY
    is_foreseen: bool = True


def create(name: str = "new", **fields: Any) -> Callable[[Snapshot], Change]:
    return lambda _: CreateNetwork(name, **fields)


def create_in(*subnets: Subnet, **fields: Any) -> Callable[[Snapshot], Change]:
    return create(subnets=subnets, **fields)


def with_option(key: str, value: str, **fields: Any) -> Callable[[Snapshot], Change]:
    return create_in(POOL, options=((key, value),), **fields)


def connect(container: str, network: str, **settings: Any) -> Callable[[Snapshot], Change]:
    return lambda now: ConnectContainer(
        find_id(now, network),
        network,
        find_id(now, container),
        container,
        EndpointSettings(**settings),
    )


def disconnect(container: str, network: str) -> Callable[[Snapshot], Change]:
    return lambda now: DisconnectContainer(
        find_id(now, network), network, find_id(now, container), container
    )


def remove(network: str) -> Callable[[Snapshot], Change]:
    return lambda now: RemoveNetwork(find_id(now, network), network)


def find_id(snapshot: Snapshot, name: str) -> str:
    ids = {network.name: network.id for network in snapshot.networks}
    ids |= {container.name: container.id for container in snapshot.containers}
    return ids.get(name, NOWHERE)


BRIDGE = "com.docker.network.bridge"
ROWS = (
    Row("a name that is taken", create("front", subnets=(POOL,)), "name_taken", "name", "front-2"),
    Row("no name", create(" "), "name_empty", "name"),
    Row("an empty name", create(""), "name_empty", "name"),
    Row("the name default", create("default"), "name_predefined", "name"),
    Row("the name host", create("host"), "name_predefined", "name", "host is kept"),
    Row("the name bridge", create("bridge", subnets=(POOL,)), "name_predefined", "name", "bridge"),
    Row("the name none", create("none"), "name_predefined", "name", "none is kept"),
    Row("the driver host", create(driver="host"), "driver_single", "driver", "--network host"),
    Row("the driver null", create(driver="null"), "driver_single", "driver"),
    Row(
        "overlay without a swarm",
        create(driver="overlay"),
        "needs_swarm",
        "driver",
        "docker swarm init",
        is_foreseen=False,
    ),
    Row(
        "swarm scope without a swarm",
        create(scope="swarm"),
        "needs_swarm",
        "scope",
        is_foreseen=False,
    ),
    Row("an ingress bridge", create(is_ingress=True), "ingress_scope", "is_ingress"),
    Row(
        "a parent that is missing",
        create_in(POOL, driver="macvlan", options=(("parent", "eth77"),)),
        "parent_missing",
        "options",
        "eth77",
        is_foreseen=False,
    ),
    Row(
        "a VLAN of a parent that is missing",
        create_in(POOL, driver="macvlan", options=(("parent", "eth77.10"),)),
        "parent_missing",
        "options",
        "eth77",
        is_foreseen=False,
    ),
    Row(
        "an unknown macvlan mode",
        create_in(POOL, driver="macvlan", options=(("macvlan_mode", "zz"),)),
        "mode_unknown",
        "options",
        "vepa",
    ),
    Row(
        "an overlap",
        create_in(Subnet("10.90.0.128/25")),
        "overlap",
        "subnets.0.cidr",
        "front (10.90.0.0/24)",
    ),
    Row(
        "a subnet of everything",
        create_in(Subnet("0.0.0.0/0")),
        "overlap",
        "subnets.0.cidr",
        "front (10.90.0.0/24)",
    ),
    Row(
        "a subnet with host bits",
        create_in(Subnet("10.91.0.5/24")),
        "host_bits",
        "subnets.0.cidr",
        "10.91.0.0/24",
        NEW,
    ),
    Row(
        "a subnet that is none",
        create_in(Subnet("10.91.0/24")),
        "subnet_invalid",
        "subnets.0.cidr",
        "10.91.0/24",
    ),
    Row(
        "a subnet too small",
        create_in(Subnet("10.91.0.0/32")),
        "subnet_small",
        "subnets.0.cidr",
        "",
        OLD,
    ),
    Row(
        "a subnet of two addresses",
        create_in(Subnet("10.91.0.0/31")),
        "subnet_small",
        "subnets.0.cidr",
        "10.91.0.0/31",
        OLD,
    ),
    Row(
        "a gateway outside",
        create_in(Subnet("10.91.0.0/24", "10.92.0.1")),
        "gateway_outside",
        "subnets.0.gateway",
        "10.91.0.0/24",
    ),
    Row(
        "a gateway at the edge",
        create_in(Subnet("10.91.0.0/24", "10.91.0.0")),
        "gateway_reserved",
        "subnets.0.gateway",
        "10.91.0.0",
    ),
    Row(
        "a gateway at the other edge",
        create_in(Subnet("10.91.0.0/24", "10.91.0.255")),
        "gateway_reserved",
        "subnets.0.gateway",
        "10.91.0.255",
    ),
    Row(
        "a gateway that is none",
        create_in(Subnet("10.91.0.0/24", "abc")),
        "gateway_invalid",
        "subnets.0.gateway",
        "abc",
    ),
    Row(
        "a gateway without a subnet",
        create_in(Subnet("", "10.91.0.1")),
        "subnet_missing",
        "subnets.0.cidr",
    ),
    Row(
        "a range without a subnet",
        create_in(Subnet("", "", "10.91.0.0/25")),
        "subnet_missing",
        "subnets.0.cidr",
    ),
    Row(
        "a range outside",
        create_in(Subnet("10.91.0.0/24", "", "10.92.0.0/25")),
        "range_outside",
        "subnets.0.ip_range",
        "10.91.0.0/24",
        NEW,
    ),
    Row(
        "a range too big",
        create_in(Subnet("10.91.0.0/24", "", "10.91.0.0/16")),
        "range_outside",
        "subnets.0.ip_range",
        "",
        NEW,
    ),
    Row(
        "an auxiliary address outside",
        create_in(Subnet("10.91.0.0/24", "", "", (("printer", "10.92.0.5"),))),
        "auxiliary_outside",
        "subnets.0.auxiliary",
        "printer",
    ),
    Row(
        "an auxiliary address that is the gateway",
        create_in(Subnet("10.91.0.0/24", "10.91.0.1", "", (("printer", "10.91.0.1"),))),
        "auxiliary_taken",
        "subnets.0.auxiliary",
        "printer",
    ),
    Row(
        "two subnets of a kind",
        create_in(POOL, Subnet("10.92.0.0/24")),
        "several_subnets",
        "subnets.1.cidr",
        "bridge",
    ),
    Row(
        "IPv6 without a pool",
        create_in(POOL, has_ipv6=True),
        "ipv6_pool_missing",
        "has_ipv6",
        "fd00::/8",
        ("20.10", "26.1"),
    ),
    Row(
        "an option that is no truth",
        with_option(f"{BRIDGE}.enable_icc", "maybe"),
        "option_unreadable",
        "options",
        "maybe",
    ),
    Row(
        "an MTU that is no number",
        with_option("com.docker.network.driver.mtu", "abc"),
        "option_unreadable",
        "options",
        "abc",
    ),
    Row(
        "an MTU below zero",
        with_option("com.docker.network.driver.mtu", "-5"),
        "option_unreadable",
        "options",
        "-5",
    ),
    Row(
        "isolated but not internal",
        with_option(f"{BRIDGE}.gateway_mode_ipv4", "isolated"),
        "gateway_mode",
        "options",
        "internal",
        ("28.5",),
    ),
    Row(
        "an unknown gateway mode",
        with_option(f"{BRIDGE}.gateway_mode_ipv4", "zz"),
        "gateway_mode",
        "options",
        "zz",
        ("28.5",),
    ),
    Row(
        "a long bridge name",
        with_option(f"{BRIDGE}.name", "b" * 20),
        "bridge_name_long",
        "options",
        "15",
    ),
    Row(
        "a bridge name in use",
        with_option(f"{BRIDGE}.name", "docker0"),
        "bridge_name_taken",
        "options",
        "docker0",
        NEW,
    ),
    Row(
        "a configuration that is missing",
        create(config_from="nosuch"),
        "config_missing",
        "config_from",
        "nosuch",
    ),
    Row(
        "connecting twice with other settings",
        connect("web", "front", aliases=("other",)),
        "already_connected",
        "network",
        "disconnect",
    ),
    Row("a container that is gone", connect("nobody", "front"), "container_gone", "container"),
    Row("a network that is gone", connect("web", "nowhere"), "network_gone", "network"),
    Row("connecting to host", connect("web", "host"), "host_network", "network"),
    Row("disconnecting from host", disconnect("agent", "host"), "host_mode", "container"),
    Row("connecting to none", connect("web", "none"), "none_network", "network", "front"),
    Row("connecting out of none", connect("tool", "front"), "none_mode", "network", "none"),
    Row("connecting a host-mode container", connect("agent", "front"), "host_mode", "container"),
    Row("connecting a sharer", connect("exporter", "back"), "shared_stack", "container", "web"),
    Row(
        "an alias on the default bridge",
        connect("web", "bridge", aliases=("x",)),
        "alias_on_default",
        "aliases",
    ),
    Row(
        "an address in a subnet of the engine's choice",
        connect("web", "chosen", ipv4="172.30.255.9"),
        "address_without_subnet",
        "ipv4",
        "chosen",
        is_foreseen=False,
    ),
    Row(
        "an address on the default bridge",
        connect("web", "bridge", ipv4="172.17.0.99"),
        "address_on_default",
        "ipv4",
    ),
    Row(
        "an address outside",
        connect("web", "back", ipv4="10.99.0.7"),
        "address_outside",
        "ipv4",
        "10.90.1.0/24",
    ),
    Row(
        "an address of another container",
        connect("web", "back", ipv4="10.90.1.9"),
        "address_taken",
        "ipv4",
        "db has it",
    ),
    Row(
        "the address of the gateway",
        connect("web", "back", ipv4="10.90.1.1"),
        "address_taken",
        "ipv4",
        "gateway",
    ),
    Row(
        "the address of the subnet",
        connect("web", "back", ipv4="10.90.1.0"),
        "address_taken",
        "ipv4",
        "subnet itself",
    ),
    Row(
        "the address of everybody",
        connect("web", "back", ipv4="10.90.1.255"),
        "address_taken",
        "ipv4",
        "broadcast",
    ),
    Row(
        "an address outside, of a container that is stopped",
        connect("idle", "back", ipv4="10.99.0.7"),
        "address_outside",
        "ipv4",
        "10.90.1.0/24",
        NEW,
    ),
    Row("a MAC that is none", connect("web", "back", mac="zz"), "mac_invalid", "mac", "zz", NEW),
    Row(
        "a container whose first network is gone",
        connect("orphan", "front"),
        "mode_missing",
        "container",
        "Create a network named former",
        NEW,
    ),
    Row(
        "a container whose first network is gone, known by its id",
        connect("exile", "front"),
        "mode_missing",
        "container",
        "Create the container again",
        NEW,
    ),
    Row(
        "an address that is none",
        connect("web", "back", ipv4="abc"),
        "address_invalid",
        "ipv4",
        "abc",
    ),
    Row("a full subnet", connect("web", "small"), "subnet_full", "network", "10.90.2.0/30"),
    Row("a configuration instead of a network", connect("web", "config"), "config_only", "network"),
    Row("removing a network in use", remove("back"), "in_use", "network", "db"),
    Row("removing one of Docker's own", remove("bridge"), "predefined", "network"),
    Row("removing a configuration in use", remove("config"), "config_used", "network", "derived"),
)


def shift(change: Change, place: str) -> Change:
    """Give each row a subnet of its own: 20.10 keeps the pool of a creation it refused."""
    if not isinstance(change, CreateNetwork):
        return change
    subnets = [
        Subnet(
            one.cidr.replace("10.91.", place),
            one.gateway.replace("10.91.", place),
            one.ip_range.replace("10.91.", place),
            tuple((name, text.replace("10.91.", place)) for name, text in one.auxiliary),
        )
        for one in change.subnets
    ]
    return replace(change, subnets=tuple(subnets))


def leave_behind(engine: RunningEngine, container: str, network: str) -> None:
    """Run a container on one network, move it to another and remove the first."""
    run(engine, container, network)
    engine.docker("network", "connect", "back", container)
    engine.docker("network", "disconnect", network, container)
    engine.docker("network", "rm", network)


@pytest.fixture(scope="module")
def refusing(any_engine_of_session: RunningEngine) -> Iterator[tuple[RunningEngine, EngineClient]]:
    """One engine for all rows: nothing that is refused alters it."""
    engine, docker = any_engine_of_session, any_engine_of_session.docker
    engine.empty()
    docker("network", "create", "--subnet", "10.90.0.0/24", "front")
    docker("network", "create", "--subnet", "10.90.1.0/24", "back")
    docker("network", "create", "--subnet", "10.90.2.0/30", "small")
    docker("network", "create", "chosen")
    docker("network", "create", "--config-only", "--subnet", "10.90.3.0/24", "config")
    docker("network", "create", "--config-from", "config", "derived")
    run(engine, "web", "front")
    run(engine, "db", "back", "--ip", "10.90.1.9")
    run(engine, "filler", "small")
    run(engine, "agent", "host")
    run(engine, "tool", "none")
    run(engine, "exporter", "container:web")
    docker("create", "--name", "idle", "--network", "front", IMAGE)
    docker("network", "create", "former")
    leave_behind(engine, "orphan", "former")
    leave_behind(engine, "exile", docker("network", "create", "former-too"))
    client = open_client(engine.address)
    yield engine, client
    client.close()
    docker("network", "rm", "derived")
    engine.empty()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_refusal_names_the_cause_and_a_next_step(
    refusing: tuple[RunningEngine, EngineClient], row: Row
) -> None:
    engine, client = refusing
    if not engine.version.startswith(row.versions):
        pytest.skip(f"{engine.version} accepts it")
    now = read_all(client)
    place = f"10.{100 + ROWS.index(row)}."
    row = replace(row, says=row.says.replace("10.91.", place))
    change = shift(row.build(now), place)
    with pytest.raises(EngineError) as caught:
        carry_out(client, change)
    assert caught.value.kind == "refused", caught.value
    said = explain(caught.value.status_code, caught.value.sentence, change, now)
    assert_says(row, said)
    assert said.engine_words == caught.value.sentence
    if row.is_foreseen:
        foreseen = [found for found in foresee_refusals(change, now) if found.kind == row.kind]
        assert foreseen, foresee_refusals(change, now)
        assert_says(row, foreseen[0])
        assert (foreseen[0].sentence, foreseen[0].field) == (said.sentence, said.field)
    assert read_all(client).networks == now.networks


def assert_says(row: Row, refusal: Refusal) -> None:
    assert (refusal.kind, refusal.field) == (row.kind, row.field), refusal
    assert row.says in f"{refusal.sentence} {refusal.remedy}"
    assert refusal.sentence.endswith(".")
    assert refusal.remedy


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


@pytest.mark.parametrize(("text", "kind"), TEXTS)
def test_texts_that_need_a_swarm_a_plugin_or_another_version(text: str, kind: str) -> None:
    settings = EndpointSettings(ipv4="abc", mac="zz")
    change: Change = ConnectContainer("n", "n1", "c", "web", settings)
    if kind in ("subnet_invalid", "subnet_missing", "gateway_invalid"):
        change = CreateNetwork("n1", subnets=(Subnet("", "10.51.0.1"), Subnet("", "abd")))
    assert explain(400, text, change, Snapshot()).kind == kind
