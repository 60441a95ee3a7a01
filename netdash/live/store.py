"""The last reading of each engine, in Redis, shared by every process.

One hash per engine holds version, digest, times, status and the snapshot as JSON, so that one
command reads them together; to compress it would take longer than to send it. Every call
raises `StoreAway` when Redis does not answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from netdash.live import uses
from netdash.live.connection import StoreAway, name_key, reaching, read_clock
from netdash.live.packing import pack, unpack
from netdash.live.pieces import Pieces, read, write
from netdash.live.status import Status, note_beat, note_status, read_status
from netdash.topology import codec
from netdash.topology.snapshot import Snapshot

__all__ = [
    "Status",
    "StoreAway",
    "Stored",
    "claim",
    "drop_raw",
    "find_gone_at",
    "forget",
    "keep_raw",
    "latest",
    "list_raw",
    "load_plan",
    "load_raw",
    "note_beat",
    "note_status",
    "read_status",
    "save",
    "save_plan",
]

GONE_SECONDS = 24 * 3600
PLAN_SECONDS = 14 * 24 * 3600
CLOCK_SLACK_MILLISECONDS = 5_000

# The version is a clock in milliseconds that never stands still or goes back, so that a Redis
# that lost its last seconds (or everything) never gives an old number to a new reading.
# A reading begun before the stored one is dropped; a clock set back by more is believed.
# A reading that another version of netdash wrote is none: its content is in another field.
SAVE = """
local stored = redis.call('HMGET', KEYS[1], 'version', 'digest', 'taken_at')
local version, taken_at = tonumber(stored[1] or '0'), tonumber(ARGV[2])
local is_none = redis.call('HEXISTS', KEYS[1], ARGV[6]) == 0
local base = is_none and 0 or version
if ARGV[4] ~= '' and tonumber(ARGV[4]) ~= base then return {-2, 0} end
local behind = tonumber(stored[3] or '0') - taken_at
if behind > 0 and behind < tonumber(ARGV[5]) then return {version, 0} end
if is_none or stored[2] ~= ARGV[1] then
  if ARGV[3] == '' then return {-1, 0} end
  local clock = redis.call('TIME')
  local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
  version = math.max(version + 1, now)
  local text = string.format('%.0f', version)
  redis.call('HSET', KEYS[1], 'version', text, 'digest', ARGV[1], ARGV[6], ARGV[3])
  redis.call('PUBLISH', KEYS[2], '["snapshot", {"version": ' .. text .. '}]')
end
redis.call('HSET', KEYS[1], 'taken_at', ARGV[2])
return {version, 1}
"""
CONTENT = f"content {codec.FORMAT}"
FIELDS = ("version", "digest", "taken_at")
WANTS_SNAPSHOT, WAS_OVERTAKEN = -1, -2


@dataclass(frozen=True, slots=True)
class Stored:
    """A snapshot as the store holds it."""

    version: int
    taken_at: datetime
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Decoded:
    """What this process knows of an engine's snapshot without asking again."""

    version: int
    digest: bytes
    snapshot: Snapshot
    pieces: Pieces


_decoded_by_key: dict[tuple[str, int], Decoded] = {}


def save(
    engine_id: int,
    snapshot: Snapshot,
    begun_at: float | None = None,
    based_on: int | None = None,
) -> int:
    """Keep a reading and return its version; a new one, published, only when it differs.

    ``begun_at`` (by Redis's clock) is when the reading began: one begun before the stored
    one changes nothing. With ``based_on`` the reading counts only while that version is the
    stored one; else 0 comes back and nothing is kept.
    """
    known = _decoded_by_key.get((settings.REDIS_URL, engine_id))
    content, pieces = write(snapshot, known.pieces if known else {})
    digest = hash_content(content)
    is_new = known is None or known.digest != digest
    base = b"" if based_on is None else str(based_on).encode()
    keys = [name_key(engine_id), name_key(engine_id, "feed")]
    with reaching() as client:
        run = client.register_script(SAVE)
        taken_at = round((read_clock(client) if begun_at is None else begun_at) * 1000)
        tail = [base, CLOCK_SLACK_MILLISECONDS, CONTENT]
        sent = content if is_new else b""
        version, is_kept = map(int, run(keys, [digest, taken_at, sent, *tail]))
        if version == WANTS_SNAPSHOT:
            version, is_kept = map(int, run(keys, [digest, taken_at, content, *tail]))
    if version == WAS_OVERTAKEN:
        return 0
    if not is_kept:
        return version
    _decoded_by_key[settings.REDIS_URL, engine_id] = Decoded(version, digest, snapshot, pieces)
    uses.note(engine_id, snapshot, taken_at / 1000, is_new)
    return version


