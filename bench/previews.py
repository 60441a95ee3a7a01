"""How long a preview takes: 2,000 containers, 1,000 of them on one network.

Run: .venv/bin/python -m bench.previews
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    Plan,
    plan_one,
)
from netdash.topology.plans import plan_connect, plan_migration, plan_removal
from netdash.topology.preview import foresee
from netdash.topology.snapshot import Container, Endpoint, EngineFacts, Network, Snapshot, Subnet

CONTAINERS, MEMBERS, NETWORKS, ROUNDS = 2000, 1000, 100, 5


def build_world() -> Snapshot:
    networks = tuple(
        Network(f"n{n:03}", f"net-{n:03}", subnets=(Subnet(f"10.{n}.0.0/16", f"10.{n}.0.1"),))
        for n in range(NETWORKS)
    )
    containers = tuple(build_container(number) for number in range(CONTAINERS))
    return Snapshot(networks, containers, EngineFacts(api_version="1.51"))


def build_container(number: int) -> Container:
    places = [0] * (number < MEMBERS) + [1 + number % (NETWORKS - 1)]
    endpoints = tuple(
        Endpoint(
            f"n{place:03}",
            f"net-{place:03}",
            f"e{number}-{place}",
            ipv4=f"10.{place}.{4 + number // 250}.{2 + number % 250}",
            ipv4_prefix=16,
            gateway=f"10.{place}.0.1",
            aliases=(),
            static_ipv4="",
            static_ipv6="",
        )
        for place in places
    )
    return Container(f"{number:064x}", f"c{number:04}", endpoints=endpoints)


def list_plans(world: Snapshot) -> Iterator[tuple[str, Plan]]:
    network, outsider, member = world.networks[0], world.containers[-1], world.containers[5]
    yield "connect one", plan_one(ConnectContainer("n000", "net-000", outsider.id, outsider.name))
    yield "disconnect one", plan_one(DisconnectContainer("n000", "net-000", member.id, member.name))
    yield "connect 1,000", plan_connect(network, world.containers[MEMBERS:])
    yield "remove with 1,000", plan_removal(world, network)
    wanted = CreateNetwork("moved", subnets=(Subnet("172.30.0.0/16"),))
    yield "migrate 1,000", plan_migration(world, network, wanted)


def measure(world: Snapshot, plan: Plan) -> float:
    """Measure the best of some rounds, in milliseconds of processor time."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        foresee(world, plan)
        times.append(time.process_time() - start)
    return min(times) * 1000


def main() -> None:
    world = build_world()
    for name, plan in list_plans(world):
        print(f"{name:20} {measure(world, plan):8.1f} ms")


if __name__ == "__main__":
    main()
