"""Which networks a clean-up is to take: the filters, as a form, and as an address has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from netdash.forms.fields import LineField
from netdash.topology.candidates import CleanupFilter

MOST_TEXT = 10_000
MOST_WORDS = 500
LONGEST_SECONDS = 100 * 366 * 86400
SPAN = re.compile(r"(?:\d{1,9}[smhdw]){1,9}")
PART = re.compile(r"(\d+)([smhdw])")
SECONDS_BY_UNIT = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}


class SpanField(forms.Field):
    """A span of time such as ``30d``, ``12h`` or ``1h30m``, in seconds; empty is 0."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("widget", forms.TextInput(attrs={"placeholder": "any", "size": 6}))
        super().__init__(**options)

    def to_python(self, value: Any) -> int:
        """Read weeks, days, hours, minutes and seconds."""
        text = "".join(str(value or "").lower().split())
        if not text:
            return 0
        if not SPAN.fullmatch(text):
            raise ValidationError(
                "Write a span such as 30d, 12h or 90m (w, d, h, m, s).", code="span"
            )
        seconds = sum(int(number) * SECONDS_BY_UNIT[unit] for number, unit in PART.findall(text))
        if seconds > LONGEST_SECONDS:
            raise ValidationError("That is longer than a hundred years.", code="long")
        return seconds


class LinesField(forms.CharField):
    """Several words, one a line, as a tuple in the order given."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "widget",
            forms.Textarea(attrs={"rows": 1, "spellcheck": "false", "cols": 18, "wrap": "off"}),
        )
        super().__init__(max_length=MOST_TEXT, **options)

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """Read the lines that hold anything, each once."""
        text = super().to_python(value) or ""
        lines = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if len(lines) > MOST_WORDS:
            raise ValidationError(f"Write at most {MOST_WORDS} lines.", code="many")
        return lines


class LabelsField(LinesField):
    """Labels, one a line: ``key`` for any value, or ``key=value``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs["placeholder"] = "any, or key=value"

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """Refuse a value without a key."""
        lines = super().to_python(value)
        for line in lines:
            if line.startswith("="):
                raise ValidationError(f"{line} has no key before the =.", code="key")
        return lines


class WordsField(LinesField):
    """Several words, separated by spaces, commas or lines."""

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """Read the words."""
        return super().to_python("\n".join(re.split(r"[\s,]+", value or "")))


class CleanupForm(forms.Form):
    """The filters of a clean-up; nothing filled in takes every network that nobody names."""

    name_pattern = LineField(
        max_length=200,
        label="Name",
        help_text="The whole name, with * for anything, ? for one character, [abc] for one of"
        " these. Upper and lower case differ.",
        widget=forms.TextInput(attrs={"placeholder": "any, or ci-*", "spellcheck": "false"}),
    )
    labels = LabelsField(
        label="With labels",
        help_text="One key or key=value a line; a network must have all of them.",
    )
    not_labels = LabelsField(
        label="Without labels",
        help_text="One key or key=value a line; a network with any of them stays.",
    )
    drivers = WordsField(
        label="Driver",
        help_text="One or several, such as bridge or macvlan.",
        widget=forms.TextInput(attrs={"placeholder": "any", "size": 10, "spellcheck": "false"}),
    )
    older_than = SpanField(label="Older than", help_text="Created longer ago: 30d, 12h, 90m.")
    unused_since = SpanField(
        label="Never used for",
        help_text="Not in use for at least so long, as far as netdash has watched: 30d, 12h.",
    )
    ignores_stopped = forms.BooleanField(
        required=False,
        label="Ignore stopped containers",
        help_text="Also takes networks that only stopped containers name. These do not start"
        " again without them.",
    )
    networks = WordsField(widget=forms.HiddenInput)


def read_filter(cleaned: Mapping[str, Any]) -> CleanupFilter:
    """Make the filter of valid input (a form's ``cleaned_data``)."""
    return CleanupFilter(
        labels=tuple(cleaned["labels"]),
        not_labels=tuple(cleaned["not_labels"]),
        name_pattern=cleaned["name_pattern"],
        drivers=tuple(cleaned["drivers"]),
        older_than_seconds=cleaned["older_than"],
        unused_since_seconds=cleaned["unused_since"],
        ignores_stopped=cleaned["ignores_stopped"],
        networks=tuple(cleaned.get("networks", ())),
    )


def as_initial(wanted: CleanupFilter) -> dict[str, Any]:
    """Write a filter as the initial values of the form; those left empty are left out."""
    values = {
        "name_pattern": wanted.name_pattern,
        "labels": "\n".join(wanted.labels),
        "not_labels": "\n".join(wanted.not_labels),
        "drivers": ", ".join(wanted.drivers),
        "older_than": write_span(wanted.older_than_seconds),
        "unused_since": write_span(wanted.unused_since_seconds),
        "ignores_stopped": "on" if wanted.ignores_stopped else "",
        "networks": " ".join(wanted.networks),
    }
    return {name: value for name, value in values.items() if value}


def as_query(wanted: CleanupFilter) -> str:
    """Write a filter as the query of the clean-up page, without "?"."""
    return urlencode(as_initial(wanted))


def write_span(seconds: int) -> str:
    """Write a span as SpanField reads it: ``1d12h``; nothing for 0."""
    parts = []
    for unit, size in list(SECONDS_BY_UNIT.items())[1:]:
        if number := seconds // size:
            parts.append(f"{number}{unit}")
            seconds -= number * size
    return "".join(parts)
