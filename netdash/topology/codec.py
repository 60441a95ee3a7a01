"""Snapshot to a JSON-ready dict and back, without loss.

Fields keep their names, those at their default are left out, labels and options are objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from netdash.topology.snapshot import (
    Container,
    Endpoint,
    EngineFacts,
    Network,
    Pairs,
    PublishedPort,
    Snapshot,
    Subnet,
)

FORMAT = 1


class UnknownFormat(ValueError):  # noqa: N818 - reads as a sentence where it is raised
    """The dict was written by another version of netdash, or is damaged."""


def encode(snapshot: Snapshot) -> dict[str, Any]:
    """Turn a snapshot into dicts, lists, strings, numbers and booleans."""
    return {
        "format": FORMAT,
        "engine": encode_record(snapshot.engine),
        "networks": [encode_record(network) for network in snapshot.networks],
        "containers": [encode_record(container) for container in snapshot.containers],
    }


def decode(document: Mapping[str, Any]) -> Snapshot:
    """Turn ``encode``'s dict back; raise UnknownFormat for any other.

    Keys that this version does not know are passed over.
    """
    try:
        check_format(document)
        return Snapshot(
            tuple(decode_record(Network, found) for found in document.get("networks", ())),
            tuple(decode_record(Container, found) for found in document.get("containers", ())),
            decode_record(EngineFacts, document.get("engine", {})),
        )
    except (TypeError, AttributeError, ValueError) as error:
        raise UnknownFormat(f"not a snapshot: {error}") from error


def check_format(document: Mapping[str, Any]) -> None:
    """Raise UnknownFormat for the dict of another version."""
    if document.get("format") != FORMAT:
        raise UnknownFormat(f"format {document.get('format')!r} is not {FORMAT}")


def encode_record(record: Any) -> dict[str, Any]:
    """Turn one frozen dataclass of the snapshot into a dict of what is not at its default."""
    encoders = ENCODERS[type(record)]
    found = {}
    for name, default, encode_value in encoders:
        value = getattr(record, name)
        if value != default or type(value) is not type(default):
            found[name] = encode_value(value) if encode_value and value is not None else value
    return found


def decode_record(kind: type[Any], found: Mapping[str, Any]) -> Any:
    """Turn one dict back into its dataclass."""
    decoders = DECODERS[kind]
    return kind(
        **{
            name: decode_value(value) if value is not None else None
            for name, value in found.items()
            if (decode_value := decoders.get(name))
        }
    )


def as_is(value: Any) -> Any:
    """Give a plain value back."""
    return value


def encode_records(records: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Turn a tuple of dataclasses into a list of dicts."""
    return [encode_record(record) for record in records]


def decode_pairs(found: Mapping[str, str]) -> Pairs:
    """Turn an object back into sorted pairs."""
    return tuple(sorted(found.items()))


def decode_as(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Make the decoder of a tuple of dataclasses."""
    return lambda found: tuple([decode_record(kind, each) for each in found])


Encoder = Callable[[Any], Any] | None
CODECS: Mapping[str, tuple[Encoder, Encoder]] = {
    "Pairs": (dict, decode_pairs),
    "Pairs | None": (dict, decode_pairs),
    "tuple[str, ...] | None": (list, tuple),
    "tuple[Subnet, ...]": (encode_records, decode_as(Subnet)),
    "tuple[Endpoint, ...]": (encode_records, decode_as(Endpoint)),
    "tuple[PublishedPort, ...]": (encode_records, decode_as(PublishedPort)),
    "tuple[PublishedPort, ...] | None": (encode_records, decode_as(PublishedPort)),
}
PLAIN = frozenset({"str", "int", "bool", "int | None", "str | None"})


def find_codec(annotation: Any) -> tuple[Encoder, Encoder]:
    """Look up how a field of this type is written and read; raise KeyError for a new type."""
    return (None, None) if annotation in PLAIN else CODECS[annotation]


KINDS = (Subnet, Network, PublishedPort, Endpoint, Container, EngineFacts)
ENCODERS = {
    kind: [
        (field.name, None if field.default is MISSING else field.default, find_codec(field.type)[0])
        for field in fields(kind)
    ]
    for kind in KINDS
}
DECODERS = {
    kind: {field.name: find_codec(field.type)[1] or as_is for field in fields(kind)}
    for kind in KINDS
}
