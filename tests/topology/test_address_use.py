from __future__ import annotations

from dataclasses import replace

from netdash.topology.addressing import SubnetUse, measure_use
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet
from tests.builders import topology


def use_of(*subnets: Subnet, addresses: tuple[str, ...] = ()) -> tuple[SubnetUse, ...]:
    network = Network("n", "n", subnets=subnets)
    containers = tuple(
        Container(
            f"c{n}",
            f"c{n}",
            endpoints=(
                Endpoint("n", "n", ipv6=text) if ":" in text else Endpoint("n", "n", ipv4=text),
            ),
        )
        for n, text in enumerate(addresses)
    )
    snapshot = Snapshot((network,), containers)
    return measure_use(snapshot, network)


def test_an_ipv4_subnet_counts_hosts_endpoints_and_the_gateway() -> None:
    snapshot = topology("a: front", "b: front")
    (use,) = measure_use(snapshot, snapshot.networks[0])
    assert (use.size, use.used, use.reserved, use.free) == (254, 2, 1, 251)


def test_auxiliary_addresses_are_reserved_once() -> None:
    subnet = Subnet("10.0.0.0/28", "10.0.0.1", auxiliary=(("dns", "10.0.0.2"), ("gw", "10.0.0.1")))
    (use,) = use_of(subnet, addresses=("10.0.0.3", "10.0.0.3"))
    assert (use.size, use.used, use.reserved, use.free) == (14, 1, 2, 11)


def test_ipv6_sizes_are_true_integers() -> None:
    (use,) = use_of(Subnet("fd00::/64", "fd00::1"), addresses=("fd00::2",))
    assert use.size == 2**64 - 1
    assert use.free == 2**64 - 3
    assert 0 < use.used_fraction < 1e-15


def test_an_address_counts_in_its_own_subnet_only() -> None:
    four, six = use_of(
        Subnet("10.0.0.0/29"), Subnet("fd00::/127"), addresses=("10.0.0.2", "fd00::")
    )
    assert (four.used, four.free) == (1, 4)
    assert (six.size, six.used, six.free) == (2, 1, 0)


def test_a_gateway_that_the_engine_chose_is_reserved() -> None:
    (use,) = use_of(Subnet("10.0.0.0/29"), addresses=("10.0.0.2",))
    assert (use.gateway, use.size, use.used, use.reserved, use.free) == ("10.0.0.1", 6, 1, 1, 4)


def test_a_full_subnet_is_full() -> None:
    (use,) = use_of(Subnet("10.0.0.0/30", "10.0.0.1"), addresses=("10.0.0.2",))
    assert use.free == 0
    assert use.used_fraction == 1


def test_what_cannot_be_read_is_left_out() -> None:
    assert use_of(Subnet(""), Subnet("nonsense"), addresses=("", "nonsense")) == ()


def test_a_network_without_subnets_has_no_use() -> None:
    snapshot = replace(topology("agent: host"))
    assert measure_use(snapshot, snapshot.networks[0]) == ()
