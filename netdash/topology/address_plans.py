"""An addressing scheme: subnets for many networks, clear of everything that is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

from netdash.topology.address_words import (
    Skip,
    say_base_full,
    say_base_invalid,
    say_no_base,
    say_prefix_unfit,
)
from netdash.topology.ground import Ground, Span
from netdash.topology.patterns import has_pick
from netdash.topology.refusal import Refusal
from netdash.topology.rows import Row
from netdash.topology.snapshot import Network, Snapshot, Subnet
from netdash.topology.subnets import (
    Block,
    find_free_subnets,
    is_ipv6,
    list_blocks,
    parse_block,
)

LONGEST_PREFIX, LONGEST_IPV6_PREFIX = 29, 120


@dataclass(frozen=True, slots=True)
class Scheme:
    """Where subnets shall lie and how large they are.

    ``bases`` are (value of an axis, CIDR); an empty value stands for every network that no other
    base is for; several of one value are used one after the other. ``prefixes`` are (value,
    prefix length) where it differs. ``ipv6_base`` empty: no IPv6.
    """

    bases: tuple[tuple[str, str], ...] = ()
    prefix: int = 24
    prefixes: tuple[tuple[str, int], ...] = ()
    ipv6_base: str = ""
    ipv6_prefix: int = 64


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows with their subnets; where there was no room, without."""

    rows: tuple[Row, ...]
    skips: tuple[Skip, ...] = ()
    """What lies in the bases and was stepped over."""
    refusals: tuple[Refusal, ...] = ()


@dataclass
class Placing:
    """The state of a layout: what is taken, and what found no room."""

    snapshot: Snapshot
    ground: Ground
    networks: dict[str, Network]
    homeless: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    """Prefix lengths of the rows without room, by the bases they belong to."""
    placed: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    last: dict[str, int] = field(default_factory=dict)
    """The last address given within each base."""


def lay_out(snapshot: Snapshot, rows: Sequence[Row], scheme: Scheme) -> Layout:
    """Give each row a subnet, in order, each the lowest free one of its base.

    Nothing overlaps networks of the engine or one another. A network
    that exists already and lies where the scheme may put it keeps its place, so that the same
    scheme gives the same again. Rows that say their subnets keep them.
    """
    networks = {network.name: network for network in snapshot.networks}
    unsettled = [row for row in rows if not is_settled(row, networks)]
    if refusals := tuple(check_scheme(scheme, unsettled)):
        return Layout(tuple(rows), refusals=refusals)
    ground = Ground((*list_taken(snapshot), *list_asked(rows)))
    placing = Placing(snapshot, ground, networks)
    before = Ground(placing.ground.list_spans())
    found = tuple(place_row(placing, row, scheme) for row in rows)
    free = offer_one(snapshot, rows, scheme) if placing.homeless else ""
    refusals = tuple(refuse_homeless(placing, before, free))
    own = {row.creation.name for row in rows}
    skips = (skip for skip in list_skips(before, placing.last) if skip.whom not in own)
    return Layout(found, tuple(skips), refusals)


def place_row(placing: Placing, row: Row, scheme: Scheme) -> Row:
    """Give one row what it lacks: an IPv4 subnet, and an IPv6 one where there is a base."""
    if is_settled(row, placing.networks):
        return row
    subnets = list(row.creation.subnets)
    if not any(not is_ipv6(subnet) for subnet in subnets):
        bases, prefix = find_bases(row, scheme), find_prefix(row, scheme)
        subnets += find_place(placing, row, bases, prefix)
    has_ipv6 = row.creation.has_ipv6
    if scheme.ipv6_base and not any(is_ipv6(subnet) for subnet in subnets):
        subnets += find_place(placing, row, (scheme.ipv6_base,), scheme.ipv6_prefix)
        has_ipv6 = True
    return replace(row, creation=replace(row.creation, subnets=tuple(subnets), has_ipv6=has_ipv6))


def is_settled(row: Row, networks: Mapping[str, Network]) -> bool:
    """Tell whether a list asks for a network that is there: wherever it lies, it stays."""
    return not row.picks and row.creation.name in networks


def find_place(
    placing: Placing, row: Row, bases: tuple[str, ...], prefix: int
) -> tuple[Subnet, ...]:
    """Find the place of a row: where its network lies already, else the lowest free one."""
    own = placing.networks.get(row.creation.name)
    blocks = [ip_network(cidr) for cidr in bases]
    kept = next(filter(None, (find_kept(own, base, prefix) for base in blocks)), None)
    if kept is not None:
        placing.placed[bases].append(prefix)
        return (Subnet(str(kept)),)
    for cidr, base in zip(bases, blocks, strict=True):
        block = placing.ground.find_free(base, prefix)
        if block is not None:
            placing.ground.take(block, row.creation.name)
            last = int(block.broadcast_address)
            placing.last[cidr] = max(last, placing.last.get(cidr, 0))
            placing.placed[bases].append(prefix)
            return (Subnet(str(block)),)
    placing.homeless[bases].append(prefix)
    return ()


def find_kept(network: Network | None, base: Block, prefix: int) -> Block | None:
    """Find the subnet of an existing network that lies within a base and has the size."""
    for block in list_blocks(network) if network else ():
        is_like = block.version == base.version and block.prefixlen == prefix >= base.prefixlen
        if is_like and block.network_address in base:
            return block
    return None


def find_bases(row: Row, scheme: Scheme) -> tuple[str, ...]:
    """Find the bases of a row: those of its values, else those for every other."""
    own = [cidr for value, cidr in scheme.bases if value and has_pick(row.picks, value)]
    return tuple(own or [cidr for value, cidr in scheme.bases if not value])


