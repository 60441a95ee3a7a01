"""Look at what a plan touches, freshly, and leave the rest as it was last read."""

from __future__ import annotations

from collections.abc import Iterable

from netdash.engine.client import EngineClient, connect
from netdash.engine.details import add_details, take_details
from netdash.engine.errors import EngineError
from netdash.engine.joining import join
from netdash.engine.reader import take_containers, take_networks
from netdash.live import store
from netdash.live.connection import read_shared_clock
from netdash.live.refresh import MOST_INSPECTED, refresh
from netdash.models import Engine
from netdash.topology.changes import Change, RemoveNetwork
from netdash.topology.lookup import find_network
from netdash.topology.snapshot import Snapshot


def look(client: EngineClient, known: Snapshot, changes: Iterable[Change]) -> Snapshot:
    """Read all networks and the touched containers anew: two list calls, an inspect for each.

    Containers that are gone are gone from the answer; untouched ones stay as ``known`` has them.
    Raises EngineError.
    """
    ids = find_touched(known, changes)
    networks = take_networks(client)
    containers = take_containers(client, ids)
    others = tuple(one for one in known.containers if one.id not in ids)
    seen = join(networks, others + containers, known.engine)
    details = {}
    for container in containers:
        try:
            details[container.id] = take_details(client, container.id)
        except EngineError as error:
            if error.status_code != 404:
                raise
    return add_details(seen, details)


def look_again(engine: Engine, changes: Iterable[Change]) -> int:
    """Bring the stored reading up to date after changes, and return its version.

    A few touched containers are read alone; the watcher takes a whole reading anyway. Where
    somebody stored another reading meanwhile, or many are touched, everything is read. Raises
    EngineError or StoreAway.
    """
    stored, asked = store.latest(engine.pk), tuple(changes)
    if stored is None or len(find_touched(stored.snapshot, asked)) > MOST_INSPECTED:
        return refresh(engine)
    begun_at = read_shared_clock()
    seen = look(connect(engine), stored.snapshot, asked)
    version = store.save(engine.pk, seen, begun_at, based_on=stored.version)
    return version or refresh(engine)


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
