"""Carry out changes: the only code that alters an engine."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import quote

from netdash.engine.bodies import (
    Body,
    build_connection,
    build_creation,
    build_disconnection,
)
from netdash.engine.client import EngineClient, require_yes
from netdash.engine.details import add_to_container, parse_details
from netdash.engine.errors import EngineError, speaking
from netdash.engine.joining import join
from netdash.engine.reader import parse_inspected, take_networks
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    RemoveNetwork,
    describe,
)
from netdash.topology.lookup import find_named, find_network, is_new
from netdash.topology.removal_words import say_made_again
from netdash.topology.settled import find_endpoint, is_as_wanted, is_done
from netdash.topology.snapshot import Container, EngineFacts, Snapshot

State = Literal["done", "already", "skipped"]
NOTHING = Snapshot()
CONNECTION = (ConnectContainer, DisconnectContainer)
TWIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change.

    ``already`` means it was true before, or became true by somebody else meanwhile; ``skipped``
    means it was left alone on purpose. ``network_id`` and ``endpoint_id`` are what the engine
    chose, for an undo that hits nothing else. ``before`` holds the network list and the one
    container as they were, settings included: what an inverse is made from. ``after`` holds
    what a look at ``looked_at`` (monotonic seconds) showed once the change was made; no networks
    after a connection, which leaves them as they are.
    """

    state: State
    sentence: str
    network_id: str = ""
    endpoint_id: str = ""
    before: Snapshot = NOTHING
    after: Snapshot = NOTHING
    looked_at: float = 0.0


def carry_out(
    client: EngineClient,
    change: Change,
    before: Snapshot | None = None,
    looks_after: bool = True,
) -> Outcome:
    """Carry out one change, or find that it is already true.

    It looks before it acts, and again when the engine refuses or does not answer in time: a
    change that came true is a success, whoever made it. It never sends a change twice. Whoever
    has just looked gives what was seen as ``before``. Without ``looks_after`` only a connection
    is looked at when the engine has said yes.
    Raises EngineError otherwise; of kind "refused" with the engine's own words.
    """
    before = before or look(client, change)
    if is_done(change, before) and not _is_half_made(client, change, before):
        return _report("already", change, before, before)
    if _was_made_again(change, before):
        sentence = say_made_again(_name_container(change), _name_network(change)).sentence
        return Outcome("skipped", sentence, before=before)
    try:
        made_id = _send(client, change, before)
    except EngineError as error:
        after = _look_again(client, change, error)
        if not is_done(change, after) or _is_half_made(client, change, after):
            raise
        # Refused means that somebody else was first; without an answer it was most likely this.
        return _report("already" if error.status_code else "done", change, before, after)
    if not looks_after and not isinstance(change, ConnectContainer):
        return _report("done", change, before, before, made_id)
    looked_at, after = time.monotonic(), _look_after(client, change, before)
    if isinstance(change, ConnectContainer) and not is_done(change, after):
        sentence = f"{describe(change)}: the engine left the connection as it was."
        return Outcome("skipped", sentence, before=before)
    outcome = _report("done", change, before, after, made_id)
    seen = replace(after, networks=()) if isinstance(change, CONNECTION) else after
    return replace(outcome, after=seen, looked_at=looked_at)


def look(client: EngineClient, change: Change) -> Snapshot:
    """Read what a change is about: all networks, and its containers freshly inspected.

    These are the one container of a connection, or the stopped ones that name a network to be
    removed. The container list of 20.10 lags behind by up to 0.5 s; an inspect does not.
    """
    facts = EngineFacts(api_version=str(client.api_version))
    ids: tuple[str, ...] = ()
    if isinstance(change, CONNECTION):
        ids = (change.container_id,)
    elif isinstance(change, RemoveNetwork) and change.network_id:
        ids = _list_stopped(client, change.network_id)
    containers = [found for one in ids for found in take_container(client, one)]
    return join(take_networks(client), containers, facts)


def _look_after(client: EngineClient, change: Change, before: Snapshot) -> Snapshot:
    """Read what a change left behind; a connection leaves the networks as they were."""
    if not isinstance(change, CONNECTION):
        return look(client, change)
    return join(before.networks, take_container(client, change.container_id), before.engine)


def _list_stopped(client: EngineClient, network_id: str) -> tuple[str, ...]:
    """List the stopped containers that name a network; the filter finds names and ids."""
    with speaking(client):
        found = client.containers(all=True, filters={"network": [network_id]})
    return tuple(one["Id"] for one in found if one["State"] != "running")


def take_container(client: EngineClient, container_id: str) -> tuple[Container, ...]:
    """Inspect one container, details included; nothing when it is gone."""
    try:
        with speaking(client):
            found: dict[str, Any] = client.inspect_container(container_id)
    except EngineError as error:
        if error.status_code == 404:
            return ()
        raise
    return (add_to_container(parse_inspected(found), parse_details(found)),)


