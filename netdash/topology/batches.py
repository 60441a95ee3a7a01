"""What would become of many networks at once: made, there already, in the way of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from ipaddress import ip_network
from typing import Literal

from netdash.topology.changes import CreateNetwork, Plan, Step
from netdash.topology.command_lines import as_command
from netdash.topology.creation_checks import KEPT_NAMES, check_creation, needs_pool
from netdash.topology.differences import list_differences
from netdash.topology.driver_options import BRIDGE_NAME
from netdash.topology.effects import build_network
from netdash.topology.facts import NO_FACTS, Facts
from netdash.topology.ground import Ground
from netdash.topology.refusal import Refusal, count, list_words, quote
from netdash.topology.rows import Row
from netdash.topology.settled import is_as_wanted
from netdash.topology.snapshot import Network, Snapshot
from netdash.topology.subnets import (
    DEFAULT_POOLS,
    find_free_subnets,
    list_blocks,
    parse_block,
)

State = Literal["create", "already", "differs", "collides", "refused"]
OBSTACLES: tuple[State, ...] = ("refused", "collides", "differs")
"""States of rows that stand in the way, the worst first."""
COLLISIONS = frozenset({"overlap", "bridge_name_taken", "own_overlap"})

REST_ON_SUBNETS = frozenset({"ipv6_pool_missing", "pools_exhausted"})
"""Kinds of refusals that may rest on a subnet that is left out."""
REST_ON_ALL = REST_ON_SUBNETS | {"name_empty", "gateway_mode", "subnet_missing"}
"""Kinds of refusals that may rest on anything that is left out of half a row."""


@dataclass(frozen=True, slots=True)
class ForeseenRow:
    """A row, and what would become of it; ``refusals`` say why not."""

    row: Row
    state: State
    refusals: tuple[Refusal, ...] = ()
    subnets: tuple[tuple[str, str], ...] = ()
    """(CIDR, gateway) as they would be."""

    @property
    def sentence(self) -> str:
        """Say all that speaks against it."""
        return " ".join(refusal.sentence for refusal in self.refusals)

    @property
    def remedy(self) -> str:
        """Say what helps."""
        return " ".join(dict.fromkeys(one.remedy for one in self.refusals if one.remedy))


@dataclass(frozen=True)
class Batch:
    """Rows foreseen; ``pools_free`` counts what the engine can still choose by itself."""

    rows: tuple[ForeseenRow, ...] = ()
    pools_free: int = 0
    pools_wanted: int = 0

    @cached_property
    def counts(self) -> dict[State, int]:
        """Count the rows of each state, also those of none."""
        found: dict[State, int] = dict.fromkeys(("create", "already", *OBSTACLES), 0)
        for row in self.rows:
            found[row.state] += 1
        return found

    @property
    def obstacles(self) -> int:
        """Count the rows that cannot be made."""
        return sum(self.counts[state] for state in OBSTACLES)

    @property
    def lacks_pools(self) -> bool:
        """Tell whether more networks leave the subnet to the engine than it has pools."""
        return self.pools_wanted > self.pools_free

    @cached_property
    def plan(self) -> Plan:
        """Make the plan of what can be made."""
        steps = tuple(
            Step(one.row.creation, one.row.reason) for one in self.rows if one.state == "create"
        )
        return Plan(steps, f"Create {count(len(steps), 'network')}")

    @property
    def commands(self) -> str:
        """Write the commands that do the same, one a line."""
        return "\n".join(as_command(change) for change in self.plan.changes)


@dataclass
class World:
    """What the rows are judged on: the engine, and the rows before."""

    snapshot: Snapshot
    facts: Facts
    ground: Ground
    networks_by_id: dict[str, Network]
    named: dict[str, list[Network]]
    bridges: dict[str, Network]
    wanted: tuple[str, ...]
    """Subnets that rows ask for, not to be suggested to others."""
    asked: dict[str, Row] = field(default_factory=dict)
    suggestions: dict[int, str] = field(default_factory=dict)


def foresee_batch(snapshot: Snapshot, rows: Sequence[Row], facts: Facts = NO_FACTS) -> Batch:
    """Foresee rows in order, each on what the engine has and the rows before leave.

    As strict as ``foresee_refusals``, in a time that hardly grows with the engine.
    """
    world = build_world(snapshot, rows, facts)
    foreseen = tuple(foresee_row(world, row) for row in rows)
    wanted = sum(one.state == "create" and needs_pool(one.row.creation) for one in foreseen)
    return Batch(foreseen, count_pools(world), wanted)


def build_world(snapshot: Snapshot, rows: Sequence[Row], facts: Facts) -> World:
    """Put what rows could meet into order, once."""
    world = World(
        snapshot,
        facts,
        Ground(),
        {},
        {},
        {},
        tuple(subnet.cidr for row in rows for subnet in row.creation.subnets),
    )
    for network in snapshot.networks:
        note(world, network)
    return world


def note(world: World, network: Network) -> None:
    """Note a network that later rows could meet."""
    world.networks_by_id[network.id] = network
    world.named.setdefault(network.name, []).append(network)
    if not network.is_config_only:
        for block in list_blocks(network):
            world.ground.take(block, network.id)
    for name in list_bridges(network):
        world.bridges.setdefault(name, network)


def list_bridges(network: Network) -> Iterator[str]:
    """List the names of a network's bridge: one that was chosen, else br-<id>."""
    if network.driver == "bridge":
        yield f"br-{network.id[:12]}"
    yield from (value for key, value in network.options if key == BRIDGE_NAME)


