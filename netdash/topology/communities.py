"""Which containers belong together where no label says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

LARGEST = 60
"""Communities with more containers are split further."""


def find_communities(
    network_ids_by_container_id: Mapping[str, tuple[str, ...]], largest: int = LARGEST
) -> tuple[frozenset[str], ...]:
    """Split containers into communities, those with the most containers first.

    Hubs, networks that nearly everybody is on, are taken out; what still hangs together is a
    community, and a large one is split by modularity (Blondel et al. 2008; the seed is fixed).
    Containers left on no network are in none.
    """
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for container_id, network_ids in sorted(network_ids_by_container_id.items()):
        graph.add_edges_from((("c", container_id), ("n", key)) for key in sorted(network_ids))
    graph.remove_nodes_from(find_hubs(graph))
    communities = []
    for component in nx.connected_components(graph):
        if count_containers(component) <= largest:
            communities.append(component)
        else:
            part = graph.subgraph(sorted(component))
            communities += nx.community.louvain_communities(part, seed=1)
    found = [frozenset(key for kind, key in each if kind == "c") for each in communities]
    return tuple(sorted(filter(None, found), key=lambda each: (-len(each), min(each))))


def find_hubs(graph: nx.Graph[tuple[str, str]]) -> list[tuple[str, str]]:
    """Find the networks with far more containers than the others."""
    degrees = {node: degree for node, degree in graph.degree if node[0] == "n"}
    if len(degrees) < 2:
        return []
    limit = max(12, 4 * sum(degrees.values()) / len(degrees))
    return sorted(node for node, degree in degrees.items() if degree > limit)


def count_containers(nodes: Iterable[tuple[str, str]]) -> int:
    """Count the nodes that are containers."""
    return sum(1 for kind, _ in nodes if kind == "c")
