"""Values as Redis holds them, but for readings: JSON, compressed.

Nothing that could run is ever unpacked.
"""

from __future__ import annotations

import json
import zlib
from typing import Any


def pack(value: Any) -> bytes:
    """Turn a JSON-ready value into bytes; equal values give equal bytes."""
    return zlib.compress(serialize(value), 1)  # fast rather than small


def unpack(data: bytes) -> Any:
    """Turn the bytes back."""
    return json.loads(zlib.decompress(data))


def serialize(value: Any) -> bytes:
    """Write JSON with sorted keys and without spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
