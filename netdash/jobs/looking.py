"""Look at what a plan touches, freshly, and leave the rest as it was last read."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import replace

from netdash.engine.client import EngineClient, connect
from netdash.engine.commands import Outcome, take_container
from netdash.engine.joining import join
from netdash.engine.reader import take_networks
from netdash.live import store
from netdash.live.connection import read_shared_clock
from netdash.live.refresh import MOST_INSPECTED, refresh, save_on_newest
from netdash.models import Engine
from netdash.topology.changes import Change, RemoveNetwork
from netdash.topology.lookup import find_network
from netdash.topology.snapshot import Container, Network, Snapshot


def look(client: EngineClient, known: Snapshot, changes: Iterable[Change]) -> Snapshot:
    """Read all networks and the touched containers anew: one list call, an inspect for each.

    Containers that are gone are gone from the answer; untouched ones stay as ``known`` has them.
    Raises EngineError.
    """
    ids = find_touched(known, changes)
    networks = take_networks(client)
    return put_on(known, networks, take_touched(client, ids), ids)


def take_touched(client: EngineClient, ids: Iterable[str]) -> tuple[Container, ...]:
    """Inspect some containers; those that are gone are absent."""
    return tuple(found for one in sorted(ids) for found in take_container(client, one))


def put_on(
    known: Snapshot,
    networks: Iterable[Network],
    touched: Iterable[Container],
    ids: Collection[str],
) -> Snapshot:
    """Replace what was looked at; ``ids`` without a container in ``touched`` are gone."""
    seen = (carry_listed(one, known.containers_by_id.get(one.id)) for one in touched)
    others = (one for one in known.containers if one.id not in ids)
    return join(networks, (*others, *seen), known.engine)


def carry_listed(inspected: Container, known: Container | None) -> Container:
    """Name the image as a list does: by its id where the name has gone to another one."""
    return inspected if known is None else replace(inspected, image=known.image)


def look_again(engine: Engine, changes: Iterable[Change], outcome: Outcome | None = None) -> int:
    """Bring the stored reading up to date after changes, and return its version.

    A few touched containers are read alone; the watcher takes a whole reading anyway. Where
    many are touched, or somebody stored a later reading first, everything is read. ``outcome``,
    of the only change there was, saves to read again what its own last look has seen. Raises
    EngineError or StoreAway.
    """
    stored, client = store.latest(engine.pk), connect(engine)
    ids = find_touched(stored.snapshot, changes) if stored else frozenset()
    if stored is None or len(ids) > MOST_INSPECTED:
        return refresh(engine)
    begun_at = read_shared_clock()
    touched: tuple[Container, ...] = ()
    if outcome is not None and outcome.looked_at:
        begun_at -= time.monotonic() - outcome.looked_at
        networks = outcome.after.networks
        touched = tuple(one for one in outcome.after.containers if one.id in ids)
    else:
        networks = take_networks(client)
    touched += take_touched(client, ids - {one.id for one in touched})

    def update(base: Snapshot) -> Snapshot:
        return put_on(base, networks or base.networks, touched, ids)

    version, made = save_on_newest(engine.pk, update, begun_at)
    newest = store.latest(engine.pk)
    is_dropped = newest is not None and newest.snapshot != made
    return refresh(engine) if is_dropped else version


def find_touched(known: Snapshot, changes: Iterable[Change]) -> frozenset[str]:
    """List the ids of the containers that the changes name, or that lose a network by them."""
    ids = set()
    for change in changes:
        if isinstance(change, RemoveNetwork):
            network = find_network(known, change.network_id, change.network_name)
            members = known.members_by_network_id.get(network.id, ()) if network else ()
            ids |= {container.id for container, _ in members}
        else:
            ids.add(getattr(change, "container_id", ""))
    return frozenset(ids - {""})
