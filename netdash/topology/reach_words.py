"""Gains and losses of reach, names and routes, each with its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from netdash.topology.refusal import count, quote

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Names:
    """The first names of a possibly long list, and how many there are."""

    total: int
    shown: tuple[str, ...]

    @property
    def hidden(self) -> int:
        """Count those that are not shown."""
        return self.total - len(self.shown)

    def __str__(self) -> str:
        words = [quote(name) for name in self.shown] + ([f"{self.hidden} more"] * bool(self.hidden))
        return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


@dataclass(frozen=True, slots=True)
class ReachChange:
    """Containers that gain or lose reach of others.

    ``way`` is network (both directions, by every port), published (``who`` reaches the ports
    that ``whom`` publishes on the machine) or entrance (``who`` is reached, or no longer, on
    ``ports`` of the machine by everybody). Where it ``is_partial``, it is not
    so for those of them that another network joins on the other side of the change.
    """

    is_gain: bool
    way: str
    who: Names
    whom: Names
    network_name: str = ""
    ports: tuple[str, ...] = ()
    is_partial: bool = False

    @property
    def sentence(self) -> str:
        """Say it in a sentence."""
        return say_reach(self)


@dataclass(frozen=True, slots=True)
class NameChange:
    """What resolves on a network from now on, or no longer: ``who`` looks up ``names``.

    Where it ``is_partial``, each of ``who`` some of the ``names``.
    """

    is_gain: bool
    network_name: str
    who: Names
    names: Names
    is_partial: bool = False

    @property
    def sentence(self) -> str:
        """Say it in a sentence."""
        verb = "resolves" if self.who.total == 1 else "resolve"
        if not self.is_gain:
            verb = "no longer " + verb
        names = f"some of {self.names}" if self.is_partial else str(self.names)
        return f"On {quote(self.network_name)}, {self.who} {verb} {names}."


@dataclass(frozen=True, slots=True)
class RouteChange:
    """A container whose default route goes through another network; empty for none."""

    container_name: str
    before_network: str = ""
    before_gateway: str = ""
    after_network: str = ""
    after_gateway: str = ""

    @property
    def sentence(self) -> str:
        """Say it in a sentence."""
        who = quote(self.container_name)
        if not self.after_network:
            return f"{who} has no default route any more: nothing outside its networks is reached."
        via = f"{quote(self.after_network)} ({self.after_gateway})"
        if not self.before_network:
            return f"{who} gains a way out: its default route goes through {via}."
        was = f", before through {quote(self.before_network)}"
        return f"The default route of {who} goes through {via}{was}."


def say_reach(change: ReachChange) -> str:
    """Say a change of reach in a sentence."""
    verb = "reaches" if change.who.total == 1 else "reach"
    verb = verb if change.is_gain else f"no longer {verb}"
    rest = ", save those that share another network" if change.is_partial else ""
    if change.way == "network" and change.who == change.whom:
        return f"On {quote(change.network_name)}, {change.who} {verb} each other{rest}."
    if change.way == "network":
        both = "in both directions" if change.is_gain else "in either direction"
        return f"On {quote(change.network_name)}, {change.who} {verb} {change.whom}, {both}{rest}."
    if change.way == "published":
        publish = "publishes" if change.whom.total == 1 else "publish"
        return f"{change.who} {verb} what {change.whom} {publish} on the machine."
    state = "opens" if change.is_gain else "closes"
    ports = count(len(change.ports), "published port")
    return f"{change.who} {state} {ports}: {', '.join(change.ports)}."
