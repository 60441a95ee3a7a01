"""Everything that is known of one container, as its page and the inspector show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from netdash.drawing.glyphs import find_glyph
from netdash.drawing.shapes import Glyph
from netdash.topology.routes import find_default_route
from netdash.topology.snapshot import Container, Endpoint, Snapshot
from netdash.topology.standing import say_way_out, say_who_reaches

from .facts import Fact, Neighbour, NetworkTag, code, listed, moment, pending, plain, state_pairs
from .reading import Reading
from .words import parse_time, say_port, say_span, say_state


@dataclass(frozen=True, slots=True)
class Place:
    """A container's place on one network."""

    network: NetworkTag
    address: str
    names: str
    """The names it answers to there, beside the address."""
    badges: tuple[str, ...]
    warning: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ContainerSheet:
    """One container in words."""

    container: Container
    glyph: Glyph
    summary: str
    facts: tuple[Fact, ...]
    places: tuple[Place, ...]
    no_places: str
    """Why it stands on no network, or empty."""
    published: tuple[str, ...]
    exposed: tuple[str, ...]
    wanted: tuple[str, ...]
    ports_note: str
    owner: Neighbour | None
    sharers: tuple[Neighbour, ...]
    stack_note: str
    standing: tuple[str, ...]
    """Segment, bridging, cut point: one sentence each."""
    labels: tuple[Fact, ...]


def describe_container(reading: Reading, container: Container, now: datetime) -> ContainerSheet:
    """Describe one container of a reading."""
    snapshot = reading.snapshot
    route = find_default_route(snapshot, container)
    owner = snapshot.containers_by_id.get(container.owner_id)
    sharers = snapshot.sharers_by_owner_id.get(container.id, ())
    return ContainerSheet(
        container=container,
        glyph=find_glyph(container),
        summary=say_summary(container, now),
        facts=list_facts(container, now),
        places=tuple(
            describe_place(reading, container, endpoint, route) for endpoint in container.endpoints
        ),
        no_places=say_no_places(container),
        published=tuple(say_port(p) for p in container.ports if p.host_port is not None),
        exposed=list_exposed(container),
        wanted=list_wanted(container),
        ports_note=say_ports_note(container, owner),
        owner=reading.name_container(owner) if owner else None,
        sharers=tuple(reading.name_container(sharer) for sharer in sharers),
        stack_note=say_stack(container, owner),
        standing=say_standing(reading, container),
        labels=state_pairs(container.labels),
    )


def say_summary(container: Container, now: datetime) -> str:
    """Say state, health and how long it has been up."""
    started = parse_time(container.started_at)
    if started is None or not container.is_running:
        return say_state(container)
    return f"{say_state(container)} · up {say_span(max(0, (now - started).total_seconds()))}"


def list_facts(container: Container, now: datetime) -> tuple[Fact, ...]:
    """List what is known of the container itself."""
    has_details = container.started_at is not None
    started = moment("Started", container.started_at, now) if has_details else ()
    never = () if started else plain("Started", "never") if has_details else (pending("Started"),)
    return (
        *code("Image", container.image),
        *plain("Project", container.project),
        *plain("Service", container.service),
        *moment("Created", container.created_at, now),
        *started,
        *never,
        *plain("Exit code", "" if container.exit_code is None else str(container.exit_code)),
        *code("Network mode", container.network_mode),
        *code("Id", container.id),
    )


def describe_place(
    reading: Reading, container: Container, endpoint: Endpoint, route: Endpoint | None
) -> Place:
    """Describe one endpoint: address, names, marks, and all else as facts."""
    return Place(
        network=reading.tag_endpoint(endpoint),
        address=endpoint.ipv4 or endpoint.ipv6,
        names=", ".join(endpoint.aliases or ()),
        badges=list_badges(endpoint, is_route=endpoint == route),
        warning=find_warning(reading.snapshot, container, endpoint),
        facts=list_endpoint_facts(endpoint),
    )


