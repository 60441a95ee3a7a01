"""What README, Compose and Dockerfile say is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from netdash.management.processes import read_procfile

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SETTINGS = (ROOT / "netdash" / "settings.py").read_text()
READ = re.compile(r"(?:environ\.get\(|read_flag\()\s*\"([A-Z_]+)\"")
OURS = {"web", "watcher", "worker", "beat"}


def read_compose(name: str = "docker-compose.yml") -> dict[str, Any]:
    """Read a Compose file, with its anchors resolved."""
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text())
    return found


def list_settings() -> set[str]:
    """List the variables that the settings read."""
    return set(READ.findall(SETTINGS)) | {"DATABASE_URL"}


def test_the_readme_names_every_setting_and_no_other() -> None:
    table = README.split("## Configuration")[1].split("## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == list_settings()


def test_the_readme_says_the_defaults_of_the_settings() -> None:
    table = README.split("## Configuration")[1].split("## ")[0]
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]*)` \|", table, re.MULTILINE))
    for name in ("NETDASH_HOSTS", "NETDASH_JOURNAL_DAYS", "NETDASH_LOG_LEVEL", "TZ"):
        assert rows[name] in SETTINGS


def test_what_the_readme_tells_to_run_and_shows_is_there() -> None:
    for path in re.findall(r"(?:script|docs|\.ci)/[\w.-]+", README):
        assert (ROOT / path).exists() or path.endswith(".png"), path
    assert "docker-compose.changes.yml" in README
    assert (ROOT / "docker-compose.changes.yml").exists()


def test_the_readme_keeps_its_order() -> None:
    headings = re.findall(r"^## (.*)", README, re.MULTILINE)
    assert headings == [
        "What it does",
        "Start it",
        "Deploy it",
        "What it can change on an engine",
        "Configuration",
        "How it is built",
    ]
    assert len(re.findall(r"^\d+\. ", README, re.MULTILINE)) == 10


def test_compose_starts_every_process_of_the_procfile_and_its_stores() -> None:
    services = set(read_compose()["services"])
    assert services == OURS | {"database", "redis", "socket-proxy"}
    assert set(read_procfile(ROOT / "Procfile")) - {"broker"} == OURS


def test_compose_sets_only_variables_that_something_reads() -> None:
    readable = list_settings() | {"NETDASH_ADDRESS", "DOCKER_HOST"}
    for name in OURS:
        assert set(read_compose()["services"][name]["environment"]) <= readable


def test_only_the_proxy_holds_the_socket_and_only_the_web_has_a_port() -> None:
    services = read_compose()["services"]
    holders = {n for n, s in services.items() if "docker.sock" in str(s.get("volumes"))}
    assert holders == {"socket-proxy"}
    assert {n for n, s in services.items() if s.get("ports")} == {"web"}
    assert services["web"]["ports"][0].startswith("${NETDASH_BIND:-127.0.0.1:8000}")
    assert services["socket-proxy"]["networks"] == ["engine"]
    assert read_compose()["networks"]["engine"] == {"internal": True}


def test_our_services_run_without_rights() -> None:
    for name in OURS:
        service = read_compose()["services"][name]
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert dockerfile.index("USER netdash") < dockerfile.index("CMD")


def lets_pass(method: str, path: str, with_changes: bool = False) -> bool:
    """Tell whether the proxy lets a call pass; its patterns match the whole path."""
    rules = dict(read_compose()["services"]["socket-proxy"]["environment"])
    if with_changes:
        changes = read_compose("docker-compose.changes.yml")
        rules |= changes["services"]["socket-proxy"]["environment"]
    pattern = rules.get(f"SP_ALLOW_{method}")
    return bool(pattern and re.fullmatch(pattern, path))


@pytest.mark.parametrize(
    "path",
    [
        "/version",
        "/_ping",
        "/v1.41/version",
        "/v1.51/events",
        "/v1.51/networks",
        "/v1.51/containers/json",
        "/v1.51/containers/3f2a/json",
    ],
)
def test_the_proxy_lets_reading_pass(path: str) -> None:
    assert lets_pass("GET", path)


CHANGES = [
    ("POST", "/v1.51/networks/create"),
    ("POST", "/v1.51/networks/3f2a/connect"),
    ("POST", "/v1.51/networks/3f2a/disconnect"),
    ("DELETE", "/v1.51/networks/3f2a"),
]


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_the_proxy_lets_changes_pass_only_when_they_are_allowed(method: str, path: str) -> None:
    assert not lets_pass(method, path)
    assert lets_pass(method, path, with_changes=True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1.51/containers/create"),
        ("POST", "/v1.51/containers/3f2a/exec"),
        ("POST", "/v1.51/containers/3f2a/stop"),
        ("POST", "/v1.51/networks/prune"),
        ("POST", "/v1.51/networks/a/../../containers/create/connect"),
        ("DELETE", "/v1.51/containers/3f2a"),
        ("PUT", "/v1.51/containers/3f2a/archive"),
        ("GET", "/v1.51/containers/3f2a/archive"),
        ("GET", "/v1.51/containers/3f2a/logs"),
        ("GET", "/v1.51/containers/3f2a/export"),
        ("GET", "/v1.51/images/json"),
        ("GET", "/v1.51/secrets"),
    ],
)
def test_the_proxy_lets_nothing_else_pass(method: str, path: str) -> None:
    assert not lets_pass(method, path)
    assert not lets_pass(method, path, with_changes=True)


def test_allowing_changes_reaches_every_process() -> None:
    changed = read_compose("docker-compose.changes.yml")["services"]
    for name in OURS:
        assert changed[name]["environment"] == {"NETDASH_READ_ONLY": "0"}
        assert read_compose()["services"][name]["environment"]["NETDASH_READ_ONLY"] == "1"


def test_requirements_are_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().split("\n")
        wanted = [line for line in lines if line and not line.startswith(("-r", "#"))]
        assert all(re.fullmatch(r"[\w.-]+(\[\w+\])?==[\w.]+", line) for line in wanted)
