"""Containers are made and named: create, rename, remove."""

from __future__ import annotations

import re

from netdash.simulator.connections import check_endpoint, read_endpoint
from netdash.simulator.images import find_image_config
from netdash.simulator.lifecycle import end, publish
from netdash.simulator.lookup import find_container, find_image
from netdash.simulator.refusals import Refusal
from netdash.simulator.state import PREDEFINED, Container, Endpoint, EngineState, Json

NAME = re.compile(r"/?[a-zA-Z0-9][a-zA-Z0-9_.-]+")
FIRST = ("quiet", "brave", "eager", "gentle", "happy", "jolly", "keen", "lucid", "modest", "nifty")
LAST = ("curie", "hopper", "lovelace", "turing", "noether", "bose", "euler", "gauss", "kepler")
MANY_NETWORKS = (1, 44)


def create_container(state: EngineState, name: str, body: Json, api: tuple[int, int]) -> Container:
    """Make a container from the body of ``POST /containers/create``; it does not run yet."""
    reference = body.get("Image") or ""
    if not reference:
        raise Refusal(
            400, "no command specified" if state.edition.is_from(26) else "No command specified"
        )
    find_image(state, reference)
    container_id = state.make_id()
    host_config = dict(body.get("HostConfig") or {})
    host_config["NetworkMode"] = resolve_mode(state, host_config.get("NetworkMode") or "default")
    container = Container(
        id=container_id,
        name=check_name(state, name) if name else make_name(state, container_id),
        image=reference,
        created_at=state.now(),
        config=merge_config(state, reference, container_id, body),
        host_config=host_config,
    )
    wanted = (body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
    container.endpoints = plan_endpoints(state, container, wanted, api)
    state.containers[container_id] = container
    state.container_ids_by_name[container.name] = container_id
    publish(state, container, "create")
    return container


def merge_config(state: EngineState, reference: str, container_id: str, body: Json) -> Json:
    """Take what the body says, and from the image what it leaves open."""
    asked = {k: v for k, v in body.items() if k not in ("HostConfig", "NetworkingConfig")}
    image = find_image_config(reference)
    if asked.get("Cmd") or asked.get("Entrypoint"):
        image = image | {"Cmd": None}
    given = {key: value for key, value in asked.items() if value}
    mode = str((body.get("HostConfig") or {}).get("NetworkMode"))
    owner = find_owner(state, mode)
    default = str(owner.config["Hostname"]) if owner else container_id[:12]
    hostname = state.name if mode == "host" else asked.get("Hostname") or default
    return asked | image | given | {"Hostname": hostname}


def find_owner(state: EngineState, mode: str) -> Container | None:
    """Find the container whose network stack a mode shares; a missing one is found at start."""
    if not mode.startswith("container:"):
        return None
    try:
        return find_container(state, mode.partition(":")[2])
    except Refusal:
        return None


def resolve_mode(state: EngineState, mode: str) -> str:
    """Write a network mode as the engine stores it."""
    if mode.startswith("container:"):
        owner = find_owner(state, mode)
        return f"container:{owner.id}" if owner else mode
    if mode == "default" and state.edition.is_from(26):
        return "bridge"
    return mode


def plan_endpoints(
    state: EngineState, container: Container, wanted: Json, api: tuple[int, int]
) -> dict[str, Endpoint]:
    """Note the networks that a new container shall join, by name."""
    if len(wanted) > 1 and api < MANY_NETWORKS:
        names = ", ".join(sorted(wanted))
        raise Refusal(400, f"Container cannot be connected to network endpoints: {names}")
    planned = {} if container.is_sharing else {name_mode(state, container.mode): Endpoint()}
    for name, config in wanted.items():
        planned[name_mode(state, name)] = read_endpoint(config or {})
    for name, place in planned.items():
        for network in state.list_named(name) if state.edition.is_from(26) else ():
            check_endpoint(state, network, place)
    return planned


def name_mode(state: EngineState, mode: str) -> str:
    """Name the network of a mode, given by name, id or prefix of an id."""
    if mode == "default":
        return "bridge"
    if state.list_named(mode) or len(mode) < 12:
        return mode
    return next((n.name for n in state.networks.values() if n.id.startswith(mode)), mode)


def check_name(state: EngineState, name: str, own_id: str = "") -> str:
    """Refuse a name that is malformed or in use; answer it without its slash."""
    if not NAME.fullmatch(name):
        allowed = "only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
        raise Refusal(400, f"Invalid container name ({name}), {allowed}")
    name = name.removeprefix("/")
    holder = state.container_ids_by_name.get(name)
    if holder and holder != own_id:
        raise Refusal(
            409,
            f'Conflict. The container name "/{name}" is already in use by container "{holder}". '
            "You have to remove (or rename) that container to be able to reuse that name.",
        )
    return name


def make_name(state: EngineState, container_id: str) -> str:
    """Invent a name of two words."""
    number = int(container_id[:8], 16)
    name = f"{FIRST[number % len(FIRST)]}_{LAST[number // len(FIRST) % len(LAST)]}"
    while name in state.container_ids_by_name:
        number += 1
        name = f"{name.rstrip('0123456789')}{number % 1000}"
    return name


def rename_container(state: EngineState, name: str, new_name: str) -> None:
    """Give a container another name; its DNS name follows at once."""
    container = find_container(state, name)
    if not new_name:
        raise Refusal(400, "Neither old nor new names may be empty")
    if container.name == new_name.removeprefix("/"):
        message = "Renaming a container with the same name as its current name"
        raise Refusal(400, message)
    try:
        new_name = check_name(state, f"/{new_name.removeprefix('/')}", container.id)
    except Refusal as refusal:
        start = "Error when allocating new name: "
        raise Refusal(refusal.status, start + refusal.message) from None
    old_name, container.name = container.name, new_name
    for place in container.endpoints.values():
        place.has_names = place.was_renamed = True
    del state.container_ids_by_name[old_name]
    state.container_ids_by_name[new_name] = container.id
    publish(state, container, "rename", oldName=f"/{old_name}")


def remove_container(state: EngineState, name: str, *, is_forced: bool) -> None:
    """Remove a container; a running one only by force."""
    container = find_container(state, name)
    if container.is_running or container.state == "restarting":
        if not is_forced:
            raise Refusal(409, say_running(state, container))
        end(state, container, exit_code=137, signals=("9",))
    if container.id in state.containers:
        drop_container(state, container)


def say_running(state: EngineState, container: Container) -> str:
    """Word that a running container is not removed."""
    is_paused = container.state == "paused"
    if state.edition.is_from(26):
        slash = "" if state.edition.is_from(28) else "/"
        advice = (
            "is paused and must be unpaused first"
            if is_paused
            else "is running: stop the container before removing or force remove"
        )
        return f'cannot remove container "{slash}{container.name}": container {advice}'
    advice = "top the container before attempting removal or force remove"
    advice = f"Unpause and then s{advice}" if is_paused else f"S{advice}"
    return f"You cannot remove a {container.state} container {container.id}. {advice}"


def drop_container(state: EngineState, container: Container) -> None:
    """Take a container out and say so."""
    del state.containers[container.id]
    del state.container_ids_by_name[container.name]
    publish(state, container, "destroy")
    state.note_change()


def is_user_defined(mode: str) -> bool:
    """Tell whether a network mode names a network that a user made."""
    return mode not in ("default", *PREDEFINED) and not mode.startswith("container:")
