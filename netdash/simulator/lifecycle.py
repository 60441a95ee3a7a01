"""Containers run and end: start, stop, kill, restart, pause, health, and their events."""

from __future__ import annotations

from netdash.simulator.connections import check_mode_network
from netdash.simulator.endpoints import attach, detach
from netdash.simulator.lookup import find_entry_network
from netdash.simulator.networks import publish as tell_network
from netdash.simulator.ports import publish_ports
from netdash.simulator.refusals import Refusal, no_container
from netdash.simulator.state import Container, EngineState


def publish(state: EngineState, container: Container, action: str, **more: str) -> None:
    """Tell what happened to a container."""
    attributes = {**container.labels, "image": container.image, "name": container.name, **more}
    state.events.publish("container", action, container.id, attributes)


def start(state: EngineState, container: Container) -> bool:
    """Start a container; answer whether it was not running. A failed one stays as it was."""
    if container.state == "paused":
        raise Refusal(409, "cannot start a paused container, try unpause instead")
    if container.state == "running":
        return False
    check_owner(state, container)
    try:
        attach_all(state, container)
    except Refusal as refusal:
        undo_start(state, container)
        raise word_failure(state, container, refusal) from None
    container.state, container.exit_code, container.error = "running", 0, ""
    container.started_at, container.is_stopped_by_hand = state.now(), False
    if has_health_check(container):
        container.health = "healthy"
    publish(state, container, "start")
    if container.health:
        publish(state, container, f"health_status: {container.health}")
    return True


def check_owner(state: EngineState, container: Container) -> None:
    """Refuse to share the network stack of a container that does not run."""
    if not container.is_sharing:
        return
    owner = state.containers.get(container.mode.partition(":")[2])
    if owner is None:
        raise no_container(container.mode.partition(":")[2])
    if not owner.is_running:
        start = "cannot join network of a non running container: "
        if state.edition.is_from(28):
            start = "cannot join network namespace of a non running container: "
            raise Refusal(409, f"{start}container {owner.name} is {owner.state}")
        raise Refusal(409, start + owner.id)


def attach_all(state: EngineState, container: Container) -> None:
    """Make the live endpoints of a starting container and bind its ports."""
    container.ports = {}
    for name in order_networks(state, container):
        place = container.endpoints[name]
        network = find_entry_network(state, name, place.network_id)
        check_mode_network(state, container)
        attach(state, container, network, place)
        publish_ports(state, container)
        tell_network(state, network, "connect", container=container.id)
    if not container.endpoints:
        check_mode_network(state, container)


def order_networks(state: EngineState, container: Container) -> list[str]:
    """List a container's networks in the order of a start: the default bridge comes first."""
    names = list(container.endpoints)
    if state.edition.is_from(26):
        names.sort(key=lambda name: (-container.endpoints[name].gateway_priority, name))
    return sorted(names, key=lambda name: name != "bridge")


def undo_start(state: EngineState, container: Container) -> None:
    """Give back what a failed start has taken, and tell of it.

    Before 28 each network tells of a disconnect once one was attached; since then it does anyway.
    """
    container.ports = {}
    was_attached = any(place.id for place in container.endpoints.values())
    for name in container.endpoints:
        detach(state, container, name, times=0)
    if not was_attached and not state.edition.is_from(28):
        return
    for name, place in container.endpoints.items():
        known = state.networks.get(place.network_id)
        for network in [known] if known else state.list_named(name)[:1]:
            tell_network(state, network, "disconnect", container=container.id)


def word_failure(state: EngineState, container: Container, refusal: Refusal) -> Refusal:
    """Word a failed start; from 28 on every cause in the network has a prefix."""
    prefix = "failed to set up container networking: " if state.edition.is_from(28) else ""
    container.error = prefix + refusal.message
    container.exit_code = container.exit_code or 128
    return Refusal(refusal.status, container.error)


def has_health_check(container: Container) -> bool:
    """Tell whether a container is asked for its health."""
    test = (container.config.get("Healthcheck") or {}).get("Test") or []
    return bool(test) and test[0] != "NONE"


def end(
    state: EngineState,
    container: Container,
    *,
    exit_code: int,
    signals: tuple[str, ...] = (),
    is_stop: bool = False,
) -> None:
    """End a running container with the events of its version, in that version's order."""
    for signal in signals:
        publish(state, container, "kill", signal=signal)
    is_new = state.edition.is_from(26)
    container.state, container.exit_code = "exited", exit_code
    container.finished_at, container.health, container.ports = state.now(), "", {}
    if not is_new:
        publish(state, container, "die", exitCode=str(exit_code))
    for name in container.endpoints:
        detach(state, container, name)
    if is_stop:
        publish(state, container, "stop")
    if is_new:
        seconds = (container.finished_at - container.started_at) // 10**9
        publish(state, container, "die", exitCode=str(exit_code), execDuration=str(seconds))
    if container.host_config.get("AutoRemove"):
        drop(state, container)
    state.note_change()


def drop(state: EngineState, container: Container) -> None:
    """Take out a container that asked to go when it ends."""
    del state.containers[container.id]
    del state.container_ids_by_name[container.name]
    publish(state, container, "destroy")


def stop(state: EngineState, container: Container) -> bool:
    """Stop a container by hand; answer whether it ran."""
    container.is_stopped_by_hand = True
    if container.state == "restarting":
        container.state, container.finished_at = "exited", state.now()
        publish(state, container, "stop")
        return True
    if not container.is_running:
        return False
    is_hard = container.config.get("StopSignal") == "SIGKILL"
    signal, exit_code = ("9", 137) if is_hard else ("15", 0)
    end(state, container, exit_code=exit_code, signals=(signal,), is_stop=True)
    return True


def kill(state: EngineState, container: Container, signal: str) -> None:
    """Send a signal; those that end a process end the container."""
    if not container.is_running:
        message = f"annot kill container: {container.name}: "
        is_new = state.edition.is_from(26)
        start, word = ("c", "container") if is_new else ("C", "Container")
        raise Refusal(409, f"{start}{message}{word} {container.id} is not running")
    name = signal.upper().removeprefix("SIG") or "KILL"
    numbers = {"KILL": 9, "TERM": 15, "INT": 2, "QUIT": 3, "HUP": 1, "USR1": 10, "USR2": 12}
    number = int(name) if name.isdecimal() else numbers.get(name, 0)
    if not number:
        raise Refusal(400, f"Invalid signal: {signal}")
    if number in (2, 3, 9, 15):
        container.is_stopped_by_hand = True
        end(state, container, exit_code=128 + number, signals=(str(number),))
    else:
        publish(state, container, "kill", signal=str(number))


def restart(state: EngineState, container: Container) -> None:
    """Stop and start a container."""
    stop(state, container)
    if container.id not in state.containers:
        return
    start(state, container)
    publish(state, container, "restart")


def pause(state: EngineState, container: Container) -> None:
    """Freeze a running container; it keeps its addresses."""
    if container.state == "paused":
        raise Refusal(409, f"Container {container.id} is already paused")
    if container.state != "running":
        word = "container" if state.edition.is_from(26) else "Container"
        raise Refusal(409, f"{word} {container.id} is not running")
    container.state = "paused"
    publish(state, container, "pause")


def unpause(state: EngineState, container: Container) -> None:
    """Let a paused container go on."""
    if container.state != "paused":
        raise Refusal(500, f"Container {container.id} is not paused")
    container.state = "running"
    publish(state, container, "unpause")


def set_health(state: EngineState, container: Container, health: str) -> None:
    """Change a container's health, as its check would."""
    container.health = health
    publish(state, container, f"health_status: {health}")
