"""Connect containers to a network, and disconnect them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from netdash.forms.fields import (
    AddressField,
    LineField,
    MacField,
    NamesField,
    NoteField,
    PairsField,
)
from netdash.forms.options import KNOWN, build_field, merge_options
from netdash.topology.changes import (
    ConnectContainer,
    DisconnectContainer,
    EndpointSettings,
    Plan,
    Step,
)
from netdash.topology.endpoint_options import list_endpoint_options
from netdash.topology.lookup import has_default_rules, pick_endpoint
from netdash.topology.option_checks import LONGEST_INTERFACE
from netdash.topology.snapshot import Container, Network, Pairs, Snapshot
from netdash.topology.supports import list_supports

AUTOMATIC = {"placeholder": "automatic"}
LOWEST_PRIORITY, HIGHEST_PRIORITY = -(2**31), 2**31 - 1


class ConnectForm(forms.Form):
    """How a container, or several, shall stand on a network.

    A field that the engine or the network cannot use is hidden and has no say, but keeps what
    was typed; for several containers at once, addresses and names are left to the engine.
    """

    network = LineField(
        max_length=64, required=True, error_messages={"required": "Choose a network."}
    )
    ipv4 = AddressField(version=4, label="IPv4", widget=forms.TextInput(AUTOMATIC))
    ipv6 = AddressField(version=6, label="IPv6", widget=forms.TextInput(AUTOMATIC))
    aliases = NamesField(
        max_length=1000, label="Aliases", help_text="More names that others on it may call it by."
    )
    mac = MacField(label="MAC")
    gateway_priority = forms.IntegerField(
        required=False,
        min_value=LOWEST_PRIORITY,
        max_value=HIGHEST_PRIORITY,
        label="Gateway priority",
        help_text="The network with the highest one gives the default route.",
        error_messages={"invalid": "Write a whole number, such as 10."},
    )
    driver_options = PairsField(
        label="Driver options", help_text="One key=value a line, for the network's driver."
    )
    note = NoteField()

    def __init__(
        self, *args: Any, snapshot: Snapshot, containers: tuple[Container, ...], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.snapshot, self.containers = snapshot, containers
        self.chosen = snapshot.networks_by_id.get(str(self["network"].value() or ""))
        self.useless = find_useless(snapshot, containers, self.chosen)
        for name in self.useless:
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        driver = self.chosen.driver if self.chosen else ""
        self.known = list_endpoint_options(driver, snapshot.engine)
        for number, option in enumerate(self.known):
            self.fields[f"{KNOWN}{number}"] = field = build_field(option)
            if option.kind == "interface":
                field.validators.append(MaxLengthValidator(LONGEST_INTERFACE))

    @property
    def known_fields(self) -> list[forms.BoundField]:
        """List the fields of the options that an endpoint of the network's driver heeds."""
        return [self[f"{KNOWN}{number}"] for number in range(len(self.known))]

    @property
    def has_option_errors(self) -> bool:
        """Tell whether something is wrong with what is folded away."""
        folded = ("gateway_priority", "driver_options")
        return any(name in folded or name.startswith(KNOWN) for name in self.errors)

    def clean_network(self) -> Network:
        """Find the network; it may have gone since the form was drawn."""
        found = self.snapshot.networks_by_id.get(self.cleaned_data["network"])
        if found is None:
            raise forms.ValidationError("This network is gone; choose another.", code="gone")
        return found

    def read_options(self) -> Pairs:
        """Read all driver options; a field of its own goes before the free lines."""
        return merge_options(self.cleaned_data, "driver_options", self.known)

    def build_plan(self, containers: tuple[Container, ...]) -> Plan:
        """Turn valid input into a plan: one connection for each of the form's containers given."""
        network: Network = self.cleaned_data["network"]
        asked = {k: v for k, v in self.cleaned_data.items() if k not in self.useless}
        settings = replace(read_settings(asked), driver_options=self.read_options())
        steps = tuple(
            Step(ConnectContainer(network.id, network.name, one.id, one.name, settings))
            for one in containers
        )
        return Plan(steps, say_title("Connect", containers, f"to {network.name}"))


class DisconnectForm(forms.Form):
    """Whether to insist, and why."""

    force = forms.BooleanField(
        required=False,
        label="Force",
        help_text="Also removes what is left of an endpoint whose container is gone.",
    )
    note = NoteField()


def plan_disconnection(
    containers: tuple[Container, ...], network_id: str, network_name: str, force: bool
) -> Plan:
    """Plan to end the endpoints of containers on a network, which may be gone itself."""
    steps = tuple(
        Step(DisconnectContainer(network_id, network_name, one.id, one.name, force))
        for one in containers
        if pick_endpoint(one, network_id, network_name)
    )
    return Plan(steps, say_title("Disconnect", containers, f"from {network_name}"))


def find_useless(
    snapshot: Snapshot, containers: tuple[Container, ...], network: Network | None
) -> set[str]:
    """List the fields that this engine, this network or this many containers cannot use."""
    useless = set()
    supports = list_supports(snapshot.engine)
    if not supports.gateway_priority:
        useless.add("gateway_priority")
    if not supports.endpoint_mac or len(containers) != 1:
        useless.add("mac")
    if len(containers) != 1:
        useless |= {"ipv4", "ipv6", "aliases"}
    if network is not None:
        useless |= set() if network.has_ipv6 else {"ipv6"}
        useless |= set() if network.has_ipv4 else {"ipv4"}
        useless |= {"ipv4", "ipv6", "aliases"} if has_default_rules(network) else set()
    return useless


def read_settings(cleaned: dict[str, Any]) -> EndpointSettings:
    """Read what the connection asks for from cleaned input, driver options aside."""
    return EndpointSettings(
        ipv4=cleaned.get("ipv4", ""),
        ipv6=cleaned.get("ipv6", ""),
        aliases=cleaned.get("aliases", ()),
        mac=cleaned.get("mac", ""),
        gateway_priority=cleaned.get("gateway_priority"),
    )


def say_title(verb: str, containers: tuple[Container, ...], rest: str) -> str:
    """Say a plan in one short sentence."""
    what = containers[0].name if len(containers) == 1 else f"{len(containers)} containers"
    return f"{verb} {what} {rest}"
