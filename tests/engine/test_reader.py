from __future__ import annotations

import pytest

from netdash.engine.reader import Listing, parse_container, parse_listing, parse_network
from netdash.topology.snapshot import EngineFacts, PublishedPort, Snapshot, Subnet
from tests.engine.lists import Plain, container, endpoint, network


def read(networks: list[Plain], containers: list[Plain]) -> Snapshot:
    return parse_listing(Listing(tuple(networks), tuple(containers)), EngineFacts())


def test_an_engine_with_nothing_on_it_is_an_empty_snapshot() -> None:
    assert read([], []) == Snapshot()


def test_both_lists_are_sorted_by_name_then_id() -> None:
    snapshot = read(
        [network("b"), network("a", "2"), network("a", "1")], [container("y"), container("x")]
    )
    assert [(one.name, one.id) for one in snapshot.networks] == [
        *(("a", "1"), ("a", "2"), ("b", "net-b")),
    ]
    assert [one.name for one in snapshot.containers] == ["x", "y"]


def test_a_network_is_read_whole() -> None:
    found = parse_network(
        network(
            "db",
            Scope="swarm",
            Driver="overlay",
            Internal=True,
            Attachable=True,
            Ingress=True,
            EnableIPv6=True,
            EnableIPv4=False,
            ConfigFrom={"Network": "template"},
            Options={"b": "2", "a": "1"},
            Labels={"k": "v"},
            Created="2026-01-01T00:00:00Z",
            IPAM={
                "Driver": "custom",
                "Options": {"o": "p"},
                "Config": [
                    {"Subnet": "fd00::/64", "Gateway": "fd00::1/64"},
                    {
                        "Subnet": "10.0.0.0/24",
                        "Gateway": "10.0.0.1",
                        "IPRange": "10.0.0.0/25",
                        "AuxiliaryAddresses": {"z": "10.0.0.3", "a": "10.0.0.2"},
                    },
                ],
            },
        )
    )
    assert found.subnets == (
        Subnet("10.0.0.0/24", "10.0.0.1", "10.0.0.0/25", (("a", "10.0.0.2"), ("z", "10.0.0.3"))),
        Subnet("fd00::/64", "fd00::1"),
    )
    assert (found.driver, found.scope, found.config_from) == ("overlay", "swarm", "template")
    assert (found.is_internal, found.is_attachable, found.is_ingress) == (True, True, True)
    assert (found.has_ipv4, found.has_ipv6) == (False, True)
    assert found.options == (("a", "1"), ("b", "2"))
    assert (found.ipam_driver, found.ipam_options) == ("custom", (("o", "p"),))
    assert (found.labels, found.created_at) == ((("k", "v"),), "2026-01-01T00:00:00Z")


def test_nulls_of_a_config_only_network_are_read_as_nothing() -> None:
    found = parse_network(
        network("template", ConfigOnly=True, Options=None, Labels=None, IPAM={"Config": None})
    )
    assert found.is_config_only
    assert (found.subnets, found.options, found.labels) == ((), (), ())


def test_an_engine_before_28_has_ipv4_on_every_network() -> None:
    assert parse_network(network("old")).has_ipv4


@pytest.mark.parametrize(
    ("status", "health", "exit_code"),
    [
        ("Up 2 minutes", "", None),
        ("Up 2 minutes (healthy)", "healthy", None),
        ("Up 2 minutes (unhealthy)", "unhealthy", None),
        ("Up 1 second (health: starting)", "starting", None),
        ("Up 3 hours (Paused)", "", None),
        ("Exited (137) 5 minutes ago", "", 137),
        ("Exited (0) Less than a second ago", "", 0),
        ("Exited (-1) 5 days ago", "", -1),
        ("Restarting (1) 2 seconds ago", "", 1),
        ("Created", "", None),
        ("Dead", "", None),
        ("", "", None),
    ],
)
def test_health_and_exit_code_are_read_from_the_status(
    status: str, health: str, exit_code: int | None
) -> None:
    found = parse_container(container("web", Status=status))
    assert (found.health, found.exit_code) == (health, exit_code)


@pytest.mark.parametrize(("field", "health"), [("none", ""), ("unhealthy", "unhealthy")])
def test_the_health_field_of_newer_engines_goes_before_the_text(field: str, health: str) -> None:
    found = parse_container(container("web", Status="Up (healthy)", Health={"Status": field}))
    assert found.health == health


