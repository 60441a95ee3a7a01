"""Scenes of many containers: drawn by lot from a fixed seed, so the same in every run."""

from __future__ import annotations

import random
from dataclasses import dataclass

from netdash.simulator.stage import Part, Stage

PROJECT_NAMES = (
    "shop", "billing", "search", "media", "chat", "crm", "wiki", "maps", "mail", "jobs", "ads",
    "games", "books", "bank", "travel", "music", "news", "forum", "stats", "docs",
)  # fmt: skip
STAGES = ("prod", "staging", "dev", "qa", "demo")
TIERS = ("frontend", "backend", "database", "queue", "cache", "admin", "jobs")
SHARED = ("proxy", "monitoring", "logging", "tracing")
SERVICES = {
    "frontend": (("web", "nginx:1.27"), ("ui", "react:2.4"), ("gateway", "envoy:v1.31")),
    "backend": (("api", "api:2.4.1"), ("auth", "kratos:v1.2"), ("orders", "orders:1.9")),
    "database": (("postgres", "postgres:16"), ("mysql", "mysql:8.4"), ("mongo", "mongo:7")),
    "queue": (("rabbitmq", "rabbitmq:3.13"), ("consumer", "worker:2.4.1"), ("nats", "nats:2.10")),
    "cache": (("redis", "redis:7"), ("memcached", "memcached:1.6"), ("varnish", "varnish:7")),
    "admin": (("pgadmin", "pgadmin4:8"), ("console", "console:1.2"), ("flower", "flower:2.0")),
    "jobs": (("scheduler", "worker:2.4.1"), ("worker", "worker:2.4.1"), ("beat", "worker:2.4.1")),
}
BRIDGING = 0.46
STATES = (("running", 0.55), ("healthy", 0.30), ("unhealthy", 0.03), ("exited", 0.09),
          ("restarting", 0.01), ("paused", 0.01), ("created", 0.01))  # fmt: skip


@dataclass(frozen=True)
class Crowd:
    """How many of each a scene has, built-in networks included."""

    containers: int
    networks: int
    projects: int


def build_large(stage: Stage) -> None:
    """Build 500 containers on 80 networks in 23 projects and by themselves."""
    build_crowd(stage, Crowd(500, 80, 23))


def build_huge(stage: Stage) -> None:
    """Build 2,000 containers on 300 networks in 90 projects and by themselves."""
    build_crowd(stage, Crowd(2000, 300, 90))


def build_crowd(stage: Stage, crowd: Crowd) -> None:
    """Draw projects, their networks and services by lot; the counts are exact."""
    lot = random.Random(crowd.containers)  # noqa: S311
    for place, name in enumerate(SHARED):
        stage.add_network(name, f"10.255.{16 * place}.0/20")
    alone = crowd.containers // 20
    sizes = share_out(lot, crowd.containers - alone, crowd.projects, least=4)
    widths = share_out(lot, crowd.networks - 3 - len(SHARED), crowd.projects, least=1, most=6)
    number = 0
    for place, (size, width) in enumerate(zip(sizes, widths, strict=True)):
        stage.project = name_project(place)
        for tier in TIERS[:width]:
            is_internal = tier == "database" and lot.random() < 0.5
            stage.add_network(
                tier, f"10.{number // 250}.{number % 250}.0/24", is_internal=is_internal
            )
            number += 1
        add_services(stage, lot, size, width)
    stage.project = ""
    add_loners(stage, lot, alone)


def share_out(
    lot: random.Random, total: int, places: int, *, least: int, most: int = 10**6
) -> list[int]:
    """Share a total over places by lot, each within its bounds."""
    shares = [least] * places
    weights = [lot.paretovariate(1.6) for _ in range(places)]
    for place in lot.choices(range(places), weights, k=total - least * places):
        target = place
        while shares[target] >= most:
            target = (target + 1) % places
        shares[target] += 1
    return shares


def name_project(place: int) -> str:
    """Name a project: a product in one of its stages."""
    product, stage = divmod(place, len(STAGES))
    return f"{PROJECT_NAMES[product % len(PROJECT_NAMES)]}-{STAGES[stage]}"


def add_services(stage: Stage, lot: random.Random, size: int, width: int) -> None:
    """Fill a project with services, some of several replicas."""
    left, number, first = size, 0, ""
    while left:
        tier = number % width
        name, image = SERVICES[TIERS[tier]][number // width % 3]
        name += f"-{number // (3 * width) + 1}" if number >= 3 * width else ""
        count = min(left, lot.choice((1, 1, 1, 1, 2, 3)))
        state = draw_state(lot)
        networks, ports = draw_networks(lot, tier, width), draw_ports(stage, lot, tier)
        if first and lot.random() < 0.02:
            networks, ports, count = f"container:{first}", "", 1
        elif lot.random() < 0.01:
            networks, ports, count = lot.choice(("host", "none")), "", 1
        elif not first and state in ("running", "healthy"):
            first = name
        is_bound = ":" in ports
        stage.add(Part(name, image, networks, ports, state, 1 if is_bound else count))
        left -= 1 if is_bound else count
        number += 1


def draw_networks(lot: random.Random, tier: int, width: int) -> str:
    """Draw the networks of a service: its tier's, and for a bridging one a neighbour or two."""
    joined = [TIERS[tier]]
    if lot.random() < BRIDGING:
        others = [f"/{lot.choice(SHARED)}"]
        if width > 1:
            others.insert(lot.choice((0, 0, 1)), TIERS[(tier + 1) % width])
        joined += others[: 2 if lot.random() < 0.1 else 1]
    return " ".join(joined)


def draw_ports(stage: Stage, lot: random.Random, tier: int) -> str:
    """Draw ports: the front is bound to the host now and then, the rest only exposed."""
    inner = (80, 8000, 5432, 5672, 6379, 5050, 9000)[tier]
    if tier == 0 and lot.random() < 0.2:
        return f"{10000 + len(stage.state.containers)}:{inner}"
    return str(inner) if lot.random() < 0.7 else ""


def draw_state(lot: random.Random) -> str:
    """Draw a state."""
    names, weights = zip(*STATES, strict=True)
    return str(lot.choices(names, weights)[0])


def add_loners(stage: Stage, lot: random.Random, count: int) -> None:
    """Add containers of no project."""
    for number in range(1, count + 1):
        networks = lot.choice(("bridge", "bridge", "bridge", "host", "none"))
        stage.add(Part(f"job-{number}", "ci:latest", networks, state=draw_state(lot)))
