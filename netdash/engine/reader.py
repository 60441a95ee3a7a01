"""Read what an engine holds: two list calls, whatever its size."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakKeyDictionary

from netdash.engine.client import EngineClient, require_yes
from netdash.engine.errors import speaking
from netdash.engine.joining import join
from netdash.engine.translating import Raw, Translation
from netdash.topology.snapshot import (
    Container,
    Endpoint,
    EngineFacts,
    Network,
    Pairs,
    PublishedPort,
    Snapshot,
    Subnet,
)

HELPER_LABEL = "netdash.helper"
"""Set to 1 on containers that netdash starts for a probe; they are no part of the topology."""
LONGEST_ID_FILTER = 100
"""More ids than this make an address that a proxy before the engine refuses (HAProxy: 16 kB)."""

_translations: WeakKeyDictionary[EngineClient, Translation] = WeakKeyDictionary()

EXIT_CODE = re.compile(r"^(?:Exited|Restarting) \((-?\d+)\)")
HEALTH = re.compile(r"\((?:health: )?(healthy|unhealthy|starting)\)$")


@dataclass(frozen=True, slots=True)
class Listing:
    """The engine's own words: ``GET /networks`` and ``GET /containers/json?all=1``."""

    networks: tuple[Raw, ...]
    containers: tuple[Raw, ...]


def take_snapshot(client: EngineClient, facts: EngineFacts) -> Snapshot:
    """Read networks and containers in two list calls.

    The calls are not atomic: an endpoint may name a network that the first call did not
    list. Such endpoints are kept and dangle; they are real to the user.
    """
    with without_collecting():
        translation = _translations.setdefault(client, Translation())
        return parse_listing(take_listing(client), facts, translation)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let the garbage collector wait: it would walk the growing lists again and again.

    Decoding the answer for 500 containers takes 3 ms so, and 9 ms with it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def take_listing(client: EngineClient) -> Listing:
    """Read the same two lists, untranslated; probe containers of netdash are left out."""
    with speaking(client):
        networks = ask(client, "/networks")
        containers = ask(client, "/containers/json?all=1")
    return Listing(tuple(networks), tuple(found for found in containers if not is_helper(found)))


def ask(client: EngineClient, path: str) -> list[Raw]:
    """Read one list in one piece.

    docker-py's own calls take the same answer apart in pieces of 10 kB and decode it twice:
    a third more time for the 0.7 MB of 500 containers.
    """
    address = f"{client.base_url}/v{client.api_version}{path}"
    with client.get(address, stream=True, timeout=client.timeout) as response:
        require_yes(response)
        found: list[Raw] = json.loads(response.raw.read(decode_content=True))
    return found


def parse_listing(
    listing: Listing, facts: EngineFacts, translation: Translation | None = None
) -> Snapshot:
    """Translate two lists into a snapshot; a translation that is kept makes the next cheaper."""
    known = translation or Translation()
    return join(
        known.networks.translate(listing.networks, parse_network),
        known.containers.translate(listing.containers, parse_container),
        facts,
    )


def take_networks(client: EngineClient) -> tuple[Network, ...]:
    """Read every network in one list call, in the engine's order."""
    with speaking(client):
        return tuple(parse_network(found) for found in ask(client, "/networks"))


def take_containers(client: EngineClient, ids: Collection[str]) -> tuple[Container, ...]:
    """Read these containers in one list call; those that are gone are absent."""
    if not ids:
        return ()
    filters = {"id": sorted(ids)} if len(ids) <= LONGEST_ID_FILTER else None
    with speaking(client):
        found = client.containers(all=True, filters=filters)
    wanted = set(ids)
    return tuple(
        parse_container(one) for one in found if one["Id"] in wanted and not is_helper(one)
    )


def is_helper(found: Raw) -> bool:
    """Tell whether netdash itself started this container for a probe."""
    return (found.get("Labels") or {}).get(HELPER_LABEL) == "1"


def parse_network(found: Raw) -> Network:
    """Translate one element of ``GET /networks`` or one ``GET /networks/{id}``."""
    ipam = found.get("IPAM") or {}
    return Network(
        id=found["Id"],
        name=found["Name"],
        driver=found.get("Driver") or "",
        scope=found.get("Scope") or "",
        subnets=parse_subnets(ipam.get("Config") or ()),
        has_ipv4=bool(found.get("EnableIPv4", True)),
        has_ipv6=bool(found.get("EnableIPv6")),
        is_internal=bool(found.get("Internal")),
        is_attachable=bool(found.get("Attachable")),
        is_ingress=bool(found.get("Ingress")),
        is_config_only=bool(found.get("ConfigOnly")),
        config_from=(found.get("ConfigFrom") or {}).get("Network") or "",
        ipam_driver=ipam.get("Driver") or "default",
        ipam_options=parse_pairs(ipam.get("Options")),
        options=parse_pairs(found.get("Options")),
        labels=parse_pairs(found.get("Labels")),
        created_at=found.get("Created") or "",
    )


def parse_subnets(configs: Iterable[Raw]) -> tuple[Subnet, ...]:
    """Translate ``IPAM.Config``: IPv4 pools first, then by address."""
    subnets = (
        Subnet(
            cidr=config.get("Subnet") or "",
            gateway=(config.get("Gateway") or "").partition("/")[0],
            ip_range=config.get("IPRange") or "",
            auxiliary=parse_pairs(config.get("AuxiliaryAddresses")),
        )
        for config in configs
    )
    return tuple(sorted(subnets, key=lambda subnet: (":" in subnet.cidr, subnet.cidr)))


