"""Snapshots with every trait that the pages must tell truthfully."""

from __future__ import annotations

from netdash.topology.snapshot import (
    Container,
    Endpoint,
    EngineFacts,
    Network,
    PublishedPort,
    Snapshot,
    Subnet,
)

HOSTILE = '<script>alert("x")</script>&amp;\u202eevil\u2066'
COMPOSE = "com.docker.compose"


def name_id(letter: str) -> str:
    """Make a full-length id from a letter."""
    return letter * 64


FRONT = Network(
    id=name_id("a"),
    name="shop_front",
    subnets=(
        Subnet(
            "10.1.0.0/28", "10.1.0.1", ip_range="10.1.0.8/29", auxiliary=(("printer", "10.1.0.3"),)
        ),
        Subnet("fd00:1::/64", "fd00:1::1"),
    ),
    has_ipv6=True,
    is_attachable=True,
    options=(("com.docker.network.driver.mtu", "1400"),),
    labels=((f"{COMPOSE}.project", "shop"), ("team", "blue")),
    created_at="2026-01-05T08:14:00.123456789Z",
)
BACK = Network(
    id=name_id("b"),
    name="shop_back",
    subnets=(Subnet("10.2.0.0/24", "10.2.0.1"),),
    is_internal=True,
    labels=((f"{COMPOSE}.project", "shop"),),
)
TWIN = Network(id=name_id("c"), name="shop_back", driver="macvlan")
HOST = Network(id=name_id("d"), name="host", driver="host")
NONE = Network(id=name_id("e"), name="none", driver="null")

WEB = Container(
    id=name_id("1"),
    name="shop-web-1",
    image="nginx:1.27",
    health="unhealthy",
    created_at=1_767_600_000,
    started_at="2026-01-05T09:00:00Z",
    labels=((f"{COMPOSE}.project", "shop"), (f"{COMPOSE}.service", "web"), ("team", "blue")),
    network_mode="shop_front",
    ports=(
        PublishedPort(80, host_address="0.0.0.0", host_port=8080),
        PublishedPort(80, host_address="::", host_port=8080),
        PublishedPort(9000),
    ),
    wanted_ports=(),
    endpoints=(
        Endpoint(
            BACK.id, BACK.name, id="ep-1b", ipv4="10.2.0.2", ipv4_prefix=24,
            mac="02:42:0a:02:00:02", aliases=None,
        ),
        Endpoint(
            FRONT.id, FRONT.name, id="ep-1a", ipv4="10.1.0.9", ipv4_prefix=28, gateway="10.1.0.1",
            ipv6="fd00:1::9", ipv6_prefix=64, ipv6_gateway="fd00:1::1", mac="02:42:0a:01:00:09",
            gateway_priority=7, aliases=("web", "www"), dns_names=("shop-web-1", "web"),
            static_ipv4="10.1.0.9", driver_options=(("com.example.speed", "fast"),),
        ),
    ),
)  # fmt: skip
SIDE = Container(
    id=name_id("2"), name="sidecar", image="tcpdump", network_mode=f"container:{WEB.id}"
)
STOPPED = Container(
    id=name_id("3"),
    name="shop-db-1",
    image="postgres:16",
    state="exited",
    exit_code=137,
    created_at=1_767_600_100,
    started_at="2026-01-05T09:00:00Z",
    labels=((f"{COMPOSE}.project", "shop"), (f"{COMPOSE}.service", "db")),
    network_mode="shop_back",
    wanted_ports=(PublishedPort(5432, host_address="127.0.0.1", host_port=15432),),
    endpoints=(Endpoint(BACK.id, BACK.name, static_ipv4="10.2.0.77"),),
)
GHOST = Container(
    id=name_id("4"),
    name="ghost",
    endpoints=(Endpoint(BACK.id, BACK.name),),
)
DANGLING = Container(
    id=name_id("5"),
    name="dangling",
    state="exited",
    endpoints=(Endpoint(name_id("f"), "long_gone"),),
)
AGENT = Container(
    id=name_id("6"),
    name="agent",
    network_mode="host",
    endpoints=(Endpoint(HOST.id, "host", id="ep-6"),),
)
LONE = Container(
    id=name_id("7"),
    name="lone",
    network_mode="none",
    endpoints=(Endpoint(NONE.id, "none", id="ep-7"),),
)
EVIL = Container(
    id=name_id("8"),
    name=HOSTILE,
    image=HOSTILE,
    state="created",
    started_at="0001-01-01T00:00:00Z",
    labels=((HOSTILE, HOSTILE * 200),),
    network_mode="none",
)

PICTURE = Snapshot(
    networks=tuple(sorted((FRONT, BACK, TWIN, HOST, NONE), key=lambda n: (n.name, n.id))),
    containers=tuple(
        sorted(
            (WEB, SIDE, STOPPED, GHOST, DANGLING, AGENT, LONE, EVIL), key=lambda c: (c.name, c.id)
        )
    ),
    engine=EngineFacts("Docker Engine", "28.5.2", "1.51"),
)
