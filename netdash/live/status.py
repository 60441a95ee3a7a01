"""How current a reading is, in the words the page shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from netdash.live.connection import name_key, reaching, read_clock

State = Literal["live", "stale", "reconnecting", "away", "unknown"]

BEAT_SECONDS = 2
DEAD_SECONDS = 9
"""A watcher that has not shown itself for so long is not there."""
OLD_SECONDS = 50
"""Full readings come every 30 s; an engine whose answer takes longer than this is not live."""
PATIENT_SECONDS = 10
"""So long a reading may be waited for; a slow one still counts when it comes at last."""

FIELDS = ("state", "since", "sentence", "remedy", "taken_at", "beat_at", "asked_at")


@dataclass(frozen=True, slots=True)
class Status:
    """What the page says about how current it is; ``since`` is when it stopped being live."""

    state: State
    since: datetime | None = None
    sentence: str = ""
    remedy: str = ""


def read_status(engine_id: int) -> Status:
    """Say how current an engine's reading is, judged now."""
    with reaching() as client:
        return judge(client.hmget(name_key(engine_id), FIELDS), read_clock(client))


def note_status(
    engine_id: int,
    state: State,
    sentence: str = "",
    remedy: str = "",
) -> bool:
    """Keep what the watcher says; True when it differs.

    ``since`` is when it began or ceased to be live; other changes leave it.
    """
    key = name_key(engine_id)
    with reaching() as client:
        now = round(read_clock(client) * 1000)
        was, since, *said = client.hmget(key, ["state", "since", "sentence", "remedy"])
        is_same = [was, *said] == [state.encode(), sentence.encode(), remedy.encode()]
        if not since or (was == b"live") != (state == "live"):
            since = now
        fields = {"state": state, "since": since, "sentence": sentence, "remedy": remedy}
        client.hset(key, mapping={**fields, "beat_at": now})
    return not is_same


def note_beat(engine_id: int) -> None:
    """Note that the watcher of this engine is there."""
    with reaching() as client:
        client.hset(name_key(engine_id), "beat_at", round(read_clock(client) * 1000))


@contextmanager
def awaiting(engine_id: int) -> Iterator[float]:
    """Give the time by Redis's clock, and note that an answer is waited for since then.

    Forgotten when the answer has come; a failure is told by the status.
    """
    begun_at = note_asked(engine_id)
    yield begun_at
    with reaching() as client:
        client.hdel(name_key(engine_id), "asked_at")


def note_asked(engine_id: int) -> float:
    """Note that an answer of the engine is waited for from now on; give the time."""
    with reaching() as client:
        now = read_clock(client)
        client.hset(name_key(engine_id), "asked_at", round(now * 1000))
    return now


def judge(fields: Sequence[bytes | None], now: float) -> Status:
    """Judge the stored `FIELDS`: a silent watcher, an old reading or one that is long in coming
    is stale whatever was said.

    A reading that no watcher ever spoke of (the first moments, tests) is live while it is fresh.
    """
    said, since, sentence, remedy, taken_at, beat_at, asked_at = (field or b"" for field in fields)
    if not taken_at and not beat_at:
        return Status("unknown", None, UNREAD, NO_WATCHER)
    seen_seconds = now - max(read_seconds(taken_at), read_seconds(beat_at))
    if seen_seconds > DEAD_SECONDS:
        return Status("stale", read_time(taken_at or beat_at), SILENT, NO_WATCHER)
    if not taken_at and not said:
        return Status("unknown", None, UNREAD, "")
    state: State = said.decode() or "live"  # type: ignore[assignment]
    if state == "live" and asked_at and now - read_seconds(asked_at) > PATIENT_SECONDS:
        return Status("stale", read_time(asked_at), SLOW, "")
    if state == "live" and now - read_seconds(taken_at) > OLD_SECONDS:
        return Status("stale", read_time(taken_at), SLOW, "")
    return Status(state, read_time(since), sentence.decode(), remedy.decode())


UNREAD = "This engine has not been read yet."
SILENT = "The watcher does not show itself."
SLOW = "The engine takes long to answer."
NO_WATCHER = "Is the watcher running? Start it with: manage.py watch_engines"


def read_seconds(milliseconds: bytes) -> float:
    """Turn a stored stamp into seconds since 1970; nothing is long ago."""
    return int(milliseconds or b"0") / 1000


def read_time(milliseconds: bytes) -> datetime | None:
    """Turn a stored stamp into a time."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC) if milliseconds else None
