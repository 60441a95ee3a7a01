"""Which names a change makes resolve, and which no longer do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from netdash.topology.lookup import is_user_defined
from netdash.topology.meetings import MOST
from netdash.topology.names import list_dns_names
from netdash.topology.reach_changes import (
    Group,
    find_moved,
    group_touched,
    list_networks,
    make_names,
)
from netdash.topology.reach_words import SHOWN, NameChange, Names
from netdash.topology.reachability import counts, find_member_ids, find_network_ids
from netdash.topology.snapshot import Container, Network, Snapshot

Answers = frozenset[tuple[str, str]]
"""Names, each with the id of the container that it leads to."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The names that the networks of a snapshot answer to, by network and container."""

    snapshot: Snapshot
    known: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def look_up(self, network_ids: Iterable[str], ids: Set[str]) -> Answers:
        """List what somebody on these networks resolves of some containers."""
        names = [self._read(network_id) for network_id in network_ids]
        return frozenset(
            (name, found) for here in names for found in here.keys() & ids for name in here[found]
        )

    def _read(self, network_id: str) -> dict[str, tuple[str, ...]]:
        if network_id not in self.known:
            network = self.snapshot.networks_by_id.get(network_id)
            members = self.snapshot.members_by_network_id.get(network_id, ())
            self.known[network_id] = {
                container.id: list_dns_names(container, endpoint, network)
                for container, endpoint in members
                if network is not None and counts(container, endpoint)
            }
        return self.known[network_id]


def compare_names(
    before: Snapshot, after: Snapshot, touched: Iterable[Container]
) -> tuple[NameChange, ...]:
    """List which names resolve from now on and which no longer, by network.

    What resolves on both sides, if over another network, is not told.
    """
    groups = group_touched(before, after, touched)
    old, new = Directory(before), Directory(after)
    found: list[NameChange] = []
    for is_gain, here, there in ((False, old, new), (True, new, old)):
        moved = find_moved(groups, is_gain)
        for network in list_networks(here.snapshot, moved):
            if not is_user_defined(network):
                continue
            own = moved[network.id]
            others = find_member_ids(here.snapshot, network.id) - own
            for asked in (
                _ask_for_moved(here, there, network, own, others),
                _ask_by_moved(here, there, network, groups, own, others, is_gain),
            ):
                found += _tell(here.snapshot, network, asked, is_gain)
    return tuple(found)


def _ask_for_moved(
    here: Directory, there: Directory, network: Network, own: Set[str], others: Set[str]
) -> dict[Answers, set[str]]:
    """Map what the others learn, or forget, of those who move to who does."""
    answers = here.look_up([network.id], own)
    moved = [there.snapshot.containers_by_id[container_id] for container_id in own]
    shared = frozenset().union(*(find_network_ids(there.snapshot, found) for found in moved))
    known: dict[frozenset[str], Answers] = {}
    asked: dict[Answers, set[str]] = {}
    for container_id in others:
        container = there.snapshot.containers_by_id[container_id]
        places = shared & find_network_ids(there.snapshot, container)
        if places not in known:
            known[places] = answers - there.look_up(places, own)
        asked.setdefault(known[places], set()).add(container_id)
    return asked


def _ask_by_moved(
    here: Directory,
    there: Directory,
    network: Network,
    groups: Iterable[Group],
    own: Set[str],
    others: Set[str],
    is_gain: bool,
) -> dict[Answers, set[str]]:
    """Map what those who move learn, or forget, of the others and of each other to who does."""
    whom = others | own if len(own) > 1 else others
    answers = here.look_up([network.id], whom)
    asked: dict[Answers, set[str]] = {}
    for group in groups:
        members = own & {container.id for container in group.members}
        places = group.before if is_gain else group.after
        single = members if len(members) == 1 else set()  # its own name is no news, if told
        new = answers - there.look_up(places, whom - single)
        if any(container_id not in single for _, container_id in new):
            asked.setdefault(new, set()).update(members)
    return asked


def _tell(
    snapshot: Snapshot, network: Network, asked: dict[Answers, set[str]], is_gain: bool
) -> Iterator[NameChange]:
    """Tell of each group that learns the same; of too many at once, with who learns what open."""
    told = [(who, answers) for answers, who in asked.items() if answers and who]
    is_partial = len(told) > MOST
    if is_partial:
        told = [
            (set().union(*(who for who, _ in told)), frozenset().union(*(new for _, new in told)))
        ]
    for who, answers in sorted(told, key=lambda one: (-len(one[1]), min(one[0]))):
        names = sorted({name for name, found in answers if {found} != who})
        listed = Names(len(names), tuple(names[:SHOWN]))
        yield NameChange(is_gain, network.name, make_names(snapshot, who), listed, is_partial)
