"""Take, complete, save, publish: the one way a reading gets into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from netdash.engine.client import EngineClient, connect, read_facts
from netdash.engine.details import add_details, take_details
from netdash.engine.errors import EngineError
from netdash.engine.reader import take_snapshot
from netdash.live import store
from netdash.live.connection import read_shared_clock
from netdash.models import Engine
from netdash.topology.snapshot import Container, Endpoint, EngineFacts, Snapshot

MOST_INSPECTED = 8
"""Containers whose details a refresh reads by itself; the watcher reads the others."""


def refresh(engine: Engine) -> int:
    """Read an engine now and return the version; raises EngineError or StoreAway.

    Two list calls, and an inspect of each container that this reading shows changed (a few at
    most; the watcher completes the rest in the background).
    """
    client, stored = connect(engine), store.latest(engine.pk)
    facts = stored.snapshot.engine if stored else EngineFacts()
    begun_at = read_shared_clock()
    snapshot = take_snapshot(client, facts if facts.version else read_facts(client))
    if stored is not None:
        snapshot = carry_details(snapshot, stored.snapshot)
        changed = list(find_changed(snapshot, stored.snapshot))[:MOST_INSPECTED]
        snapshot = inspect(client, snapshot, changed)
    return store.save(engine.pk, snapshot, begun_at)


def save_on_newest(
    engine_id: int, change: Callable[[Snapshot], Snapshot], begun_at: float | None = None
) -> tuple[int, Snapshot]:
    """Save a changed form of the stored snapshot; again when somebody stored another meanwhile.

    Without ``begun_at`` the reading stays as old as it was. Gives the version that is stored now
    and what was made; that is not kept where a later reading is there.
    """
    while True:
        stored = store.latest(engine_id)
        snapshot = change(stored.snapshot if stored else Snapshot())
        if begun_at is None and stored is None:
            return 0, snapshot
        at = begun_at if begun_at is not None or stored is None else stored.taken_at.timestamp()
        version = store.save(engine_id, snapshot, at, stored.version if stored else 0)
        if version:
            return version, snapshot


def inspect(client: EngineClient, snapshot: Snapshot, ids: Iterable[str]) -> Snapshot:
    """Complete these containers; one that vanished meanwhile stays as the list said."""
    details = {}
    for id_ in ids:
        try:
            details[id_] = take_details(client, id_)
        except EngineError as error:
            if error.status_code != 404:
                raise
    return add_details(snapshot, details)


Signature = tuple[object, ...]


def sign(container: Container) -> Signature:
    """Sum up what a list shows of a container whose details may have changed with it."""
    places = tuple((one.network_id, one.network_name, one.id) for one in container.endpoints)
    return (container.name, container.is_running, places)


def find_changed(snapshot: Snapshot, earlier: Snapshot) -> Iterable[str]:
    """List the ids of containers that are new or whose signature differs."""
    for container in snapshot.containers:
        before = earlier.containers_by_id.get(container.id)
        if before is None or sign(before) != sign(container):
            yield container.id


def carry_details(snapshot: Snapshot, earlier: Snapshot) -> Snapshot:
    """Complete a reading from lists with the details known before, until they are read anew."""
    containers = tuple(
        carry(container, earlier.containers_by_id.get(container.id))
        for container in snapshot.containers
    )
    return replace(snapshot, containers=containers)


def carry(container: Container, earlier: Container | None) -> Container:
    """Complete one container."""
    if earlier is None or earlier is container or earlier.started_at is None:
        return container
    known = {(one.network_id, one.network_name): one for one in earlier.endpoints}
    endpoints = tuple(
        carry_endpoint(one, known.get((one.network_id, one.network_name)))
        for one in container.endpoints
    )
    return replace(
        container,
        started_at=earlier.started_at,
        wanted_ports=earlier.wanted_ports,
        endpoints=endpoints,
    )


def carry_endpoint(endpoint: Endpoint, earlier: Endpoint | None) -> Endpoint:
    """Complete one endpoint."""
    if earlier is None or earlier.aliases is None:
        return endpoint
    return replace(
        endpoint,
        aliases=earlier.aliases,
        dns_names=earlier.dns_names,
        static_ipv4=earlier.static_ipv4,
        static_ipv6=earlier.static_ipv6,
        link_local=earlier.link_local,
        driver_options=earlier.driver_options,
    )
