"""The engine's own door for faults, beside Docker's API: ``/_faults``."""

from __future__ import annotations

from netdash.simulator.calls import Answer, Call
from netdash.simulator.lifecycle import set_health
from netdash.simulator.lookup import find_container
from netdash.simulator.refusals import Refusal


def tell(call: Call) -> Answer:
    """Say which faults are on, and how many follow the events."""
    faults = call.faults
    return Answer(
        data={
            "slow": faults.slow_seconds,
            "refusing": faults.is_refusing,
            "streams": len(call.state.events.streams),
        }
    )


def set_fault(call: Call) -> Answer:
    """Turn one fault on or off: slow, refuse, drop-events, burst, restart, health, clear."""
    body, faults = call.read_body(), call.faults
    match call.name:
        case "slow":
            faults.slow(float(body.get("seconds", 1)))
        case "refuse":
            faults.refuse(bool(body.get("on", True)))
        case "drop-events":
            faults.drop_events()
        case "burst":
            faults.burst(int(body.get("count", 1000)))
        case "restart":
            faults.restart(float(body.get("seconds", 1)))
        case "health":
            container = find_container(call.state, str(body.get("container", "")))
            set_health(call.state, container, str(body.get("health", "unhealthy")))
        case "clear":
            faults.clear()
        case _:
            raise Refusal(404, f"no fault is called {call.name}")
    return tell(call)
