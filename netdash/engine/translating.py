"""Elements of a list translated once, and again only where the engine words them otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from netdash.topology.snapshot import Container, Network

Raw = Mapping[str, Any]
Thing = TypeVar("Thing", Container, Network)


@dataclass(slots=True)
class Known(Generic[Thing]):
    """The elements of the last reading, as they came and as they were translated, by id."""

    by_id: dict[str, tuple[Raw, Thing]] = field(default_factory=dict)

    def translate(self, listed: Iterable[Raw], parse: Callable[[Raw], Thing]) -> tuple[Thing, ...]:
        """Translate each element, or give back what an equal one was translated to.

        Comparing takes a sixth of the time of translating, and between two readings hardly
        anything differs. What is no longer listed is forgotten.
        """
        before, now = self.by_id, dict[str, tuple[Raw, Thing]]()
        for raw in listed:
            known = before.get(raw["Id"])
            now[raw["Id"]] = known if known and known[0] == raw else (raw, parse(raw))
        self.by_id = now
        return tuple([thing for _, thing in now.values()])


@dataclass(slots=True)
class Translation:
    """What is known of an engine's two lists."""

    networks: Known[Network] = field(default_factory=Known)
    containers: Known[Container] = field(default_factory=Known)
