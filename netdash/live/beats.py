"""Signs of life of the other processes, for the health page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from netdash.live.connection import reaching, read_clock

KEY = "netdash:beats"


def note(name: str) -> None:
    """Note that the process of this name (worker, beat) was there just now."""
    with reaching() as client:
        client.hset(KEY, name, str(read_clock(client)))


def read_all() -> tuple[datetime, Mapping[str, datetime]]:
    """Give the time now, by the same clock, and when each process last showed itself."""
    with reaching() as client:
        now, found = read_clock(client), client.hgetall(KEY)
    stamps = {name.decode(): datetime.fromtimestamp(float(at), UTC) for name, at in found.items()}
    return datetime.fromtimestamp(now, UTC), stamps


def describe_server() -> str:
    """Name the server and its version, and prove that it answers."""
    with reaching() as client:
        found = client.info("server")
    name = found.get("server_name") or "redis"
    return f"{str(name).capitalize()} {found.get(f'{name}_version') or found['redis_version']}"
