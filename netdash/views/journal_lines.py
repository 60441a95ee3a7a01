"""The lines of the journal: a change each, or all changes of one job or plan together.

What a page costs depends on the lines it shows, never on the changes behind them: those of a
plan are counted, and read only where it is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from netdash.forms.journal import JournalFilterForm
from netdash.models import Engine, Job, JournalEntry

from .job_words import JobCard, show_jobs
from .jobs import UNREAD
from .words import say_count, say_number

OPEN_ROWS = 50
"""Changes that an opened line lists; the others stand on a page of their own."""
Outcome = JournalEntry.Outcome
DONE = Q(outcome=Outcome.DONE)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many changes a plan has, and what became of them."""

    total: int = 0
    done: int = 0
    refused: int = 0
    running: int = 0
    unknown: int = 0
    undone: int = 0
    undoable: int = 0
    """Done, and not taken back yet though it can be."""


COUNTED = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Where lines are listed: the engine, the filters, the page."""

    slug: str
    query: str
    """The filters, as an address carries them."""
    number: int = 1

    @property
    def here(self) -> str:
        """Ask for this page."""
        return self.name_page(self.number)

    @property
    def newer(self) -> str:
        """Ask for the page before."""
        return self.name_page(self.number - 1)

    @property
    def older(self) -> str:
        """Ask for the page after."""
        return self.name_page(self.number + 1)

    def name_page(self, number: int) -> str:
        """Ask for a page by its number."""
        return join_query(self.query, page=str(number)) if number > 1 else self.query


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the first change of a plan that fits the filters, and what stands behind it."""

    entry: JournalEntry
    counts: Counts
    fitting: int
    """How many changes of its plan fit the filters."""
    card: JobCard | None
    """The job that made it."""
    page: JournalPage
    opened: tuple[Line, ...] = ()
    """The first of its fitting changes, where it is open."""

    @property
    def is_plan(self) -> bool:
        """Tell whether it stands for several changes."""
        return self.fitting > 1

    @property
    def is_part(self) -> bool:
        """Tell whether the others of its plan do not fit the filters."""
        return self.fitting == 1 and self.counts.total > 1

    @property
    def more(self) -> int:
        """Count the changes of its plan beside the one that is named."""
        return self.counts.total - 1

    @property
    def count_words(self) -> str:
        """Say how many changes it stands for: ``160 changes``, ``2 of 160 changes fit``."""
        total = say_count(self.counts.total, "change")
        if self.fitting == self.counts.total:
            return total
        return f"{say_number(self.fitting)} of {total} {'fits' if self.fitting == 1 else 'fit'}"

    @property
    def outcome_words(self) -> str:
        """Say what became of its changes: ``158 done, 2 failed``, ``3 undone``."""
        undone = self.counts.undone
        if undone and undone == self.counts.total:
            return "undone"
        words = self.job_words or ", ".join(list_outcomes(self.counts))
        return f"{words}; {say_number(undone)} undone" if undone else words

    @property
    def job_words(self) -> str:
        """Say how far its job is; empty without one."""
        if self.card is None:
            return ""
        if self.card.job.is_ended:
            return self.card.end_words if self.is_cancelled else self.card.result_words
        return f"{self.card.state_words}: {self.card.count_words}"

    @property
    def is_cancelled(self) -> bool:
        """Tell whether its job was stopped before its end."""
        return self.card is not None and self.card.job.state == Job.State.CANCELLED

    @property
    def tone(self) -> str:
        """Name the outcome that colours it."""
        failed = self.card.progress.failed if self.card else 0
        if failed + self.counts.refused + self.counts.unknown:
            return str(Outcome.REFUSED)
        is_whole = self.card is None or self.card.job.state == Job.State.DONE
        return str(Outcome.DONE if is_whole and not self.counts.running else Outcome.RUNNING)

    @property
    def undo_address(self) -> str:
        """Name where it is taken back; empty where it is not, or where a part of its plan fits."""
        is_moving = self.card is not None and not self.card.job.is_ended
        is_whole = self.fitting == self.counts.total
        if not is_whole or is_moving or not self.counts.undoable:
            return ""
        if self.card is not None:
            return reverse("job-undo", args=[self.page.slug, self.card.job.pk])
        return reverse("journal-undo", args=[self.page.slug, self.entry.pk])

    @property
    def undo_words(self) -> str:
        """Say what leads there; a job asks before it begins."""
        return "Undo…" if self.card else "Undo"

    @property
    def who_words(self) -> str:
        """Say who made it, where nobody is named."""
        return "on a schedule" if self.card else self.entry.get_origin_display()

    @property
    def plan_query(self) -> str:
        """Ask for its fitting changes alone, each by itself."""
        return join_query(self.page.query, plan=str(self.entry.plan_id))

    @property
    def whole_query(self) -> str:
        """Ask for all changes of its plan, whatever the filters."""
        return join_query("", plan=str(self.entry.plan_id))

    @property
    def open_query(self) -> str:
        """Ask for the same page with it open; with it closed where it is open."""
        if self.opened:
            return self.page.here
        return join_query(self.page.here, open=str(self.entry.plan_id))

    @property
    def hidden_words(self) -> str:
        """Say how many changes an opened line does not list; empty where it lists all."""
        rest = self.fitting - len(self.opened or ())
        return f"{say_number(rest)} more" if self.opened and rest else ""


