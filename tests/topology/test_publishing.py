"""Ports follow the networks that a container is on: as measured on each kind of engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netdash.topology.publishing import expand_ports, foresee_ports
from netdash.topology.snapshot import Container, EngineFacts, PublishedPort
from tests.builders import topology

WANTED = (PublishedPort(80, "tcp", "", 8080),)
OPEN = tuple(expand_ports(WANTED))
CLOSED = (PublishedPort(80),)
OLD, NEW = EngineFacts(api_version="1.41"), EngineFacts(api_version="1.45")


def foresee(
    before: str, after: str, ports: tuple[PublishedPort, ...], facts: EngineFacts
) -> tuple[PublishedPort, ...]:
    """Foresee the ports of ``box``; the network ``out`` alone leads outside."""
    networks = {
        one.id: replace(one, is_internal=one.name != "out")
        for one in topology("aa", "bb", "cc", "out").networks
    }

    def build(names: str) -> Container:
        (found,) = topology(f"box: {names}").containers
        return replace(found, state="running", ports=ports, wanted_ports=WANTED)

    return foresee_ports(build(after), build(before), networks, facts)


@pytest.mark.parametrize(
    ("before", "after", "ports", "expected"),
    [
        ("bb out", "bb", OPEN, OPEN),
        ("bb", "bb cc", OPEN, OPEN),
        ("bb", "aa bb", OPEN, CLOSED),
        ("aa bb", "bb", CLOSED, OPEN),
        ("bb cc", "cc", OPEN, OPEN),
        ("bb cc", "bb", OPEN, OPEN),
        ("bb cc", "bb", CLOSED, CLOSED),
        ("bb", "bb out", CLOSED, OPEN),
        ("bb out", "aa bb out", OPEN, OPEN),
    ],
)
def test_engine_20_moves_ports_to_the_internal_network_that_comes_first(
    before: str,
    after: str,
    ports: tuple[PublishedPort, ...],
    expected: tuple[PublishedPort, ...],
) -> None:
    assert foresee(before, after, ports, OLD) == expected


def test_later_engines_publish_nothing_on_internal_networks() -> None:
    assert foresee("bb out", "bb", OPEN, NEW) == ()
    assert foresee("bb", "bb out", (), NEW) == OPEN
    assert foresee("out", "aa out", OPEN, NEW) == OPEN
