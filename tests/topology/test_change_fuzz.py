"""Whatever is typed, a preview answers: with a refusal, never with an exception."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from netdash.engine.refusals import explain
from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    EndpointSettings,
    plan_one,
)
from netdash.topology.preview import foresee
from netdash.topology.snapshot import EngineFacts, Snapshot, Subnet
from tests.builders import topology

WORLD = Snapshot(
    topology("web: front", "api: front back").networks,
    topology("web: front", "api: front back").containers,
    EngineFacts(api_version="1.48"),
)
KNOWN_FIELDS = {
    "", "name", "driver", "scope", "is_ingress", "config_from", "has_ipv4", "has_ipv6", "options",
    "labels", "network", "container", "ipv4", "ipv6", "aliases", "mac", "link_local",
    "gateway_priority",
}  # fmt: skip
nearly = st.sampled_from(
    (
        "", "10.0.0.0/24", "10.0.0.0/0", "10.0.0.1", "fd00::/64", "fd00::/127", "::/0", "::1%eth0",
        "10.0.0.0/255.255.255.0", "1.2.3.4/33", "0.0.0.0/0", "255.255.255.255/32", "10.9.0.0/16",
        "10.9.0.5", "fe80::1", "-1", "1e9", "٣", "true", "docker0", "front", "host", "\x00",
        "a" * 70,
    )
)  # fmt: skip
texts = nearly | st.text(max_size=20)
pairs = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "com.docker.network.bridge.name",
                "com.docker.network.driver.mtu",
                "com.docker.network.bridge.gateway_mode_ipv4",
                "com.docker.network.bridge.host_binding_ipv4",
                "parent",
                "macvlan_mode",
            )
        )
        | texts,
        texts,
    ),
    max_size=3,
).map(tuple)
subnets = st.lists(st.builds(Subnet, texts, texts, texts, pairs), max_size=3).map(tuple)
creations = st.builds(
    CreateNetwork,
    name=texts,
    driver=st.sampled_from(("bridge", "macvlan", "ipvlan", "overlay", "host", "null")) | texts,
    subnets=subnets,
    options=pairs,
    labels=pairs,
    is_internal=st.booleans(),
    has_ipv4=st.booleans(),
    has_ipv6=st.booleans(),
    is_ingress=st.booleans(),
    scope=texts,
    is_config_only=st.booleans(),
    config_from=texts,
)
connections = st.builds(
    ConnectContainer,
    network_id=st.sampled_from(("net-front", "net-back", "", "gone")),
    network_name=texts,
    container_id=st.sampled_from(("id-web", "id-api", "")),
    container_name=texts,
    settings=st.builds(
        EndpointSettings,
        ipv4=texts,
        ipv6=texts,
        aliases=st.lists(texts, max_size=3).map(tuple),
        mac=texts,
        link_local=st.lists(texts, max_size=2).map(tuple),
        gateway_priority=st.none() | st.integers(),
        driver_options=pairs,
    ),
)


@given(creations | connections)
@settings(deadline=None, max_examples=400)
def test_a_preview_of_anything_answers(change: CreateNetwork | ConnectContainer) -> None:
    preview = foresee(WORLD, plan_one(change))
    for refusal in preview.refusals:
        assert refusal.sentence.endswith((".", "…"))
        assert refusal.sentence.isprintable() or "\u2068" in refusal.sentence
        assert refusal.field in KNOWN_FIELDS or refusal.field.startswith("subnets.")
    if preview.refusals:
        assert preview.after.networks == WORLD.networks
        assert preview.after.containers == WORLD.containers
    assert preview.commands[0].startswith("docker network ")


@given(creations | connections, texts, st.integers(400, 599))
@settings(deadline=None, max_examples=200)
def test_any_answer_of_an_engine_is_explained(
    change: CreateNetwork | ConnectContainer, said: str, status: int
) -> None:
    for message in (
        said,
        f"invalid network config:\n* invalid subnet {said}: it should be {said}",
        f"Pool overlaps with other one on this address space {said}",
        f"Address already in use {said}",
        f"no configured subnet contains IP address {said}",
        f"invalid auxiliary address {said}: parent subnet {said}",
        f"network {said} has active endpoints",
    ):
        refusal = explain(status, message, change, WORLD)
        assert refusal.sentence
        assert refusal.engine_words == message
