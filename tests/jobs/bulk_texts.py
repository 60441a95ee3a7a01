"""Texts that list networks: read one, or hear why not."""

from __future__ import annotations

from netdash.jobs.bulk_files.reading import read_file
from netdash.topology.changes import CreateNetwork
from netdash.topology.snapshot import Subnet

SHOP = CreateNetwork(
    "shop",
    "bridge",
    (Subnet("10.0.0.0/24", "10.0.0.1", "10.0.0.128/25"), Subnet("fd00::/64")),
    options=(("com.docker.network.driver.mtu", "1450"),),
    labels=(("env", "prod"), ("team", "a, b")),
    is_internal=True,
    has_ipv6=True,
)
BLOG = CreateNetwork("blog")


def read(text: str, form: str = "", project: str = "") -> tuple[CreateNetwork, ...]:
    """The networks of a text that must be sound."""
    found = read_file(text, form, project)
    assert found.problems == ()
    return tuple(row.creation for row in found.rows)


def refuse(text: str, form: str = "", project: str = "") -> str:
    """What is said of a text that must not be sound, and gives no network."""
    found = read_file(text, form, project)
    assert found.rows == ()
    assert found.problems
    return " ".join(found.problems)
