"""Wait until an engine is as foreseen, and find what a reading holds by name."""

from __future__ import annotations

from collections.abc import Callable

from netdash.engine.client import EngineClient
from netdash.topology.snapshot import Container, Network, Snapshot
from tests.alike import explain_difference, mask
from tests.engine.truth import read_all
from tests.waiting import wait_until


def wait_for_likeness(
    client: EngineClient,
    wanted: Snapshot,
    automatic: set[str],
    step: str,
    narrow: Callable[[Snapshot], Snapshot] = lambda whole: whole,
) -> Snapshot:
    """Read until the engine is as foreseen; say what differs if it never is."""
    last = [read_all(client)]
    goal = mask(narrow(wanted), automatic)

    def agrees() -> bool:
        if mask(narrow(last[0]), automatic) != goal:
            last[0] = read_all(client)
        return mask(narrow(last[0]), automatic) == goal

    try:
        wait_until(agrees, step, 20)
    except AssertionError as error:
        found = explain_difference(goal, mask(narrow(last[0]), automatic))
        raise AssertionError(f"{step}\n{found}") from error
    return last[0]


def find_network(snapshot: Snapshot, name: str) -> Network:
    return next(network for network in snapshot.networks if network.name == name)


def find_container(snapshot: Snapshot, name: str) -> Container:
    return next(container for container in snapshot.containers if container.name == name)
