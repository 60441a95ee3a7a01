"""Jobs: what people see of them in the list and on a page of their own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from netdash.jobs import queue
from netdash.jobs.working import carry_out
from netdash.live import beats
from netdash.models import Engine, JournalEntry
from tests.stored import shared_row as row
from tests.views.job_pages import (
    HOSTILE,
    PEOPLE,
    address,
    end_items,
    idle,
    plan_networks,
    see,
    write_job,
)

__all__ = ["idle", "row"]


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
    began_at = timezone.now() - timedelta(seconds=10)
    job = write_job(idle, 40, state="running", started_at=began_at, went_on_at=began_at)
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
    row_page = reverse("journal-entry", args=[row.slug, entry.pk])
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
