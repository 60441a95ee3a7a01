"""How the engine says no: HTTP status and message, word for word as each version does."""

from __future__ import annotations

from collections.abc import Sequence


class Refusal(Exception):  # noqa: N818 - the house word
    """An answer that is not a success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def no_container(name: str) -> Refusal:
    """Refuse an unknown container."""
    return Refusal(404, f"No such container: {name}")


def no_network(name: str) -> Refusal:
    """Refuse an unknown network."""
    return Refusal(404, f"network {name} not found")


def join_faults(title: str, faults: Sequence[str]) -> Refusal:
    """Refuse for several reasons at once, as engines from 26 on list them."""
    listed = faults[0] if len(faults) == 1 else "\n".join(f"* {fault}" for fault in faults)
    return Refusal(400, f"{title}:\n{listed}")


def unknown_route(method: str, path: str) -> Refusal:
    """Refuse what the simulator does not know, loudly: silence would hide a missing behaviour."""
    return Refusal(501, f"the simulated engine does not know {method} {path}")
