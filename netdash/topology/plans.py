"""Plans for what takes several changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netdash.topology.addresses import find_holder, find_subnet
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    Plan,
    RemoveNetwork,
    Step,
)
from netdash.topology.effects import build_network
from netdash.topology.inverses import connect_again, rank_lost, read_settings
from netdash.topology.lookup import list_members, pick_endpoint
from netdash.topology.modes import is_host_mode
from netdash.topology.reach_words import SHOWN, Names
from netdash.topology.refusal import quote
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot
from netdash.topology.subnets import find_overlaps


def list_touched(change: Change) -> frozenset[str]:
    """Name what a change touches: its network by id and by name, its container by id.

    Both names of a network count: an earlier step of the same plan may make it, without an id.
    """
    if isinstance(change, CreateNetwork):
        return frozenset({f"network {change.name}"})
    found = {f"network {change.network_name}", f"network #{change.network_id}"}
    if isinstance(change, ConnectContainer | DisconnectContainer):
        found.add(f"container #{change.container_id}")
    return frozenset(found - {"network ", "network #", "container #"})


def find_strands(plan: Plan) -> tuple[int, ...]:
    """Part a plan into strands that need not wait for each other; the number of each step's.

    Steps hang together that touch the same container, or of which one makes or removes the
    network that the other touches. Where a plan makes networks behind removals, all of these
    hang together: the new ones may need what the old ones free (subnets, ports).
    """
    steps = [(change, list_touched(change)) for change in plan.changes]
    made = {key for change, keys in steps if not _is_connection(change) for key in keys}
    strand_by_key: dict[str, int] = {}
    parents: list[int] = []

    def find_root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    is_replacing = _makes_behind_removals(plan)
    for number, (change, keys) in enumerate(steps):
        parents.append(number)
        joining = {key for key in keys if key in made or key.startswith("container ")}
        if is_replacing and not _is_connection(change):
            joining.add("all that is made and removed")
        for key in joining:
            low, high = sorted(
                (find_root(strand_by_key.setdefault(key, number)), find_root(number))
            )
            parents[high] = low
    roots = [find_root(number) for number in range(len(steps))]
    numbers = {root: order for order, root in enumerate(dict.fromkeys(roots))}
    return tuple(numbers[root] for root in roots)


def _is_connection(change: Change) -> bool:
    return isinstance(change, ConnectContainer | DisconnectContainer)


def _makes_behind_removals(plan: Plan) -> bool:
    removed_first = False
    for change in plan.changes:
        if isinstance(change, CreateNetwork) and removed_first:
            return True
        removed_first = removed_first or not (
            _is_connection(change) or isinstance(change, CreateNetwork)
        )
    return False


def plan_removal(snapshot: Snapshot, network: Network, with_stopped: bool = False) -> Plan:
    """Make the plan: disconnect every running container, then remove the network.

    With ``with_stopped`` the stopped containers are disconnected as well, so that they start
    again without it.
    """
    steps = [
        Step(disconnect(container, endpoint), _why_disconnect(endpoint))
        for container, endpoint in list_members(snapshot, network)
        if endpoint.is_live or with_stopped
    ]
    steps.append(Step(RemoveNetwork(network.id, network.name), "Nobody is on it any more"))
    return Plan(tuple(steps), f"Remove network {network.name}")


def plan_connect(
    network: Network, containers: Iterable[Container], settings: EndpointSettings | None = None
) -> Plan:
    """Make the plan that connects several containers to one network.

    Fixed addresses and a MAC would serve one of them only and are left out.
    """
    given = settings or EndpointSettings()
    common = replace(given, ipv4="", ipv6="", mac="", link_local=())
    steps = tuple(
        Step(ConnectContainer(network.id, network.name, found.id, found.name, common))
        for found in containers
        if pick_endpoint(found, network.id, network.name) is None
    )
    return Plan(steps, f"Connect {len(steps)} to {network.name}")


def plan_disconnect(network: Network, containers: Iterable[Container]) -> Plan:
    """Make the plan that ends the connections of several containers to one network."""
    steps = [
        Step(disconnect(container, endpoint))
        for container in containers
        if (endpoint := pick_endpoint(container, network.id, network.name)) is not None
        and not is_host_mode(container)
    ]
    return Plan(tuple(steps), f"Disconnect {len(steps)} from {network.name}")


def plan_migration(snapshot: Snapshot, network: Network, wanted: CreateNetwork) -> Plan:
    """Make the plan that replaces a network by another: create, move everybody, remove.

    Each container is connected to the new network before it leaves the old one, with its
    aliases, priority and options, and with its fixed addresses where they fit the new subnets.
    A new network that overlaps the old one or bears its name can only be made once the old one
    is gone; then everybody is disconnected first.
    """
    members = list_members(snapshot, network)
    target = build_network(wanted, snapshot.engine)
    engine = snapshot.engine
    is_same_name = network.name == wanted.name
    left = f"the old {network.name}" if is_same_name else network.name
    made = f"The new {wanted.name}" if is_same_name else wanted.name
    leave = [Step(disconnect(c, endpoint), f"Leaves {left}") for c, endpoint in members]
    enter = [
        Step(
            replace(
                connect_again(c, endpoint, engine, ""),
                network_name=wanted.name,
                settings=fit_settings(read_settings(c, endpoint, engine), target),
            ),
            f"Moves from {left}" + _note_lost(endpoint, target),
        )
        for c, endpoint in _order(members)
    ]
    create = Step(wanted, f"Takes the place of {left}")
    word = "takes" if is_in_the_way(network, target) else "has taken"
    remove = Step(RemoveNetwork(network.id, network.name), f"{made} {word} its place")
    if is_in_the_way(network, target):
        steps = (*leave, remove, create, *enter)
    else:
        steps = (create, *enter, *leave, remove)
    title = f"Change {network.name}" if is_same_name else f"Move {network.name} to {wanted.name}"
    return Plan(steps, title)


def say_interruption(snapshot: Snapshot, network: Network, wanted: CreateNetwork) -> str:
    """Say who is off a network while it is replaced; nothing where the new one is made first."""
    members = [one.name for one, endpoint in list_members(snapshot, network) if endpoint.is_live]
    if not members or not is_in_the_way(network, build_network(wanted, snapshot.engine)):
        return ""
    who, verb = Names(len(members), tuple(members[:SHOWN])), "is" if len(members) == 1 else "are"
    return f"{who} {verb} off {quote(network.name)} meanwhile; what is open over it breaks."


def list_lost_addresses(
    snapshot: Snapshot, network: Network, wanted: CreateNetwork
) -> tuple[str, ...]:
    """Say who loses its fixed address when a network is replaced by another."""
    target = build_network(wanted, snapshot.engine)
    losers = [
        f"{quote(container.name)}: its fixed address {lost}. The engine gives it another one."
        for container, endpoint in list_members(snapshot, network)
        if (lost := _find_lost(endpoint, target))
    ]
    hidden = len(losers) - SHOWN
    return (*losers[:SHOWN], *([f"And {hidden} more fixed addresses."] if hidden > 0 else []))


def fit_settings(settings: EndpointSettings, network: Network) -> EndpointSettings:
    """Leave out the fixed addresses that a network cannot give."""
    return replace(
        settings,
        ipv4=settings.ipv4 if fits(network, settings.ipv4) else "",
        ipv6=settings.ipv6 if network.has_ipv6 and fits(network, settings.ipv6) else "",
    )


def fits(network: Network, address: str) -> bool:
    """Tell whether a new network can give an address: in a subnet of it and not reserved."""
    subnet = find_subnet(network, address)
    if subnet is None:
        return False
    alone = Snapshot((network,))
    return find_holder(alone, network, address) is None


def is_in_the_way(network: Network, target: Network) -> bool:
    """Tell whether both cannot exist at once."""
    alone = Snapshot((network,))
    return network.name == target.name or any(
        find_overlaps(alone, subnet.cidr) for subnet in target.subnets
    )


def disconnect(container: Container, endpoint: Endpoint) -> DisconnectContainer:
    """Make the change that ends an endpoint."""
    return DisconnectContainer(
        endpoint.network_id, endpoint.network_name, container.id, container.name
    )


def _why_disconnect(endpoint: Endpoint) -> str:
    if endpoint.is_live:
        return "A network in use cannot be removed"
    return "It would not start again while it names a network that is gone"


def _order(
    members: tuple[tuple[Container, Endpoint], ...],
) -> list[tuple[Container, Endpoint]]:
    """Fixed addresses first, so that nobody is given them by chance; the others as they were."""
    return sorted(members, key=lambda member: rank_lost(member[1]))


def _note_lost(endpoint: Endpoint, target: Network) -> str:
    lost = _find_lost(endpoint, target)
    return f"; its address {lost} does not fit there" if lost else ""


def _find_lost(endpoint: Endpoint, target: Network) -> str:
    """Name the fixed addresses that a new network cannot give; empty for none."""
    wanted = (endpoint.static_ipv4, endpoint.static_ipv6)
    return " and ".join(text for text in wanted if text and not fits(target, text))
