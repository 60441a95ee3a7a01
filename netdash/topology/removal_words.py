"""The sentences about what cannot be ended, removed or listed, foreseen or answered alike."""

from __future__ import annotations

from collections.abc import Sequence

from netdash.topology.changes import Plan
from netdash.topology.refusal import Refusal, count, list_words, quote


def say_not_connected(container: str, network: str) -> Refusal:
    """There is nothing to disconnect."""
    return Refusal(
        "not_connected",
        f"{quote(container)} is not connected to {quote(network)}.",
        "Nothing needs to be done.",
        "container",
    )


def say_half_left(container: str, network: str) -> Refusal:
    """A failed connection left its interface; no engine ends that in a running container."""
    return Refusal(
        "half_connected",
        f"{quote(container)} has only half a connection to {quote(network)}, from one that "
        "failed; the engine cannot end it while the container runs.",
        "Stop the container, disconnect it there, then start it again.",
        "container",
    )


def say_made_again(container: str, network: str) -> Refusal:
    """The connection is not the one that is to be taken back."""
    return Refusal(
        "made_again",
        f"The connection of {quote(container)} to {quote(network)} was made again since.",
        "It is left alone. Disconnect it by itself if you want it gone.",
        "container",
    )


def say_in_use(network: str, containers: Sequence[str], plan: Plan | None) -> Refusal:
    """Running containers are on the network."""
    who = f": {list_words(containers)}" if containers else ""
    number = count(len(containers), "running container") if containers else "Something running"
    verb = "is" if len(containers) < 2 else "are"
    return Refusal(
        "in_use",
        f"{number} {verb} still connected to {quote(network)}{who}.",
        "Disconnect them first; one plan does both.",
        "network",
        plan,
    )


def say_predefined(network: str) -> Refusal:
    """Docker's own networks stay."""
    return Refusal(
        "predefined",
        f"{quote(network)} is one of Docker's own networks and cannot be removed.",
        "Leave it; a network that nobody uses costs nothing.",
        "network",
    )


def say_ambiguous(network: str) -> Refusal:
    """Several networks have the name."""
    return Refusal(
        "ambiguous",
        f"Several networks are named {quote(network)}.",
        "Choose the one you mean by its id.",
        "network",
    )


def say_service_uses(network: str, service: str) -> Refusal:
    """A Swarm service needs the network."""
    return Refusal(
        "service_uses",
        f"{quote(network)} is used by the Swarm service {quote(service) or 'of a task'}.",
        "Remove the service, or take the network out of it (docker service update).",
        "network",
    )


def say_config_used(network: str, users: Sequence[str]) -> Refusal:
    """Networks were made from the configuration."""
    who = f" {list_words(users)}" if users else " another network"
    return Refusal(
        "config_used",
        f"The configuration {quote(network)} is used by{who}.",
        "Remove what was made from it first.",
        "network",
    )


def say_filter_unknown(name: str) -> Refusal:
    """Lists and prunes of networks take other filters."""
    return Refusal(
        "filter_unknown",
        f"The engine knows no filter {quote(name)} here.",
        "A list takes driver, id, label, name, scope and type; a prune takes label and until.",
    )


def say_time_unreadable(text: str) -> Refusal:
    """It is neither a time nor a duration."""
    return Refusal(
        "time_unreadable",
        f"{quote(text)} is neither a time nor a duration.",
        "Write it like 24h or 2026-01-31.",
    )
