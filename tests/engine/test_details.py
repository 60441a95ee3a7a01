from __future__ import annotations

from typing import Any

from netdash.engine.details import ContainerDetails, add_details, parse_details
from netdash.engine.reader import Listing, parse_listing
from netdash.topology.snapshot import EngineFacts, PublishedPort
from tests.builders import topology
from tests.engine.lists import Plain, container, endpoint, network

ID = "0123456789abcdef"


def inspect(networks: Plain | None = None, **more: Any) -> Plain:
    return {
        "Id": ID,
        "Name": "/api",
        "State": {"StartedAt": "2026-01-01T00:00:00Z"},
        "NetworkSettings": {"Networks": networks or {}},
    } | more


def test_a_container_that_never_started_has_no_start_time() -> None:
    assert parse_details(inspect(State={"StartedAt": "0001-01-01T00:00:00Z"})).started_at == ""


def test_what_was_asked_for_is_read_from_the_endpoint() -> None:
    wanted = {"IPv4Address": "10.0.0.9", "IPv6Address": "fd00::9", "LinkLocalIPs": ["169.254.8.8"]}
    details = parse_details(
        inspect(
            {
                "back": endpoint(
                    "n1",
                    "e1",
                    Aliases=["rest", ID[:12], "api2"],
                    IPAMConfig=wanted,
                    DriverOpts={"k": "v"},
                    DNSNames=["api", "rest", ID[:12], "api"],
                )
            }
        )
    )
    (found,) = details.endpoints
    assert found.aliases == ("api2", "rest"), "the short id is no alias that somebody asked for"
    assert found.dns_names == (ID[:12], "api", "rest")
    assert (found.static_ipv4, found.static_ipv6) == ("10.0.0.9", "fd00::9")
    assert (found.link_local, found.driver_options) == (("169.254.8.8",), (("k", "v"),))


def test_engines_before_25_resolve_name_aliases_and_short_id() -> None:
    details = parse_details(inspect({"back": endpoint("n1", "e1", Aliases=["rest"])}))
    assert details.endpoints[0].dns_names == (ID[:12], "api", "rest")


def test_nothing_resolves_on_the_default_bridge() -> None:
    assert parse_details(inspect({"bridge": endpoint("n1", "e1")})).endpoints[0].dns_names == ()


def test_wanted_ports_are_read_from_bindings_and_exposed_ports() -> None:
    details = parse_details(
        inspect(
            HostConfig={
                "PortBindings": {
                    "80/tcp": [{"HostIp": "", "HostPort": "8080"}],
                    "53/udp": [{"HostIp": "127.0.0.1", "HostPort": ""}],
                    "90/tcp": [{"HostIp": "", "HostPort": "9000-9010"}],
                    "91/tcp": None,
                }
            },
            Config={"ExposedPorts": {"80/tcp": {}, "3000/tcp": {}}},
        )
    )
    assert details.wanted_ports == (
        PublishedPort(53, "udp", "127.0.0.1", 0),
        PublishedPort(80, "tcp", "", 8080),
        PublishedPort(90, "tcp", "", 9000),
        PublishedPort(91, "tcp", "", 0),
        PublishedPort(3000, "tcp"),
    )


def test_publish_all_lets_the_engine_choose_for_each_exposed_port() -> None:
    details = parse_details(
        inspect(HostConfig={"PublishAllPorts": True}, Config={"ExposedPorts": {"80/tcp": {}}})
    )
    assert details.wanted_ports == (PublishedPort(80, "tcp", "", 0),)


def test_details_complete_only_the_containers_they_are_about() -> None:
    snapshot = topology("web: front", "api: front back")
    details = parse_details(
        inspect({"front": endpoint("net-front", "e", Aliases=["site"])}, Id="id-web", Name="/web")
    )
    completed = add_details(snapshot, {"id-web": details})
    api, web = completed.containers
    assert api == snapshot.containers[0]
    assert web.endpoints[0].aliases == ("site",)
    assert web.started_at == "2026-01-01T00:00:00Z"
    assert completed.networks == snapshot.networks


def test_details_of_an_endpoint_that_is_no_more_are_not_used() -> None:
    snapshot = topology("web: front")
    details = parse_details(
        inspect({"back": endpoint("net-back", "e", Aliases=["x"])}, Id="id-web")
    )
    assert add_details(snapshot, {"id-web": details}).containers[0].endpoints[0].aliases is None


def test_a_never_started_endpoint_is_matched_by_name() -> None:
    listing = Listing((network("back"),), (container("api", Id=ID, networks={"back": endpoint()}),))
    snapshot = parse_listing(listing, EngineFacts())
    details = parse_details(inspect({"back": endpoint(IPAMConfig={"IPv4Address": "10.0.0.9"})}))
    completed = add_details(snapshot, {ID: details})
    assert completed.containers[0].endpoints[0].static_ipv4 == "10.0.0.9"


def test_the_raw_answer_holds_no_value_of_an_environment_variable() -> None:
    environment = ["PATH=/bin", "POSTGRES_PASSWORD=hunter2=x", "EMPTY"]
    found = {"Id": "x", "Config": {"Image": "postgres", "Env": environment}}
    raw = parse_details(found).raw
    assert raw["Config"] == {
        "Image": "postgres",
        "Env": ["PATH=…", "POSTGRES_PASSWORD=…", "EMPTY=…"],
    }
    assert found["Config"]["Env"] == environment  # type: ignore[index]
    assert parse_details({"Id": "x", "Config": {"Env": None}}).raw == {
        "Id": "x",
        "Config": {"Env": None},
    }


def test_equality_of_details_ignores_the_raw_answer() -> None:
    assert ContainerDetails("x", raw={"a": 1}) == ContainerDetails("x", raw={"b": 2})
