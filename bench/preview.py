"""What a preview costs, engine by engine size: one change, many members, a migration.

    .venv/bin/python -m bench.preview [--rounds 15]

The bar is 50 ms at 2,000 containers; a ratio under 1 is within it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import replace

from netdash.engine import client as engines
from netdash.engine import reader
from netdash.simulator.engine import SimulatedEngine
from netdash.topology.changes import CreateNetwork, Plan, RemoveNetwork, plan_one
from netdash.topology.inverses import read_creation
from netdash.topology.plans import plan_connect, plan_disconnect, plan_migration, plan_removal
from netdash.topology.preview import foresee
from netdash.topology.snapshot import Snapshot

SCENES = ("company", "large", "huge")
BAR = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    wanted = parser.parse_args()
    print(f"{'containers':>10} {'what':>24} {'median ms':>10} {'bar':>5} {'ratio':>6}")
    for scene in SCENES:
        snapshot = read_scene(scene)
        for name, plan in list_plans(snapshot):
            took = measure(snapshot, plan, wanted.rounds)
            count = len(snapshot.containers)
            print(f"{count:>10} {name:>24} {took:>10.1f} {BAR:>5} {took / BAR:>6.2f}")


def read_scene(scene: str) -> Snapshot:
    """Read a scene as netdash reads an engine."""
    with SimulatedEngine(scene) as simulated:
        opened = engines.open_client(simulated.address)
        return reader.take_snapshot(opened, engines.read_facts(opened))


def list_plans(snapshot: Snapshot) -> list[tuple[str, Plan]]:
    """List plans about the network with the most members, which are the dearest."""
    members = snapshot.members_by_network_id
    made = [one for one in snapshot.networks if not one.is_built_in]
    largest = max(made, key=lambda one: len(members.get(one.id, ())))
    on_it = [container for container, _ in members.get(largest.id, ())]
    others = [one for one in snapshot.containers if one not in on_it and one.endpoints]
    wanted = replace(read_creation(largest), name="bench-2", subnets=())
    return [
        ("create", plan_one(CreateNetwork("bench"))),
        ("connect one", plan_connect(largest, others[:1])),
        ("connect 100", plan_connect(largest, others[:100])),
        ("disconnect one", plan_disconnect(largest, on_it[:1])),
        ("remove", plan_one(RemoveNetwork(largest.id, largest.name))),
        (f"free and remove ({len(on_it)})", plan_removal(snapshot, largest)),
        (f"migrate ({len(on_it)})", plan_migration(snapshot, largest, wanted)),
    ]


def measure(snapshot: Snapshot, plan: Plan, rounds: int) -> float:
    """Give the median in milliseconds of this process's CPU; each run begins on a new reading."""
    times = []
    for _ in range(rounds):
        reading = replace(snapshot)
        begun = time.process_time()
        foresee(reading, plan)
        times.append((time.process_time() - begun) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
