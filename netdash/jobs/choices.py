"""What a policy takes on an engine, what it leaves because of doubts, and how that is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from netdash.jobs.cleanup import review_engine
from netdash.live import store
from netdash.models import CleanupPolicy, Engine
from netdash.topology.candidates import Candidate, Review, UnreadableFilterError, decode_filter
from netdash.topology.refusal import count

MOST_LISTED = 500
"""Networks that a run keeps of each kind; more are counted."""
READ_ONLY = "Changes are switched off (NETDASH_READ_ONLY), so this was a dry run."
UNREADABLE = "Its filter cannot be read: open the policy, look at its wishes and save it again."


@dataclass(frozen=True, slots=True)
class Choice:
    """What a policy takes on an engine, what it leaves because of doubts, and the rest."""

    chosen: tuple[Candidate, ...]
    doubtful: tuple[Candidate, ...]
    review: Review

    def exceeds(self, limit: int) -> bool:
        """Tell whether more would go than may."""
        return len(self.chosen) > limit


def choose(policy: CleanupPolicy, engine: Engine) -> Choice:
    """Choose from the last reading; raises StoreAway and UnreadableFilterError."""
    review = review_engine(engine, decode_filter(policy.filter))
    chosen: list[Candidate] = []
    doubtful: list[Candidate] = []
    for found in review.candidates:
        (doubtful if found.doubts and not policy.takes_doubtful else chosen).append(found)
    return Choice(tuple(chosen), tuple(doubtful), review)


def describe_choice(policy: CleanupPolicy, choice: Choice) -> dict[str, Any]:
    """Write down what was found, for the report."""
    return {
        "limit": policy.limit,
        "chosen": describe_candidates(choice.chosen),
        "doubtful": describe_candidates(choice.doubtful),
        "chosen_count": len(choice.chosen),
        "doubtful_count": len(choice.doubtful),
        "spared_count": len(choice.review.spared),
    }


def describe_candidates(found: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Write down networks that can go."""
    return [
        {
            "id": one.network.id,
            "name": one.network.name,
            "reason": one.reason,
            "doubts": list(one.doubts),
        }
        for one in found[:MOST_LISTED]
    ]


def say_choice(policy: CleanupPolicy, choice: Choice) -> str:
    """Say what would go."""
    number = count(len(choice.chosen), "network")
    words = f"{number} would go.{say_doubtful(choice)}"
    if not choice.chosen:
        words = f"Nothing would go.{say_doubtful(choice)}"
    elif choice.exceeds(policy.limit):
        words = f"{say_limit(policy, choice)} Nothing would be removed."
    return f"{READ_ONLY} {words}" if settings.IS_READ_ONLY else words


def say_limit(policy: CleanupPolicy, choice: Choice) -> str:
    """Say that more would go than may."""
    number = count(len(choice.chosen), "network")
    return f"{number} would go, more than the limit of {policy.limit}."


def say_doubtful(choice: Choice) -> str:
    """Say how many stay because something speaks against them."""
    if not choice.doubtful:
        return ""
    number = count(len(choice.doubtful), "network")
    return f" {number} left alone because of doubts."


@dataclass(frozen=True, slots=True)
class Catch:
    """What a policy would take on one engine now, or why that is not known."""

    engine: Engine
    choice: Choice | None = None
    taken_at: datetime | None = None
    trouble: str = ""


def preview(policy: CleanupPolicy) -> tuple[Catch, ...]:
    """Look what a policy would take on each of its engines, in order of name, as last read."""
    return tuple(list_catches(policy))


def list_catches(policy: CleanupPolicy) -> Iterator[Catch]:
    """Look engine by engine."""
    for engine in policy.engines.all():
        if not engine.is_enabled:
            yield Catch(engine, trouble="This engine is switched off, so it is left out.")
            continue
        try:
            stored = store.latest(engine.pk)
            if stored is None:
                yield Catch(engine, trouble="This engine has not been read yet.")
            else:
                yield Catch(engine, choose(policy, engine), stored.taken_at)
        except store.StoreAway as error:
            yield Catch(engine, trouble=str(error))
        except UnreadableFilterError:
            yield Catch(engine, trouble=UNREADABLE)
