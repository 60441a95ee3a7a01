"""Which networks can go, why, what speaks against it, and why the others stay.

Docker's own prune looks at live endpoints only and takes the networks of stopped containers,
whose next start then fails. Here whatever any container names stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from netdash.topology import cleanup_words as words
from netdash.topology.changes import Plan, RemoveNetwork, Step
from netdash.topology.cleanup_filter import (
    NO_MEMORY,
    CleanupFilter,
    Memory,
    UnreadableFilterError,
    decode_filter,
    encode_filter,
    find_mismatch,
    read_time,
)
from netdash.topology.naming import Naming, Way, find_namings
from netdash.topology.refusal import count
from netdash.topology.snapshot import BUILT_IN_NAMES, Network, Snapshot

__all__ = [
    "KEEP_LABEL",
    "NO_MEMORY",
    "Candidate",
    "CleanupFilter",
    "Memory",
    "Review",
    "Spared",
    "UnreadableFilterError",
    "decode_filter",
    "encode_filter",
    "find_candidates",
    "find_spared",
    "plan_cleanup",
    "review",
    "review_one",
]

KEEP_LABEL = "netdash.keep"
"""A network with this label, whatever its value, never goes."""
SWARM_BRIDGE = "docker_gwbridge"
YOUNG_SECONDS = 3600
Kind = Literal["own", "keep", "swarm", "running", "stopped", "configuration", "filter"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network that can go: why, and what speaks against it nevertheless."""

    network: Network
    reason: str
    doubts: tuple[str, ...] = ()
    last_used_at: float | None = None


@dataclass(frozen=True, slots=True)
class Spared:
    """A network that stays, and why."""

    network: Network
    why: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Review:
    """All networks of a snapshot, parted; both in order of name, then id."""

    candidates: tuple[Candidate, ...] = ()
    spared: tuple[Spared, ...] = ()


def find_candidates(
    snapshot: Snapshot, wanted: CleanupFilter, now: float, memory: Memory = NO_MEMORY
) -> tuple[Candidate, ...]:
    """List the networks that can go; ``now`` in seconds since 1970."""
    return review(snapshot, wanted, now, memory).candidates


def find_spared(
    snapshot: Snapshot, wanted: CleanupFilter, now: float, memory: Memory = NO_MEMORY
) -> tuple[Spared, ...]:
    """List the networks that stay, each with its strongest reason."""
    return review(snapshot, wanted, now, memory).spared


def plan_cleanup(candidates: Iterable[Candidate]) -> Plan:
    """Make the plan that removes these networks, by id."""
    steps = tuple(
        Step(RemoveNetwork(found.network.id, found.network.name), found.reason)
        for found in candidates
    )
    return Plan(steps, f"Clean up {count(len(steps), 'network')}")


def review(
    snapshot: Snapshot, wanted: CleanupFilter, now: float, memory: Memory = NO_MEMORY
) -> Review:
    """Part the networks into those that can go and those that stay."""
    basis = Basis(snapshot)
    candidates, spared = [], []
    for network in snapshot.networks:
        stays = basis.spare(network, wanted.ignores_stopped)
        mismatch = "" if stays else find_mismatch(network, wanted, now, memory)
        if stays is not None:
            spared.append(stays)
        elif mismatch:
            spared.append(Spared(network, mismatch, "filter"))
        else:
            used_at = memory.last_used_at_by_network_id.get(network.id)
            doubts = tuple(basis.list_doubts(network, now, used_at))
            candidates.append(Candidate(network, basis.say_reason(network), doubts, used_at))
    return Review(tuple(candidates), tuple(spared))


def review_one(snapshot: Snapshot, network: Network, wanted: CleanupFilter) -> Spared | None:
    """Say why one network stays; None when it can go. Spans of time need a whole review."""
    if stays := Basis(snapshot).spare(network, wanted.ignores_stopped):
        return stays
    mismatch = find_mismatch(network, wanted, now=0)
    return Spared(network, mismatch, "filter") if mismatch else None


class Basis:
    """What is looked up for every network, gathered once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.namings = find_namings(snapshot)
        self.project_sizes = Counter(found.project for found in snapshot.containers)
        self.made_from = index_made(snapshot)

    def spare(self, network: Network, ignores_stopped: bool) -> Spared | None:
        """Say why a network stays whatever is asked; None when it may go."""
        kind_and_why = next(self._list_ties(network, ignores_stopped), None)
        return Spared(network, kind_and_why[1], kind_and_why[0]) if kind_and_why else None

    def _list_ties(self, network: Network, ignores_stopped: bool) -> Iterator[tuple[Kind, str]]:
        namings = self.namings.get(network.id, ())
        if reason := say_own(network):
            yield "own", reason
        if any(key == KEEP_LABEL for key, _ in network.labels):
            yield "keep", words.say_keep(KEEP_LABEL)
        if running := [one for one in namings if one.is_running]:
            yield "running", say_running(running)
        if network.scope not in ("local", ""):
            yield "swarm", words.say_swarm_scope(network.driver)
        if namings and not ignores_stopped:
            yield "stopped", words.say_stopped_name(list_names(namings))
        if made := self.made_from.get(network.name):
            yield "configuration", words.say_configuration_used(made)

    def say_reason(self, network: Network) -> str:
        """Say why a network may go."""
        if namings := self.namings.get(network.id):
            return words.say_only_stopped(len(namings))
        if network.is_config_only:
            return words.say_configuration_unused()
        if network.project and not self.project_sizes[network.project]:
            return words.say_left_over(network.project)
        return words.say_unnamed()

    def list_doubts(self, network: Network, now: float, used_at: float | None) -> Iterator[str]:
        """List what speaks against removing a network that may go."""
        if namings := self.namings.get(network.id):
            yield words.say_stopped_lose(list_names(namings))
        if network.project and (number := self.project_sizes[network.project]):
            yield words.say_project_lives(network.project, number)
        if network.is_config_only:
            yield words.say_configuration()
        created_at = read_time(network.created_at)
        if created_at is None:
            yield words.say_age_not_known()
        elif created_at > now - YOUNG_SECONDS:
            yield words.say_young(max(now - created_at, 0))
        if used_at is not None and used_at > now - YOUNG_SECONDS:
            yield words.say_left_lately(max(now - used_at, 0))


def index_made(snapshot: Snapshot) -> Mapping[str, list[str]]:
    """Map the name of each configuration to the networks made from it."""
    made: dict[str, list[str]] = {}
    for network in snapshot.networks:
        if network.config_from:
            made.setdefault(network.config_from, []).append(network.name)
    return made


def say_own(network: Network) -> str:
    """Say that a network is Docker's own; empty when it is not."""
    if network.is_ingress:
        return words.say_ingress()
    if network.name in BUILT_IN_NAMES:
        return words.say_predefined()
    return words.say_swarm_bridge() if network.name == SWARM_BRIDGE else ""


def say_running(namings: Sequence[Naming]) -> str:
    """Say which running containers hold a network, those that are on it first."""
    on_it = [one for one in namings if one.way is Way.ENDPOINT]
    if on_it:
        return words.say_running_use(list_names(on_it))
    return words.say_running_name(list_names(namings))


def list_names(namings: Iterable[Naming]) -> tuple[str, ...]:
    """List the names of the containers, in order."""
    return tuple(sorted(one.container.name for one in namings))
