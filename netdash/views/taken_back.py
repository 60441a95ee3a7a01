"""How much of what a job did was taken back, and by which jobs."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from netdash.models import Job, JournalEntry

from .words import say_number

MOST_JOBS = 5
Outcome = JournalEntry.Outcome
LEFT = Q(undone_at=None) & ~Q(undo=[])


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Counts of a job's changes; ``left`` are those that can be taken back yet."""

    done: int = 0
    undone: int = 0
    left: int = 0
    jobs: tuple[Job, ...] = ()

    @property
    def words(self) -> str:
        """Say how much it is; empty while it is nothing."""
        if self.undone in (0, self.done):
            return "What it did was taken back" if self.undone else ""
        return f"{say_number(self.undone)} of {say_number(self.done)} changes were taken back"

    @property
    def offer(self) -> str:
        """Say what can be taken back yet; empty where nothing can."""
        if self.undone and self.left:
            return f"Undo the {say_number(self.left)} left…"
        return "Undo what this job did…" if self.left else ""


def read_taken_back(found: Job) -> TakenBack:
    """Count what of an ended job was taken back; if the rest can be, a preview says."""
    if not found.is_ended:
        return TakenBack()
    done = JournalEntry.objects.filter(plan_id=found.plan_id, outcome=Outcome.DONE)
    counts = done.aggregate(
        done=Count("pk"),
        undone=Count("pk", filter=Q(undone_at__isnull=False)),
        left=Count("pk", filter=LEFT),
    )
    jobs = found.followers.filter(kind=Job.Kind.UNDO).defer("touches", "guard").order_by("pk")
    return TakenBack(**counts, jobs=tuple(jobs[:MOST_JOBS]) if counts["undone"] else ())
