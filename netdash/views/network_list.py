"""The rows of the list of networks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network

from netdash.topology.snapshot import Network

from .facts import NetworkTag
from .listing import Column
from .marks import shorten_id
from .network_sheet import UseBar, measure_subnets
from .reading import Reading
from .words import parse_time, say_flags


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One network in the list."""

    network: Network
    tag: NetworkTag
    tier: str
    tier_reason: str
    subnets: tuple[tuple[str, UseBar | None], ...]
    """Each address pool with how full it is."""
    live: int
    idle: int
    flags: tuple[str, ...]
    created_at: datetime | None
    short_id: str
    """Shown when another network has the same name."""
    is_new: bool = False


def list_columns(reading: Reading) -> tuple[Column[Network], ...]:
    """List the columns; some need the reading to rank a network."""
    tiers, members = reading.tiers_by_network_id, reading.snapshot.members_by_network_id
    return (
        Column("name", "Network", lambda found: (found.name, found.id)),
        Column("tier", "Tier", lambda found: (tiers[found.id].score, tiers[found.id].name)),
        Column("project", "Project", lambda found: (not found.project, found.project)),
        Column("driver", "Driver", lambda found: (found.driver, found.scope)),
        Column("subnet", "Subnet", rank_subnet),
        Column("containers", "Containers", lambda found: -len(members[found.id]), is_number=True),
        Column("created", "Created", lambda found: found.created_at),
    )


def rank_subnet(network: Network) -> tuple[int, int, int]:
    """Order networks by their first address pool, as numbers; those without one come last."""
    for subnet in network.subnets:
        try:
            block = ip_network(subnet.cidr, strict=False)
        except ValueError:
            continue
        return (block.version, int(block.network_address), block.prefixlen)
    return (9, 0, 0)


def build_row(reading: Reading, network: Network, new: frozenset[str] = frozenset()) -> NetworkRow:
    """Build the row of one network; ``new`` are the short ids of those to mark."""
    members = reading.snapshot.members_by_network_id[network.id]
    live = sum(endpoint.is_live for _, endpoint in members)
    tier = reading.tiers_by_network_id[network.id]
    return NetworkRow(
        network=network,
        tag=reading.tag_network(network),
        tier=tier.name,
        tier_reason=tier.reason,
        subnets=tuple((bar.cidr, bar.use) for bar in measure_subnets(reading.snapshot, network)),
        live=live,
        idle=len(members) - live,
        flags=say_flags(network),
        created_at=parse_time(network.created_at),
        short_id=network.id[:12] if network.name in reading.repeated_names else "",
        is_new=shorten_id(network.id) in new,
    )
