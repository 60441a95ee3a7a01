"""What went wrong with an engine, in words and with a remedy.

docker-py raises two unrelated families: its own ``DockerException`` and the exceptions of
``requests``; paramiko adds a third for ``ssh://``. ``speaking`` turns all of them into one.
"""

from __future__ import annotations

import getpass
import grp
import os
import socket
import ssl
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

import paramiko
import requests
import urllib3
from docker.errors import APIError, DockerException, InvalidVersion, TLSParameterError

Kind = Literal["away", "forbidden", "too_old", "refused", "tls", "timeout"]
FAILURES = (
    DockerException,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    paramiko.SSHException,
    OSError,
)
TIMEOUTS = (TimeoutError, requests.Timeout, urllib3.exceptions.ReadTimeoutError)
OLDEST_API = "1.24"
"""Spoken by every engine since 1.12; docker-py speaks nothing older."""


class EngineError(Exception):
    """An engine did not answer as wished; the sentence is hostile text when it is refused."""

    def __init__(
        self, kind: Kind, sentence: str, remedy: str = "", original: BaseException | None = None
    ) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.remedy = remedy
        self.original = original

    @property
    def status_code(self) -> int | None:
        """Give the HTTP status of a refusal, or None where nothing was answered."""
        return self.original.status_code if isinstance(self.original, APIError) else None


class Speaker(Protocol):
    """What ``speaking`` needs of a client: where it speaks to, and a mark for a stale one."""

    address: str
    is_outdated: bool


@contextmanager
def speaking(client: Speaker | str) -> Iterator[None]:
    """Raise EngineError for whatever docker-py, requests and paramiko raise inside.

    Also a decorator. Give the address alone where there is no client yet. A client whose
    engine could not answer is marked outdated, so that ``connect`` opens a fresh one.
    """
    try:
        yield
    except EngineError:
        raise
    except FAILURES as error:
        address = client if isinstance(client, str) else client.address
        explained = explain(error, address)
        if not isinstance(client, str) and explained.kind not in ("refused", "forbidden"):
            client.is_outdated = True
        raise explained from error


def explain(error: BaseException, address: str) -> EngineError:
    """Put an exception into words; the order goes from the surest sign to the vaguest."""
    causes = tuple(find_causes(error))
    for cause in causes:
        if isinstance(cause, APIError):
            return explain_refusal(cause)
        if found := explain_cause(cause, address):
            return found
    return EngineError(
        "away", f"The engine at {address} does not answer.", name_start(address), error
    )


def explain_cause(cause: BaseException, address: str) -> EngineError | None:
    """Put one exception of a chain into words, or nothing when it says too little alone."""
    if isinstance(cause, InvalidVersion):
        return say_too_old(cause)
    if isinstance(cause, PermissionError):
        return EngineError(
            "forbidden",
            f"There is no permission to use the engine's socket {name_place(address)}.",
            name_group(name_place(address)),
            cause,
        )
    if isinstance(cause, ssl.SSLError | TLSParameterError | requests.exceptions.SSLError):
        return EngineError(
            "tls",
            f"No trusted TLS connection to {address}: {find_tls_reason(cause)}",
            "Check the engine's TLS authority, certificate and key files.",
            cause,
        )
    if isinstance(cause, paramiko.SSHException):
        return explain_ssh(cause, address)
    if isinstance(cause, TIMEOUTS):
        return EngineError(
            "timeout",
            f"The engine at {address} did not answer in time.",
            "It may be busy; what was asked may still be carried out.",
            cause,
        )
    return explain_silence(cause, address)


def explain_silence(cause: BaseException, address: str) -> EngineError | None:
    """Put into words why nothing answers at an address."""
    place = name_place(address)
    if isinstance(cause, FileNotFoundError):
        sentence = f"There is no engine socket at {place}."
    elif isinstance(cause, ConnectionRefusedError | paramiko.ssh_exception.NoValidConnectionsError):
        sentence = f"Nothing listens at {place}."
    elif isinstance(cause, socket.gaierror):
        return EngineError(
            "away",
            f"The name in {address} is not known.",
            "Check the engine's address for a typing error.",
            cause,
        )
    elif is_bad_address(cause):
        return EngineError(
            "away",
            f"{address} is no address of an engine: {cause}",
            "Write unix:///var/run/docker.sock, tcp://name:2376 or ssh://user@name.",
            cause,
        )
    else:
        return None
    return EngineError("away", sentence, name_start(address), cause)


