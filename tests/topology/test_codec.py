from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netdash.topology.codec import FORMAT, UnknownFormat, decode, encode
from netdash.topology.snapshot import (
    Container,
    Endpoint,
    EngineFacts,
    Network,
    PublishedPort,
    Snapshot,
    Subnet,
)
from tests.builders import topology

words = st.text(max_size=12)
pairs = st.dictionaries(words, words, max_size=3).map(lambda d: tuple(sorted(d.items())))
ports = st.builds(
    PublishedPort,
    st.integers(1, 65535),
    st.sampled_from(("tcp", "udp", "sctp")),
    words,
    st.none() | st.integers(0, 65535),
)
endpoints = st.builds(
    Endpoint,
    words,
    words,
    id=words,
    ipv4=words,
    gateway_priority=st.none() | st.integers(-5, 5),
    aliases=st.none() | st.lists(words, max_size=2).map(tuple),
    static_ipv6=st.none() | words,
    driver_options=st.none() | pairs,
)
containers = st.builds(
    Container,
    words,
    words,
    exit_code=st.none() | st.integers(0, 255),
    started_at=st.none() | words,
    labels=pairs,
    ports=st.lists(ports, max_size=2).map(tuple),
    wanted_ports=st.none() | st.lists(ports, max_size=2).map(tuple),
    endpoints=st.lists(endpoints, max_size=3).map(tuple),
)
networks = st.builds(
    Network,
    words,
    words,
    subnets=st.lists(st.builds(Subnet, words, auxiliary=pairs), max_size=2).map(tuple),
    has_ipv4=st.booleans(),
    is_internal=st.booleans(),
    options=pairs,
    labels=pairs,
)
snapshots = st.builds(
    Snapshot,
    st.lists(networks, max_size=4).map(tuple),
    st.lists(containers, max_size=4).map(tuple),
    st.builds(EngineFacts, words, is_simulated=st.booleans()),
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(snapshots)
def test_a_snapshot_survives_json(snapshot: Snapshot) -> None:
    assert decode(json.loads(json.dumps(encode(snapshot)))) == snapshot


def test_nothing_and_none_stay_different() -> None:
    known = Endpoint("n", "n", aliases=())
    unknown = Endpoint("n", "n", aliases=None)
    snapshot = Snapshot((), (Container("a", "a", endpoints=(known, unknown)),))
    assert decode(encode(snapshot)).containers[0].endpoints == (known, unknown)


def test_what_is_at_its_default_is_left_out() -> None:
    (network,) = encode(topology("front"))["networks"]
    assert network == {
        "id": "net-front",
        "name": "front",
        "subnets": [{"cidr": "10.0.0.0/24", "gateway": "10.0.0.1"}],
    }


def test_another_format_is_refused() -> None:
    with pytest.raises(UnknownFormat, match="format 2 is not 1"):
        decode({"format": FORMAT + 1})


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"format": FORMAT, "networks": 1},
        {"format": FORMAT, "networks": [{}]},
        {"format": FORMAT, "containers": ["web"]},
        {"format": FORMAT, "networks": [{"id": "n", "name": "n", "labels": [1]}]},
    ],
)
def test_what_is_damaged_is_refused(document: Any) -> None:
    with pytest.raises(UnknownFormat):
        decode(document)


def test_keys_of_a_later_version_are_passed_over() -> None:
    document = encode(topology("web: front"))
    document["containers"][0]["colour"] = "blue"
    assert decode(document) == topology("web: front")
