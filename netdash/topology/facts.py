"""What a preview needs to know that no snapshot holds."""

from __future__ import annotations

from dataclasses import dataclass

from netdash.topology.snapshot import Container, Snapshot


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the place netdash runs in.

    ``own_ids`` are the containers netdash itself runs in (names, full ids, or the first 12
    characters as a container's host name has them), ``proxy_ids`` the proxies it counts on.
    ``is_swarm`` is None when nobody asked.
    """

    own_ids: tuple[str, ...] = ()
    proxy_ids: tuple[str, ...] = ()
    is_swarm: bool | None = None


NO_FACTS = Facts()
"""Nothing is known beside the snapshot."""


def is_listed(container: Container, words: tuple[str, ...]) -> bool:
    """Tell whether a container is meant by one of the names, ids or beginnings of ids."""
    return any(
        word == container.name or (len(word) >= 12 and container.id.startswith(word))
        for word in words
    )


def has_swarm(snapshot: Snapshot, facts: Facts) -> bool | None:
    """Tell whether the engine is in a swarm; None when unknown."""
    if facts.is_swarm is not None:
        return facts.is_swarm
    return True if any(network.is_ingress for network in snapshot.networks) else None
