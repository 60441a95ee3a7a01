"""What ``docker network prune`` would remove, and how a clean-up of ours differs.

As moby has it (``daemon/prune.go``): every network that is not Docker's own, holds no
configuration and has no live endpoint. What stopped containers name is not asked.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netdash.topology.candidates import SWARM_BRIDGE, Kind, Review
from netdash.topology.cleanup_filter import CleanupFilter, has_label, read_time
from netdash.topology.refusal import count, list_words
from netdash.topology.snapshot import BUILT_IN_NAMES, Network, Pairs, Snapshot

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """How Docker's prune and a review differ, in sentences with the names of the networks."""

    pruned: tuple[Network, ...] = ()
    """All that Docker would remove."""
    more: tuple[str, ...] = ()
    """What Docker would remove and the review does not, a sentence for each reason."""
    less: tuple[str, ...] = ()
    """What the review takes and Docker would leave."""

    @property
    def is_same(self) -> bool:
        """Tell whether both remove the same."""
        return not self.more and not self.less


def would_prune(
    snapshot: Snapshot,
    labels: Sequence[str] = (),
    not_labels: Sequence[str] = (),
    until: float | None = None,
) -> tuple[Network, ...]:
    """List what Docker's prune would remove, with its filters ``label``, ``label!``, ``until``.

    ``until`` in seconds since 1970: what was created later stays. Networks of a swarm are
    listed too; the swarm refuses those that a service uses, which no snapshot shows.
    """
    live_ids = {e.network_id for c in snapshot.containers for e in c.endpoints if e.is_live}
    if any(network.is_ingress for network in snapshot.networks):
        live_ids |= {one.id for one in snapshot.networks if one.name == SWARM_BRIDGE}
    return tuple(
        network
        for network in snapshot.networks
        if network.id not in live_ids
        and network.name not in (*BUILT_IN_NAMES, "default")
        and not network.is_ingress
        and not network.is_config_only
        and has_prune_labels(network.labels, labels, not_labels)
        and is_created_by(network, until)
    )


def has_prune_labels(held: Pairs, labels: Sequence[str], not_labels: Sequence[str]) -> bool:
    """Tell whether Docker's label filters let a network through.

    Of several ``label!`` a network must have all to be left out (moby ``matchLabels``).
    """
    has_all = all(has_label(held, wanted) for wanted in labels)
    return has_all and not (not_labels and all(has_label(held, one) for one in not_labels))


def is_created_by(network: Network, until: float | None) -> bool:
    """Tell whether a network was created before a time; Docker takes a time unknown as early."""
    created_at = read_time(network.created_at)
    return until is None or created_at is None or created_at <= until


def write_prune(wanted: CleanupFilter) -> str:
    """Write the nearest ``docker network prune`` command; it has no filter for the rest."""
    parts = ["docker", "network", "prune"]
    parts += [word for label in wanted.labels for word in ("--filter", f"label={label}")]
    parts += [word for label in wanted.not_labels for word in ("--filter", f"label!={label}")]
    if wanted.older_than_seconds:
        parts += ["--filter", f"until={wanted.older_than_seconds}s"]
    return shlex.join(parts)


def compare_prune(
    snapshot: Snapshot, wanted: CleanupFilter, found: Review, now: float
) -> Difference:
    """Compare a review with the nearest prune command."""
    until = now - wanted.older_than_seconds if wanted.older_than_seconds else None
    pruned = would_prune(snapshot, wanted.labels, wanted.not_labels, until)
    pruned_ids = {network.id for network in pruned}
    kind_by_id: dict[str, Kind] = {one.network.id: one.kind for one in found.spared}
    spared: dict[Kind, list[str]] = {}
    for network in pruned:
        if network.id in kind_by_id:
            spared.setdefault(kind_by_id[network.id], []).append(network.name)
    ours = [one.network for one in found.candidates if one.network.id not in pruned_ids]
    more = tuple(say_more(kind, names) for kind, names in spared.items())
    return Difference(pruned, more, tuple(list_less(ours)))


def say_more(kind: Kind, names: Sequence[str]) -> str:
    """Say what Docker would remove and netdash leaves, for one reason."""
    many = count(len(names), "network")
    which = list_words(names, SHOWN)
    them = "it" if len(names) == 1 else "them"
    reasons = {
        "stopped": f"{many} that stopped containers need, whose next start would fail: {which}",
        "running": f"{many} that running containers were created with or noted, whose restart"
        f" would fail: {which}",
        "keep": f"{many} that netdash.keep protects: {which}",
        "swarm": f"{many} of the swarm, unless a service uses {them}: {which}",
        "own": f"Swarm's bridge to this machine: {which}",
        "filter": f"{many} that your filters leave out and prune cannot: {which}",
        "configuration": f"{many} that others were made from: {which}",
    }
    return f"Docker would also remove {reasons[kind]}."


def list_less(networks: Sequence[Network]) -> Iterator[str]:
    """Say what netdash takes and Docker would leave."""
    held = [network.name for network in networks if network.is_config_only]
    rest = [network.name for network in networks if not network.is_config_only]
    if held:
        many = count(len(held), "unused configuration")
        yield f"Docker would leave {many}: {list_words(held, SHOWN)}."
    if rest:
        many = count(len(rest), "network")
        yield f"Docker would leave {many}: {list_words(rest, SHOWN)}."
