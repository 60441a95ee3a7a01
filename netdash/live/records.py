"""What a watch remembers of its readings: whose details it asked for, which raw JSON it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netdash.live import store
from netdash.live.refresh import Signature, sign
from netdash.topology.snapshot import Snapshot


class Records:
    """The memory of one connection; with a new one everything is inspected again."""

    def __init__(self, engine_id: int) -> None:
        self._engine_id = engine_id
        self._signatures_by_id: dict[str, Signature] = {}
        self._raw_by_network_id: dict[str, Mapping[str, Any]] = {}
        self._kept_containers: set[str] | None = None
        self._kept_networks: set[str] | None = None

    def find_wanted(self, snapshot: Snapshot, touched: set[str]) -> tuple[list[str], list[str]]:
        """Find the containers to inspect: those an event named, and those that look changed."""
        signatures = {one.id: sign(one) for one in snapshot.containers}
        known, self._signatures_by_id = self._signatures_by_id, signatures
        urgent = [id_ for id_ in signatures if id_ in touched]
        changed = [id_ for id_, it in signatures.items() if known.get(id_) != it]
        self._kept_containers = self._drop_gone("container", self._kept_containers, set(signatures))
        return urgent, changed

    def keep_networks(self, raw_networks: Iterable[Mapping[str, Any]]) -> None:
        """Keep the JSON of networks that are new or different; note which are gone."""
        raw_by_id = {found["Id"]: found for found in raw_networks}
        known, self._raw_by_network_id = self._raw_by_network_id, raw_by_id
        changed = {id_: raw for id_, raw in raw_by_id.items() if known.get(id_) != raw}
        store.keep_raw(self._engine_id, "network", changed)
        self._kept_networks = self._drop_gone("network", self._kept_networks, set(raw_by_id))

    def _drop_gone(self, kind: str, kept: set[str] | None, present: set[str]) -> set[str]:
        """Let the JSON of what is gone expire; the first time ask the store what it keeps."""
        before = store.list_raw(self._engine_id, kind) if kept is None else kept
        store.drop_raw(self._engine_id, kind, before - present)
        return present
