"""The form of a clean-up policy: what, when, how far, and whom to tell."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from netdash.forms.cleanup import CleanupForm, as_initial, read_filter
from netdash.models import CleanupPolicy, Engine
from netdash.models.crontabs import UnreadableCrontabError, read_crontab
from netdash.topology.candidates import UnreadableFilterError, decode_filter, encode_filter

LEAST_SECONDS = 5
"""Beat looks at its schedule at least so often."""
MOST_DAYS = 366
MOST_EVERY = {
    CleanupPolicy.Period.SECONDS: MOST_DAYS * 86400,
    CleanupPolicy.Period.MINUTES: MOST_DAYS * 1440,
    CleanupPolicy.Period.HOURS: MOST_DAYS * 24,
    CleanupPolicy.Period.DAYS: MOST_DAYS,
}
"""A longer interval is more than databases and clocks can count, or a slip."""
WIDE = forms.TextInput(attrs={"class": "vTextField", "spellcheck": "false"})
LINES = forms.Textarea(attrs={"rows": 3, "cols": 50, "spellcheck": "false"})
HELPS = {
    "engines": "Engines that are switched off are left out.",
    "takes_doubtful": "Some networks can go but have something against them: created within the"
    " last hour, of a Compose project that still has containers. They are left alone unless this"
    " is ticked.",
    "is_enabled": "Without this it runs only by hand.",
    "every": "At least 5 seconds. Counted from now when you change it.",
    "crontab": "Instead of the interval: minute, hour, day of the month, month, weekday, as"
    " 30 2 * * * for every night at 02:30 or 0 4 * * 0 for Sundays at 04:00, in the time zone"
    " of the pages. Where day and weekday are both given, both must be true. A turn that was"
    " missed while netdash was down is made up for once.",
    "is_dry_run": "Only looks, writes down what would go, and reports it. Nothing is removed.",
    "limit": "When more networks than this would go, nothing is removed at all, and the run"
    " says so. Something is odd then, and somebody should look.",
    "mail_to": "One or several addresses; they get what the run did, in plain words.",
    "webhook": "An http:// or https:// address that gets the same as JSON (POST). It is called"
    " from netdash's worker, which may reach what you cannot: name only addresses you trust."
    " Redirects are not followed.",
    "reports_all": "Otherwise runs that found nothing new are not reported.",
}
LOOK_FIRST = (
    "This policy is about to remove networks. Save it as a dry run, look at its preview, then"
    " tick this."
)


class CleanupPolicyForm(forms.ModelForm, CleanupForm):  # type: ignore[type-arg]
    """A policy on one page; its schedule becomes beat's own row."""

    networks = None  # type: ignore[assignment]
    is_looked_at = forms.BooleanField(
        required=False,
        label="I have looked at the preview",
        help_text="Asked for when a policy begins to remove networks, and when one that does"
        " is given other engines or wishes.",
    )

    class Meta:
        model = CleanupPolicy
        fields = (
            "name",
            "engines",
            "takes_doubtful",
            "is_enabled",
            "every",
            "period",
            "crontab",
            "is_dry_run",
            "limit",
            "mail_to",
            "webhook",
            "reports_all",
        )
        help_texts = HELPS
        labels = {"every": "Every", "period": "", "crontab": "Or by a crontab line"}
        widgets = {
            "engines": forms.CheckboxSelectMultiple,
            "crontab": forms.TextInput(attrs={"size": 30, "placeholder": "30 2 * * *"}),
            "mail_to": forms.Textarea(attrs={"rows": 2, "cols": 50, "spellcheck": "false"}),
            "webhook": WIDE,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = (self.instance.is_dry_run, self.instance.filter, self.instance.takes_doubtful)
        self.engines_before = set(self.instance.engines.all()) if self.instance.pk else set()
        self.initial.update(read_wishes(self.instance))
        if not self.instance.pk:
            self.initial.setdefault("every", 1)
            self.initial.setdefault("engines", find_only_engine())
        for name in ("labels", "not_labels"):
            self.fields[name].widget = LINES
        self.fields["name_pattern"].widget = WIDE
        self.fields["name_pattern"].label = "Network name"

    def clean_crontab(self) -> str:
        """Refuse a line that beat cannot read."""
        line = " ".join(str(self.cleaned_data.get("crontab") or "").split())
        if line:
            try:
                read_crontab(line)
            except UnreadableCrontabError as error:
                raise ValidationError(str(error)) from error
        return line

    def clean_mail_to(self) -> str:
        """Refuse what is no address; keep one a line."""
        words = str(self.cleaned_data.get("mail_to") or "").replace(",", " ").split()
        for word in words:
            try:
                validate_email(word)
            except ValidationError as error:
                raise ValidationError(f"{word} is no e-mail address.") from error
        return "\n".join(dict.fromkeys(words))

    def clean_webhook(self) -> str:
        """Refuse what cannot be posted to."""
        address = str(self.cleaned_data.get("webhook") or "").strip()
        if not address:
            return ""
        try:
            parts = urlsplit(address)
            is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            is_address = False
        if not is_address or any(sign.isspace() for sign in address):
            raise ValidationError("Begin with http:// or https:// and name the machine.")
        return address

    def clean(self) -> dict[str, Any]:
        """Put the wishes into a filter, and ask for a look before anything is removed."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        self.check_interval(values)
        if not self.errors:
            self.instance.filter = encode_filter(read_filter(values))
            if self.begins_to_remove(values) and not values["is_looked_at"]:
                self.add_error("is_looked_at", LOOK_FIRST)
        return values

    def check_interval(self, values: dict[str, Any]) -> None:
        """Ask for a schedule, and for time to breathe."""
        every = values.get("every")
        if values.get("crontab") or "every" in self.errors or "crontab" in self.errors:
            return
        if every is None:
            self.add_error("every", "Give an interval or a crontab line.")
        elif values.get("period") == CleanupPolicy.Period.SECONDS and every < LEAST_SECONDS:
            self.add_error("every", f"At least {LEAST_SECONDS} seconds.")
        elif every > MOST_EVERY.get(values.get("period", ""), every):
            self.add_error("every", f"At most {MOST_DAYS} days.")

    def begins_to_remove(self, values: dict[str, Any]) -> bool:
        """Tell whether the policy would remove what it did not remove before."""
        if values["is_dry_run"]:
            return False
        now = (False, self.instance.filter, values["takes_doubtful"])
        return self.was != now or not set(values["engines"]) <= self.engines_before


def find_only_engine() -> list[Engine]:
    """Find the engine of a netdash that has one; nobody has to choose there."""
    engines = list(Engine.objects.filter(is_enabled=True)[:2])
    return engines if len(engines) == 1 else []


def read_wishes(policy: CleanupPolicy) -> dict[str, Any]:
    """Write a policy's filter as initial values; a filter of another version is asked for anew."""
    try:
        return as_initial(decode_filter(policy.filter))
    except UnreadableFilterError:
        return {}
