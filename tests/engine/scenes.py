"""Scenes built with the real ``docker`` command."""

from __future__ import annotations

from tests.engines import IMAGE, RunningEngine


def build_three_tiers(engine: RunningEngine) -> None:
    """Build the three tiers, and beside them one container of every odd kind.

    nginx --frontend-- react, api --backend-- worker --database (internal, IPv6)-- postgres
    """
    docker = engine.docker
    compose = ("--label", "com.docker.compose.project=shop")
    docker("network", "create", "--subnet", "10.80.1.0/24", "--label", "tier=web", "frontend")
    docker(
        *("network", "create", "--subnet", "10.80.2.0/24", "--gateway", "10.80.2.254"),
        *("--ip-range", "10.80.2.0/25", "--aux-address", "router=10.80.2.7", "backend"),
    )
    docker(
        *("network", "create", "--internal", "--attachable", "--subnet", "10.80.3.0/24"),
        *("--ipv6", "--subnet", "fd00:80:3::/64", "database"),
    )
    run(engine, "nginx", "frontend", "-p", "8080:80", "-p", "127.0.0.1:8443:443", *compose)
    run(engine, "react", "frontend", "--expose", "3000", "--network-alias", "ui", *compose)
    run(engine, "api", "backend", "-p", "53:53/udp", "--network-alias", "rest", *compose)
    docker("network", "connect", "--alias", "api-for-web", "frontend", "api")
    run(engine, "worker", "backend", *compose)
    docker("network", "connect", "--ip", "10.80.3.9", "database", "worker")
    run(engine, "postgres", "database", "--ip", "10.80.3.5", "--ip6", "fd00:80:3::5", *compose)
    run(engine, "plain", "bridge")
    run(engine, "agent", "host")
    run(engine, "tool", "none")
    run(engine, "exporter", "container:api")
    docker("create", "--name", "later", "--network", "backend", "-p", "9000:9000", IMAGE)
    docker("network", "connect", "frontend", "later")
    run(engine, "cache", "backend")
    docker("pause", "cache")
    run(engine, "stopped", "backend", "-p", "9100:91")
    docker("stop", "stopped")


def run(engine: RunningEngine, name: str, network: str, *options: str) -> None:
    """Run a container that sleeps."""
    engine.docker("run", "-d", "--name", name, "--network", network, *options, IMAGE)
