"""Why something is taken back."""

from __future__ import annotations

from django import forms

from netdash.forms.fields import NoteField


class UndoForm(forms.Form):
    """A note for the journal."""

    note = NoteField()
