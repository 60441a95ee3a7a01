"""The images that a simulated engine knows: names, for nothing ever runs."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

COMMON_IMAGES = ("busybox:local", "busybox:latest", "alpine:latest", "nginx:latest")
SLEEPER = {"Cmd": ["sleep", "1000000"], "Env": ["PATH=/bin"], "StopSignal": "SIGKILL"}
"""What containers of ``busybox:local`` do: sleep, and end at once when they are stopped."""


def find_image_config(reference: str) -> dict[str, Any]:
    """Say what an image gives to its containers."""
    return SLEEPER if reference == "busybox:local" else {"Cmd": ["serve"], "Env": []}


def make_image_id(reference: str) -> str:
    """Make the id of an image."""
    return f"sha256:{sha256(reference.encode()).hexdigest()}"
