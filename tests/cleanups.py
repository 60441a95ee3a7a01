"""Worlds made by chance for clean-up, and a naive answer to who names a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from netdash.topology.candidates import CleanupFilter
from netdash.topology.snapshot import (
    COMPOSE_PROJECT,
    Container,
    Endpoint,
    Network,
    Pairs,
    Snapshot,
    Subnet,
)

NOW = 1_800_000_000.0
DAY = 86400
STATES = ("running", "running", "paused", "restarting", "created", "exited", "dead", "removing")
PROJECTS = ("", "", "shop", "blog", "ci")
LABELS: tuple[Pairs, ...] = (
    (),
    (),
    (("environment", "dev"),),
    (("environment", "prod"), ("team", "a")),
    (("team", ""),),
    (("netdash.keep", "true"),),
)
EVERYTHING = CleanupFilter()


def build_world(random: Random) -> Snapshot:
    """Make networks of every kind, and containers that name them in every way."""
    networks = [
        Network("b" * 64, "bridge", created_at=write_time(0)),
        Network("c" * 64, "host", "host", created_at=write_time(0)),
        Network("d" * 64, "none", "null", created_at=write_time(0)),
        *(build_network(random, number) for number in range(random.randrange(1, 16))),
    ]
    if random.random() < 0.3:
        networks.append(Network("ingress0ingress0ingress00", "ingress", "overlay", "swarm"))
        networks[-1] = replace(networks[-1], is_ingress=True)
        networks.append(Network("e" * 64, "docker_gwbridge", created_at=write_time(1)))
    configurations = [found.name for found in networks if found.is_config_only]
    if configurations and random.random() < 0.5:
        made = build_network(random, 99)
        networks.append(replace(made, config_from=random.choice(configurations)))
    containers: list[Container] = []
    for number in range(random.randrange(0, 12)):
        containers.append(build_container(random, number, networks, containers))
    ordered = sorted(networks, key=lambda found: (found.name, found.id))
    return Snapshot(tuple(ordered), tuple(containers))


def build_network(random: Random, number: int) -> Network:
    """Make one network; names repeat now and then, as on 20.10."""
    project = random.choice(PROJECTS)
    labels = random.choice(LABELS)
    if project:
        labels = tuple(sorted((*labels, (COMPOSE_PROJECT, project))))
    kind = random.random()
    return Network(
        id=f"{random.getrandbits(256):064x}",
        name=f"net-{random.randrange(number + 1) if random.random() < 0.1 else number}",
        driver="overlay" if kind < 0.1 else random.choice(("bridge", "bridge", "macvlan")),
        scope="swarm" if kind < 0.1 else "local",
        subnets=(Subnet(f"10.{number}.0.0/24"),),
        is_config_only=kind > 0.9,
        labels=labels,
        created_at=random.choice(
            (write_time(NOW - random.randrange(60, 90 * DAY)), "0001-01-01T00:00:00Z")
        )
        if random.random() < 0.1
        else write_time(NOW - random.randrange(60, 90 * DAY)),
    )


def build_container(
    random: Random, number: int, networks: list[Network], others: list[Container]
) -> Container:
    """Make one container that names up to three networks, each in its own way."""
    state = random.choice(STATES)
    found = Container(
        id=f"{number:064d}",
        name=f"app-{number}",
        state=state,
        labels=((COMPOSE_PROJECT, random.choice(("shop", "blog"))),) * (random.random() < 0.4),
        network_mode="bridge",
    )
    if others and random.random() < 0.1:
        return replace(found, network_mode=f"container:{random.choice(others).id}")
    for network in random.sample(networks, min(len(networks), random.randrange(4))):
        found = name_network(random, found, network)
    if random.random() < 0.1:
        gone = Endpoint("f" * 64, "gone")
        found = replace(found, endpoints=(*found.endpoints, gone))
    return found


def name_network(random: Random, container: Container, network: Network) -> Container:
    """Let a container name a network: by an endpoint, by a note, or by its mode alone."""
    words = (network.name, network.id, network.id[:12])
    if random.random() < 0.2:
        return replace(container, network_mode=random.choice(words))
    if container.is_running and random.random() < 0.9:
        endpoint = Endpoint(network.id, network.name, id=f"{random.getrandbits(256):064x}")
    else:
        endpoint = random.choice(
            (
                Endpoint(network.id, network.name),
                Endpoint("", network.name),
                Endpoint("", network.id),
                Endpoint("", network.id[:12]),
                Endpoint("a" * 64, network.name),
            )
        )
    return replace(container, endpoints=(*container.endpoints, endpoint))


def write_time(seconds: float) -> str:
    """Write a time as an engine does."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f123Z")


OLD = write_time(NOW - 40 * DAY)


def choose_filter(random: Random) -> CleanupFilter:
    """Wish for something, often for everything."""
    return CleanupFilter(
        labels=random.choice(((), (), ("environment",), ("environment=dev",))),
        not_labels=random.choice(((), (), ("team",), ("team=a", "environment"))),
        name_pattern=random.choice(("", "", "net-*", "net-[0-4]")),
        drivers=random.choice(((), (), ("bridge",))),
        older_than_seconds=random.choice((0, 0, 3600, 30 * DAY)),
        unused_since_seconds=random.choice((0, 0, 0, 7 * DAY)),
    )


def list_namers(snapshot: Snapshot, network: Network) -> Iterator[Container]:
    """List every container that names a network, looking at each word plainly."""
    for container in snapshot.containers:
        words = {container.network_mode}
        for endpoint in container.endpoints:
            words |= {endpoint.network_id, endpoint.network_name}
        if any(
            word in (network.id, network.name) or (len(word) >= 12 and network.id.startswith(word))
            for word in words - {""}
        ):
            yield container


def come_into_use(random: Random, snapshot: Snapshot, network: Network) -> Snapshot:
    """Let a container, of any state, name a network that nobody named."""
    number = len(snapshot.containers)
    newcomer = Container(f"{number:064d}", f"new-{number}", state=random.choice(STATES))
    users = list(snapshot.containers)
    place = random.randrange(len(users) + 1)
    if place == len(users):
        users.append(newcomer)
    users[place] = (
        replace(users[place], network_mode="bridge") if users[place].is_sharing else users[place]
    )
    users[place] = name_network(random, users[place], network)
    return replace(snapshot, containers=tuple(users))
