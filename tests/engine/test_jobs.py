"""A job on a real engine: made, connected, taken back; and two jobs at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from netdash.engine.client import forget
from netdash.jobs import queue
from netdash.live.refresh import refresh
from netdash.models import Engine, Job, JournalEntry
from netdash.topology.changes import ConnectContainer, CreateNetwork
from tests.brokers import Broker
from tests.engines import RealEngine
from tests.jobs.lab import (
    POLICY,
    enter,
    make,
    names,
    remove,
    run,
    run_and_close,
    start,
    states,
)
from tests.stored import read

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def row(transactional_db: None, broker: Broker, real_engine: RealEngine) -> Iterator[Engine]:
    """The row of a real engine: web on front, nobody on back."""
    for name in ("front", "back"):
        real_engine.docker("network", "create", name)
    real_engine.docker("run", "-d", "--name", "web", "--network", "front", "busybox:local")
    row = Engine.objects.create(name="Real", slug="real", address=real_engine.address)
    refresh(row)
    yield row
    forget(row)


def places(engine: RealEngine) -> set[str]:
    form = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"
    return set(engine.docker("inspect", "-f", form, "web").split())


def test_what_a_job_did_is_taken_back_as_if_it_had_not_been(
    row: Engine, real_engine: RealEngine
) -> None:
    before, web = names(row), enter(row, "web", "front")
    into = ConnectContainer("", "a", web.container_id, "web")
    also = (CreateNetwork("automatic"), into, enter(row, "web", "back"))
    job = run(start(row, *make("a", "b", "c"), *also))
    assert (job.state, states(job)) == ("done", ["done"] * 6)
    assert places(real_engine) == {"front", "back", "a"}
    assert names(row) == before | {"a", "b", "c", "automatic"}
    taken_back = run(queue.start_undo(job, POLICY))
    assert (taken_back.state, places(real_engine)) == ("done", {"front"})
    assert names(row) == before
    assert all(JournalEntry.objects.filter(plan_id=job.plan_id).values_list("undone_at", flat=True))


def test_what_the_engine_refuses_is_said_in_its_words_and_in_ours(
    row: Engine, real_engine: RealEngine
) -> None:
    real_engine.docker("network", "create", "--subnet", "10.90.9.0/24", "taken")
    job = run(start(row, *make("a"), *make("clash", first=9), remove(row, "front")))
    assert states(job) == ["done", "failed", "failed"]
    clash, in_use = job.items.filter(state="failed").order_by("position")
    assert "taken" in clash.sentence + clash.remedy
    assert "overlap" in clash.engine_words
    assert "web" in in_use.sentence + in_use.remedy
    assert "active endpoints" in in_use.engine_words


def test_two_jobs_on_other_networks_run_at_once_and_each_does_its_own(row: Engine) -> None:
    jobs = [
        start(row, *make(*(f"{letter}{number}" for number in range(10)), first=first))
        for letter, first in (("a", 0), ("b", 20))
    ]
    threads = [threading.Thread(target=run_and_close, args=(job.pk,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = Job.objects.order_by("pk")
    assert (first.state, second.state) == ("done", "done")
    assert first.ended_at
    assert second.started_at
    assert second.started_at < first.ended_at
    assert len(names(row)) == 22 == len({one.id for one in read(row).networks}) - 3
