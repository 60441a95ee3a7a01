"""What a scene is built with: networks and containers made by the engine's own operations."""

from __future__ import annotations

from dataclasses import dataclass

from netdash.simulator import containers, lifecycle, networks
from netdash.simulator.editions import Edition
from netdash.simulator.images import COMMON_IMAGES, make_image_id
from netdash.simulator.state import Container, EngineState, Json, Network

BORN_AT = 1_767_600_000 * 10**9
"""When the first thing of every scene was made: 5 January 2026."""
MINUTE = 60 * 10**9
BUILT_IN = (("bridge", "bridge"), ("host", "host"), ("none", "null"))
HEALTH_CHECK = {"Test": ["CMD", "true"], "Interval": 30 * 10**9}


@dataclass(frozen=True)
class Part:
    """One service of a scene; ``networks`` is a word a network, the first being that of birth.

    ``ports`` is a word a port: ``8080:80``, ``127.0.0.1:5432:5432``, or ``9000`` only exposed.
    ``state`` is running, exited, paused, restarting, created, or a health.
    """

    name: str
    image: str
    networks: str
    ports: str = ""
    state: str = "running"
    count: int = 1


@dataclass
class Stage:
    """An engine being furnished."""

    state: EngineState
    project: str = ""

    def add_network(self, name: str, subnet: str = "", *, is_internal: bool = False) -> Network:
        """Make a network; in a project it gets Compose's name and labels."""
        body: Json = {
            "Name": f"{self.project}_{name}" if self.project else name,
            "Driver": "bridge",
            "Internal": is_internal,
            "Labels": self.label_network(name),
            "IPAM": {"Config": [{"Subnet": subnet}] if subnet else []},
        }
        return networks.create_network(self.state, body)[0]

    def label_network(self, name: str) -> dict[str, str]:
        """Label a network as Compose does."""
        if not self.project:
            return {}
        return {
            "com.docker.compose.network": name,
            "com.docker.compose.project": self.project,
            "com.docker.compose.version": "2.40.3",
        }

    def add(self, *parts: Part) -> None:
        """Make the containers of services and bring them into their states."""
        for part in parts:
            self.state.images.setdefault(part.image, make_image_id(part.image))
            for number in range(1, part.count + 1):
                self.settle(self.create(part, number), part.state)

    def create(self, part: Part, number: int) -> Container:
        """Make one container of a service."""
        first, *others = [self.name_network(word) for word in part.networks.split()]
        name, labels = part.name, {}
        if self.project:
            name = f"{self.project}-{part.name}-{number}"
            labels = self.label_container(part.name, number)
        aliases = {"Aliases": [part.name]} if self.project else {}
        joined = (
            [] if first.partition(":")[0] in ("host", "none", "bridge", "container") else [first]
        )
        body: Json = {
            "Image": part.image,
            "Labels": labels,
            "ExposedPorts": {f"{port.rpartition(':')[2]}/tcp": {} for port in part.ports.split()},
            "HostConfig": {
                "NetworkMode": first,
                "PortBindings": read_bindings(part.ports),
                "RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0},
            },
            "NetworkingConfig": {
                "EndpointsConfig": {name: dict(aliases) for name in [*joined, *others]}
            },
        }
        if part.state in ("healthy", "unhealthy", "starting"):
            body["Healthcheck"] = HEALTH_CHECK
        return containers.create_container(self.state, name, body, (9, 9))

    def name_network(self, word: str) -> str:
        """Name a network: a leading slash means one that belongs to no project."""
        if word.startswith("/"):
            return word[1:]
        if word.startswith("container:") and self.project:
            return f"container:{self.project}-{word.partition(':')[2]}-1"
        is_own = self.project and word not in ("host", "none", "bridge")
        return f"{self.project}_{word}" if is_own and ":" not in word else word

    def label_container(self, service: str, number: int) -> dict[str, str]:
        """Label a container as Compose does."""
        return {
            "com.docker.compose.container-number": str(number),
            "com.docker.compose.oneoff": "False",
            "com.docker.compose.project": self.project,
            "com.docker.compose.project.working_dir": f"/srv/{self.project}",
            "com.docker.compose.service": service,
        }

    def settle(self, container: Container, wanted: str) -> None:
        """Bring a new container into its state."""
        if wanted == "created":
            return
        lifecycle.start(self.state, container)
        if wanted == "paused":
            lifecycle.pause(self.state, container)
        elif wanted == "exited":
            container.is_stopped_by_hand = True
            lifecycle.end(self.state, container, exit_code=0)
        elif wanted == "restarting":
            lifecycle.end(self.state, container, exit_code=1)
            container.state, container.restart_count = "restarting", 17
        elif wanted in ("healthy", "unhealthy", "starting"):
            container.health = wanted


def open_stage(edition: Edition) -> Stage:
    """Set up an engine with the three networks that every Docker has."""
    state = EngineState(edition)
    for image in COMMON_IMAGES:
        state.images[image] = make_image_id(image)
    bridge = Stage(state).add_network("bridge-to-be")
    state.drop_network(bridge)
    bridge.name, bridge.ipam_options = "bridge", None
    state.add_network(bridge)
    bridge.options = {
        "com.docker.network.bridge.default_bridge": "true",
        "com.docker.network.bridge.enable_icc": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
        "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",  # noqa: S104
        "com.docker.network.bridge.name": "docker0",
        "com.docker.network.driver.mtu": "1500",
    }
    for pool in bridge.pools:
        pool.gateway = pool.gateway if edition.is_from(26) else ""
    for name, driver in BUILT_IN[1:]:
        state.add_network(Network(state.make_id(), name, driver, BORN_AT))
    return Stage(state)


def close_stage(stage: Stage) -> EngineState:
    """Set the clocks: made in order from one day on, running for hours; forget the events."""
    state = stage.state
    now = state.now()
    for number, network in enumerate(state.networks.values()):
        network.created_at = BORN_AT + number * MINUTE
    for number, container in enumerate(state.containers.values()):
        container.created_at = BORN_AT + (number + len(state.networks)) * MINUTE
        if container.started_at:
            container.started_at = now - (180 + number % 240) * MINUTE
        if container.finished_at:
            container.finished_at = now - (1 + number % 90) * MINUTE
    state.events.forget()
    return state


def read_bindings(ports: str) -> dict[str, list[dict[str, str]]]:
    """Read the ports of a part that are bound to the host."""
    bindings: dict[str, list[dict[str, str]]] = {}
    for port in ports.split():
        address, _, inner = port.rpartition(":")
        if address:
            host_ip, _, host_port = address.rpartition(":")
            bindings[f"{inner}/tcp"] = [{"HostIp": host_ip, "HostPort": host_port}]
    return bindings
