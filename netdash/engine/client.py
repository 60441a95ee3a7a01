"""One client per engine, process and fork."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from docker.api.client import APIClient
from docker.errors import create_api_error_from_http_exception
from docker.tls import TLSConfig
from requests import HTTPError, Response

from netdash.engine.errors import speaking
from netdash.topology.snapshot import EngineFacts

ANSWER_SECONDS = 60
"""Longest silence before a call counts as failed; an unknown driver is refused after 16 s."""
CONNECT_SECONDS = 10
"""Longest wait for a TCP connection."""
PING_ANSWER_SECONDS = 5
"""Nothing is easier to answer: an engine that takes longer hangs, whatever else it is given."""
SIMULATED_PLATFORM = "netdash simulator"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine answers, and the files that prove both sides to each other."""

    address: str
    tls_ca: str = ""
    tls_certificate: str = ""
    tls_key: str = ""


class HasAddress(Protocol):
    """An Address, or the row of an engine."""

    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def tls_ca(self) -> str: ...  # noqa: D102
    @property
    def tls_certificate(self) -> str: ...  # noqa: D102
    @property
    def tls_key(self) -> str: ...  # noqa: D102


class EngineClient(APIClient):
    """docker-py's low-level client that knows where it speaks to."""

    address: str = ""
    is_outdated: bool = False

    def merge_environment_settings(self, *arguments: Any, **options: Any) -> Any:
        """Go straight to the engine with its own TLS files.

        requests would send it through HTTP_PROXY and prefer REQUESTS_CA_BUNDLE to the
        engine's authority.
        """
        self.trust_env = False
        return super().merge_environment_settings(*arguments, **options)


_clients: dict[tuple[int, Address], EngineClient] = {}
_lock = threading.Lock()


def connect(engine: HasAddress) -> EngineClient:
    """Give this process's client for an engine; the first call asks the engine's API version.

    Threads share it. A forked child opens its own: the parent's connections are not its to
    use. After a failure a fresh one is opened: the engine may be of another version now, and
    a broken SSH connection never mends. The event stream belongs on a client of its own.
    """
    wanted = read_address(engine)
    key = (os.getpid(), wanted)
    with _lock:
        client = _clients.get(key)
    if client is not None and not client.is_outdated:
        return client
    fresh = open_client(wanted)
    with _lock:
        _clients[key] = fresh
    if client is not None:
        client.close()
    return fresh


def forget(engine: HasAddress) -> None:
    """Close this process's client for an engine; the next ``connect`` opens a fresh one."""
    with _lock:
        client = _clients.pop((os.getpid(), read_address(engine)), None)
    if client is not None:
        client.close()


def open_client(engine: HasAddress | str, answer_seconds: float = ANSWER_SECONDS) -> EngineClient:
    """Open a client that nobody shares and ask the engine's API version.

    Raises EngineError when the engine is away, refuses, or speaks too old an API. The caller
    closes it.
    """
    wanted = read_address(Address(engine) if isinstance(engine, str) else engine)
    is_tcp = not wanted.address.startswith(("unix://", "ssh://"))
    with speaking(wanted.address):
        client = EngineClient(
            base_url=wanted.address,
            timeout=(CONNECT_SECONDS, answer_seconds) if is_tcp else answer_seconds,  # type: ignore[arg-type]
            tls=build_tls(wanted),
            use_ssh_client=False,
        )
    client.address = wanted.address
    return client


def build_tls(address: Address) -> TLSConfig | bool:
    """Build the TLS settings from the files that are named; none named means no TLS."""
    if not (address.tls_ca or address.tls_certificate or address.tls_key):
        return False
    pair = (address.tls_certificate, address.tls_key)
    return TLSConfig(
        client_cert=pair if any(pair) else None, ca_cert=address.tls_ca or None, verify=True
    )


def read_address(engine: HasAddress) -> Address:
    """Copy what identifies a connection out of a row; a bare path is a unix socket's."""
    address = f"unix://{engine.address}" if engine.address.startswith("/") else engine.address
    return Address(address, engine.tls_ca, engine.tls_certificate, engine.tls_key)


def read_facts(client: EngineClient) -> EngineFacts:
    """Ask ``GET /version``: once per connection, since it changes only with a restart."""
    with speaking(client):
        return parse_facts(client.version(api_version=False))


def ping(client: EngineClient) -> None:
    """Ask for a sign of life; raises EngineError, also when it takes longer than 5 s."""
    with speaking(client):
        require_yes(client.get(f"{client.base_url}/_ping", timeout=PING_ANSWER_SECONDS))


def require_yes(answer: Response) -> None:
    """Raise docker-py's own error for an answer that says no, with the engine's words in it."""
    if not answer.ok:
        create_api_error_from_http_exception(HTTPError(response=answer))


def parse_facts(found: Mapping[str, Any]) -> EngineFacts:
    """Translate the answer of ``GET /version``."""
    platform = str((found.get("Platform") or {}).get("Name") or "")
    return EngineFacts(
        name=platform,
        version=str(found.get("Version") or ""),
        api_version=str(found.get("ApiVersion") or ""),
        minimum_api_version=str(found.get("MinAPIVersion") or ""),
        os=str(found.get("Os") or ""),
        is_simulated=platform == SIMULATED_PLATFORM,
    )
