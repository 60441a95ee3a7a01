"""How networks, containers and images are found by what the client calls them."""

from __future__ import annotations

from netdash.simulator.refusals import Refusal, no_container, no_network
from netdash.simulator.state import Container, EngineState, Network


def find_container(state: EngineState, name: str) -> Container:
    """Find a container by id, name or a prefix of the id."""
    if found := state.containers.get(name):
        return found
    if container_id := state.container_ids_by_name.get(name.removeprefix("/")):
        return state.containers[container_id]
    matches = [c for key, c in state.containers.items() if name and key.startswith(name)]
    if len(matches) > 1:
        raise Refusal(400, f"multiple IDs found with provided prefix: {name}")
    if not matches:
        raise no_container(name)
    return matches[0]


def find_network(state: EngineState, name: str, *, is_removal: bool = False) -> Network:
    """Find a network by id, name or a prefix of the id; one name twice is refused (20.10)."""
    if found := state.networks.get(name):
        return found
    matches, word = state.list_named(name), "name"
    if not matches:
        matches = [n for n in state.networks.values() if name and n.id.startswith(name)]
        word = "ID prefix"
    if len(matches) > 1:
        raise Refusal(400, say_ambiguous(name, len(matches), word, is_removal))
    if not matches:
        raise no_network(name)
    return matches[0]


def say_ambiguous(name: str, count: int, word: str, is_removal: bool) -> str:
    """Word an ambiguous network name, as removal and inspection each do."""
    if is_removal:
        return f"network {name} is ambiguous ({count} matches found based on {word})"
    return f"{count} matches found based on {word}: network {name} is ambiguous"


def find_entry_network(state: EngineState, name: str, network_id: str) -> Network:
    """Find the network of a container's entry: by its id where one is noted, else by name."""
    if network_id:
        if network_id not in state.networks:
            raise no_network(network_id)
        return state.networks[network_id]
    return find_network(state, name)


def find_image(state: EngineState, name: str) -> tuple[str, str]:
    """Find an image by reference or id; answer its reference and id."""
    reference = name if ":" in name.rpartition("/")[2] or "@" in name else f"{name}:latest"
    if reference in state.images:
        return reference, state.images[reference]
    digest = name.removeprefix("sha256:")
    for known, image_id in state.images.items():
        if len(digest) >= 4 and image_id.removeprefix("sha256:").startswith(digest):
            return known, image_id
    raise Refusal(404, f"No such image: {reference}")
