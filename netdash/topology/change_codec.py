"""Changes and plans as JSON-ready dicts, for journal rows, job items and hidden form fields."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    Plan,
    RemoveNetwork,
    Step,
)
from netdash.topology.snapshot import Subnet

FORMAT = 1
KINDS: dict[str, type[Change]] = {
    "connect": ConnectContainer,
    "disconnect": DisconnectContainer,
    "create": CreateNetwork,
    "remove": RemoveNetwork,
}
KIND_NAMES = {change_type: kind for kind, change_type in KINDS.items()}
PAIRS = {"options", "labels", "ipam_options", "driver_options", "auxiliary"}
NAMES = {"aliases", "link_local"}
SIMPLE: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int | None": (int, type(None)),
}
Found = TypeVar("Found", bound="Change | EndpointSettings | Subnet")


class UnreadableChangeError(ValueError):
    """The dict is no change that this version can read."""


def kind_of(change: Change) -> str:
    """Name the kind: connect, disconnect, create or remove."""
    return KIND_NAMES[type(change)]


def encode_change(change: Change) -> dict[str, Any]:
    """Write a change as a JSON-ready dict; fields at their default are left out."""
    return {"format": FORMAT, "kind": kind_of(change)} | _encode_fields(change)


def decode_change(found: dict[str, Any]) -> Change:
    """Read what ``encode_change`` wrote; raises UnreadableChangeError on anything else."""
    try:
        if found["format"] != FORMAT:
            raise UnreadableChangeError(f"format {found['format']!r} is not {FORMAT}")
        return _decode_fields(KINDS[found["kind"]], found)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnreadableChangeError(f"not a change: {error}") from error


def encode_plan(plan: Plan) -> dict[str, Any]:
    """Write a plan as a JSON-ready dict."""
    steps = [{"change": encode_change(step.change), "reason": step.reason} for step in plan.steps]
    return {"format": FORMAT, "title": plan.title, "steps": steps}


def decode_plan(found: dict[str, Any]) -> Plan:
    """Read what ``encode_plan`` wrote; raises UnreadableChangeError on anything else."""
    try:
        steps = [Step(decode_change(row["change"]), str(row["reason"])) for row in found["steps"]]
        return Plan(tuple(steps), str(found["title"]))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnreadableChangeError(f"not a plan: {error}") from error


def _encode_fields(value: Change | EndpointSettings | Subnet) -> dict[str, Any]:
    return {
        field.name: _encode_value(getattr(value, field.name))
        for field in fields(value)
        if getattr(value, field.name) != field.default
    }


def _encode_value(value: Any) -> Any:
    if isinstance(value, EndpointSettings | Subnet):
        return _encode_fields(value)
    return [_encode_value(item) for item in value] if isinstance(value, tuple) else value


def _decode_fields(wanted: type[Found], found: dict[str, Any]) -> Found:
    types = {field.name: str(field.type) for field in fields(wanted)}
    known = {name: value for name, value in found.items() if name in types}
    return wanted(**{name: _decode(name, types[name], value) for name, value in known.items()})


def _decode(name: str, type_name: str, value: Any) -> Any:
    if name == "settings":
        return _decode_fields(EndpointSettings, value)
    if name == "subnets":
        return tuple(_decode_fields(Subnet, row) for row in value)
    if name in PAIRS:
        return tuple((str(key), str(item)) for key, item in value)
    if name in NAMES:
        return tuple(str(item) for item in value)
    if type(value) not in SIMPLE[type_name]:
        raise UnreadableChangeError(f"{name} cannot be {type(value).__name__}")
    return value
