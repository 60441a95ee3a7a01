"""Make many networks: a pattern or a file, and where their subnets shall lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from netdash.forms.fields import BlockField, LineField, NoteField, PairsField
from netdash.forms.uploads import LARGEST_FILE
from netdash.topology.address_plans import Scheme
from netdash.topology.patterns import Axis, Pattern
from netdash.topology.snapshot import Snapshot
from netdash.topology.supports import list_drivers

NAME = "{project}-{environment}-{layer}-network"
AXES = (
    ("project", "shop, blog"),
    ("environment", "dev, prod"),
    ("layer", "frontend, backend, database"),
    ("", "one more, if you need it"),
)
"""Name and example of each row of the form."""
FORMATS = (("", "find out"), ("csv", "CSV"), ("yaml", "YAML"), ("compose", "Compose file"))
SMALL = {"rows": 2, "spellcheck": "false"}


class WholeTextField(forms.CharField):
    """Text as it came: what reads it says what is wrong with it, and in which line."""

    def run_validators(self, value: Any) -> None:
        """Refuse nothing here."""


class ValuesField(LineField):
    """Values with commas, semicolons or spaces between, in their order."""

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """Read the values; a repeated one stays, so that it can be named."""
        text = super().to_python(value) or ""
        return tuple(part for part in re.split(r"[\s,;]+", text) if part)


class BasesField(forms.CharField):
    """``value=172.20.0.0/16`` lines; a subnet alone is for every other network."""

    def to_python(self, value: Any) -> tuple[tuple[str, str], ...]:  # type: ignore[override]
        """Read one base a line, or with commas between."""
        text = super().to_python(value) or ""
        found = []
        for part in re.split(r"[\n,;]+", text):
            head, sign, tail = part.rpartition("=")
            if part.strip():
                found.append((head.strip() if sign else "", tail.strip()))
        return tuple(found)


class PrefixesField(LineField):
    """``value=26``, several with commas between."""

    def to_python(self, value: Any) -> tuple[tuple[str, int], ...]:  # type: ignore[override]
        """Read the prefix lengths; raises ValidationError for what is none."""
        text = super().to_python(value) or ""
        found = []
        for part in re.split(r"[\s,;]+", text):
            head, _, tail = part.rpartition("=")
            number = tail.removeprefix("/")
            if part and not (head and number.isdecimal() and len(number) < 4):
                raise ValidationError(
                    f"{part} says no size; write value=26, as in database=26.", code="prefix"
                )
            found += [(head, int(number))] if part else []
        return tuple(found)


@dataclass(frozen=True, slots=True)
class AxisFields:
    """The fields of one axis."""

    name: forms.BoundField
    values: forms.BoundField
    label: forms.BoundField


class BulkForm(forms.Form):
    """Everything that many networks are made from."""

    source = forms.ChoiceField(
        choices=(("pattern", "From a pattern"), ("file", "From a file or list")),
        initial="pattern",
        required=False,
        widget=forms.RadioSelect,
    )
    pattern = LineField(max_length=200, label="Name", initial=NAME)
    driver = forms.ChoiceField(initial="bridge", required=False)
    internal = ValuesField(
        label="Internal",
        widget=forms.TextInput(attrs={"placeholder": "database"}),
        help_text="Values whose networks have no way out.",
    )
    tier_axis = LineField(
        label="Tiers",
        widget=forms.TextInput(attrs={"placeholder": "layer"}),
        help_text="The axis whose order is that of the layers: the drawing keeps to it "
        "(label netdash.tier).",
    )
    labels = PairsField(
        label="More labels", help_text="One key=value a line; {project} and the others work here."
    )
    options = PairsField(label="Driver options", help_text="One key=value a line, in the same way.")
    is_attachable = forms.BooleanField(required=False, label="Attachable (overlay only)")
    addressing = forms.ChoiceField(
        choices=(("plan", "Lay subnets out"), ("docker", "Let Docker choose")),
        initial="plan",
        required=False,
        widget=forms.RadioSelect,
    )
    bases = BasesField(
        label="Within",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={**SMALL, "placeholder": "dev=172.20.0.0/16\n10.20.0.0/16"}),
        help_text="One subnet for all, or value=subnet a line.",
    )
    size = forms.IntegerField(
        label="Each", initial=24, required=False, widget=forms.NumberInput(attrs={"min": 1})
    )
    sizes = PrefixesField(label="But", widget=forms.TextInput(attrs={"placeholder": "database=26"}))
    ipv6_base = BlockField(
        label="IPv6 within",
        widget=forms.TextInput(attrs={"placeholder": "none"}),
        help_text="A /64 of it for each, for example of fd00:20::/48.",
    )
    format = forms.ChoiceField(choices=FORMATS, required=False, label="Format")
    project = LineField(
        label="Project",
        max_length=63,
        widget=forms.TextInput(attrs={"placeholder": "shop"}),
        help_text="For a Compose file without name: of its own.",
    )
    text = WholeTextField(
        required=False,
        strip=False,
        label="Networks",
        widget=forms.Textarea(
            attrs={"rows": 12, "spellcheck": "false", "wrap": "off", "maxlength": LARGEST_FILE}
        ),
    )
    file = forms.FileField(required=False, label="Or a file", allow_empty_file=True)
    others = forms.BooleanField(required=False, label="Leave those out and create the others")
    note = NoteField()

    def __init__(self, *args: Any, snapshot: Snapshot, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(one.name, one.title) for one in list_drivers(snapshot) if one.is_offered]
        self.fields["driver"] = forms.ChoiceField(choices=choices, initial="bridge", required=False)
        for number, (name, example) in enumerate(AXES):
            self.fields[f"axis-{number}-name"] = LineField(
                max_length=32,
                initial=name,
                widget=forms.TextInput(attrs={"aria-label": "Axis", "placeholder": "axis"}),
            )
            self.fields[f"axis-{number}-values"] = ValuesField(
                max_length=10_000,
                widget=forms.TextInput(attrs={"aria-label": "Values", "placeholder": example}),
            )
            self.fields[f"axis-{number}-label"] = LineField(
                initial=name,
                widget=forms.TextInput(attrs={"aria-label": "Label", "placeholder": "no label"}),
            )

    @property
    def axes(self) -> list[AxisFields]:
        """List the fields axis by axis."""
        return [
            AxisFields(*(self[f"axis-{number}-{part}"] for part in ("name", "values", "label")))
            for number in range(len(AXES))
        ]

    @property
    def is_from_file(self) -> bool:
        """Tell whether a file is asked for rather than a pattern."""
        return bool(self["source"].value() == "file")

    @property
    def is_planned(self) -> bool:
        """Tell whether subnets are laid out rather than left to the engine."""
        return bool(self["addressing"].value() != "docker")

    def clean_file(self) -> Any:
        """Refuse a file of which nothing was kept."""
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_FILE:
            limit = f"{LARGEST_FILE // 1024:,} KiB"
            words = f"{file.name} has {file.size // 1024:,} KiB; at most {limit} are read."
            raise ValidationError(words, code="large")
        return file

    def build_pattern(self) -> Pattern:
        """Turn what is right into a pattern; rows without a name and values are no axes."""
        found = self.cleaned_data
        parts = (
            tuple(found[f"axis-{number}-{part}"] for part in ("name", "values", "label"))
            for number in range(len(AXES))
        )
        return Pattern(
            name=found["pattern"] or NAME,
            axes=tuple(Axis(*part) for part in parts if part[0] or part[1]),
            driver=found.get("driver") or "bridge",
            options=found.get("options", ()),
            labels=found.get("labels", ()),
            internal=found.get("internal", ()),
            tier_axis=found.get("tier_axis", ""),
            is_attachable=found["is_attachable"],
        )

    def build_scheme(self) -> Scheme:
        """Turn what is right into an addressing scheme."""
        found = self.cleaned_data
        prefix = found.get("size")
        return Scheme(
            bases=found.get("bases", ()),
            prefix=24 if prefix is None else prefix,
            prefixes=found.get("sizes", ()),
            ipv6_base=found.get("ipv6_base", ""),
        )