def test_ports_are_read_with_their_bind_address_and_sorted() -> None:
    found = parse_container(
        container(
            "web",
            Ports=[
                {"PrivatePort": 99, "Type": "tcp"},
                {"IP": "::", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
                {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
                {"IP": "", "PrivatePort": 81, "Type": "sctp"},
                {"IP": "127.0.0.1", "PrivatePort": 53, "PublicPort": 5353, "Type": "udp"},
            ],
        )
    )
    assert found.ports == (
        PublishedPort(53, "udp", "127.0.0.1", 5353),
        PublishedPort(80, "tcp", "0.0.0.0", 8080),
        PublishedPort(80, "tcp", "::", 8080),
        PublishedPort(81, "sctp"),
        PublishedPort(99, "tcp"),
    )


def test_a_legacy_link_does_not_take_the_place_of_the_name() -> None:
    assert parse_container(container("db", Names=["/web/database", "/db"])).name == "db"


def test_a_container_without_a_name_is_called_by_its_short_id() -> None:
    assert (
        parse_container(container("db", Id="0123456789abcdef", Names=None)).name == "0123456789ab"
    )


def test_endpoints_are_read_whole_and_in_order_of_name() -> None:
    snapshot = read(
        [network("front"), network("back")],
        [
            container(
                "api",
                networks={
                    "front": endpoint("net-front", "e2", IPAddress="10.1.0.2", GwPriority=7),
                    "back": endpoint(
                        "net-back",
                        "e1",
                        IPAddress="10.2.0.2",
                        IPPrefixLen=24,
                        Gateway="10.2.0.1",
                        GlobalIPv6Address="fd00::2",
                        GlobalIPv6PrefixLen=64,
                        IPv6Gateway="fd00::1",
                        MacAddress="02:42:0a:02:00:02",
                    ),
                },
            )
        ],
    )
    back, front = snapshot.containers[0].endpoints
    assert (back.ipv4, back.ipv4_prefix, back.gateway) == ("10.2.0.2", 24, "10.2.0.1")
    assert (back.ipv6, back.ipv6_prefix, back.ipv6_gateway) == ("fd00::2", 64, "fd00::1")
    assert (back.mac, back.id, back.gateway_priority) == ("02:42:0a:02:00:02", "e1", None)
    assert front.gateway_priority == 7
    assert front.aliases is None, "the list never holds aliases: they are unknown, not empty"


def test_a_created_container_finds_its_network_by_name() -> None:
    snapshot = read([network("back")], [container("later", networks={"back": endpoint()})])
    assert snapshot.containers[0].endpoints[0].network_id == "net-back"


@pytest.mark.parametrize("word", ["0123456789abcdef0123", "0123456789ab"])
def test_a_created_container_finds_its_network_by_id_and_by_short_id(word: str) -> None:
    networks = [network("back", "0123456789abcdef0123")]
    snapshot = read(networks, [container("later", networks={word: endpoint()})])
    (found,) = snapshot.containers[0].endpoints
    assert (found.network_id, found.network_name) == ("0123456789abcdef0123", "back")


def test_a_name_that_two_networks_bear_is_not_guessed() -> None:
    snapshot = read(
        [network("twin", "1"), network("twin", "2")],
        [container("later", networks={"twin": endpoint()})],
    )
    (found,) = snapshot.containers[0].endpoints
    assert found.network_id == ""
    assert snapshot.is_dangling(found)


def test_two_networks_of_one_name_keep_their_own_members() -> None:
    snapshot = read(
        [network("twin", "1"), network("twin", "2")],
        [
            container("a", networks={"twin": endpoint("1", "e1")}),
            container("b", networks={"twin": endpoint("2", "e2")}),
        ],
    )
    members = snapshot.members_by_network_id
    assert [one.name for one, _ in members["1"]] == ["a"]
    assert [one.name for one, _ in members["2"]] == ["b"]


def test_a_network_that_is_gone_is_not_found_again_by_its_name() -> None:
    snapshot = read([network("back", "new")], [container("a", networks={"back": endpoint("old")})])
    (found,) = snapshot.containers[0].endpoints
    assert found.network_id == "old"
    assert snapshot.is_dangling(found)


def test_a_stopped_container_is_on_the_default_bridge_that_a_restart_made_anew() -> None:
    stopped = container("a", networks={"bridge": endpoint("old")})
    running = container("b", networks={"bridge": endpoint("old", "e1")})
    snapshot = read([network("bridge", "new")], [stopped, running])
    ids = [one.endpoints[0].network_id for one in snapshot.containers]
    assert ids == ["new", "old"]


def test_a_container_on_no_network_is_kept() -> None:
    assert read([], [container("alone")]).containers[0].endpoints == ()


def test_the_owner_of_a_shared_stack_is_found_by_id_name_or_short_id() -> None:
    long_id = "0123456789abcdef0123"
    snapshot = read(
        [],
        [
            container("api", Id=long_id),
            container("by-id", mode=f"container:{long_id}"),
            container("by-name", mode="container:api"),
            container("by-short", mode="container:0123456789ab"),
            container("lost", mode="container:gone"),
        ],
    )
    owners = {one.name: one.owner_id for one in snapshot.containers}
    assert owners == {
        "api": "",
        "by-id": long_id,
        "by-name": long_id,
        "by-short": long_id,
        "lost": "gone",
    }


def test_a_swarm_task_stands_on_its_overlay_and_on_ingress() -> None:
    labels = {"com.docker.swarm.service.name": "web", "com.docker.stack.namespace": "shop"}
    snapshot = read(
        [
            network("ingress", "xon4n9jsiacbpedqaxq5talcs", Ingress=True, Scope="swarm"),
            network("ov", "yon4n9jsiacbpedqaxq5talcs", Driver="overlay", Scope="swarm"),
        ],
        [
            container(
                "web.1.abc",
                Labels=labels,
                networks={
                    "ov": endpoint("yon4n9jsiacbpedqaxq5talcs", "e1", IPAddress="10.0.1.3"),
                    "ingress": endpoint("xon4n9jsiacbpedqaxq5talcs", "e2", IPAddress="10.0.0.3"),
                },
            )
        ],
    )
    (task,) = snapshot.containers
    assert [one.network_name for one in task.endpoints] == ["ingress", "ov"]
    assert (task.service, task.project) == ("web", "shop")
    assert snapshot.networks[0].is_built_in


def test_netdash_leaves_its_own_probes_out() -> None:
    from netdash.engine.reader import is_helper

    assert is_helper(container("probe", Labels={"netdash.helper": "1"}))
    assert not is_helper(container("web", Labels={"netdash.helper": "0"}))
    assert not is_helper(container("web", Labels=None))


def test_equal_lists_in_another_order_are_an_equal_snapshot() -> None:
    networks = [network("a", Labels={"x": "1", "y": "2"}), network("b")]
    places = {"a": endpoint("net-a", "e"), "b": endpoint("net-b", "f")}
    swapped = dict(reversed(places.items()))
    assert read(networks, [container("c", networks=places), container("d")]) == read(
        networks[::-1], [container("d"), container("c", networks=swapped)]
    )
