"""How the admin shows runs and what a policy catches."""

from __future__ import annotations

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from netdash.jobs.choices import Catch
from netdash.models import CleanupPolicy, CleanupRun
from netdash.topology.cleanup_words import say_span
from netdash.topology.refusal import count

SHOWN_NAMES = 5
STATES = {
    "off": "off",
    "dry": "dry run",
    "carries": "carries out",
}


def show_outcome(run: CleanupRun) -> SafeString:
    """Show how a run ended, as a way to its page."""
    return format_html(
        '<a class="pill" data-outcome="{}" href="{}">{}</a>',
        run.outcome,
        run.get_absolute_url(),
        run.get_outcome_display(),
    )


def show_state(policy: CleanupPolicy) -> SafeString:
    """Show whether a policy is off, looks only, or removes."""
    state = "off" if not policy.is_enabled else "dry" if policy.is_dry_run else "carries"
    return format_html('<span class="pill" data-state="{}">{}</span>', state, STATES[state])


def show_last_run(policy: CleanupPolicy) -> SafeString | str:
    """Show how the last run ended, and how long ago."""
    run = policy.runs.select_related("engine").first()
    if run is None:
        return "never"
    ago = say_span((timezone.now() - run.at).total_seconds())
    return format_html("{} {} ago", show_outcome(run), ago)


def show_catches(catches: tuple[Catch, ...]) -> SafeString | str:
    """Show what a policy would take now, a line for each engine."""
    lines = ((catch.engine.name, show_catch(catch)) for catch in catches)
    return format_html_join("", '<p class="catch"><b><bdi>{}</bdi></b>: {}</p>', lines) or "-"


def show_catch(catch: Catch) -> SafeString | str:
    """Show what a policy would take on one engine now."""
    if catch.choice is None:
        return catch.trouble
    chosen, doubtful = catch.choice.chosen, catch.choice.doubtful
    names = format_html_join(
        ", ", "<bdi>{}</bdi>", ((one.network.name,) for one in chosen[:SHOWN_NAMES])
    )
    more = f" and {len(chosen) - SHOWN_NAMES} more" if len(chosen) > SHOWN_NAMES else ""
    left = f" {count(len(doubtful), 'network')} left alone because of doubts." if doubtful else ""
    if not chosen:
        return f"nothing would go.{left}"
    verb = "would go now"
    number = count(len(chosen), "network")
    return format_html("{} {} ({}{}).{}", number, verb, names, more, left)
