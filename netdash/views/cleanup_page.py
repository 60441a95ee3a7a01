"""What the clean-up page shows: candidates as rows, who stays and why, Docker's own prune."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict

from netdash.forms.cleanup import CleanupForm, as_initial, as_query, read_filter
from netdash.topology.candidates import (
    Candidate,
    CleanupFilter,
    Kind,
    Memory,
    Review,
    Spared,
    review,
)
from netdash.topology.cleanup_words import say_span
from netdash.topology.pruning import Difference, compare_prune, write_prune
from netdash.topology.snapshot import Network, Snapshot

from .words import parse_time, say_count, say_number

ROWS = 200
DAY = 86400
DOCKER = "docker"
"""The value of ``preset`` that shows Docker's own prune beside the review."""
BLANK = {name: field.clean("") for name, field in CleanupForm.base_fields.items()}
"""What every filter means that is not filled in."""
KINDS: dict[Kind, str] = {
    "running": "in use",
    "stopped": "needed by stopped containers",
    "filter": "left out by the filters",
    "keep": "protected by a label",
    "own": "Docker's own",
    "swarm": "of the swarm",
    "configuration": "used configurations",
}


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice of filters with a name."""

    title: str
    query: str
    help: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate in the table."""

    network: Network
    reason: str
    doubts: tuple[str, ...]
    cidrs: tuple[str, ...]
    created_at: datetime | None
    age_words: str
    used_words: str
    short_id: str
    """Shown when another network has the same name."""

    @property
    def is_ticked(self) -> bool:
        """Tell whether it is chosen from the start: nothing speaks against it."""
        return not self.doubts


