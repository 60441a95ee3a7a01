"""Create a network: what it shall be called, which addresses it has, how its driver behaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms.formsets import TOTAL_FORM_COUNT

from netdash.forms.fields import (
    AddressField,
    BlockField,
    LineField,
    NoteField,
    PairsField,
    write_pairs,
)
from netdash.forms.options import KNOWN, build_field, merge_options
from netdash.topology.changes import CreateNetwork
from netdash.topology.driver_options import list_options
from netdash.topology.option_checks import check_options
from netdash.topology.refusal import list_words
from netdash.topology.snapshot import EngineFacts, Pairs, Snapshot, Subnet
from netdash.topology.subnets import parse_block
from netdash.topology.supports import list_drivers, list_supports

MOST_SUBNETS = 8
LOCAL_DRIVERS = frozenset({"bridge", "macvlan", "ipvlan"})
UNHEEDED = "Changes nothing here: any container may join a network of one machine."
"""Engines keep the word (20.10 to 28.5) and ask for it on networks of a Swarm alone."""
PARTS = {"gateway": "gateway", "ip_range": "range", "auxiliary": "reserved addresses"}
"""What a pool has beside its subnet, by the name of its field."""
INCOMPLETE = "The rows of subnets came incomplete; open the form again."


@dataclass(frozen=True, slots=True)
class OldPart:
    """What a field of a row was filled with, and whether the subnet that is wanted holds it."""

    field: str
    value: str
    fits: bool


class SubnetForm(forms.Form):
    """One address pool."""

    cidr = BlockField(
        label="Subnet", widget=forms.TextInput(attrs={"placeholder": "the next free one"})
    )
    gateway = AddressField(widget=forms.TextInput(attrs={"placeholder": "the first address"}))
    ip_range = BlockField(
        label="Range", widget=forms.TextInput(attrs={"placeholder": "give only from here"})
    )
    auxiliary = PairsField(
        label="Reserved", help_text="One name=address a line; never given to a container."
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the subnet where only a part of it is given."""
        cleaned = super().clean() or {}
        parts = ("gateway", "ip_range", "auxiliary")
        has_rest = any(cleaned.get(name) or name in self.errors for name in parts)
        if has_rest and not cleaned.get("cidr") and "cidr" not in self.errors:
            self.add_error("cidr", "Write the subnet that these belong to.")
        return cleaned

    @property
    def is_empty(self) -> bool:
        """Tell whether the row holds nothing."""
        return not any(str(self[name].value() or "").strip() for name in self.fields)

    def build_subnet(self, old: Subnet | None = None) -> Subnet | None:
        """Turn what is right into an address pool; None where no subnet is.

        With the pool that the row was filled with, what came from that one and does not fit the
        new one is left behind.
        """
        row = self.cleaned_data
        if not row.get("cidr"):
            return None
        parts = (row.get("gateway", ""), row.get("ip_range", ""), row.get("auxiliary", ()))
        subnet = Subnet(row["cidr"], *parts)
        return leave_behind(subnet, old) if old else subnet

    def say_left_behind(self, old: Subnet) -> str:
        """Say what of the old pool the new one cannot hold, where nothing has its place."""
        built = self.build_subnet(old)
        if built is None:
            return ""
        lost = [PARTS[one] for one in find_outdated(built, old) if not getattr(built, one)]
        return f"{built.cidr}: the {list_words(lost)} of {old.cidr}." if lost else ""

    def list_old_parts(self, old: Subnet) -> tuple[OldPart, ...]:
        """List what the row was filled with beside its subnet, and whether it still fits."""
        cidr = "" if self.errors.get("cidr") else self.cleaned_data.get("cidr", "")
        lost = find_outdated(Subnet(cidr), old) if cidr else ()
        shown = fill_row(old)
        return tuple(
            OldPart(self.add_prefix(name), shown[name], name not in lost)
            for name in PARTS
            if cidr and shown[name]
        )


class SubnetRows(forms.BaseFormSet):  # type: ignore[type-arg]  # has no subscript at run time
    """The address pools of a network, as rows."""

    default_error_messages = {
        "missing_management_form": INCOMPLETE,
        "too_many_forms": f"Write at most {MOST_SUBNETS} subnets.",
    }

    @property
    def filled(self) -> list[SubnetForm]:
        """List the rows that hold something, as refusals count them; all where none does."""
        return [row for row in self.forms if not row.is_empty] or self.forms

    def clean(self) -> None:
        """Refuse a number of rows that no form has."""
        if (self.management_form.cleaned_data[TOTAL_FORM_COUNT] or 0) < 0:
            raise forms.ValidationError(INCOMPLETE, code="missing_management_form")


SubnetFormSet = forms.formset_factory(
    SubnetForm, SubnetRows, extra=0, min_num=1, max_num=MOST_SUBNETS, absolute_max=MOST_SUBNETS
)


def leave_behind(subnet: Subnet, old: Subnet) -> Subnet:
    """Drop what a subnet still has of the old one and cannot hold."""
    lost = find_outdated(subnet, old)
    kept = [name for name in lost if getattr(subnet, name) == getattr(old, name)]
    return replace(subnet, **{name: getattr(Subnet(""), name) for name in kept})


