"""Remove a network."""

from __future__ import annotations

from django import forms

from netdash.forms.fields import NoteField


class NetworkRemoveForm(forms.Form):
    """What becomes of those who are still on the network."""

    disconnects = forms.BooleanField(
        required=False, label="Disconnect who is on it, then remove it"
    )
    frees_stopped = forms.BooleanField(
        required=False,
        label="Stopped containers too",
        help_text="Else they keep naming it, and do not start again.",
    )
    note = NoteField()
