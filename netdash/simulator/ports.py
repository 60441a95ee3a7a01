"""Which ports of a container are reachable from outside: wanted, exposed and bound ones."""

from __future__ import annotations

from netdash.simulator.endpoints import DRIVERS_THAT_PUBLISH, find_route_network
from netdash.simulator.refusals import Refusal
from netdash.simulator.state import Container, EngineState, Json, Network

FIRST_PORT, LAST_PORT = 32768, 60999
ANY_ADDRESSES = ("0.0.0.0", "::")  # noqa: S104


def list_wanted(container: Container) -> dict[str, list[Json] | None]:
    """Map every exposed or bound port to its wanted bindings."""
    wanted: dict[str, list[Json] | None] = dict.fromkeys(container.config.get("ExposedPorts") or {})
    bindings = container.host_config.get("PortBindings") or {}
    wanted |= {port: list(asked or []) or None for port, asked in bindings.items()}
    if container.host_config.get("PublishAllPorts"):
        wanted = {port: asked or [{"HostIp": "", "HostPort": ""}] for port, asked in wanted.items()}
    return wanted


def publish_ports(state: EngineState, container: Container) -> None:
    """Bind the ports of a running container; they follow the network of its default route."""
    network = find_route_network(state, container)
    live = [
        state.networks[place.network_id]
        for place in container.endpoints.values()
        if place.id and place.network_id in state.networks
    ]
    bridges = [found for found in live if found.driver == "bridge"]
    has_stack = any(not found.is_internal for found in bridges)
    before, first = container.first_network, find_first(live)
    container.first_network = first
    if network is None or network.driver not in DRIVERS_THAT_PUBLISH or not has_stack:
        is_inside_only = bool(bridges) and all(found.is_internal for found in live)
        if state.edition.is_from(26) or not is_inside_only:
            container.ports = {}
        elif container.ports and first != before:
            has_left = all(found.name != before for found in live)
            container.ports = bind_all(state, container) if has_left else close_all(container)
        return
    if not any(container.ports.values()):
        container.ports = bind_all(state, container)


def find_first(live: list[Network]) -> str:
    """Name the network whose gateway counts before 26.1: by name, internal ones last.

    Engine 20.10 moves ports to it: open where another one left, closed where it came itself.
    """
    return min(((found.is_internal, found.name) for found in live), default=(False, ""))[1]


def bind_all(state: EngineState, container: Container) -> dict[str, list[Json] | None]:
    """Bind every wanted port that is not bound yet."""
    bound = container.ports
    return {
        port: bound.get(port) or bind(state, container, port, asked)
        for port, asked in list_wanted(container).items()
    }


def close_all(container: Container) -> dict[str, list[Json] | None]:
    """Leave every wanted port exposed and none bound."""
    return dict.fromkeys(list_wanted(container))


def bind(
    state: EngineState, container: Container, port: str, asked: list[Json] | None
) -> list[Json] | None:
    """Bind one port of a container to addresses of the host."""
    if asked is None:
        return None
    protocol = port.partition("/")[2] or "tcp"
    bound = []
    for binding in asked:
        host_ip = binding.get("HostIp") or ""
        host_port = str(binding.get("HostPort") or "").partition("-")[0]
        taken = list_taken(state, container, protocol)
        if not host_port:
            host_port = find_free_port(state, taken)
        if is_taken(taken, host_ip or ANY_ADDRESSES[0], host_port):
            raise refuse_port(container, host_ip or ANY_ADDRESSES[0], host_port)
        bound += [{"HostIp": a, "HostPort": host_port} for a in spread(host_ip)]
    return bound


def spread(host_ip: str) -> tuple[str, ...]:
    """List the addresses that a binding takes: both families when none is named."""
    return (host_ip,) if host_ip else ANY_ADDRESSES


def list_taken(state: EngineState, container: Container, protocol: str) -> dict[str, set[str]]:
    """Map the host's ports in use, by protocol, to the addresses that hold them."""
    taken: dict[str, set[str]] = {}
    for other in state.containers.values():
        if not other.ports or other is container or not other.is_running:
            continue
        for port, bindings in other.ports.items():
            if (port.partition("/")[2] or "tcp") == protocol:
                for binding in bindings or []:
                    taken.setdefault(binding["HostPort"], set()).add(binding["HostIp"])
    return taken


def is_taken(taken: dict[str, set[str]], host_ip: str, host_port: str) -> bool:
    """Tell whether an address and port are in use, alone or by an any-address."""
    holders = taken.get(host_port, set())
    return bool(holders) and (
        host_ip in ANY_ADDRESSES or host_ip in holders or bool(holders & set(ANY_ADDRESSES))
    )


def find_free_port(state: EngineState, taken: dict[str, set[str]]) -> str:
    """Choose the next free port for a binding that names none."""
    port = max(state.next_port, FIRST_PORT if state.edition.is_from(26) else 49153)
    while str(port) in taken:
        port += 1
    state.next_port = port + 1 if port < LAST_PORT else 0
    return str(port)


def refuse_port(container: Container, host_ip: str, host_port: str) -> Refusal:
    """Word that a port is taken."""
    endpoint = next((place.id for place in container.endpoints.values() if place.id), "")
    return Refusal(
        500,
        f"driver failed programming external connectivity on endpoint {container.name} "
        f"({endpoint}): Bind for {host_ip}:{host_port} failed: port is already allocated",
    )