def list_badges(endpoint: Endpoint, *, is_route: bool) -> tuple[str, ...]:
    """List the short marks of an endpoint."""
    marks = (
        (is_route, "default route"),
        (bool(endpoint.static_ipv4), "static IPv4"),
        (bool(endpoint.static_ipv6), "static IPv6"),
    )
    return tuple(words for is_so, words in marks if is_so)


def find_warning(snapshot: Snapshot, container: Container, endpoint: Endpoint) -> str:
    """Say what is wrong with an endpoint, or nothing."""
    if snapshot.is_dangling(endpoint):
        return "This network is gone; the container still names it."
    if container.is_running and not endpoint.is_live:
        return "Not really connected: the engine holds no live endpoint here."
    return ""


def list_endpoint_facts(endpoint: Endpoint) -> tuple[Fact, ...]:
    """List everything of an endpoint that its card does not show at once."""
    priority = endpoint.gateway_priority
    return (
        *code("IPv4", join_prefix(endpoint.ipv4, endpoint.ipv4_prefix)),
        *code("Gateway", endpoint.gateway),
        *code("IPv6", join_prefix(endpoint.ipv6, endpoint.ipv6_prefix)),
        *code("IPv6 gateway", endpoint.ipv6_gateway),
        *code("MAC", endpoint.mac),
        *listed("Aliases", endpoint.aliases),
        *listed("DNS names", endpoint.dns_names),
        *code("Static IPv4", endpoint.static_ipv4 or ""),
        *code("Static IPv6", endpoint.static_ipv6 or ""),
        *listed("Link-local", endpoint.link_local or ()),
        *plain("Gateway priority", "" if priority is None else str(priority)),
        *state_pairs(endpoint.driver_options or ()),
        *code("Network id", endpoint.network_id),
        *code("Endpoint id", endpoint.id),
    )


def join_prefix(address: str, prefix: int) -> str:
    """Write an address with its prefix length, when it has one."""
    return f"{address}/{prefix}" if address and prefix else address


def list_exposed(container: Container) -> tuple[str, ...]:
    """List the ports that are open inside but published nowhere."""
    published = {
        (port.container_port, port.protocol)
        for port in container.ports
        if port.host_port is not None
    }
    return tuple(
        say_port(port)
        for port in container.ports
        if port.host_port is None and (port.container_port, port.protocol) not in published
    )


def list_wanted(container: Container) -> tuple[str, ...]:
    """List the ports that it will have once it runs."""
    if container.is_running:
        return ()
    return tuple(say_port(port) for port in container.wanted_ports or ())


def say_ports_note(container: Container, owner: Container | None) -> str:
    """Say why no port is listed, when none is."""
    if container.is_sharing:
        return f"Ports belong to {owner.name}." if owner else "Ports belong to the stack's owner."
    if container.network_mode == "host":
        return "Every port it opens is open on the engine's machine itself."
    if container.ports:
        return ""
    if container.is_running:
        return "None published, none exposed."
    if container.wanted_ports is None:
        return "Which ports it wants is being read."
    return "" if container.wanted_ports else "It wants none."


def say_no_places(container: Container) -> str:
    """Say why it stands on no network, or nothing when it stands on one."""
    if container.endpoints or container.is_sharing:
        return ""
    return "It stands on no network."


def say_stack(container: Container, owner: Container | None) -> str:
    """Say whose network stack it uses, when it is not its own."""
    if container.is_sharing and owner is None:
        return f"It shared the network stack of {container.owner_id[:12]}, which is gone."
    if container.is_sharing:
        return "Uses the network stack of"
    if container.network_mode == "host":
        return "Uses the network stack of the engine's machine."
    return ""


def say_standing(reading: Reading, container: Container) -> tuple[str, ...]:
    """Say how it stands among the others: who reaches it, its way out, what hangs on it."""
    snapshot = reading.snapshot
    names = sorted({endpoint.network_name for endpoint in container.endpoints})
    joined = f"It joins {len(names)} networks: {', '.join(names)}."
    cut = "It is the only way between some of its networks: without it they fall apart."
    return (
        *say_who_reaches(snapshot, container),
        *say_way_out(snapshot, container),
        *([joined] if len(names) > 1 else ()),
        *([cut] if container.id in reading.cut_point_ids else ()),
    )
