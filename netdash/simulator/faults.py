"""What can go wrong, on demand: slowness, refusal, lost streams, a flood of events."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from netdash.simulator.events import EventLog
from netdash.simulator.refusals import Refusal


@dataclass
class Faults:
    """The faults of one simulated engine; all off at first."""

    events: EventLog
    restart: Callable[[float], None]
    """Go away and come back after so many seconds."""
    slow_seconds: float = 0.0
    is_refusing: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    def slow(self, seconds: float) -> None:
        """Let every answer wait that long; zero ends it."""
        self.slow_seconds = seconds

    def refuse(self, is_refusing: bool = True) -> None:
        """Answer everything with status 500 until told otherwise."""
        self.is_refusing = is_refusing

    def drop_events(self) -> int:
        """End every open event stream; say how many there were."""
        return self.events.drop_streams()

    def burst(self, count: int, container_id: str = "", name: str = "noise") -> None:
        """Publish many events at once, about one container: its health, again and again."""
        for number in range(count):
            health = ("healthy", "unhealthy")[number % 2]
            action = f"health_status: {health}"
            self.events.publish("container", action, container_id or "0" * 64, {"name": name})

    def clear(self) -> None:
        """End slowness and refusal."""
        self.slow_seconds, self.is_refusing = 0.0, False

    def strike(self) -> None:
        """Wait and refuse as told; called before every answer."""
        if self.slow_seconds:
            self.ended.wait(self.slow_seconds)
        if self.is_refusing:
            raise Refusal(500, "the simulated engine was told to refuse")
