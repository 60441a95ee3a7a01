"""The table of commands names places that exist, and leaves no command of the tutorial out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.urls import resolve

ROOT = Path(__file__).resolve().parent.parent
DOC = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
PLACES = sorted(set(re.findall(r"`(/e/[^`?]*)[^`]*`", DOC)))
WORDS = sorted(set(re.findall(r"\*\*([^*]+)\*\*", DOC)))
COMMANDS = (
    *("docker network create", "docker network connect", "docker network disconnect"),
    *("docker network ls", "docker network inspect", "docker network rm", "docker network prune"),
    *("docker run --network", "docker run --ip", "docker inspect"),
)
CREATION = (
    *("--driver", "--subnet", "--gateway", "--ip-range", "--aux-address", "--internal"),
    *("--attachable", "--ipv6", "--ipv4", "--label", "--ipam-driver", "--ipam-opt", "--scope"),
    *("--ingress", "--config-only", "--config-from"),
    *("bridge.name", "enable_icc", "enable_ip_masquerade", "host_binding_ipv4", "driver.mtu"),
)
CONNECTION = (
    *("--ip ", "--ip6", "--alias", "--driver-opt", "--gw-priority", "--link", "--link-local-ip"),
    "--force",
)
FILTERS = ("driver=", "label=", "name=", "id=", "type=", "dangling=", "scope=")


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_an_address_of_netdash(place: str) -> None:
    assert resolve(place.replace("<engine>", "demo").replace("<id>", "0123456789ab"))


@pytest.mark.parametrize("words", WORDS)
def test_what_is_to_be_clicked_is_written_on_a_page(words: str) -> None:
    assert words in read_product()


@pytest.mark.parametrize("part", [*COMMANDS, *CREATION, *CONNECTION, *FILTERS])
def test_every_command_and_option_has_a_line(part: str) -> None:
    assert any(part in line.split("|")[1] for line in DOC.splitlines() if line.startswith("|"))


@cache
def read_product() -> str:
    """Read whatever writes words on pages; fields are called by their capitalized names."""
    files = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "netdash").rglob("*.py"),
        *(ROOT / "static" / "js").glob("*.js"),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    names = re.findall(r"^    ([a-z_]+) = \w*Field\(", text, re.MULTILINE)
    return text + "\n".join(name.capitalize() for name in names)
