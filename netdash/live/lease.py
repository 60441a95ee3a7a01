"""Who watches an engine: one process at a time, by a key in Redis that its holder renews."""

from __future__ import annotations

from netdash.live.connection import name_key, reaching

LEASE_SECONDS = 8
"""A killed watcher is succeeded after at most this, plus one look (2 s) of the successor."""

HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


def hold(engine_id: int, holder: str) -> bool:
    """Take or renew the lease; False when another holds it."""
    with reaching() as client:
        run = client.register_script(HOLD)
        return bool(run([name_key(engine_id, "lease")], [holder, LEASE_SECONDS * 1000]))


def is_held(engine_id: int) -> bool:
    """Tell whether somebody watches an engine now."""
    with reaching() as client:
        return bool(client.exists(name_key(engine_id, "lease")))


def release(engine_id: int, holder: str) -> None:
    """Give the lease back, so that a successor need not wait."""
    with reaching() as client:
        client.register_script(RELEASE)([name_key(engine_id, "lease")], [holder])


def read_server_id() -> str:
    """Name this run of the server: another one may have lost what was stored last."""
    with reaching() as client:
        return str(client.info("server")["run_id"])
