"""What of the journal is asked for."""

from __future__ import annotations

from django import forms
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from netdash.models import JournalEntry

KINDS = (
    ("connect", "connected"),
    ("disconnect", "disconnected"),
    ("create", "created"),
    ("remove", "removed"),
)
NARROWING = ("q", "kind", "outcome", "origin", "author", "since", "until")


class JournalFilterForm(forms.Form):
    """Filters of the journal; what it cannot read filters nothing."""

    q = forms.CharField(
        required=False,
        max_length=200,
        label="Search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "name, note, command"}),
    )
    kind = forms.ChoiceField(required=False, choices=(("", "any change"), *KINDS))
    outcome = forms.ChoiceField(
        required=False, choices=(("", "any outcome"), *JournalEntry.Outcome.choices)
    )
    origin = forms.ChoiceField(
        required=False, choices=(("", "anywhere"), *JournalEntry.Origin.choices)
    )
    author = forms.CharField(required=False, max_length=150, label="By")
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    plan = forms.UUIDField(required=False, widget=forms.HiddenInput)
    """The one plan or job whose changes are asked for, each by itself."""
    open = forms.UUIDField(required=False, widget=forms.HiddenInput)
    """The plan or job whose changes are listed below its line; filters nothing."""

    def narrow(self, rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
        """Leave the rows that are asked for."""
        self.full_clean()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        exact = {name: asked[name] for name in ("kind", "outcome", "origin") if name in asked}
        rows = rows.filter(**exact)
        if "plan" in asked:
            rows = rows.filter(plan_id=asked["plan"])
        if "author" in asked:
            rows = rows.filter(author_name__icontains=asked["author"])
        if "since" in asked:
            rows = rows.filter(at__date__gte=asked["since"])
        if "until" in asked:
            rows = rows.filter(at__date__lte=asked["until"])
        for word in asked.get("q", "").split():
            rows = rows.filter(
                Q(summary__icontains=word)
                | Q(note__icontains=word)
                | Q(command__icontains=word)
                | Q(author_name__icontains=word)
            )
        return rows

    def lead(self, rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
        """Leave one row of each plan that is asked for, its first; all of one plan asked for alone.

        Within a plan the first that fits is the one written first. To look for an earlier one
        row by row would walk half of a plan for each of its rows; where all rows fit, the look
        ends at once and a page need not read the whole journal, which grouping does.
        """
        fitting = self.narrow(rows)
        if self.is_alone:
            return fitting
        if not self.is_narrowing:
            earlier = JournalEntry.objects.filter(
                plan_id=OuterRef("plan_id"), position__lt=OuterRef("position")
            )
            return fitting.filter(~Exists(earlier))
        firsts = fitting.order_by().values("plan_id").annotate(first=Min("pk"))
        return rows.filter(pk__in=firsts.values("first"))

    @property
    def is_narrowing(self) -> bool:
        """Tell whether some changes of a plan may fit and others not."""
        return any(self.cleaned_data.get(name) for name in NARROWING)

    @property
    def is_alone(self) -> bool:
        """Tell whether one plan or job is asked for, by its changes."""
        return bool(getattr(self, "cleaned_data", {}).get("plan"))