@dataclass(frozen=True, slots=True)
class Group:
    """Networks that stay for one kind of reason."""

    kind: Kind
    title: str
    count: int
    query: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; ``wanted`` leaves out what of it cannot be read."""

    form: CleanupForm
    wanted: CleanupFilter
    preset: str
    shown: str
    """The kind of networks that stay whose reasons are wanted, or nothing."""
    page: int = 1

    @property
    def wrong(self) -> dict[str, str]:
        """Give the filters that cannot be read, as they were typed."""
        return {name: str(self.form[name].value()) for name in self.form.errors}

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """List the parameters that forms of the page carry along, also what cannot be read."""
        pairs = as_initial(self.wanted) | self.wrong
        return tuple((pairs | ({"preset": self.preset} if self.preset else {})).items())

    def write(self, **changes: str) -> str:
        """Write the query again, with other parameters beside the filters."""
        pairs = dict(self.kept) | {name: value for name, value in changes.items() if value}
        return urlencode(pairs)


def read_asked(params: QueryDict, page: int) -> Asked:
    """Read filters, preset and fold of a query."""
    form = CleanupForm(params)
    form.is_valid()
    wanted = read_filter(BLANK | form.cleaned_data)
    preset = DOCKER if params.get("preset") == DOCKER else ""
    shown = params.get("show", "")
    if wanted.networks and not shown:
        shown = "all"
    return Asked(form, wanted, preset, shown if shown in (*KINDS, "all") else "", page)


def list_presets(asked: Asked) -> tuple[Preset, ...]:
    """List the presets, and which of them is chosen."""
    offered = (
        ("Nobody needs it", CleanupFilter(), "", "No container names it, running or stopped."),
        (
            "Older than a week",
            CleanupFilter(older_than_seconds=7 * DAY),
            "",
            "Nobody needs it, and it is not fresh.",
        ),
        (
            "Unused for 30 days",
            CleanupFilter(unused_since_seconds=30 * DAY),
            "",
            "As far as netdash has watched.",
        ),
        (
            "What docker network prune takes",
            CleanupFilter(ignores_stopped=True),
            DOCKER,
            "Also what stopped containers need; shown with the difference.",
        ),
    )
    return tuple(
        Preset(
            title,
            "&".join(filter(None, (as_query(wanted), urlencode({"preset": name} if name else {})))),
            words,
            asked.wanted == wanted and asked.preset == name and not asked.wrong,
        )
        for title, wanted, name, words in offered
    )


def build_rows(
    candidates: Iterable[Candidate], memory: Memory, now: float, repeated: frozenset[str]
) -> tuple[Row, ...]:
    """Build the rows of the candidates that are shown."""
    return tuple(build_row(one, memory, now, repeated) for one in candidates)


def build_row(found: Candidate, memory: Memory, now: float, repeated: frozenset[str]) -> Row:
    """Build the row of one candidate."""
    network = found.network
    created_at = parse_time(network.created_at)
    return Row(
        network=network,
        reason=found.reason,
        doubts=found.doubts,
        cidrs=tuple(subnet.cidr for subnet in network.subnets),
        created_at=created_at,
        age_words=say_span(max(now - created_at.timestamp(), 0)) if created_at else "not known",
        used_words=say_used(found.last_used_at, memory, now),
        short_id=network.id[:12] if network.name in repeated else "",
    )


def say_used(used_at: float | None, memory: Memory, now: float) -> str:
    """Say when a network was last in use, as far as that is known."""
    if used_at is not None:
        return f"{say_span(max(now - used_at, 0))} ago"
    if memory.watched_since is None:
        return "not known"
    return f"not in the {say_span(max(now - memory.watched_since, 0))} netdash has watched"


def find_repeated(snapshot: Snapshot) -> frozenset[str]:
    """Find the names that several networks bear (20.10)."""
    counts = Counter(network.name for network in snapshot.networks)
    return frozenset(name for name, number in counts.items() if number > 1)


def list_groups(asked: Asked, spared: Sequence[Spared]) -> tuple[Group, ...]:
    """Count the networks that stay, by the kind of their reason; none of them was chosen."""
    if asked.wanted.networks:
        return ()
    counts = Counter(one.kind for one in spared)
    return tuple(
        Group(kind, title, counts[kind], asked.write(show=kind), asked.shown == kind)
        for kind, title in KINDS.items()
        if counts[kind]
    )


def list_shown(asked: Asked, spared: Sequence[Spared]) -> tuple[Spared, ...]:
    """List those that stay and whose reasons are asked for."""
    chosen = asked.wanted.networks
    return tuple(
        one
        for one in spared
        if asked.shown in ("all", one.kind) and (not chosen or one.network.id in chosen)
    )


def say_more(shown: Sequence[Spared]) -> str:
    """Say how many of those that stay are not shown; empty for none."""
    return f"and {say_count(len(shown) - ROWS, 'network')} more" if len(shown) > ROWS else ""


def say_totals(found: Review, total: int) -> str:
    """Say how many can go of how many, and what that frees."""
    number = say_number(len(found.candidates))
    subnets = sum(len(one.network.subnets) for one in found.candidates)
    frees = f" · frees {say_count(subnets, 'subnet')}" if subnets else ""
    return f"{number} of {say_count(total, 'network')} can go{frees}"


def say_nothing(asked: Asked, snapshot: Snapshot, spared: Sequence[Spared]) -> str:
    """Say why there is nothing to clean."""
    if not snapshot.networks:
        return "Nothing to clean: this engine has not been read yet, or has no networks."
    if asked.wanted.networks:
        return "Nothing to clean: what was chosen is gone already."
    left_out = sum(one.kind == "filter" for one in spared)
    if left_out:
        verb = "does" if left_out == 1 else "do"
        return f"{say_count(left_out, 'unused network')} {verb} not fit these filters."
    return "Nothing to clean: every network is needed, protected or Docker's own."


def say_stays(number: int) -> str:
    """Say how many networks stay."""
    return f"{say_count(number, 'network')} {'stays' if number == 1 else 'stay'}"


def say_watch(memory: Memory, now: float) -> str:
    """Say since when netdash has watched the engine."""
    if memory.watched_since is None:
        return "netdash has not watched this engine yet: when a network was last used is not known."
    return f"netdash has watched this engine for {say_span(max(now - memory.watched_since, 0))}."


@dataclass(frozen=True, slots=True)
class Comparison:
    """Docker's own prune beside the review, in words."""

    command: str
    words: str
    difference: Difference


def compare_with_docker(
    snapshot: Snapshot, asked: Asked, found: Review, now: float, memory: Memory
) -> Comparison | None:
    """Compare the review with what Docker's prune would do.

    There is nothing to compare for chosen ones, nor while a filter cannot be read.
    Docker's own preset is compared with what goes without it.
    """
    wanted = asked.wanted
    if asked.wrong or wanted.networks:
        return None
    if asked.preset:
        wanted = replace(wanted, ignores_stopped=False)
        found = review(snapshot, wanted, now, memory)
    difference = compare_prune(snapshot, wanted, found, now)
    number = say_count(len(difference.pruned), "network")
    same = ", the same as here" if difference.is_same else ""
    return Comparison(write_prune(wanted), f"It would remove {number}{same}.", difference)
