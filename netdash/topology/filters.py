"""Which containers and networks a reader wants to see.

Kinds of wish are joined by *and*, several wishes of one kind by *or*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Filter:
    """Wishes; an empty one asks for everything.

    ``projects`` holds Compose projects, ``""`` for containers of none. ``networks`` holds ids.
    ``states`` holds states and healths. ``labels`` holds (key, value), ``""`` for any value.
    """

    projects: frozenset[str] = NOTHING
    networks: frozenset[str] = NOTHING
    drivers: frozenset[str] = NOTHING
    states: frozenset[str] = NOTHING
    labels: frozenset[tuple[str, str]] = frozenset()
    text: str = ""
    hides_built_in: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether it lets everything through."""
        return self == Filter()

    @property
    def asks_for_containers(self) -> bool:
        """Tell whether only containers can answer it: networks follow their members."""
        return bool(self.states)


def narrow(snapshot: Snapshot, wanted: Filter) -> Snapshot:
    """Keep what matches, and around it what it takes to show it truthfully.

    A container keeps all its networks, so that one that bridges still does; the owner of a
    shared network stack stays with its companions. Hidden built-in networks take their
    endpoints along, and the containers that stand nowhere else.
    """
    if wanted.is_empty:
        return snapshot
    if wanted.hides_built_in:
        snapshot = hide_built_in(snapshot)
    kept_ids = {c.id for c in snapshot.containers if matches_container(snapshot, c, wanted)}
    owner_ids = {snapshot.containers_by_id[key].owner_id for key in kept_ids}
    containers = tuple(c for c in snapshot.containers if c.id in kept_ids or c.id in owner_ids)
    touched = {e.network_id for c in containers for e in c.endpoints}
    networks = tuple(
        n for n in snapshot.networks if n.id in touched or matches_network(snapshot, n, wanted)
    )
    return Snapshot(networks, containers, snapshot.engine)


def hide_built_in(snapshot: Snapshot) -> Snapshot:
    """Drop bridge, host, none and ingress, and the containers that stand only there."""
    hidden = {n.id for n in snapshot.networks if n.is_built_in}
    containers = []
    for container in snapshot.containers:
        endpoints = tuple(e for e in container.endpoints if e.network_id not in hidden)
        if endpoints or container.is_sharing:
            is_whole = len(endpoints) == len(container.endpoints)
            containers.append(container if is_whole else replace(container, endpoints=endpoints))
    networks = tuple(n for n in snapshot.networks if n.id not in hidden)
    kept_ids = {c.id for c in containers}
    shown = [c for c in containers if not c.is_sharing or c.owner_id in kept_ids]
    return Snapshot(networks, tuple(shown), snapshot.engine)


def matches_container(snapshot: Snapshot, container: Container, wanted: Filter) -> bool:
    """Tell whether a container answers every wish."""
    endpoints = find_endpoints(snapshot, container)
    return (
        (not wanted.projects or container.project in wanted.projects)
        and (not wanted.networks or any(e.network_id in wanted.networks for e in endpoints))
        and (not wanted.drivers or has_driver(snapshot, endpoints, wanted.drivers))
        and (not wanted.states or bool({container.state, container.health} & wanted.states))
        and has_labels(container.labels, wanted.labels)
        and (not wanted.text or wanted.text.casefold() in find_words(snapshot, container))
    )


def matches_network(snapshot: Snapshot, network: Network, wanted: Filter) -> bool:
    """Tell whether a network answers every wish by itself, members or not."""
    return (
        not wanted.asks_for_containers
        and not (wanted.hides_built_in and network.is_built_in)
        and (not wanted.projects or network.project in wanted.projects)
        and (not wanted.networks or network.id in wanted.networks)
        and (not wanted.drivers or network.driver in wanted.drivers)
        and has_labels(network.labels, wanted.labels)
        and (not wanted.text or wanted.text.casefold() in find_network_words(network))
    )


def find_endpoints(snapshot: Snapshot, container: Container) -> tuple[Endpoint, ...]:
    """List the endpoints it uses: its own, or those of the owner of its network stack."""
    owner = snapshot.containers_by_id.get(container.owner_id)
    return owner.endpoints if owner else container.endpoints


def find_words(snapshot: Snapshot, container: Container) -> str:
    """Join what the search box searches of a container, one fact a line, case folded."""
    facts: list[str] = [container.name, container.image, container.id[:12]]
    for endpoint in find_endpoints(snapshot, container):
        facts += [endpoint.network_name, endpoint.ipv4, endpoint.ipv6, endpoint.mac]
        facts += endpoint.aliases or ()
    facts += [f"{key}={value}" for key, value in container.labels]
    facts += [f":{p.host_port}" for p in container.ports if p.host_port is not None]
    return join_words(facts)


def find_network_words(network: Network) -> str:
    """Join what the search box searches of a network, one fact a line, case folded."""
    facts: list[str] = [network.name, network.driver, network.id[:12]]
    for subnet in network.subnets:
        facts += [subnet.cidr, subnet.gateway]
    facts += [f"{key}={value}" for key, value in network.labels]
    return join_words(facts)


def join_words(facts: Iterable[str]) -> str:
    """Join facts, the empty ones left out."""
    return "\n".join(fact for fact in facts if fact).casefold()


def has_driver(snapshot: Snapshot, endpoints: Iterable[Endpoint], drivers: frozenset[str]) -> bool:
    """Tell whether one of the endpoints is on a network of one of the drivers."""
    networks = (snapshot.networks_by_id.get(e.network_id) for e in endpoints)
    return any(network is not None and network.driver in drivers for network in networks)


def has_labels(labels: tuple[tuple[str, str], ...], wanted: frozenset[tuple[str, str]]) -> bool:
    """Tell whether one of the wanted labels is there; ``""`` asks for the key alone."""
    values = dict(labels)
    return not wanted or any(key in values and value in ("", values[key]) for key, value in wanted)
