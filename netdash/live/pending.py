"""What events asked to be read, until it has been read and shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from netdash.engine.events import EngineEvent
from netdash.live.announced import WANTS_DETAILS, Subject, is_shown, name_subject
from netdash.topology.snapshot import Snapshot

PATIENCE_SECONDS = 1.0
"""After this the reading is believed, whatever an event had announced."""


@dataclass
class Pending:
    """Gathered doorbells; not frozen, because it lives as long as the stream."""

    container_ids: set[str] = field(default_factory=set)
    has_networks: bool = False
    inspected_ids: set[str] = field(default_factory=set)
    """Containers whose details an event may have changed."""
    announced: dict[Subject, tuple[EngineEvent, float]] = field(default_factory=dict)
    """The last event on each subject, and until when its showing is waited for."""
    is_overdue: bool = False
    """The last reading did not show everything that had been announced before it."""

    def __bool__(self) -> bool:
        return bool(self.container_ids or self.has_networks)

    def add(self, events: Iterable[EngineEvent], now: float) -> None:
        """Gather events; the last one on a subject counts."""
        for event in events:
            self.touch(event)
            if event.action in WANTS_DETAILS and event.container_id:
                self.inspected_ids.add(event.container_id)
            self.announced[name_subject(event)] = (event, now + PATIENCE_SECONDS)

    def touch(self, event: EngineEvent) -> None:
        """Note what has to be read for an event."""
        if event.container_id:
            self.container_ids.add(event.container_id)
        else:
            self.has_networks = True

    def settle(self, snapshot: Snapshot, now: float) -> None:
        """Forget what a reading made since shows; ask again for the rest while patience lasts."""
        self.container_ids, self.has_networks = set(), False
        self.announced = {
            subject: (event, until)
            for subject, (event, until) in self.announced.items()
            if now < until and not is_shown(event, snapshot)
        }
        self.is_overdue = bool(self.announced)
        for event, _ in self.announced.values():
            self.touch(event)

    def take_inspected(self) -> set[str]:
        """Give the containers to inspect, once."""
        ids, self.inspected_ids = self.inspected_ids, set()
        return ids
