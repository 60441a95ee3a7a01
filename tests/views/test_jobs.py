"""Jobs: what people see of them, and what they may ask of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from netdash.engine.client import forget
from netdash.jobs import queue
from netdash.jobs.working import carry_out
from netdash.jobs.writing import Author
from netdash.live import beats
from netdash.live.refresh import refresh
from netdash.models import Engine, Job, JournalEntry
from netdash.topology.changes import CreateNetwork, Plan, Step
from netdash.views.job_actions import name_follower
from tests.brokers import Broker
from tests.simulated import SimulatedEngine
from tests.views.reading_pages import take_words

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202egnp.exe"
PEOPLE = Author(None, "ada", "for the new shop")


@pytest.fixture
def tiers() -> Iterator[SimulatedEngine]:
    """The scene of three tiers."""
    engine = SimulatedEngine(scene="tiers")
    yield engine
    engine.close()


@pytest.fixture
def row(transactional_db: None, broker: Broker, tiers: SimulatedEngine) -> Iterator[Engine]:
    """The row of the engine, read once."""
    row = Engine.objects.create(name="Tiers", slug="tiers", address=tiers.address)
    refresh(row)
    yield row
    forget(row)


@pytest.fixture
def idle(stored_engine: Engine) -> Engine:
    """An engine whose jobs only stand in the database."""
    return stored_engine


def plan_networks(*names: str) -> Plan:
    steps = tuple(Step(CreateNetwork(name), "asked for") for name in names)
    return Plan(steps, f"Create {len(names)} networks")


def write_job(engine: Engine, count: int = 3, **fields: Any) -> Job:
    """Write a job with so many items that wait, as if it had been asked for."""
    job = queue.start(engine, plan_networks(*(f"net-{n}" for n in range(count))), PEOPLE)
    if fields.get("state") == "running":
        fields = {"leased_until": timezone.now() + timedelta(minutes=1), **fields}
    Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return job


def end_items(job: Job, state: str, positions: range, **fields: Any) -> None:
    now = timezone.now()
    rows = job.items.filter(position__in=positions)
    rows.update(state=state, started_at=now - timedelta(seconds=10), ended_at=now, **fields)


def address(name: str, job: Job) -> str:
    return reverse(name, args=[job.engine.slug, job.pk])


def see(client: Client, path: str, target: str = "") -> str:
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return take_words(answer.content.decode())


def test_an_empty_list_says_what_a_job_is(viewer: Client, idle: Engine) -> None:
    words = see(viewer, reverse("jobs", args=["local"]))
    assert "No job yet." in words
    assert "takes longer than a click" in words


def test_the_list_tells_title_author_state_and_counts(viewer: Client, idle: Engine) -> None:
    job = write_job(idle, 4, state="done", started_at=timezone.now(), ended_at=timezone.now())
    end_items(job, "done", range(3))
    end_items(job, "failed", range(3, 4))
    words = see(viewer, reverse("jobs", args=["local"]), "job-rows")
    for part in ("Create 4 networks", "ada", "for the new shop", "3 done, 1 failed"):
        assert part in words


def test_the_list_is_narrowed_by_state_kind_and_words(viewer: Client, idle: Engine) -> None:
    write_job(idle, 2, title="Alpha", state="done")
    write_job(idle, 2, title="Beta", kind="cleanup")
    jobs = reverse("jobs", args=["local"])
    for query, shown, hidden in (
        ("state=done", "Alpha", "Beta"),
        ("kind=cleanup", "Beta", "Alpha"),
        ("q=bet", "Beta", "Alpha"),
    ):
        words = see(viewer, f"{jobs}?{query}", "job-rows")
        assert shown in words
        assert hidden not in words
    assert "No job fits" in see(viewer, f"{jobs}?q=gamma", "job-rows")
    assert "Alpha" in see(viewer, f"{jobs}?state=nonsense&page=99999", "job-rows")


def test_a_running_job_says_how_far_how_fast_and_how_long(viewer: Client, idle: Engine) -> None:
    beats.note("worker")
    job = write_job(idle, 40, state="running", started_at=timezone.now())
    end_items(job, "done", range(20))
    words = see(viewer, address("job", job), "job")
    assert "20 of 40 · 2 a second · 10 s left" in words
    assert "net-20" in words


def test_a_job_whose_steps_have_all_ended_is_finishing(viewer: Client, idle: Engine) -> None:
    beats.note("worker")
    job = write_job(idle, 3, state="running", started_at=timezone.now())
    end_items(job, "done", range(3))
    words = see(viewer, address("job", job), "job")
    assert "finishing" in words
    assert " left" not in words


def test_nothing_is_said_of_the_time_left_before_anything_has_ended(
    viewer: Client, idle: Engine
) -> None:
    beats.note("worker")
    job = write_job(idle, 40, state="running", started_at=timezone.now())
    words = see(viewer, address("job", job), "job")
    assert "0 of 40" in words
    assert " left" not in words


def test_a_job_that_no_worker_will_take_says_so(viewer: Client, idle: Engine) -> None:
    words = see(viewer, address("job", write_job(idle)), "job")
    assert "No worker is running" in words
    assert "celery -A netdash worker" in words


def test_a_job_that_waits_for_another_says_for_which(viewer: Client, idle: Engine) -> None:
    beats.note("worker")
    job = write_job(idle, sentence="Waits for “Clean-up”, which changes the network front too.")
    assert "Waits for “Clean-up”" in see(viewer, address("job", job), "job")


def test_a_job_whose_worker_is_gone_does_not_pretend_to_move(viewer: Client, idle: Engine) -> None:
    beats.note("worker")
    past = timezone.now() - timedelta(minutes=2)
    for until in (past, None):
        job = write_job(idle, 9, state="running", started_at=past, leased_until=until)
        end_items(job, "done", range(5))
        words = see(viewer, address("job", job), "job")
        assert "does not answer any more" in words
        assert " left" not in words


def test_failed_and_skipped_items_give_reason_remedy_and_the_engines_words(
    viewer: Client, idle: Engine
) -> None:
    job = write_job(idle, 3, state="failed", sentence="1 of 3 steps failed.")
    end_items(
        job, "failed", range(1), sentence="It overlaps.", remedy="Take another.",
        engine_words="Pool overlaps with other one",
    )  # fmt: skip
    end_items(job, "skipped", range(1, 2), sentence="It came into use.")
    words = see(viewer, address("job", job), "job")
    for part in ("1 of 3 steps failed.", "It overlaps.", "Take another.", "Pool overlaps with"):
        assert part in words
    failed = see(viewer, f"{address('job', job)}?state=failed", "job")
    assert "It overlaps." in failed
    assert "It came into use." not in failed


def test_an_item_links_to_its_row_in_the_journal(operator: Client, row: Engine) -> None:
    job = queue.start(row, plan_networks("one"), PEOPLE)
    carry_out(job.pk)
    entry = JournalEntry.objects.get(plan_id=job.plan_id)
    page = operator.get(address("job", job)).content.decode()
    row_page = reverse("journal-entry", args=["tiers", entry.pk])
    assert row_page in page
    back = operator.get(row_page).content.decode()
    assert address("job", job) in back
    assert address("job-undo", job) in back


def test_the_page_of_a_job_shows_one_page_of_items(viewer: Client, idle: Engine) -> None:
    job = write_job(idle, 120)
    page = viewer.get(address("job", job)).content.decode()
    assert page.count('<tr id="item-') == 50
    assert "page 1 of 3" in page
    last = viewer.get(f"{address('job', job)}?page=99").content.decode()
    assert last.count('<tr id="item-') == 20


def test_a_row_of_an_item_says_at_once_how_it_ended(viewer: Client, idle: Engine) -> None:
    job = write_job(idle, 1, state="running")
    before = viewer.get(address("job", job)).content.decode()
    job.items.update(state="failed", sentence="The <b>name</b> is taken.")
    after = viewer.get(address("job", job)).content.decode()
    assert "taken" not in before
    assert "The &lt;b&gt;name&lt;/b&gt; is taken." in after


def count_queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_more_items_and_more_jobs_cost_no_more_queries(viewer: Client, idle: Engine) -> None:
    job = write_job(idle, 2)
    paths = [reverse(name, args=["local"]) for name in ("jobs", "job-panel", "networks")]
    paths.append(address("job", job))
    before = [count_queries(viewer, path) for path in paths]
    big = write_job(idle, 300)
    for number in range(20):
        write_job(idle, 5, state=("done", "waiting")[number % 2], ended_at=timezone.now())
    after = [count_queries(viewer, path) for path in paths]
    assert after == before
    assert count_queries(viewer, address("job", big)) == before[3]


def test_the_panel_costs_a_page_without_jobs_two_queries(viewer: Client, idle: Engine) -> None:
    with CaptureQueriesContext(connection) as found:
        viewer.get(reverse("networks", args=["local"]))
    about_jobs = [query["sql"] for query in found if "netdash_job" in query["sql"]]
    assert len(about_jobs) <= 2


@pytest.mark.parametrize("path", ["jobs", "job", "job-panel", "job-undo"])
def test_hostile_words_stay_words(operator: Client, idle: Engine, path: str) -> None:
    job = write_job(
        idle, 3, title=HOSTILE * 3, note=HOSTILE, author_name=HOSTILE, state="failed",
        sentence=HOSTILE, started_at=timezone.now(), ended_at=timezone.now(),
    )  # fmt: skip
    words = {"summary": HOSTILE, "sentence": HOSTILE, "remedy": HOSTILE, "engine_words": HOSTILE}
    end_items(job, "failed", range(3), reason=HOSTILE, **words)
    arguments = ["local"] if path in ("jobs", "job-panel") else ["local", job.pk]
    page = operator.get(reverse(path, args=arguments)).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert re.search(r"<bdi>[^<]*&lt;script&gt;", page)


def test_cancel_stops_a_job(operator: Client, idle: Engine) -> None:
    job = write_job(idle)
    answer = operator.post(address("job-cancel", job))
    assert answer.headers["Location"] == address("job", job)
    job.refresh_from_db()
    assert job.is_cancel_asked
    assert job.state == Job.State.CANCELLED
    assert "3 not reached" in see(operator, address("job", job), "job")


def test_cancel_in_the_panel_answers_with_the_panel(operator: Client, idle: Engine) -> None:
    job = write_job(idle, state="running", started_at=timezone.now())
    headers = {"HX-Request": "true", "HX-Target": "jobs-panel"}
    answer = operator.post(address("job-cancel", job), headers=headers)
    assert "Create 3 networks" in answer.content.decode()
    assert address("job-cancel", job) not in answer.content.decode()


def test_retry_starts_a_job_of_what_failed_and_only_one(operator: Client, idle: Engine) -> None:
    job = write_job(idle, 3, state="failed", ended_at=timezone.now())
    end_items(job, "done", range(2))
    end_items(job, "failed", range(2, 3))
    first = operator.post(address("job-retry", job))
    second = operator.post(address("job-retry", job))
    again = Job.objects.get(follows=job)
    assert first.headers["Location"] == second.headers["Location"] == address("job", again)
    assert [item.summary for item in again.items.all()] == ["Create network net-2"]
    assert again.author_name == "a-operator"


def test_two_clicks_at_the_same_moment_name_the_same_job(idle: Engine) -> None:
    job = write_job(idle, 1, state="failed", ended_at=timezone.now())
    end_items(job, "failed", range(1))
    token = name_follower(job, Job.Kind.RETRY)
    first = queue.retry(job, PEOPLE, token)
    assert queue.retry(job, PEOPLE, token) == first
    assert name_follower(job, Job.Kind.RETRY) != token
    assert name_follower(job, Job.Kind.UNDO) != token


def test_there_is_nothing_to_retry_where_nothing_failed(operator: Client, idle: Engine) -> None:
    job = write_job(idle, 3, state="done", ended_at=timezone.now())
    end_items(job, "done", range(3))
    assert "Nothing of it failed" in take_words(
        operator.post(address("job-retry", job), follow=True).content.decode()
    )
    running = write_job(idle, 3)
    operator.post(address("job-retry", running))
    assert not Job.objects.filter(kind="retry").exists()


def test_undo_shows_what_is_taken_back_then_a_job_does_it(
    operator: Client, row: Engine, tiers: SimulatedEngine
) -> None:
    job = queue.start(row, plan_networks("one", "two"), PEOPLE)
    carry_out(job.pk)
    words = see(operator, address("job-undo", job))
    assert "docker network rm" in words
    assert JournalEntry.objects.count() == 2
    answer = operator.post(address("job-undo", job))
    undoing = Job.objects.get(follows=job)
    assert answer.headers["Location"] == address("job", undoing)
    carry_out(undoing.pk)
    undoing.refresh_from_db()
    assert undoing.state == Job.State.DONE
    names = tiers.docker("network", "ls", "--format", "{{.Name}}").split()
    assert not {"one", "two"} & set(names)
    assert JournalEntry.objects.filter(plan_id=job.plan_id, undone_at=None).count() == 0


def test_undo_says_what_cannot_come_back(
    operator: Client, row: Engine, tiers: SimulatedEngine
) -> None:
    job = queue.start(row, plan_networks("one", "two"), PEOPLE)
    carry_out(job.pk)
    tiers.docker("network", "connect", "one", "nginx")
    refresh(row)
    words = see(operator, address("job-undo", job))
    assert "This cannot be restored" in words
    answer = operator.post(address("job-undo", job))
    assert answer.status_code == 422
    assert not Job.objects.filter(follows=job).exists()
    operator.post(address("job-undo", job), {"confirmed": "1"})
    assert Job.objects.get(follows=job).items.count() == 1


def test_a_job_that_still_runs_is_not_taken_back(operator: Client, idle: Engine) -> None:
    job = write_job(idle, state="running")
    assert operator.post(address("job-undo", job)).status_code == 422
    assert not Job.objects.filter(kind="undo").exists()


@pytest.mark.parametrize("name", ["job-cancel", "job-retry", "job-undo"])
def test_who_may_only_look_asks_nothing_of_a_job(viewer: Client, idle: Engine, name: str) -> None:
    job = write_job(idle, state="failed", ended_at=timezone.now())
    end_items(job, "failed", range(3))
    assert viewer.post(address(name, job)).status_code == 403
    page = viewer.get(address("job", job)).content.decode()
    assert "Your role may look" in page
    assert address("job-retry", job) not in page
    job.refresh_from_db()
    assert not job.is_cancel_asked
    assert Job.objects.count() == 1


def test_read_only_stops_administrators_too(
    administrator: Client, idle: Engine, settings: Settings
) -> None:
    job = write_job(idle, state="failed", ended_at=timezone.now())
    end_items(job, "failed", range(3))
    settings.IS_READ_ONLY = True
    for name in ("job-cancel", "job-retry", "job-undo"):
        assert administrator.post(address(name, job)).status_code == 403
    assert "read only" in see(administrator, address("job", job))


def test_a_job_of_another_engine_is_not_found_here(operator: Client, idle: Engine) -> None:
    other = Engine.objects.create(name="Other", slug="other", address="unix:///run/o.sock")
    job = write_job(other)
    for name in ("job", "job-undo"):
        assert operator.get(reverse(name, args=["local", job.pk])).status_code == 404
    assert operator.post(reverse("job-cancel", args=["local", job.pk])).status_code == 404


def test_somebody_without_a_role_sees_no_panel(
    sign_in: Callable[[str], Client], idle: Engine
) -> None:
    write_job(idle)
    assert sign_in("").get(reverse("job-panel", args=["local"])).status_code == 403


def test_the_panel_shows_what_runs_and_what_has_just_ended_until_put_away(
    viewer: Client, idle: Engine
) -> None:
    panel = reverse("job-panel", args=["local"])
    now = timezone.now()
    ended = write_job(idle, 2, title="Ended", state="done", started_at=now, ended_at=now)
    end_items(ended, "done", range(2))
    write_job(idle, 2, title="Runs", state="running", started_at=now)
    long_ago = now - timedelta(hours=2)
    write_job(idle, 2, title="Old", state="done", started_at=long_ago, ended_at=long_ago)
    words = see(viewer, panel)
    assert "Ended" in words
    assert "Runs" in words
    assert "Old" not in words
    assert "Cancel" not in words
    viewer.post(address("job-dismiss", ended))
    assert "Ended" not in see(viewer, panel)
    assert "Runs" in see(viewer, reverse("networks", args=["local"]))


def end_job(idle: Engine, title: str, ago: timedelta, state: str = "done") -> Job:
    ended_at = timezone.now() - ago
    return write_job(idle, 1, title=title, state=state, started_at=ended_at, ended_at=ended_at)


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_a_job_that_ended_well_leaves_every_page_after_a_minute(
    viewer: Client, idle: Engine, state: str
) -> None:
    end_job(idle, "Just now", timedelta(seconds=20), state)
    end_job(idle, "Earlier", timedelta(seconds=61), state)
    page = viewer.get(reverse("networks", args=["local"])).content.decode()
    assert "Just now" in page
    assert "Earlier" not in page
    seconds = re.findall(r'data-leaves="(\d+)"', page)
    assert len(seconds) == 1
    assert 1 <= int(seconds[0]) <= 40


def test_a_job_that_failed_stays_until_it_is_put_away_or_tried_again(
    viewer: Client, idle: Engine
) -> None:
    panel = reverse("job-panel", args=["local"])
    away = end_job(idle, "Put away", timedelta(hours=3), "failed")
    again = end_job(idle, "Tried again", timedelta(hours=2), "failed")
    for number in range(10):
        end_job(idle, f"Went well {number}", timedelta(hours=1))
    page = viewer.get(panel).content.decode()
    assert "Put away" in page
    assert "Tried again" in page
    assert "data-leaves" not in page
    viewer.post(address("job-dismiss", away))
    write_job(idle, 1, title="The retry", follows=again)
    left = see(viewer, panel)
    assert "The retry" in left
    assert "Put away" not in left
    assert "Tried again" not in left


def test_the_panel_counts_what_it_has_no_room_for(operator: Client, idle: Engine) -> None:
    for _ in range(6):
        write_job(idle)
    words = see(operator, reverse("job-panel", args=["local"]))
    assert "and 3 more" in words


def test_who_listens_hears_quarters_and_not_every_step(viewer: Client, idle: Engine) -> None:
    beats.note("worker")
    job = write_job(idle, 40, state="running", started_at=timezone.now())
    heard = set()
    for count in range(10, 20):
        end_items(job, "done", range(count))
        page = viewer.get(reverse("job-panel", args=["local"])).content.decode()
        heard.add(re.findall(r'data-said="([^"]*)"', page)[0])
    assert heard == {"Create 40 networks: 25 % done"}
