"""What several networks have in common when they are changed together."""

from __future__ import annotations

from typing import Any

from django import forms

from netdash.forms.fields import LineField, NoteField
from netdash.topology.changes import ConnectContainer, EndpointSettings, Plan, RemoveNetwork, Step
from netdash.topology.plans import plan_removal
from netdash.topology.snapshot import Container, Network, Snapshot

OFFERED = 200
"""Names that a browser completes while one types; any other name is understood as well."""


class NetworksConnectForm(forms.Form):
    """Which container shall be connected to several networks."""

    container = LineField(
        max_length=300, required=True, error_messages={"required": "Choose a container."}
    )
    note = NoteField()

    def __init__(self, *args: Any, snapshot: Snapshot, **options: Any) -> None:
        super().__init__(*args, **options)
        self.snapshot = snapshot
        self.fields["container"].widget.attrs |= {"list": "container-names", "autocomplete": "off"}

    @property
    def names(self) -> tuple[str, ...]:
        """Offer the first names to complete."""
        return tuple(one.name for one in self.snapshot.containers[:OFFERED])

    def clean_container(self) -> Container:
        """Find the container by its name."""
        name = self.cleaned_data["container"]
        found = next((one for one in self.snapshot.containers if one.name == name), None)
        if found is None:
            raise forms.ValidationError("There is no container of this name.", code="gone")
        return found

    def build_plan(self, networks: tuple[Network, ...]) -> Plan:
        """Plan one connection for each network."""
        one = self.cleaned_data["container"]
        steps = tuple(
            Step(ConnectContainer(net.id, net.name, one.id, one.name, EndpointSettings()))
            for net in networks
        )
        return Plan(steps, f"Connect {one.name} to {len(networks)} networks")


def plan_removals(
    snapshot: Snapshot, networks: tuple[Network, ...], disconnects: bool, frees_stopped: bool
) -> Plan:
    """Plan the removal of several networks; who is on them goes first when that is asked for."""
    steps: list[Step] = []
    for network in networks:
        if disconnects:
            steps += plan_removal(snapshot, network, with_stopped=frees_stopped).steps
        else:
            steps.append(Step(RemoveNetwork(network.id, network.name)))
    what = networks[0].name if len(networks) == 1 else f"{len(networks)} networks"
    return Plan(tuple(steps), f"Remove {what}")