def foresee_row(world: World, row: Row) -> ForeseenRow:
    """Foresee one row, and note what it would take."""
    change = row.creation
    known = world.named.get(change.name, [])
    earlier = world.asked.get(change.name) if change.name else None
    world.asked.setdefault(change.name, row)
    if known and earlier is None and change.name not in KEPT_NAMES:
        return compare_known(world, row, known)
    against = [say_twice(change.name, earlier)] if earlier is not None else []
    if earlier is None or earlier.creation != change:
        against += check_row(world, row)
    if not against:
        note(world, build_network(change, world.snapshot.engine))
        return build(row, "create")
    is_collision = all(refusal.kind in COLLISIONS for refusal in against)
    return build(row, "collides" if is_collision else "refused", *against)


def say_twice(name: str, earlier: Row) -> Refusal:
    """An earlier row has the name."""
    where = f" {earlier.place}" if earlier.place else " an earlier one"
    sentence = f"{quote(name)} is asked for twice:{where} has the name too."
    return Refusal("name_twice", sentence, "Leave one of them out, or rename it.", "name")


def build(row: Row, state: State, *refusals: Refusal) -> ForeseenRow:
    """Build what is shown of a row."""
    shown = tuple(
        (subnet.cidr, find_gateway(subnet.cidr, subnet.gateway)) for subnet in row.creation.subnets
    )
    return ForeseenRow(row, state, refusals, shown)


def find_gateway(cidr: str, wanted: str) -> str:
    """Name the gateway as it would be: the one asked for, else the first address."""
    block = parse_block(cidr)
    if wanted or block is None or block.num_addresses < 4:
        return wanted
    return str(block.network_address + 1)


def compare_known(world: World, row: Row, known: Sequence[Network]) -> ForeseenRow:
    """Tell whether a network that is there is the one that is asked for, if that is known."""
    for network in known:
        if row.is_half or is_as_wanted(network, row.creation, world.snapshot):
            shown = tuple((subnet.cidr, subnet.gateway) for subnet in network.subnets)
            return ForeseenRow(row, "already", subnets=shown)
    words = list_differences(known[0], row.creation, world.snapshot.engine)
    more = f"; {len(words) - 3} more" if len(words) > 3 else ""
    sentence = f"{quote(row.creation.name)} is there, but: {'; '.join(words[:3])}{more}."
    remedy = "Choose another name, or change that network by itself."
    return build(row, "differs", Refusal("differs", sentence, remedy, "name"))


def check_row(world: World, row: Row) -> Iterator[Refusal]:
    """Say what speaks against a row, on the few networks that it could meet."""
    change = row.creation
    near = {network.id: network for network in list_near(world, change)}
    small = Snapshot(tuple(near.values()), (), world.snapshot.engine)
    for refusal in check_creation(small, change, world.facts):
        if row.is_half and refusal.kind in REST_ON_ALL:
            continue
        is_overlap = refusal.kind == "overlap"
        remedy = suggest(world, change, refusal.field) if is_overlap else ""
        yield replace(refusal, remedy=remedy or refusal.remedy)


def list_near(world: World, change: CreateNetwork) -> Iterator[Network]:
    """List the networks that a creation could meet: by name, address, bridge, or as a source."""
    yield from world.named.get(change.config_from, ())
    for subnet in change.subnets:
        block = parse_block(subnet.cidr)
        if block is not None:
            first, last = int(block.network_address), int(block.broadcast_address)
            for span in world.ground.list_between(block.version, first, last):
                yield world.networks_by_id[span.whom]
    bridge = dict(change.options).get(BRIDGE_NAME, "")
    if bridge in world.bridges:
        yield world.bridges[bridge]
    yield from (network for network in world.snapshot.networks if network.is_ingress)


def suggest(world: World, change: CreateNetwork, place: str) -> str:
    """Suggest a free subnet of the size that collides; no row has it either."""
    number = place.split(".")[1]
    block = parse_block(change.subnets[int(number)].cidr) if number.isdecimal() else None
    if block is None:
        return ""
    if block.prefixlen not in world.suggestions:
        free = find_free_subnets(world.snapshot, block.prefixlen, count=2, taken=world.wanted)
        words = f"Free is for example {list_words(free)}." if free else ""
        world.suggestions[block.prefixlen] = words
    return world.suggestions[block.prefixlen]


def count_pools(world: World) -> int:
    """Count what an engine with default settings can still choose by itself."""
    blocks = [ip_network(pool) for pool in DEFAULT_POOLS]
    return sum(world.ground.find_free(block, block.prefixlen) is not None for block in blocks)