def parse_pairs(found: Raw | None) -> Pairs:
    """Sort a mapping into pairs; an engine gives null for an empty one."""
    return tuple(sorted(found.items())) if found else ()


def parse_container(found: Raw) -> Container:
    """Translate one element of ``GET /containers/json``.

    Its endpoints still stand as the engine wrote them; ``join`` finds the networks of those
    that name theirs only by name.
    """
    status = found.get("Status") or ""
    endpoints = (found.get("NetworkSettings") or {}).get("Networks") or {}
    return Container(
        id=found["Id"],
        name=parse_name(found),
        image=found.get("Image") or "",
        state=found.get("State") or "",
        health=parse_health(found, status) if found.get("State") == "running" else "",
        exit_code=parse_exit_code(status),
        created_at=found.get("Created") or 0,
        labels=parse_pairs(found.get("Labels")),
        network_mode=(found.get("HostConfig") or {}).get("NetworkMode") or "",
        ports=parse_ports(found.get("Ports") or ()),
        endpoints=tuple(parse_endpoint(name, endpoints[name] or {}) for name in sorted(endpoints)),
    )


def parse_inspected(found: Raw) -> Container:
    """Translate one ``GET /containers/{id}/json`` to what a list says of it, but for the image.

    A list names an image by its id where the name has gone to another one meanwhile.
    """
    state, settings = found["State"], found["NetworkSettings"]
    container = parse_container(
        {
            "Id": found["Id"],
            "Names": [found["Name"]],
            "Image": found["Config"]["Image"],
            "State": state["Status"],
            "Health": {"Status": (state.get("Health") or {}).get("Status") or "none"},
            "Created": int(datetime.fromisoformat(found["Created"]).timestamp()),
            "Labels": found["Config"]["Labels"],
            "HostConfig": found["HostConfig"],
            "NetworkSettings": settings,
            "Ports": list(list_ports(settings.get("Ports") or {})),
        }
    )
    has_ended = container.state in ("exited", "restarting")
    return replace(container, exit_code=state["ExitCode"] if has_ended else None)


def list_ports(bindings_by_port: Mapping[str, list[Raw] | None]) -> Iterator[Raw]:
    """Write ``{"80/tcp": [{"HostIp": …}]}`` of an inspect as the ``Ports`` of a list."""
    for port, bindings in bindings_by_port.items():
        number, _, protocol = port.partition("/")
        listed = {"PrivatePort": int(number), "Type": protocol}
        if not bindings:
            yield listed
        for binding in bindings or ():
            host_port = int(binding["HostPort"] or 0)
            yield listed | {"IP": binding["HostIp"], "PublicPort": host_port}


def parse_name(found: Raw) -> str:
    """Give the container's own name: legacy links add others, as ``/web/db``."""
    listed = found.get("Names") or []
    if len(listed) == 1:
        return str(listed[0]).removeprefix("/")
    names = [str(name).removeprefix("/") for name in listed]
    plain = [name for name in names if "/" not in name]
    return (plain or names or [str(found["Id"])[:12]])[0]


def parse_health(found: Raw, status: str) -> str:
    """Read the health field (API 1.52), else the text ``Up 2 minutes (healthy)``."""
    health = (found.get("Health") or {}).get("Status")
    if health is not None:
        return "" if health == "none" else str(health)
    match = HEALTH.search(status) if status.endswith(")") else None
    return match[1] if match else ""


def parse_exit_code(status: str) -> int | None:
    """Read ``Exited (137) 2 minutes ago``; the list has the code nowhere else."""
    match = EXIT_CODE.match(status) if not status.startswith("Up") else None
    return int(match[1]) if match else None


def parse_ports(found: Iterable[Raw]) -> tuple[PublishedPort, ...]:
    """Translate ``Ports``, in order of container port, protocol and host address."""
    if not found:
        return ()
    ports = {
        PublishedPort(
            container_port=port.get("PrivatePort") or 0,
            protocol=port.get("Type") or "tcp",
            host_address=(port.get("IP") or "") if port.get("PublicPort") else "",
            host_port=port.get("PublicPort") or None,
        )
        for port in found
    }
    return tuple(sorted(ports, key=order_port))


def order_port(port: PublishedPort) -> tuple[int, str, str, int]:
    """Give the sort key of a port."""
    return (port.container_port, port.protocol, port.host_address, port.host_port or 0)


def parse_endpoint(name: str, found: Raw) -> Endpoint:
    """Translate one entry of ``NetworkSettings.Networks``."""
    get = found.get
    return Endpoint(
        network_id=get("NetworkID") or "",
        network_name=name,
        id=get("EndpointID") or "",
        ipv4=get("IPAddress") or "",
        ipv4_prefix=get("IPPrefixLen") or 0,
        gateway=get("Gateway") or "",
        ipv6=get("GlobalIPv6Address") or "",
        ipv6_prefix=get("GlobalIPv6PrefixLen") or 0,
        ipv6_gateway=get("IPv6Gateway") or "",
        mac=get("MacAddress") or "",
        gateway_priority=get("GwPriority"),
    )