def _look_again(client: EngineClient, change: Change, error: EngineError) -> Snapshot:
    """Look at what became of a failed change; where even that fails the first error counts.

    An engine refuses a network whose twin it is just making 0.2 s before it lists the twin.
    """
    end = time.monotonic() + TWIN_SECONDS
    try:
        after = look(client, change)
        while _may_have_twin(change, error) and not is_done(change, after):
            if time.monotonic() > end:
                break
            time.sleep(0.1)
            after = look(client, change)
    except EngineError:
        raise error from error.original
    return after


def _is_half_made(client: EngineClient, change: Change, seen: Snapshot) -> bool:
    """Tell whether a running container notes a connection that its network knows nothing of.

    An engine that finds a port taken refuses a connection, and leaves the interface in the
    container and the endpoint in what an inspect of it says (20.10 to 28.5).
    """
    if not isinstance(change, ConnectContainer):
        return False
    container = seen.containers_by_id.get(change.container_id)
    network = find_network(seen, change.network_id, change.network_name)
    if container is None or network is None or not container.is_running:
        return False
    with speaking(client):
        found = client.inspect_network(network.id)
    return container.id not in (found.get("Containers") or {})


def _may_have_twin(change: Change, error: EngineError) -> bool:
    is_refused = isinstance(change, CreateNetwork) and error.kind == "refused"
    return is_refused and any(word in error.sentence for word in ("overlaps", "already exists"))


def _send(client: EngineClient, change: Change, before: Snapshot) -> str:
    """Send one change; give the id of a network that was created, else nothing."""
    match change:
        case ConnectContainer():
            network = _find_address(before, change.network_id, change.network_name)
            path = f"/networks/{network}/connect"
            _send_request(client, "POST", path, build_connection(change))
        case DisconnectContainer():
            network = _find_address(before, change.network_id, change.network_name)
            known = change.container_id in before.containers_by_id
            container = change.container_id if known else change.container_name
            path = f"/networks/{network}/disconnect"
            _send_request(client, "POST", path, build_disconnection(change, container))
        case CreateNetwork():
            made = _send_request(client, "POST", "/networks/create", build_creation(change))
            return str(made.get("Id", ""))
        case RemoveNetwork():
            network = _find_address(before, change.network_id, change.network_name)
            _send_request(client, "DELETE", f"/networks/{network}")
    return ""


def _send_request(client: EngineClient, method: str, path: str, body: Body | None = None) -> Body:
    """Send what the SDK has no full method for, through its own session."""
    with speaking(client):
        url = _build_url(client, path)
        answer = client.request(method, url, json=body, timeout=client.timeout)
        require_yes(answer)
        found: Body = answer.json() if answer.content else {}
        return found


def _build_url(client: EngineClient, path: str) -> str:
    """The SDK's own builder leaves ``/`` in names as it is, so that they change the path."""
    return f"{client.base_url}/v{client.api_version}{path}"


def _find_address(before: Snapshot, network_id: str, name: str) -> str:
    """Call a network by id; one that is gone by name, which is how containers remember it."""
    network = find_network(before, network_id, name)
    if network is not None:
        return network.id
    word = name if not network_id or is_new(network_id) or _is_noted(before, name) else network_id
    return quote(word, safe="")


def _is_noted(before: Snapshot, name: str) -> bool:
    """Tell whether the container still notes a network of that name."""
    return any(
        endpoint.network_name == name
        for container in before.containers
        for endpoint in container.endpoints
    )


def _was_made_again(change: Change, before: Snapshot) -> bool:
    if not isinstance(change, DisconnectContainer) or not change.endpoint_id:
        return False
    endpoint = find_endpoint(before, change)
    return endpoint is not None and endpoint.id != change.endpoint_id


def _report(
    state: State, change: Change, before: Snapshot, after: Snapshot, made_id: str = ""
) -> Outcome:
    network_id, endpoint_id = made_id, ""
    if isinstance(change, ConnectContainer):
        endpoint = find_endpoint(after, change)
        if endpoint is not None:
            network_id, endpoint_id = endpoint.network_id, endpoint.id
    elif isinstance(change, CreateNetwork):
        named = find_named(after, change.name)
        alike = [network.id for network in named if is_as_wanted(network, change, after)]
        network_id = made_id or next(iter(alike), "")
    sentence = describe(change) + (": already so." if state == "already" else ": done.")
    return Outcome(state, sentence, network_id, endpoint_id, before)


def _name_container(change: Change) -> str:
    return getattr(change, "container_name", "")


def _name_network(change: Change) -> str:
    return getattr(change, "network_name", "")
