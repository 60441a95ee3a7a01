"""The filters of the clean-up page, with what is said beside each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.http import QueryDict

from netdash.forms.cleanup import CleanupForm
from netdash.topology.candidates import CleanupFilter
from netdash.topology.refusal import list_words, quote
from netdash.topology.snapshot import Snapshot

OWN_WORDS = frozenset(("preset", "show", "page"))
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """A filter as it is shown; ``said`` is why it cannot be read, or what it does not find."""

    field: BoundField
    said: tuple[str, ...]
    is_wrong: bool


def list_wishes(form: CleanupForm, wanted: CleanupFilter, snapshot: Snapshot) -> tuple[Wish, ...]:
    """List the filters that somebody can type, in the order of the form."""
    absences = {"drivers": tuple(find_absent_drivers(wanted, snapshot))}
    return tuple(
        Wish(
            field, tuple(map(str, field.errors)) or absences.get(field.name, ()), bool(field.errors)
        )
        for field in form
        if not field.is_hidden
    )


def find_absent_drivers(wanted: CleanupFilter, snapshot: Snapshot) -> Iterator[str]:
    """Say which wanted drivers no network has; nothing of an engine that was not read yet."""
    there = {network.driver for network in snapshot.networks}
    for driver in wanted.drivers[:MOST_NAMED] if there else ():
        if driver not in there:
            yield f"No network has the driver {quote(driver)}."


def say_left_out(form: CleanupForm) -> str:
    """Say which filters the list leaves out because they cannot be read; empty for none."""
    labels = [str(form.fields[name].label or name) for name in form.errors]
    if not labels:
        return ""
    filters, they = ("filter", "it") if len(labels) == 1 else ("filters", "they")
    return (
        f"Shown without the {filters} {list_words(labels)}: {they} cannot be read."
        f" Nothing can be removed until {they} can."
    )


def say_unknown(asked: QueryDict, known_values: dict[str, tuple[str, ...]]) -> str:
    """Say what of an address was left out: words that are no filter, values that are none."""
    words = [name for name in asked if name not in CleanupForm.base_fields.keys() | OWN_WORDS]
    for name, values in known_values.items():
        if asked.get(name) and asked[name] not in values:
            words.append(f"{name}={asked[name]}")
    if not words:
        return ""
    named = ", ".join(map(quote, words[:MOST_NAMED])) + (" …" if len(words) > MOST_NAMED else "")
    verb = "it was" if len(words) == 1 else "they were"
    return f"netdash does not know {named} in this address: {verb} left out."