def find_prefix(row: Row, scheme: Scheme) -> int:
    """Find the prefix length of a row's subnet."""
    own = (prefix for value, prefix in scheme.prefixes if has_pick(row.picks, value))
    return next(own, scheme.prefix)


def list_taken(snapshot: Snapshot) -> Iterator[Span]:
    """List what no new network may have: pools of the networks."""
    for network in snapshot.networks:
        if not network.is_config_only:
            yield from (Span.of(block, network.name) for block in list_blocks(network))


def list_asked(rows: Sequence[Row]) -> Iterator[Span]:
    """List what rows ask for themselves."""
    for row in rows:
        for subnet in row.creation.subnets:
            block = parse_block(subnet.cidr)
            if block is not None:
                yield Span.of(block, row.creation.name)


def check_scheme(scheme: Scheme, rows: Sequence[Row]) -> Iterator[Refusal]:
    """Say what is wrong with a scheme before anything is laid out."""
    for _, cidr in scheme.bases:
        yield from check_base(cidr, "bases", 4)
    if scheme.ipv6_base:
        yield from check_base(scheme.ipv6_base, "ipv6_base", 6)
    for prefix in dict.fromkeys((scheme.prefix, *(number for _, number in scheme.prefixes))):
        shortest = min(
            (int(cidr.rpartition("/")[2]) for _, cidr in scheme.bases if is_sound(cidr)), default=0
        )
        if not shortest <= prefix <= LONGEST_PREFIX:
            yield say_prefix_unfit(prefix, shortest, LONGEST_PREFIX)
    lacking = [row for row in rows if lacks_ipv4(row) and not find_bases(row, scheme)]
    if lacking:
        values = dict.fromkeys(value for row in lacking[:20] for _, value in row.picks[:1])
        yield say_no_base(lacking[0].creation.name, len(lacking), tuple(values))


def check_base(cidr: str, place: str, version: int) -> Iterator[Refusal]:
    """Say what is wrong with one base."""
    block = parse_block(cidr) if "/" in cidr else None
    if block is None or block.version != version:
        yield say_base_invalid(cidr, "", place)
    elif str(block) != cidr:
        yield say_base_invalid(cidr, str(block), place)


def is_sound(cidr: str) -> bool:
    """Tell whether a text is a subnet with a prefix length."""
    return "/" in cidr and parse_block(cidr) is not None


def lacks_ipv4(row: Row) -> bool:
    """Tell whether a row says no IPv4 subnet."""
    return not any(not is_ipv6(subnet) for subnet in row.creation.subnets)


def refuse_homeless(placing: Placing, before: Ground, free: str) -> Iterator[Refusal]:
    """Say for which bases there was no room, and what would fit instead.

    ``free`` is the IPv4 base that would hold all rows, whatever their base was.
    """
    for bases, prefixes in placing.homeless.items():
        fitting = placing.placed.get(bases, [])
        wanted = [*fitting, *prefixes]
        longer = find_fitting_prefix(before, bases, wanted)
        others = list_others(before, bases)
        fits = free
        if ip_network(bases[0]).version == 6:
            fits = offer_base(placing.snapshot, wanted, placing.ground.list_cidrs())
        yield say_base_full(bases, prefixes, len(fitting), others, longer, fits)


def list_others(before: Ground, bases: tuple[str, ...]) -> tuple[str, ...]:
    """List what lay in some bases before, and whose it is."""
    blocks = [ip_network(cidr) for cidr in bases]
    spans = (
        span
        for base in blocks
        for span in before.list_between(
            base.version, int(base.network_address), int(base.broadcast_address)
        )
    )
    return tuple(f"{span.cidr} ({span.whom})" for span in spans)


def find_fitting_prefix(before: Ground, bases: tuple[str, ...], wanted: list[int]) -> int:
    """Find the longest subnets of which all would fit into the bases; 0 when none do."""
    is_ipv4 = ip_network(bases[0]).version == 4
    longest = LONGEST_PREFIX if is_ipv4 else LONGEST_IPV6_PREFIX
    for prefix in range(max(wanted) + 1, min(longest, max(wanted) + 8) + 1):
        trial = Ground(before.list_spans())
        if all(trial.take_first(bases, prefix) for _ in wanted):
            return prefix
    return 0


def offer_one(snapshot: Snapshot, rows: Sequence[Row], scheme: Scheme) -> str:
    """Offer one free base for all rows that say no IPv4 subnet; empty when there is none."""
    networks = {network.name: network for network in snapshot.networks}
    lacking = [row for row in rows if lacks_ipv4(row) and not is_settled(row, networks)]
    sizes = [find_prefix(row, scheme) for row in lacking]
    taken = [span.cidr for span in list_asked(rows)]
    return offer_base(snapshot, sizes, taken) if all(0 < size <= 32 for size in sizes) else ""


def offer_base(snapshot: Snapshot, prefixes: Sequence[int], taken: Sequence[str] = ()) -> str:
    """Offer the smallest free base for subnets of these sizes; empty when there is none.

    From 10.0.0.0/8, so that the engine keeps its own pools for what asks for no subnet.
    """
    if not prefixes:
        return ""
    bits = 128 if max(prefixes) > 32 else 32
    room = sum(1 << (bits - prefix) for prefix in prefixes)
    base = min(bits - (room - 1).bit_length(), *prefixes)
    within = "10.0.0.0/8" if bits == 32 else "fd00::/8"
    if base < ip_network(within).prefixlen:
        return ""
    return next(iter(find_free_subnets(snapshot, base, within, 1, taken)), "")


def list_skips(before: Ground, last: dict[str, int]) -> Iterator[Skip]:
    """List what was stepped over in each base, up to the last address given."""
    for cidr, end in last.items():
        base = ip_network(cidr)
        for span in before.list_between(base.version, int(base.network_address), end):
            yield Skip(cidr, span.cidr, span.whom)
