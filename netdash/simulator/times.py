"""How Docker writes times: RFC 3339 with nanoseconds, and ages in words."""

from __future__ import annotations

from datetime import UTC, datetime

NEVER = "0001-01-01T00:00:00Z"

# Up to how many seconds an age is worded so; {n} counts whole units, {r} rounded ones.
AGES = (
    (1, 1, "Less than a second"),
    (2, 1, "1 second"),
    (60, 1, "{n} seconds"),
    (120, 60, "About a minute"),
    (3600, 60, "{n} minutes"),
    (5400, 3600, "About an hour"),
    (47.5 * 3600, 3600, "{r} hours"),
    (14 * 86400, 86400, "{n} days"),
    (60 * 86400, 7 * 86400, "{n} weeks"),
    (730 * 86400, 30 * 86400, "{n} months"),
    (float("inf"), 365 * 86400, "{n} years"),
)


def format_time(at: int) -> str:
    """Write nanoseconds since 1970 as the engine does; zero is Go's zero time."""
    if not at:
        return NEVER
    seconds, rest = divmod(at, 10**9)
    start = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{start}{fraction}Z"


def say_age(nanoseconds: int) -> str:
    """Word a duration as ``docker ps`` does (Go's units.HumanDuration)."""
    seconds = nanoseconds // 10**9
    unit, words = next((unit, words) for limit, unit, words in AGES if seconds < limit)
    return words.format(n=seconds // unit, r=int(seconds / unit + 0.5))
