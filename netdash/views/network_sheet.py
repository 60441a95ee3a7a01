"""Everything that is known of one network, as its page and the inspector show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from netdash.drawing.glyphs import find_glyph
from netdash.drawing.shapes import Glyph, Role
from netdash.topology.addresses import find_gateway
from netdash.topology.addressing import SubnetUse, measure_use
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet

from .facts import Fact, code, moment, plain, state_pairs
from .reading import Reading
from .words import OPTION_WORDS, say_count, say_flags, say_number

MOST_MEMBERS, MOST_STOPPED = 200, 50


@dataclass(frozen=True, slots=True)
class UseBar:
    """How full an address pool is: percents of its addresses for the bar, and words."""

    used_share: float
    taken_share: float
    """Used and reserved together."""
    words: str


@dataclass(frozen=True, slots=True)
class SubnetBar:
    """One address pool; ``use`` is None when the pool cannot be read."""

    cidr: str
    use: UseBar | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A container on the network; ``note`` says why it has no address."""

    id: str
    name: str
    glyph: Glyph
    address: str
    names: str
    note: str


@dataclass(frozen=True, slots=True)
class NetworkSheet:
    """One network in words."""

    network: Network
    role: Role
    tier: str
    tier_reason: str
    flags: tuple[str, ...]
    twins: tuple[str, ...]
    """Ids of other networks of the same name."""
    facts: tuple[Fact, ...]
    subnets: tuple[SubnetBar, ...]
    no_subnets: str
    live: tuple[Member, ...]
    """The first of them; ``live_count`` counts all."""
    live_count: int
    stopped: tuple[Member, ...]
    """The first of them; ``stopped_count`` counts all."""
    stopped_count: int
    ghosts: tuple[Member, ...]
    """Running containers that name the network without a live endpoint on it."""
    options: tuple[Fact, ...]
    labels: tuple[Fact, ...]

    @property
    def has_more(self) -> bool:
        """Tell whether there are more than are shown."""
        return self.live_count > len(self.live)

    @property
    def has_more_stopped(self) -> bool:
        """Tell whether there are more stopped ones than are shown."""
        return self.stopped_count > len(self.stopped)


def describe_network(reading: Reading, network: Network, now: datetime) -> NetworkSheet:
    """Describe one network of a reading."""
    snapshot = reading.snapshot
    tier = reading.tiers_by_network_id[network.id]
    members = snapshot.members_by_network_id.get(network.id, ())
    live = [pair for pair in members if pair[1].is_live]
    stopped = [pair for pair in members if not pair[1].is_live and not pair[0].is_running]
    return NetworkSheet(
        network=network,
        role=tier.role,
        tier=tier.name,
        tier_reason=tier.reason,
        flags=say_flags(network),
        twins=tuple(
            other.id
            for other in snapshot.networks
            if other.name == network.name and other.id != network.id
        ),
        facts=list_facts(network, now),
        subnets=measure_subnets(snapshot, network),
        no_subnets=say_no_subnets(network),
        live=tuple(name_member(reading, *pair) for pair in live[:MOST_MEMBERS]),
        live_count=len(live),
        stopped=tuple(name_member(reading, *pair) for pair in stopped[:MOST_STOPPED]),
        stopped_count=len(stopped),
        ghosts=tuple(
            name_member(reading, *pair)
            for pair in members
            if not pair[1].is_live and pair[0].is_running
        ),
        options=state_pairs(network.options, OPTION_WORDS),
        labels=state_pairs(network.labels),
    )


def list_facts(network: Network, now: datetime) -> tuple[Fact, ...]:
    """List what is known of the network itself."""
    ipam = "" if network.ipam_driver in ("", "default") else network.ipam_driver
    return (
        *plain("Driver", network.driver),
        *plain("Scope", network.scope),
        *plain("Project", network.project),
        *moment("Created", network.created_at, now),
        *plain("Address driver", ipam),
        *state_pairs(network.ipam_options),
        *plain("Configuration from", network.config_from),
        *code("Id", network.id),
    )


def measure_subnets(snapshot: Snapshot, network: Network) -> tuple[SubnetBar, ...]:
    """Measure each address pool, in the engine's order; one that cannot be read has no bar."""
    uses_by_cidr = {use.cidr: use for use in measure_use(snapshot, network)}
    return tuple(
        SubnetBar(
            cidr=subnet.cidr,
            use=share_use(uses_by_cidr.get(subnet.cidr)),
            facts=list_subnet_facts(snapshot, network, subnet),
        )
        for subnet in network.subnets
    )


def share_use(use: SubnetUse | None) -> UseBar | None:
    """Turn a measured pool into shares and words."""
    if use is None:
        return None
    return UseBar(
        used_share=share(use.used, use.size),
        taken_share=share(use.used + use.reserved, use.size),
        words=f"{say_number(use.used)} used, {say_number(use.reserved)} reserved, "
        f"{say_number(use.free)} free",
    )


def list_subnet_facts(snapshot: Snapshot, network: Network, subnet: Subnet) -> tuple[Fact, ...]:
    """List gateway, range and reserved addresses of a pool.

    Engines before 29 tell a gateway that they chose themselves only through the endpoints.
    """
    chosen = ""
    if not subnet.gateway and network.driver in ("bridge", "overlay"):
        chosen = find_gateway(snapshot, network, subnet)
    return (
        *code("Gateway", subnet.gateway),
        *code("Gateway", chosen, note="chosen by the engine"),
        *code("Range handed out", subnet.ip_range),
        *(fact for name, address in subnet.auxiliary for fact in code(f"Kept: {name}", address)),
    )


def share(part: int, whole: int) -> float:
    """Give a part in percent; something is never drawn as nothing."""
    if not part or not whole:
        return 0.0
    return max(1.0, round(100 * part / whole, 1))


def say_no_subnets(network: Network) -> str:
    """Say why there is no address pool, or nothing when there is one."""
    if network.subnets:
        return ""
    if network.driver == "host":
        return "Its containers use the addresses of the engine's machine."
    if network.driver == "null":
        return "Its containers have no address but their own loopback."
    if network.is_config_only:
        return "It only lends its configuration to other networks."
    return "It hands out no addresses."


def name_member(reading: Reading, container: Container, endpoint: Endpoint) -> Member:
    """Name a member with its address on the network."""
    addresses = " ".join(part for part in (endpoint.ipv4, endpoint.ipv6) if part)
    return Member(
        id=container.id,
        name=container.name,
        glyph=find_glyph(container),
        address=addresses,
        names=", ".join(endpoint.aliases or ()),
        note="" if endpoint.is_live else say_wanted(container, endpoint),
    )


def say_wanted(container: Container, endpoint: Endpoint) -> str:
    """Say what a member without a live endpoint is, and the address it will ask for."""
    wanted = endpoint.static_ipv4 or endpoint.static_ipv6
    words = "no live endpoint" if container.is_running else container.state
    return f"{words}, wants {wanted}" if wanted else words


def say_members(sheet: NetworkSheet) -> str:
    """Say how many are on it: ``3 containers, 1 stopped``."""
    stopped = f", {sheet.stopped_count:,} stopped" if sheet.stopped else ""
    total = sheet.live_count + sheet.stopped_count + len(sheet.ghosts)
    return say_count(total, "container") + stopped
