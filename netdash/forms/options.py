"""Fields of the driver options that are known, beside the lines for any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from netdash.forms.fields import LineField
from netdash.topology.driver_options import DriverOption
from netdash.topology.snapshot import Pairs

KNOWN = "option-"
"""Begins the names of the fields of options that the driver is known to have."""


def build_field(option: DriverOption) -> forms.Field:
    """Build the field of a known option; empty leaves it to the driver."""
    default = f"default: {option.default}" if option.default else "the driver's default"
    if option.kind in ("bool", "choice"):
        choices = option.choices or ("true", "false")
        return forms.ChoiceField(
            choices=(("", default), *((one, one) for one in choices)),
            required=False,
            label=option.title,
            help_text=option.help,
        )
    shown = forms.TextInput(attrs={"placeholder": option.example or default})
    return LineField(label=option.title, help_text=option.help, widget=shown)


def merge_options(cleaned: Mapping[str, Any], free: str, known: Iterable[DriverOption]) -> Pairs:
    """Read all options; a field of its own goes before the field of free lines."""
    found = dict(cleaned.get(free) or ())
    for number, option in enumerate(known):
        if value := cleaned.get(f"{KNOWN}{number}"):
            found[option.key] = str(value)
    return tuple(sorted(found.items()))
