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
from netdash.topology.reachability import counts, find_member_ids
from netdash.topology.snapshot import Container, Network, Snapshot

Answers = frozenset[tuple[str, str]]
"""Names, each with the id of the container that it leads to."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The names that the networks of a snapshot answer to, by network and container."""

    snapshot: Snapshot
    known: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def look_up(self, network_id: str, ids: Set[str]) -> Answers:
        """List what somebody on a network resolves of some containers."""
        here = self._read(network_id)
        return frozenset((name, found) for found in here.keys() & ids for name in here[found])

    def know(self, network_ids: Iterable[str], but: Set[str] = frozenset()) -> set[str]:
        """List the names that somebody on these networks resolves, whomever they lead to."""
        known: set[str] = set()
        for network_id in network_ids:
            here = self._read(network_id)
            known.update(*(names for found, names in here.items() if found not in but))
        return known

    def find_held(self, names: Set[str]) -> dict[str, set[str]]:
        """Map networks to those of the names that somebody on them answers to."""
        held: dict[str, set[str]] = {}
        for container in self.snapshot.containers:
            for endpoint in container.endpoints:
                others = endpoint.dns_names or endpoint.aliases or ()
                if container.name in names or not names.isdisjoint(others):
                    here = self._read(endpoint.network_id).get(container.id, ())
                    held.setdefault(endpoint.network_id, set()).update(names & set(here))
        return held

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

    A name that resolves on both sides, if over another network or to another container, is not
    told.
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
    answers = here.look_up(network.id, own)
    known = dict.fromkeys(others, frozenset[str]())
    for place, names in there.find_held({name for name, _ in answers}).items():
        for container_id in others & find_member_ids(there.snapshot, place):
            known[container_id] |= names
    asked: dict[frozenset[str], set[str]] = {}
    for container_id, old in known.items():
        asked.setdefault(old, set()).add(container_id)
    return {leave_out(answers, old): who for old, who in asked.items()}


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
    answers = here.look_up(network.id, whom)
    asked: dict[Answers, set[str]] = {}
    for group in groups:
        members = own & {container.id for container in group.members}
        places = group.before if is_gain else group.after
        single = members if len(members) == 1 else set()  # its own name is no news, if told
        new = leave_out(answers, there.know(places, but=single))
        if any(container_id not in single for _, container_id in new):
            asked.setdefault(new, set()).update(members)
    return asked


def leave_out(answers: Answers, names: Set[str]) -> Answers:
    """Leave out what leads somewhere before and after, be it to another container."""
    return frozenset(answer for answer in answers if answer[0] not in names)


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
