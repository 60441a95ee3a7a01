"""The command lines and Compose lines of changes."""

from __future__ import annotations

import shlex

import yaml
from hypothesis import given
from hypothesis import strategies as st

from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    RemoveNetwork,
)
from netdash.topology.command_lines import as_command
from netdash.topology.compose_lines import as_compose
from netdash.topology.snapshot import COMPOSE_SERVICE, Container, Network, Snapshot, Subnet


def test_a_full_connection() -> None:
    settings = EndpointSettings(
        "10.0.0.9",
        "fd00::9",
        ("db", "a,b"),
        "",
        ("169.254.1.1",),
        5,
        (("com.docker.network.endpoint.ifname", "eth7"),),
    )
    assert as_command(ConnectContainer("n", "front", "c", "web", settings)) == (
        "docker network connect --ip 10.0.0.9 --ip6 fd00::9 --alias db --alias '\"a,b\"' "
        "--link-local-ip 169.254.1.1 --driver-opt com.docker.network.endpoint.ifname=eth7 "
        "--gw-priority=5 front web"
    )


def test_a_full_creation() -> None:
    change = CreateNetwork(
        "shop",
        driver="macvlan",
        subnets=(Subnet("10.0.0.0/24", "10.0.0.1", "10.0.0.128/25", (("nas", "10.0.0.5"),)),),
        options=(("parent", "eth0"),),
        labels=(("team", "web shop"),),
        is_internal=True,
        is_attachable=True,
        has_ipv6=True,
    )
    assert as_command(change) == (
        "docker network create --driver macvlan --internal --attachable --ipv6 "
        "--subnet 10.0.0.0/24 --ip-range 10.0.0.128/25 --gateway 10.0.0.1 "
        "--aux-address nas=10.0.0.5 --opt parent=eth0 --label 'team=web shop' shop"
    )


def test_removal_and_disconnection() -> None:
    assert as_command(RemoveNetwork("n" * 64, "shop")) == "docker network rm shop"
    forced = DisconnectContainer("n", "shop", "c", "web", force=True)
    assert as_command(forced) == "docker network disconnect --force shop web"


def test_a_name_that_two_networks_bear_gives_way_to_the_id() -> None:
    twins = Snapshot(networks=(Network("1" * 64, "shop"), Network("2" * 64, "shop")))
    assert as_command(RemoveNetwork("2" * 64, "shop"), twins) == f"docker network rm {'2' * 64}"


def test_a_name_like_an_option_is_guarded() -> None:
    assert as_command(CreateNetwork("-x")) == "docker network create -- -x"
    assert as_command(RemoveNetwork("f" * 64, "$(reboot)")) == f"docker network rm {'f' * 64}"


@given(st.text(min_size=1), st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=3))
def test_a_shell_reads_back_every_word(name: str, labels: list[tuple[str, str]]) -> None:
    words = shlex.split(as_command(CreateNetwork(name, labels=tuple(labels))))
    assert words[-1] == name
    assert [w for w in words if "=" in w][: len(labels)] == [f"{k}={v}" for k, v in labels] or (
        "=" in name
    )


@given(st.text(min_size=1), st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=3))
def test_compose_lines_are_yaml_that_says_the_same(name: str, pairs: list[tuple[str, str]]) -> None:
    labels = tuple(dict(pairs).items())
    (entry,) = yaml.safe_load(as_compose(CreateNetwork(name, labels=labels)))["networks"].values()
    assert entry["name"].replace("$$", "$") == name
    found = {k.replace("$$", "$"): v.replace("$$", "$") for k, v in entry.get("labels", {}).items()}
    assert found == dict(labels)


def test_compose_lines_of_a_connection_name_the_service() -> None:
    container = Container("c", "shop-web-1", labels=((COMPOSE_SERVICE, "web"),))
    settings = EndpointSettings("10.0.0.9", aliases=("front-door",), gateway_priority=3)
    change = ConnectContainer("n", "my net", "c", "shop-web-1", settings)
    assert yaml.safe_load(as_compose(change, Snapshot(containers=(container,)))) == {
        "services": {
            "web": {
                "networks": {
                    "my-net": {
                        "aliases": ["front-door"],
                        "ipv4_address": "10.0.0.9",
                        "gw_priority": 3,
                    }
                }
            }
        },
        "networks": {"my-net": {"name": "my net", "external": True}},
    }


def test_compose_lines_of_pools() -> None:
    change = CreateNetwork(
        "shop", subnets=(Subnet("10.0.0.0/24", "10.0.0.1", "", (("nas", "10.0.0.5"),)),)
    )
    (entry,) = yaml.safe_load(as_compose(change))["networks"].values()
    (pool,) = entry["ipam"]["config"]
    assert pool["subnet"] == "10.0.0.0/24"
    assert pool["aux_addresses"] == {"nas": "10.0.0.5"}


def test_what_goes_is_a_comment() -> None:
    assert as_compose(RemoveNetwork("n", "a\nb")) == "# take out: networks.a\\nb\n"
