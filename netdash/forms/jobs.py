"""Which jobs, and which of a job's items, are asked for."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet

from netdash.models import Job, JobItem


class JobFilterForm(forms.Form):
    """Filters of the list of jobs; what it cannot read filters nothing."""

    q = forms.CharField(
        required=False,
        max_length=200,
        label="Search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "title, note, who"}),
    )
    state = forms.ChoiceField(required=False, choices=(("", "any state"), *Job.State.choices))
    kind = forms.ChoiceField(required=False, choices=(("", "any kind"), *Job.Kind.choices))

    def narrow(self, rows: QuerySet[Job]) -> QuerySet[Job]:
        """Leave the jobs that are asked for."""
        self.full_clean()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        rows = rows.filter(**{name: asked[name] for name in ("state", "kind") if name in asked})
        for word in asked.get("q", "").split():
            rows = rows.filter(
                Q(title__icontains=word) | Q(note__icontains=word) | Q(author_name__icontains=word)
            )
        return rows

    @property
    def is_narrowing(self) -> bool:
        """Tell whether anything is left out."""
        return any(getattr(self, "cleaned_data", {}).values())


class ItemFilterForm(forms.Form):
    """Filters of a job's items."""

    state = forms.ChoiceField(required=False, choices=JobItem.State.choices)

    @property
    def wanted(self) -> str:
        """Give the state that is asked for, or nothing."""
        return str(self.cleaned_data.get("state", "")) if self.is_valid() else ""