def hash_content(content: bytes) -> bytes:
    """Tell readings apart."""
    return hashlib.blake2b(content, digest_size=16).hexdigest().encode()


def latest(engine_id: int) -> Stored | None:
    """Read the last reading, or None before the first; decoded once per process and version.

    One that another version of netdash wrote counts as none: the watcher reads again as soon
    as it starts.
    """
    key = (settings.REDIS_URL, engine_id)
    with reaching() as client:
        found = client.hmget(name_key(engine_id), FIELDS)
        known = _decoded_by_key.get(key)
        if known is None or [str(known.version).encode(), known.digest] != found[:2]:
            found = client.hmget(name_key(engine_id), [*FIELDS, CONTENT])
            if found[3] is None:
                return None
            try:
                snapshot, pieces = read(found[3], known.pieces if known else {})
            except codec.UnknownFormat:
                return None
            known = Decoded(int(found[0]), found[1], snapshot, pieces)
            _decoded_by_key[key] = known
    taken_at = datetime.fromtimestamp(int(found[2]) / 1000, UTC)
    return Stored(known.version, taken_at, known.snapshot)


def keep_raw(engine_id: int, kind: str, raw_by_id: Mapping[str, Any]) -> None:
    """Keep the engine's own JSON of containers or networks for "show raw"."""
    if not raw_by_id:
        return
    with reaching() as client, client.pipeline(transaction=True) as pipe:
        for id_, raw in raw_by_id.items():
            pipe.set(name_key(engine_id, "raw", kind, id_), pack(raw))
        pipe.sadd(name_key(engine_id, "raw", kind), *raw_by_id)
        pipe.execute()


def drop_raw(engine_id: int, kind: str, ids: Collection[str]) -> None:
    """Forget the JSON of what is gone, a day from now: until then a page can still show it."""
    if not ids:
        return
    with reaching() as client, client.pipeline(transaction=True) as pipe:
        for id_ in ids:
            pipe.expire(name_key(engine_id, "raw", kind, id_), GONE_SECONDS)
        pipe.srem(name_key(engine_id, "raw", kind), *ids)
        pipe.execute()


def list_raw(engine_id: int, kind: str) -> set[str]:
    """List the ids whose JSON is kept and that are not known to be gone."""
    with reaching() as client:
        return {id_.decode() for id_ in client.smembers(name_key(engine_id, "raw", kind))}


def load_raw(engine_id: int, kind: str, id: str) -> dict[str, Any] | None:  # noqa: A002
    """Read the engine's own JSON of a ``container`` or ``network``, or None."""
    with reaching() as client:
        packed = client.get(name_key(engine_id, "raw", kind, id))
    return None if packed is None else unpack(packed)


def find_gone_at(engine_id: int, kind: str, id: str) -> datetime | None:  # noqa: A002
    """Tell since when a thing is gone whose JSON is still kept; None while it is there."""
    with reaching() as client:
        left_seconds = client.ttl(name_key(engine_id, "raw", kind, id))
    if left_seconds < 0:
        return None
    return datetime.now(UTC) - timedelta(seconds=GONE_SECONDS - left_seconds)


def load_plan(engine_id: int, view_key: str) -> dict[str, Any] | None:
    """Read the board plan remembered for a view, or None."""
    with reaching() as client:
        packed = client.getex(name_plan(engine_id, view_key), ex=PLAN_SECONDS)
    return None if packed is None else unpack(packed)


def save_plan(engine_id: int, view_key: str, plan: dict[str, Any]) -> None:
    """Remember the board plan of a view; forgotten when nobody looked for two weeks."""
    with reaching() as client:
        client.set(name_plan(engine_id, view_key), pack(plan), ex=PLAN_SECONDS)


def name_plan(engine_id: int, view_key: str) -> str:
    """Name the key of a plan; a view's key may be long and holds what the user typed."""
    return name_key(engine_id, "plan", hash_content(view_key.encode()).decode())


def claim(engine_id: int, address: str) -> None:
    """Say where the engine of all later readings answers; what is kept of another one goes.

    Another address is taken for another engine: compared with the first one, all of it would
    look changed.
    """
    with reaching() as client:
        before = client.hget(name_key(engine_id), "address")
    if before is not None and before.decode() != address:
        forget(engine_id, keeps=("lease",))
    with reaching() as client:
        client.hset(name_key(engine_id), "address", address)


def forget(engine_id: int, keeps: Collection[str] = ()) -> None:
    """Drop everything kept of an engine, but for these keys."""
    kept = {name_key(engine_id, name) for name in keeps}
    with reaching() as client:
        found = client.scan_iter(match=name_key(engine_id, "*"), count=1000)
        keys = [key for key in found if key.decode() not in kept]
        client.delete(name_key(engine_id), *keys)
    _decoded_by_key.pop((settings.REDIS_URL, engine_id), None)
