"""Wait for what will come, however slow the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
LIMIT_SECONDS = 30


def wait_until(find: Callable[[], Found], what: str, seconds: float = LIMIT_SECONDS) -> Found:
    """Ask again and again until the answer is true-like, and return it."""
    end = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < end, f"waited {seconds} s in vain until {what}"
        time.sleep(0.02)
    return found
