"""The sentences of clean-up: why a network may go, what speaks against it, why it stays."""

from __future__ import annotations

from collections.abc import Sequence

from netdash.topology.refusal import count, list_words, quote

SPANS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def say_span(seconds: float) -> str:
    """Say a span of time in its largest whole unit: ``3 days``."""
    for size, unit in SPANS:
        if seconds >= size:
            return count(int(seconds // size), unit)
    return "less than a second"


def say_wanted_span(seconds: int) -> str:
    """Say a span that somebody asked for, exactly: ``90 minutes``, not ``1 hour``."""
    for size, unit in SPANS:
        if seconds % size == 0:
            return count(seconds // size, unit)
    return count(seconds, "second")


CREATED, LEFT = "Created ", "It was in use until "


def strip_time(doubt: str) -> str:
    """Take out of a doubt what changes by the clock alone, so that it can be compared."""
    return next((start for start in (CREATED, LEFT) if doubt.startswith(start)), doubt)


# why it may go


def say_unnamed() -> str:
    """Nobody names it."""
    return "No container is on it or names it, running or stopped."


def say_configuration_unused() -> str:
    """A configuration that nothing was made from."""
    return "A configuration that no network was made from."


def say_left_over(project: str) -> str:
    """Its project has no containers any more."""
    return f"Left over from {quote(project)}, of which no container is left."


def say_only_stopped(number: int) -> str:
    """Only stopped containers name it, and they were to be ignored."""
    return f"No running container names it; {count(number, 'stopped container')} ignored as asked."


# what speaks against it


def say_project_lives(project: str, number: int) -> str:
    """Its project still has containers."""
    return f"Its Compose project {quote(project)} still has {count(number, 'container')}."


def say_young(seconds: float) -> str:
    """It was made a moment ago."""
    return f"{CREATED}{say_span(seconds)} ago: somebody may be about to use it."


def say_left_lately(seconds: float) -> str:
    """It was in use a moment ago."""
    return f"{LEFT}{say_span(seconds)} ago."


def say_stopped_lose(names: Sequence[str]) -> str:
    """Stopped containers would not start again."""
    verb = "names it and would not start" if len(names) == 1 else "name it and would not start"
    return f"{list_words(names)} (stopped) {verb} without it."


def say_configuration() -> str:
    """A configuration is there for later."""
    return "It holds a configuration for networks that are made later."


def say_age_not_known() -> str:
    """The engine gives no time of creation."""
    return "When it was created is not known."


# why it stays


def say_predefined() -> str:
    """Docker's own."""
    return "One of Docker's own networks."


def say_ingress() -> str:
    """Swarm's way in."""
    return "Swarm's ingress: published ports of services come in through it."


def say_swarm_bridge() -> str:
    """Swarm makes it again only when it is set up anew."""
    return "Swarm's own bridge to this machine."


def say_swarm_scope(driver: str) -> str:
    """Others may use it where this engine does not see it."""
    kind = f"A swarm network ({quote(driver)})"
    return f"{kind}: services and other machines may use it, which cannot be seen from here."


def say_keep(label: str) -> str:
    """It is protected."""
    return f"Protected by the label {quote(label)}."


def say_running_use(names: Sequence[str]) -> str:
    """Running containers are on it."""
    return f"In use by {list_words(names)}."


def say_running_name(names: Sequence[str]) -> str:
    """Running containers name it without being on it."""
    verb = "was" if len(names) == 1 else "were"
    return f"{list_words(names)} {verb} created with it or noted it, and may need it to restart."


def say_stopped_name(names: Sequence[str]) -> str:
    """Stopped containers name it."""
    verb = "names it and needs it" if len(names) == 1 else "name it and need it"
    return f"{list_words(names)} (stopped) {verb} to start."


def say_configuration_used(names: Sequence[str]) -> str:
    """Networks were made from it."""
    return f"A configuration that {list_words(names)} was made from."


def say_not_chosen() -> str:
    """Only chosen networks were asked for."""
    return "Not one of the chosen networks."


def say_other_name(pattern: str) -> str:
    """The name does not fit."""
    return f"Its name does not match {quote(pattern)}."


def say_other_driver(driver: str) -> str:
    """The driver was not asked for."""
    return f"Its driver is {quote(driver)}."


def say_without_label(label: str) -> str:
    """A label is missing."""
    return f"It does not have the label {quote(label)}."


def say_with_label(label: str) -> str:
    """A label is there that must not be."""
    return f"It has the label {quote(label)}."


def say_age_unknown() -> str:
    """Its age cannot be compared."""
    return "Its age is not known."


def say_too_young(age: float, span: int) -> str:
    """It has not existed for long enough."""
    return f"Created {say_span(age)} ago; only what is older than {say_wanted_span(span)} goes."


def say_used_lately(ago: float, span: int) -> str:
    """It was used within the span."""
    return (
        f"In use until {say_span(ago)} ago; only what was unused for {say_wanted_span(span)} goes."
    )


def say_exists_shorter(age: float, span: int) -> str:
    """It cannot have been unused for so long."""
    return f"Created {say_span(age)} ago, so it was not unused for {say_wanted_span(span)}."


def say_unwatched(watched: float, span: int) -> str:
    """Nobody looked for long enough to know."""
    if watched <= 0:
        return "netdash has not watched it yet, so when it was last used is not known."
    return (
        f"netdash has watched for {say_span(watched)} only, so whether it was used within"
        f" {say_wanted_span(span)} is not known."
    )
