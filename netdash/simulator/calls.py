"""One request and its answer, free of HTTP's wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netdash.simulator.editions import Api
from netdash.simulator.filters import Filters, parse_filters
from netdash.simulator.refusals import Refusal
from netdash.simulator.state import EngineState, Json

if TYPE_CHECKING:
    from netdash.simulator.faults import Faults

Chunks = Iterator[bytes]
"""A streamed answer. An empty chunk means: nothing yet, see whether the client still listens."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: ``names`` are the parts of the path that its route leaves open."""

    state: EngineState
    faults: Faults
    api: Api
    query: dict[str, str] = field(default_factory=dict)
    raw_body: bytes = b""
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Say the one open part of the path."""
        return self.names[0]

    @property
    def filters(self) -> Filters:
        """Read the ``filters`` parameter."""
        return parse_filters(self.query.get("filters", ""))

    def flag(self, key: str) -> bool:
        """Read a parameter as Docker does: anything but these words is true."""
        return self.query.get(key, "").strip().lower() not in ("", "0", "no", "false", "none")

    def read_body(self) -> Json:
        """Read the JSON object of the body; an empty body is an empty object."""
        if not self.raw_body.strip():
            return {}
        start = "invalid JSON: " if self.state.edition.is_from(26) else ""
        try:
            body = json.loads(self.raw_body)
        except ValueError as error:
            is_short = isinstance(error, json.JSONDecodeError) and error.pos >= len(self.raw_body)
            said = "unexpected EOF" if is_short else f"invalid character: {error}"
            raise Refusal(400, start + said) from None
        if not isinstance(body, dict):
            raise Refusal(400, f"{start}json: cannot unmarshal {type(body).__name__}")
        return body


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: ``data`` as JSON, or ``text`` as it is."""

    status: int = 200
    data: object = None
    text: str | None = None