def explain_ssh(cause: paramiko.SSHException, address: str) -> EngineError:
    """Put into words why SSH did not let us in."""
    if isinstance(cause, paramiko.AuthenticationException) or "authentication" in str(cause):
        sentence = f"The SSH server at {address} does not accept the key of this account."
        remedy = f"Let {name_account()} sign in there with a key, without a passphrase."
    elif "known_hosts" in str(cause) or isinstance(cause, paramiko.BadHostKeyException):
        sentence = f"The SSH host key of {address} is not trusted."
        remedy = f"Sign in once by hand as {name_account()}, so that known_hosts holds the key."
    else:
        return EngineError("away", f"No SSH connection to {address}.", name_start(address), cause)
    return EngineError("forbidden", sentence, remedy, cause)


def explain_refusal(error: APIError) -> EngineError:
    """Put an error answer into words: the engine's own message, unless a proxy spoke."""
    said = str(error.explanation or "").strip()
    answer = error.response
    status = answer.status_code if answer is not None else 0
    kind = answer.headers.get("Content-Type", "") if answer is not None else ""
    if "HTTP request to an HTTPS server" in said:
        return EngineError(
            "tls",
            "The engine expects TLS, and the connection was made without.",
            "Name the engine's TLS authority, certificate and key files.",
            error,
        )
    if "client version" in said and ("too old" in said or "too new" in said):
        return say_too_old(error)
    if status in (401, 403, 407) and "json" not in kind:
        return EngineError(
            "forbidden",
            f"A proxy before the engine does not allow {name_call(error)}.",
            "Allow this call in the proxy's settings; README.md lists what netdash calls.",
            error,
        )
    return EngineError("refused", said or f"The engine answered {status}.", original=error)


def say_too_old(cause: BaseException) -> EngineError:
    """Say that the two have no API version in common."""
    return EngineError(
        "too_old",
        f"The engine and netdash have no API version in common: netdash needs {OLDEST_API}.",
        "Upgrade the engine to Docker 20.10 or newer.",
        cause,
    )


def find_causes(error: BaseException) -> Iterator[BaseException]:
    """Walk an exception, what it holds in its arguments (requests, urllib3) and its causes."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        found = waiting.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        held = [*found.args, getattr(found, "reason", None), found.__cause__, found.__context__]
        waiting += [one for one in held if isinstance(one, BaseException)]


def find_tls_reason(cause: BaseException) -> str:
    """Give OpenSSL's own words, without the wrapping of urllib3."""
    for found in find_causes(cause):
        if isinstance(found, ssl.SSLCertVerificationError):
            return f"{found.verify_message}."
        if isinstance(found, ssl.SSLError) and found.reason:
            return f"{found.reason.lower().replace('_', ' ')}."
    return str(cause)


def is_bad_address(cause: BaseException) -> bool:
    """Tell whether docker-py could not read the address at all."""
    bad = ("Invalid bind address", "fd protocol", "npipe://", "is only supported on Windows")
    return isinstance(cause, DockerException) and any(words in str(cause) for words in bad)


def name_call(error: APIError) -> str:
    """Name the refused call without the engine's host and query: ``GET /networks``."""
    if error.response is None:
        return "this call"
    request = error.response.request
    return f"{request.method} {request.path_url.partition('?')[0]}"


def name_place(address: str) -> str:
    """Give the socket's path of a ``unix://`` address, and other addresses as they are."""
    return address.removeprefix("unix://") or "/var/run/docker.sock"


def name_start(address: str) -> str:
    """Tell how to start what does not answer."""
    if address.startswith("unix://"):
        return "Start it (sudo systemctl start docker), or correct the engine's address."
    if address.startswith("ssh://"):
        return "On that machine, this account must be able to run: docker system dial-stdio"
    return "Start the engine, open the way to it, or correct its address."


def name_account() -> str:
    """Name the account that this process runs as; a container may have a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def name_group(path: str) -> str:
    """Tell which group may use a socket, and how to join it."""
    try:
        found = os.stat(path)
    except OSError:
        return f"Let the account {name_account()} reach {path}."
    try:
        group = grp.getgrgid(found.st_gid).gr_name
    except KeyError:
        group = str(found.st_gid)
    if found.st_gid == 0 or not found.st_mode & stat.S_IWGRP:
        return f"Only its owner may use it: let a group use {path} and {name_account()} join it."
    return (
        f"Let {name_account()} join the group {group} "
        f"(sudo usermod -aG {group} {name_account()}), then start netdash again."
    )
