"""The topology as a bipartite graph: containers and networks, an edge per endpoint."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import networkx as nx

from netdash.topology.snapshot import Snapshot

UNREACHED = 3
"""The depth of networks that no published port leads to."""


def find_silent_networks(snapshot: Snapshot) -> frozenset[str]:
    """Name the networks that join nobody: Docker's host stack and its ``none``."""
    return frozenset(n.id for n in snapshot.networks if n.driver in ("host", "null"))


def build_graph(snapshot: Snapshot) -> nx.Graph[str]:
    """Build the graph of ids; nodes carry ``kind`` "container" or "network".

    Host and none have no edges. A dangling endpoint's network is a node, so that containers
    which share a network that the reading missed are still seen together.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((n.id for n in snapshot.networks), kind="network")
    graph.add_nodes_from((c.id for c in snapshot.containers), kind="container")
    silent = find_silent_networks(snapshot)
    for container in snapshot.containers:
        for endpoint in container.endpoints:
            if endpoint.network_id not in silent:
                if endpoint.network_id not in graph:
                    graph.add_node(endpoint.network_id, kind="network")
                graph.add_edge(container.id, endpoint.network_id)
    return graph


def find_depths(snapshot: Snapshot) -> Mapping[str, int]:
    """Count the network hops from a published port to each network.

    0 is a network with a container that publishes a port; networks that no port leads to are
    left out.
    """
    silent = find_silent_networks(snapshot)
    depths: dict[str, int] = {}
    for container in snapshot.containers:
        for port in container.ports + (container.wanted_ports or ()):
            if port.host_port is not None:
                depths |= {e.network_id: 0 for e in container.endpoints}
                break
    for network_id in silent & depths.keys():
        del depths[network_id]
    waiting = deque(depths)
    seen: set[str] = set()
    while waiting:
        network_id = waiting.popleft()
        for container, _ in snapshot.members_by_network_id.get(network_id, ()):
            if container.id in seen:
                continue
            seen.add(container.id)
            for endpoint in container.endpoints:
                other = endpoint.network_id
                if other not in depths and other not in silent:
                    depths[other] = depths[network_id] + 1
                    waiting.append(other)
    return depths