def list_lines(
    engine: Engine, entries: Sequence[JournalEntry], form: JournalFilterForm, page: JournalPage
) -> tuple[Line | None, tuple[Line, ...]]:
    """List the lines of a page; before them the line of the one plan that is asked for alone."""
    if not form.is_alone:
        return None, read_lines(engine, entries, form, page)
    plan = next(iter(read_lines(engine, entries[:1], form, page)), None)
    return plan, list_alone(entries, page, plan.card if plan else None)


def read_lines(
    engine: Engine, entries: Sequence[JournalEntry], form: JournalFilterForm, page: JournalPage
) -> tuple[Line, ...]:
    """Read what stands behind the first rows of plans, with as many queries for one as for all."""
    ids = {entry.plan_id for entry in entries}
    rows = JournalEntry.objects.filter(plan_id__in=ids).order_by()
    fitting = dict(form.narrow(rows).values_list("plan_id").annotate(Count("pk")))
    counts = count_outcomes(ids)
    cards = {card.job.plan_id: card for card in show_jobs(find_jobs(engine, ids))}
    asked = form.cleaned_data.get("open")
    opened = asked if fitting.get(asked, 0) > 1 else None
    return tuple(
        Line(
            entry=entry,
            counts=counts.get(entry.plan_id, Counts(1)),
            fitting=fitting.get(entry.plan_id, 1),
            card=cards.get(entry.plan_id),
            page=page,
            opened=read_opened(form, opened, page) if entry.plan_id == opened else (),
        )
        for entry in entries
    )


def find_jobs(engine: Engine, plan_ids: set[UUID]) -> QuerySet[Job]:
    """Find the jobs of plans, and what those follow."""
    rows = engine.jobs.filter(plan_id__in=plan_ids)
    return rows.select_related("follows").defer(*UNREAD)


def count_outcomes(plan_ids: set[UUID]) -> Mapping[UUID, Counts]:
    """Count the changes of plans by what became of them: one query."""
    rows = (
        JournalEntry.objects.filter(plan_id__in=plan_ids)
        .order_by()
        .values("plan_id")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=DONE),
            refused=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
            running=Count("pk", filter=Q(outcome=Outcome.RUNNING)),
            unknown=Count("pk", filter=Q(outcome=Outcome.UNKNOWN)),
            undone=Count("pk", filter=Q(undone_at__isnull=False)),
            undoable=Count("pk", filter=DONE & Q(undone_at=None) & ~Q(undo=[])),
        )
        .values_list("plan_id", *COUNTED)
    )
    return {plan_id: Counts(*numbers) for plan_id, *numbers in rows}


def read_opened(form: JournalFilterForm, plan_id: UUID, page: JournalPage) -> tuple[Line, ...]:
    """Read the first fitting changes of a plan, in its order."""
    rows = form.narrow(JournalEntry.objects.filter(plan_id=plan_id))
    return list_alone(rows.defer("before", "change").order_by("position")[:OPEN_ROWS], page)


def list_alone(
    entries: Iterable[JournalEntry], page: JournalPage, card: JobCard | None = None
) -> tuple[Line, ...]:
    """Make a line of each change where its plan is named above."""
    return tuple(Line(entry, Counts(1), 1, card, page) for entry in entries)


def list_outcomes(counts: Counts) -> list[str]:
    """List what became of changes, without what did not occur: ``2 done``, ``1 refused``."""
    found = ((getattr(counts, name.value), str(name.label)) for name in Outcome)
    return [f"{say_number(count)} {words}" for count, words in found if count]


def join_query(query: str, **pairs: str) -> str:
    """Add to an address's query."""
    return "&".join(part for part in (query, urlencode(pairs)) if part)
