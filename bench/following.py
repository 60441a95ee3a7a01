"""How long after the command's return the store holds what it did.

``python -m bench.following [--scene large] [--address unix:///…] [--rounds 40]``: connects a
container to a network and disconnects it, over and over. With ``--address`` a real engine is
used; it gets two networks and a container of its own (image busybox:local), removed at the end.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

ENGINE = 1
LIMIT_SECONDS = 30
NAME = "netdash-bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", default="large")
    parser.add_argument("--address", default="")
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    with serve_store():
        if options.address:
            measure(options.address, options.rounds)
        else:
            from netdash.simulator.engine import SimulatedEngine

            with SimulatedEngine(scene=options.scene) as engine:
                measure(engine.address, options.rounds)


@contextmanager
def serve_store() -> Iterator[None]:
    """Run a private Valkey, and Django on top of it."""
    from tests.brokers import Broker

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netdash.settings")
    import django
    from django.conf import settings

    broker = Broker()
    try:
        broker.start()
        django.setup()
        settings.REDIS_URL = broker.url
        yield
    finally:
        broker.close()


def measure(address: str, rounds: int) -> None:
    """Follow the engine and print what was measured."""
    from netdash.engine.client import Address, open_client
    from netdash.live import store
    from netdash.live.watcher import Watch

    client, watch = open_client(address), Watch(ENGINE, Address(address))
    network = client.create_network(f"{NAME}-net")["Id"]
    container = client.create_container("busybox:local", name=NAME)["Id"]
    client.start(container)
    watch.start()
    try:
        wait(lambda: holds(store, container, network) is False)
        count = len(store.latest(ENGINE).snapshot.containers)  # type: ignore[union-attr]
        time.sleep(2)  # the details of the first reading
        taken = {"connect": list[float](), "disconnect": list[float]()}
        for _ in range(rounds):
            client.connect_container_to_network(container, network)
            taken["connect"].append(wait(lambda: holds(store, container, network) is True))
            time.sleep(0.4)
            client.disconnect_container_from_network(container, network)
            taken["disconnect"].append(wait(lambda: holds(store, container, network) is False))
            time.sleep(0.4)
    finally:
        watch.stop()
        client.remove_container(container, force=True)
        client.remove_network(network)
        client.close()
    for name, seconds in taken.items():
        print(f"{count} containers, {name}: {describe(seconds)}")


def holds(store: Any, container: str, network: str) -> bool | None:
    """Tell whether the store shows the connection; None when it has not got the container."""
    stored = store.latest(ENGINE)
    found = stored and stored.snapshot.containers_by_id.get(container)
    if not found:
        return None
    return any(one.network_id == network and one.is_live for one in found.endpoints)


def wait(is_there: Callable[[], bool]) -> float:
    """Wait, and give the seconds it took."""
    began = time.perf_counter()
    while not is_there():
        if time.perf_counter() - began > LIMIT_SECONDS:
            raise SystemExit("waited in vain")
        time.sleep(0.002)
    return time.perf_counter() - began


def describe(seconds: list[float]) -> str:
    """Sum up in milliseconds."""
    ordered = sorted(seconds)
    tail = ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]
    return (
        f"median {statistics.median(ordered) * 1000:.0f} ms, 95th percentile {tail * 1000:.0f} ms,"
        f" longest {ordered[-1] * 1000:.0f} ms after the command's return"
    )


if __name__ == "__main__":
    main()