def find_outdated(subnet: Subnet, old: Subnet) -> tuple[str, ...]:
    """Name the parts of an old pool that a subnet cannot hold."""
    addresses = {
        "gateway": [old.gateway],
        "ip_range": [old.ip_range],
        "auxiliary": [address for _, address in old.auxiliary],
    }
    return tuple(name for name in PARTS if not all(fits(text, subnet) for text in addresses[name]))


def fits(text: str, subnet: Subnet) -> bool:
    """Tell whether an address or a range lies in a subnet; nothing does."""
    part, whole = parse_block(text), parse_block(subnet.cidr)
    if part is None or whole is None:
        return not text
    return part.version == whole.version and part.network_address in whole


class NetworkCreateForm(forms.Form):
    """Everything one may choose of a network but its address pools."""

    name = LineField(max_length=128, required=True, error_messages={"required": "Give it a name."})
    driver = forms.ChoiceField(initial="bridge")
    is_internal = forms.BooleanField(
        required=False, label="Internal", help_text="No way out, and none in from outside."
    )
    is_attachable = forms.BooleanField(
        required=False,
        label="Attachable",
        help_text="Single containers may join, not only the services of a Swarm.",
    )
    has_ipv6 = forms.BooleanField(required=False, label="IPv6")
    without_ipv4 = forms.BooleanField(required=False, label="No IPv4")
    options = PairsField(label="Other options", help_text="One key=value a line, for the driver.")
    labels = PairsField(help_text="One key=value a line.")
    note = NoteField()

    def __init__(self, *args: Any, snapshot: Snapshot, **options: Any) -> None:
        super().__init__(*args, **options)
        self.snapshot = snapshot
        self.drivers = list_drivers(snapshot)
        choices = [(one.name, one.title) for one in self.drivers if one.is_offered]
        self.fields["driver"] = forms.ChoiceField(choices=choices, initial="bridge")
        self.driver_name = str(self["driver"].value() or "bridge")
        if not list_supports(snapshot.engine).ipv4_off:
            del self.fields["without_ipv4"]
        if self.driver_name in LOCAL_DRIVERS:
            self.fields["is_attachable"].help_text = UNHEEDED
        self.known = list_options(self.driver_name, snapshot.engine)
        for number, option in enumerate(self.known):
            self.fields[f"{KNOWN}{number}"] = build_field(option)

    @property
    def known_fields(self) -> list[forms.BoundField]:
        """List the fields of the options that the driver is known to have."""
        return [self[f"{KNOWN}{number}"] for number in range(len(self.known))]

    @property
    def has_option_errors(self) -> bool:
        """Tell whether something is wrong with a driver option."""
        return any(name == "options" or name.startswith(KNOWN) for name in self.errors)

    def clean(self) -> dict[str, Any]:
        """Put what is wrong with the value of a known option beside its own field."""
        cleaned = super().clean() or {}
        for number, option in enumerate(self.known):
            if value := cleaned.get(f"{KNOWN}{number}"):
                change = CreateNetwork(
                    cleaned.get("name", ""),
                    self.driver_name,
                    options=((option.key, str(value)),),
                    is_internal=cleaned.get("is_internal", False),
                )
                for refusal in check_options(self.snapshot, change):
                    self.add_error(f"{KNOWN}{number}", f"{refusal.sentence} {refusal.remedy}")
        return cleaned

    def read_options(self) -> Pairs:
        """Read all driver options; a field of its own goes before the free lines."""
        return merge_options(self.cleaned_data, "options", self.known)

    def build_change(self, subnets: tuple[Subnet, ...]) -> CreateNetwork:
        """Turn input into the change; what is wrong is left out."""
        found = self.cleaned_data
        return CreateNetwork(
            name=found.get("name", ""),
            driver=found.get("driver", ""),
            subnets=subnets,
            options=self.read_options(),
            labels=found.get("labels", ()),
            is_internal=found["is_internal"],
            is_attachable=found["is_attachable"],
            has_ipv4=not found.get("without_ipv4", False),
            has_ipv6=found["has_ipv6"],
        )


def fill(change: CreateNetwork, engine: EngineFacts) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Write a creation as the initial values of the form and of its subnet rows."""
    options = dict(change.options)
    known = {
        f"{KNOWN}{number}": options.pop(option.key, "")
        for number, option in enumerate(list_options(change.driver, engine))
    }
    values = known | {
        "name": change.name,
        "driver": change.driver,
        "is_internal": change.is_internal,
        "is_attachable": change.is_attachable,
        "has_ipv6": change.has_ipv6,
        "without_ipv4": not change.has_ipv4,
        "options": write_pairs(tuple(sorted(options.items()))),
        "labels": write_pairs(change.labels),
    }
    return values, [fill_row(subnet) for subnet in change.subnets]


def fill_row(subnet: Subnet) -> dict[str, str]:
    """Write an address pool as the initial values of its row."""
    return {
        "cidr": subnet.cidr,
        "gateway": subnet.gateway,
        "ip_range": subnet.ip_range,
        "auxiliary": write_pairs(subnet.auxiliary),
    }
