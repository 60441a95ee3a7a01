"""The scenes that a simulated engine can start with."""

from __future__ import annotations

from collections.abc import Callable

from netdash.simulator.crowds import build_huge, build_large
from netdash.simulator.editions import Edition
from netdash.simulator.stage import Part, Stage, close_stage, open_stage
from netdash.simulator.state import EngineState

SHOP_TIERS = (("frontend", False), ("backend", False), ("database", True))


def build_scene(name: str, edition: Edition) -> EngineState:
    """Build a scene: the same networks, containers and ids in every run."""
    stage = open_stage(edition)
    SCENES[name](stage)
    return close_stage(stage)


def build_empty(_: Stage) -> None:
    """Leave the engine with bridge, host and none."""


def build_tiers(stage: Stage) -> None:
    """Build three tiers.

    nginx, react --frontend-- api --backend-- worker --database-- postgres, redis
    """
    for name in ("frontend", "backend", "database"):
        stage.add_network(name)
    stage.add(
        Part("nginx", "nginx:1.27", "frontend", "8080:80"),
        Part("react", "react:2.4", "frontend", "3000"),
        Part("api", "api:2.4.1", "frontend backend", "8000"),
        Part("worker", "worker:2.4.1", "backend database"),
        Part("postgres", "postgres:16", "database", "5432"),
        Part("redis", "redis:7", "database", "6379"),
    )


def build_company(stage: Stage) -> None:
    """Build a small company: 60 containers on 15 networks in 5 projects and by themselves."""
    stage.add_network("proxy")
    stage.add_network("monitoring")
    add_infrastructure(stage)
    add_shop(stage, "shop-dev")
    add_shop(stage, "shop-staging")
    add_shop(stage, "shop-prod")
    add_blog(stage)
    add_standalone(stage)


def add_infrastructure(stage: Stage) -> None:
    """Add what serves all projects."""
    stage.project = "infra"
    stage.add(
        Part("alertmanager", "prom/alertmanager:v0.27.0", "/monitoring", "9093", "restarting"),
        Part("cadvisor", "cadvisor:v0.49.1", "/monitoring", "8080", "healthy"),
        Part("grafana", "grafana/grafana:11.2.0", "/monitoring /proxy", "3000", "healthy"),
        Part("loki", "grafana/loki:3.1.1", "/monitoring", "3100"),
        Part("node-exporter", "prom/node-exporter:v1.8.2", "host"),
        Part("prometheus", "prom/prometheus:v2.54.1", "/monitoring", "127.0.0.1:9090:9090"),
        Part("promtail", "grafana/promtail:3.1.1", "/monitoring"),
        Part("traefik", "traefik:v3.1", "/proxy /monitoring", "80:80 443:443", "healthy"),
    )


def add_shop(stage: Stage, project: str) -> None:
    """Add one environment of the shop; what it has grows from dev to prod."""
    stage.project = project
    is_prod, is_dev = project.endswith("prod"), project.endswith("dev")
    copies = 3 if is_prod else 1
    for name, is_internal in SHOP_TIERS:
        stage.add_network(name, is_internal=is_internal)
    stage.add(
        Part("react", "shop/react:2.4", "frontend", "3000"),
        Part(
            "nginx",
            "nginx:1.27",
            "frontend" if is_dev else "frontend /proxy",
            "8080:80" if is_dev else "80",
        ),
        Part("api", "shop/api:2.4.1", "frontend backend", "8000", "healthy", copies),
        Part("scheduler", "shop/worker:2.4.1", "backend"),
        Part("auth", "oryd/kratos:v1.2", "backend database", "4433"),
        Part("redis", "redis:7", "backend database", "6379"),
        Part("worker", "shop/worker:2.4.1", "backend database", count=copies),
        Part("postgres", "postgres:16", "database", "5432", "healthy"),
    )
    if not is_dev:
        state = "healthy" if is_prod else "unhealthy"
        stage.add(
            Part("recommendation-engine", "shop/reco:0.9", "backend", "8500", state),
            Part("migrate", "shop/api:2.4.1", "database", state="exited"),
            Part("postgres-exporter", "postgres-exporter:v0.15.0", "database /monitoring", "9187"),
        )


def add_blog(stage: Stage) -> None:
    """Add the blog, on one network of its own."""
    stage.project = "blog"
    stage.add_network("default")
    stage.add(
        Part("ghost", "ghost:5", "default /proxy", "2368"),
        Part("mysql", "mysql:8.4", "default", "3306", "healthy"),
        Part("mailer", "axllent/mailpit:v1.20", "default", "1025 8025"),
        Part("backup", "restic/restic:0.17.1", "default", state="exited"),
    )


def add_standalone(stage: Stage) -> None:
    """Add what somebody started by hand."""
    stage.project = ""
    for number in range(1, 6):
        state = "exited" if number % 2 else "running"
        stage.add(Part(f"ci-job-{number}", "ci:latest", "bridge", state=state))
    stage.add(
        Part("dreamy_curie", "python:3.12", "bridge"),
        Part("jolly_bose", "alpine:latest", "bridge", state="exited"),
        Part("portainer", "portainer/portainer-ce:2.21.2", "bridge", "9000:9000"),
        Part("quirky_hopper", "ubuntu:24.04", "bridge", state="exited"),
        Part("watchtower", "containrrr/watchtower:1.7.1", "bridge", state="healthy"),
        Part("homeassistant", "home-assistant:stable", "host"),
        Part("pihole", "pihole/pihole:2024.07.0", "host", state="paused"),
        Part("airgapped-signer", "vault:1.17", "none"),
        Part("batch-sandbox", "debian:12", "none"),
    )


SCENES: dict[str, Callable[[Stage], None]] = {
    "empty": build_empty,
    "tiers": build_tiers,
    "company": build_company,
    "large": build_large,
    "huge": build_huge,
}
