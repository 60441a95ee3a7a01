"""The networks and cases of a tutorial of the command line, and the engine that they are for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.browser.site import Site
from tests.engine_fixtures import run_real
from tests.engines import RealEngine

BRIDGE = "com.docker.network.bridge"


@pytest.fixture(scope="module")
def engine() -> Iterator[RealEngine]:
    """One Docker 20.10 for all stories."""
    yield from run_real("20.10")


@pytest.fixture(scope="module")
def site(engine: RealEngine) -> Iterator[Site]:
    """A netdash that watches it."""
    with Site(engine.address) as site:
        yield site


@pytest.fixture(autouse=True)
def emptied(engine: RealEngine) -> Iterator[None]:
    """Leave nothing of a story to the next."""
    engine.empty()
    yield
    engine.empty()


@dataclass(frozen=True)
class Creation:
    """A network by command and by form: label and value of each field; True ticks it."""

    name: str
    options: str = ""
    fields: tuple[tuple[str, str | bool], ...] = ()


CREATIONS = (
    Creation("app-network"),
    Creation(
        "mon-reseau",
        "--driver bridge --subnet=192.168.100.0/24 --gateway=192.168.100.1"
        " --ip-range=192.168.100.128/25",
        (
            ("Driver", "bridge"),
            ("Subnet", "192.168.100.0/24"),
            ("Gateway", "192.168.100.1"),
            ("Range", "192.168.100.128/25"),
        ),
    ),
    Creation(
        "mon-reseau-ipv6",
        "--ipv6 --subnet=2001:db8:1::/64 --internal --attachable",
        (
            ("Subnet", "2001:db8:1::/64"),
            ("IPv6", True),
            ("Internal", True),
            ("Attachable", True),
        ),
    ),
    Creation(
        "app-dev-network",
        "--driver bridge --subnet=172.28.0.0/16 --ip-range=172.28.5.0/24 --gateway=172.28.5.254"
        " --label projet=monapp --label environnement=dev",
        (
            ("Subnet", "172.28.0.0/16"),
            ("Range", "172.28.5.0/24"),
            ("Gateway", "172.28.5.254"),
            ("Labels", "projet=monapp\nenvironnement=dev"),
        ),
    ),
    Creation(
        "reseau-optionne",
        f"--opt {BRIDGE}.name=my-bridge --opt {BRIDGE}.enable_icc=true"
        f" --opt {BRIDGE}.enable_ip_masquerade=false"
        f" --opt {BRIDGE}.host_binding_ipv4=127.0.0.1"
        " --opt com.docker.network.driver.mtu=1450 --opt my.own=1",
        (
            ("Bridge name", "my-bridge"),
            ("Containers may talk to each other", "true"),
            ("Masquerade", "false"),
            ("Publish ports on", "127.0.0.1"),
            ("MTU", "1450"),
            ("Other options", "my.own=1"),
        ),
    ),
    Creation(
        "reseau-isole",
        f"--opt {BRIDGE}.enable_icc=false --subnet 172.29.0.0/24 --aux-address router=172.29.0.5",
        (
            ("Subnet", "172.29.0.0/24"),
            ("Reserved", "router=172.29.0.5"),
            ("Containers may talk to each other", "false"),
        ),
    ),
)


@dataclass(frozen=True)
class Case:
    """A case of the tutorial: who shall stand on which networks, and which are internal."""

    networks: dict[str, list[str]]
    internal: frozenset[str] = frozenset()


CASES = {
    "developers": Case(
        {"alice-dev-network": ["alice-db", "alice-app"], "bob-dev-network": ["bob-db", "bob-app"]}
    ),
    "microservices": Case(
        {
            "public-network": ["api-gateway"],
            "private-network": ["api-gateway", "order-service", "user-service"],
        },
        frozenset({"private-network"}),
    ),
}
