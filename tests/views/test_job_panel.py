"""The panel of jobs on every page: who sees it, what it shows, and when it lets go."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from netdash.live import beats
from netdash.models import Engine, Job
from tests.views.job_pages import address, end_items, idle, see, write_job

__all__ = ["idle"]


def test_the_panel_costs_a_page_without_jobs_two_queries(viewer: Client, idle: Engine) -> None:
    with CaptureQueriesContext(connection) as found:
        viewer.get(reverse("networks", args=["local"]))
    about_jobs = [query["sql"] for query in found if "netdash_job" in query["sql"]]
    assert len(about_jobs) <= 2


def test_cancel_in_the_panel_answers_with_the_panel(operator: Client, idle: Engine) -> None:
    job = write_job(idle, state="running", started_at=timezone.now())
    headers = {"HX-Request": "true", "HX-Target": "jobs-panel"}
    answer = operator.post(address("job-cancel", job), headers=headers)
    assert "Create 3 networks" in answer.content.decode()
    assert address("job-cancel", job) not in answer.content.decode()


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
