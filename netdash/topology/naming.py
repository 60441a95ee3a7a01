"""Which containers name a network: by an endpoint, by its name alone, or by their mode.

Removing a network is felt by all of them: a stopped container starts by the name it noted, and
Engine 26 on also needs the network that it was created with.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from netdash.topology.modes import ALWAYS_THERE
from netdash.topology.snapshot import Container, Network, Snapshot


class Way(IntEnum):
    """How a container names a network, the strongest first."""

    ENDPOINT = 1
    """It has a live endpoint there."""
    NOTE = 2
    """It has noted the network and is to be on it once it starts."""
    MODE = 3
    """It was created with the network."""


@dataclass(frozen=True, slots=True)
class Naming:
    """One container that names a network, by the strongest of its ways."""

    container: Container
    way: Way

    @property
    def is_running(self) -> bool:
        """Tell whether the container runs, or holds a live endpoint whatever it says."""
        return self.container.is_running or self.way is Way.ENDPOINT


def find_namings(snapshot: Snapshot) -> Mapping[str, tuple[Naming, ...]]:
    """Map each network that some container names to those containers, in name order.

    A word counts as the engine takes it: an id, a name, or else the beginning of an id. Of
    networks that share a name all are named, since nobody can tell which one is meant.
    """
    finder = Finder(snapshot.networks)
    found: dict[str, dict[str, Naming]] = {}
    for container in snapshot.containers:
        for word, way in list_words(container):
            for network_id in finder.find(word):
                known = found.setdefault(network_id, {})
                if container.id not in known or way < known[container.id].way:
                    known[container.id] = Naming(container, way)
    return {network_id: tuple(known.values()) for network_id, known in found.items()}


def find_used(snapshot: Snapshot) -> frozenset[str]:
    """Find the ids of the networks that running containers name.

    The same as ``find_namings`` says, but each word is looked at once: this is asked of every
    reading that differs.
    """
    words: set[str] = set()
    for container in snapshot.containers:
        is_running = container.is_running
        for endpoint in container.endpoints:
            if is_running or endpoint.id:
                words.add(endpoint.network_id)
            if is_running:
                words.add(endpoint.network_name)
        if is_running and not container.is_sharing:
            words.add(container.network_mode)
    finder = Finder(snapshot.networks)
    return frozenset(found for word in words - ALWAYS_THERE for found in finder.find(word))


def list_words(container: Container) -> Iterator[tuple[str, Way]]:
    """List every word by which a container names networks."""
    for endpoint in container.endpoints:
        if endpoint.is_live and endpoint.network_id:
            yield endpoint.network_id, Way.ENDPOINT
            yield endpoint.network_name, Way.NOTE
        else:
            way = Way.ENDPOINT if endpoint.is_live else Way.NOTE
            yield endpoint.network_id, way
            yield endpoint.network_name, way
    if container.network_mode not in ALWAYS_THERE and not container.is_sharing:
        yield container.network_mode, Way.MODE


class Finder:
    """Finds networks by the words containers use for them; each word is looked up once."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self.ids = sorted(network.id for network in networks)
        self.known: dict[str, tuple[str, ...]] = {"": ()}
        for network in networks:
            self.known[network.name] = (*self.known.get(network.name, ()), network.id)
        for network_id in self.ids:
            others = self.known.get(network_id, ())
            self.known[network_id] = tuple(dict.fromkeys((network_id, *others)))

    def find(self, word: str) -> tuple[str, ...]:
        """List the ids of the networks that a word may mean."""
        if word not in self.known:
            self.known[word] = tuple(self._find_begun(word))
        return self.known[word]

    def _find_begun(self, word: str) -> Iterator[str]:
        for network_id in self.ids[bisect_left(self.ids, word) :]:
            if not network_id.startswith(word):
                return
            yield network_id
