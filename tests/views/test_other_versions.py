"""Rows that another version of netdash wrote are shown, and cannot be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from netdash.jobs import queue
from netdash.jobs.runner import carry_out_plan
from netdash.jobs.working import carry_out
from netdash.jobs.writing import Author
from netdash.models import Engine, Job, JournalEntry
from netdash.topology.changes import ConnectContainer, CreateNetwork, Plan, Step
from tests.brokers import Broker
from tests.simulated import SimulatedEngine
from tests.stored import make_read_row, read
from tests.views.reading_pages import take_words

FOREIGN: dict[str, Any] = {"format": 99, "what": ["no", {"version": "knows"}]}
NO_UNDO = "Another version of netdash wrote this row. It cannot be taken back."
PAIR = Plan(tuple(Step(CreateNetwork(name)) for name in ("one", "two")), "Two")


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """The scene of three tiers."""
    engine = SimulatedEngine(scene="tiers")
    yield engine
    engine.close()


@pytest.fixture
def row(transactional_db: None, broker: Broker, engine: SimulatedEngine) -> Iterator[Engine]:
    """The row of the engine, read once."""
    yield from make_read_row(engine.address)


def make_foreign(**narrowed: Any) -> None:
    """Let rows look as if another version had written them."""
    rows = JournalEntry.objects.filter(**narrowed)
    assert rows.update(change=FOREIGN, before=FOREIGN, undo=[FOREIGN])


def see(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    return take_words(answer.content.decode())


def test_the_journal_and_its_exports_show_them(operator: Client, row: Engine) -> None:
    carry_out_plan(row, PAIR, Author())
    make_foreign()
    entry = JournalEntry.objects.first()
    assert entry is not None
    opened = {"open": str(entry.plan_id)}
    assert entry.summary in see(operator.get(reverse("journal", args=[row.slug]), opened))
    assert "knows" in see(operator.get(reverse("journal-entry", args=[row.slug, entry.pk])))
    for form in ("csv", "json"):
        answer = operator.get(reverse("journal-export", args=[row.slug, form]))
        assert isinstance(answer, StreamingHttpResponse)
        assert entry.summary in b"".join(answer).decode()


def test_their_undo_says_why_there_is_none(operator: Client, row: Engine) -> None:
    carry_out_plan(row, PAIR, Author())
    make_foreign()
    entry = JournalEntry.objects.get(position=0)
    address = reverse("journal-undo", args=[row.slug, entry.pk])
    assert NO_UNDO in see(operator.get(address))
    assert NO_UNDO in see(operator.post(address, {"confirmed": "1"}), 422)
    assert not JournalEntry.objects.exclude(undone_at=None)


def test_the_rest_of_their_plan_is_taken_back(operator: Client, row: Engine) -> None:
    carry_out_plan(row, PAIR, Author())
    make_foreign(position=0)
    address = reverse("journal-undo", args=[row.slug, JournalEntry.objects.get(position=0).pk])
    assert NO_UNDO in see(operator.get(address))
    operator.post(address, {"confirmed": "1"})
    names = {one.name for one in read(row).networks}
    assert ("one" in names, "two" in names) == (True, False)
    taken_back = JournalEntry.objects.exclude(undone_at=None)
    assert [entry.network_name for entry in taken_back] == ["two"]


def test_a_later_one_does_not_keep_an_earlier_row_from_being_taken_back(
    operator: Client, row: Engine
) -> None:
    snapshot = read(row)
    place = next(one for one in snapshot.networks if one.name == "database")
    container = next(one for one in snapshot.containers if one.name == "nginx")
    change = ConnectContainer(place.id, place.name, container.id, container.name)
    carry_out_plan(row, Plan((Step(change),)), Author())
    first = JournalEntry.objects.get()
    later = JournalEntry(engine=row, kind="connect", container_id=container.id, outcome="done")
    later.change = FOREIGN
    later.save()
    operator.post(reverse("journal-undo", args=[row.slug, first.pk]))
    first.refresh_from_db()
    assert first.undone_at is not None


def test_a_job_is_shown_and_says_that_it_cannot_be_tried_again_or_taken_back(
    operator: Client, row: Engine
) -> None:
    job = queue.start(row, PAIR, Author(), Job.Kind.CREATE)
    carry_out(job.pk)
    make_foreign()
    job.items.update(change=FOREIGN)
    job.items.filter(position=1).update(state="failed")
    assert "Two" in see(operator.get(reverse("job", args=[row.slug, job.pk])))
    assert NO_UNDO in see(operator.get(reverse("job-undo", args=[row.slug, job.pk])))
    retried = operator.post(reverse("job-retry", args=[row.slug, job.pk]), follow=True)
    assert "cannot be tried again" in see(retried)
    many = reverse("bulk", args=[row.slug])
    assert "12 networks" in see(operator.get(f"{many}?job={job.pk}"))
