"""The engine of the first start: what DOCKER_HOST names, else the local socket."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.text import slugify

from netdash.engine.client import Address, open_client
from netdash.engine.errors import EngineError
from netdash.models import Engine

LOCAL_SOCKET = "unix:///var/run/docker.sock"
SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an engine does not answer, and what to do."""

    address: str
    sentence: str
    remedy: str


def find_address(environment: Mapping[str, str] = os.environ) -> Address:
    """Read the address and TLS files that the ``docker`` command would use."""
    address = environment.get("DOCKER_HOST", "") or find_local_socket(environment)
    folder = environment.get("DOCKER_CERT_PATH", "")
    if not (environment.get("DOCKER_TLS_VERIFY") and folder):
        return Address(address)
    files = (str(Path(folder) / name) for name in ("ca.pem", "cert.pem", "key.pem"))
    return Address(address, *files)


def find_local_socket(environment: Mapping[str, str]) -> str:
    """Name the local socket; that of a rootless Docker when it alone is there."""
    rootless = Path(environment.get("XDG_RUNTIME_DIR") or "/nowhere") / "docker.sock"
    if rootless.exists() and not Path(urlsplit(LOCAL_SOCKET).path).exists():
        return f"unix://{rootless}"
    return LOCAL_SOCKET


def ask(address: Address) -> Refusal | None:
    """Ask whether an engine answers; None when it does."""
    try:
        open_client(address).close()
    except EngineError as error:
        return Refusal(address.address, error.sentence, error.remedy)
    return None


def list_shown(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Say which engines are read, and when ``DOCKER_HOST`` names one that is not among them."""
    engines = tuple(Engine.objects.filter(is_enabled=True).order_by("is_simulated", "name"))
    if engines:
        yield f"It shows {' and '.join(map(describe, engines))}."
    wanted, real = environment.get("DOCKER_HOST", ""), Engine.objects.filter(is_simulated=False)
    if not wanted or not real.exists() or wanted in [engine.address for engine in engines]:
        return
    remedy = "Switch it on" if real.filter(address=wanted).exists() else "Add it"
    yield f"It does not show {wanted}: DOCKER_HOST counts only at the first start."
    yield f"{remedy} under Admin, Engines, or start with another data folder: NETDASH_DATA=…"


def describe(engine: Engine) -> str:
    """Name an engine and where it answers."""
    return f"{engine.name} ({'simulated' if engine.is_simulated else engine.address})"


def make_engine(address: Address) -> Engine:
    """Make the row of the first engine, named after where it is."""
    name = urlsplit(address.address).hostname or "Local"
    engine, _made = Engine.objects.get_or_create(
        address=address.address,
        defaults={
            "name": name[:60],
            "slug": slugify(name)[:60] or "engine",
            "tls_ca": address.tls_ca,
            "tls_certificate": address.tls_certificate,
            "tls_key": address.tls_key,
        },
    )
    return engine


def make_simulated_engine(socket: Path) -> Engine:
    """Make or renew the row of the engine that netdash plays."""
    engine, _made = Engine.objects.update_or_create(
        slug=SIMULATED,
        defaults={
            "name": "Simulated",
            "address": f"unix://{socket}",
            "is_enabled": True,
            "is_simulated": True,
        },
    )
    return engine


def switch_off_simulated() -> None:
    """Stop reading the simulated engine, when there is a real one."""
    Engine.objects.filter(is_simulated=True).update(is_enabled=False)
