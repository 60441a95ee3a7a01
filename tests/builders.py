"""Snapshots that read as pictures, for tests."""

from __future__ import annotations

from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet


def topology(*rows: str) -> Snapshot:
    """Build a snapshot: one row a container, ``"api: front back"``; ``"front"`` alone a network.

    Networks come into being by being named; each has 10.<n>.0.0/24, containers take addresses
    from .2 on. ``"exporter: container:api"`` shares a stack, ``"agent: host"`` and
    ``"tool: none"`` use the built-in networks.
    """
    wanted = [
        (head.strip(), tail.split()) for head, _, tail in (row.partition(":") for row in rows)
    ]
    names = {name for head, tail in wanted for name in tail if not name.startswith("container:")}
    names |= {head for (head, _), row in zip(wanted, rows, strict=True) if ":" not in row}
    numbers = {name: number for number, name in enumerate(sorted(names))}
    networks = tuple(build_network(name, number) for name, number in numbers.items())
    taken = dict.fromkeys(names, 1)
    containers = []
    for (head, tail), row in zip(wanted, rows, strict=True):
        if ":" not in row:
            continue
        endpoints, mode = [], tail[0] if tail else "none"
        for name in sorted(tail):
            if name.startswith("container:"):
                mode = f"container:id-{name.removeprefix('container:')}"
                continue
            taken[name] += 1
            has_address = name not in ("host", "none")
            endpoints.append(
                Endpoint(
                    network_id=f"net-{name}",
                    network_name=name,
                    id=f"ep-{head}-{name}",
                    ipv4=f"10.{numbers[name]}.0.{taken[name]}" if has_address else "",
                    ipv4_prefix=24 if has_address else 0,
                )
            )
        containers.append(
            Container(
                id=f"id-{head}",
                name=head,
                image=head,
                network_mode=mode,
                endpoints=tuple(endpoints),
            )
        )
    return Snapshot(networks, tuple(sorted(containers, key=lambda found: (found.name, found.id))))


def build_network(name: str, number: int) -> Network:
    """Build the network of a row: built-in names get their own drivers and no subnet."""
    driver = {"host": "host", "none": "null"}.get(name, "bridge")
    subnets = (Subnet(f"10.{number}.0.0/24", f"10.{number}.0.1"),) if driver == "bridge" else ()
    return Network(id=f"net-{name}", name=name, driver=driver, subnets=subnets)
