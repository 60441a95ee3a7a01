"""One at a time: changes that touch the same network or container wait for each other.

Connections to one network go side by side; making or removing it wants it alone. Whoever
holds a turn renews it while its process lives, so a killed holder is soon passed over.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from netdash.live.connection import StoreAway, name_key, reaching
from netdash.topology.changes import Change, ConnectContainer, DisconnectContainer
from netdash.topology.plans import list_touched

HELD_SECONDS = 12
"""How long a turn outlives its holder."""
RENEW_SECONDS = 3
PATIENCE_SECONDS = 30
LOOK_SECONDS = 0.02

# All or nothing, so that nobody holds one thing while waiting for another. Each key is a hash
# of holders: "alone" or "shared", and the end in milliseconds by Redis's clock.
TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for number, key in ipairs(KEYS) do
  local held = redis.call('HGETALL', key)
  for i = 1, #held, 2 do
    local how, ends = string.match(held[i + 1], '(%a+) (%d+)')
    local is_shared = how == 'shared' and ARGV[number + 2] == 'shared'
    if held[i] ~= ARGV[1] and tonumber(ends) > now and not is_shared then return 0 end
    if tonumber(ends) <= now then redis.call('HDEL', key, held[i]) end
  end
end
local ends = string.format('%.0f', now + ARGV[2])
for number, key in ipairs(KEYS) do
  redis.call('HSET', key, ARGV[1], ARGV[number + 2] .. ' ' .. ends)
  redis.call('PEXPIRE', key, ARGV[2])
end
return 1
"""
LEAVE = """
for _, key in ipairs(KEYS) do redis.call('HDEL', key, ARGV[1]) end
"""


class Busy(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """Somebody else's change of the same network or container takes too long."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody holds: keys in Redis, each alone or shared."""

    holder: str
    ways_by_key: Mapping[str, str]


_held: dict[str, Turn] = {}
_wakes = threading.Condition()
_keepers: list[threading.Thread] = []


@contextmanager
def taking_turn(
    engine_id: int,
    changes: Iterable[Change],
    patience_seconds: float = PATIENCE_SECONDS,
    holder: str = "",
) -> Iterator[None]:
    """Hold what the changes touch; raises Busy when it does not come, StoreAway without Redis.

    A ``holder`` that begins again after its process was killed has its turn at once.
    """
    turn = Turn(holder or uuid.uuid4().hex, list_ways(engine_id, changes))
    ends_at = time.monotonic() + patience_seconds
    while not take(turn):
        if time.monotonic() > ends_at:
            raise Busy
        time.sleep(LOOK_SECONDS)
    keep(turn)
    try:
        yield
    finally:
        with _wakes:
            _held.pop(turn.holder, None)
        with suppress(StoreAway):
            leave(turn)


def list_ways(engine_id: int, changes: Iterable[Change]) -> dict[str, str]:
    """List the keys of what changes touch: networks are shared by connections alone."""
    ways: dict[str, str] = {}
    for change in changes:
        is_connection = isinstance(change, ConnectContainer | DisconnectContainer)
        for touched in list_touched(change):
            key = name_key(engine_id, "turn", touched)
            if touched.startswith("container ") or not is_connection:
                ways[key] = "alone"
            else:
                ways.setdefault(key, "shared")
    return ways


def take(turn: Turn) -> bool:
    """Take or renew everything, or nothing."""
    with reaching() as client:
        run = client.register_script(TAKE)
        keys, ways = list(turn.ways_by_key), list(turn.ways_by_key.values())
        return bool(run(keys, [turn.holder, round(HELD_SECONDS * 1000), *ways]))


def leave(turn: Turn) -> None:
    """Give everything back."""
    with reaching() as client:
        client.register_script(LEAVE)(list(turn.ways_by_key), [turn.holder])


def keep(turn: Turn) -> None:
    """Renew a turn from now on until it is left."""
    with _wakes:
        _held[turn.holder] = turn
        if not (_keepers and _keepers[0].is_alive()):  # none in a forked child either
            _keepers[:] = [threading.Thread(target=keep_all, name="turns", daemon=True)]
            _keepers[0].start()
        _wakes.notify()


def keep_all() -> None:
    """Renew what this process holds, as long as it lives."""
    while True:
        with _wakes:
            _wakes.wait_for(lambda: bool(_held))
        time.sleep(RENEW_SECONDS)
        with _wakes:
            turns = tuple(_held.values())
        for turn in turns:
            with suppress(StoreAway):
                take(turn)
                if turn.holder not in _held:
                    leave(turn)
