"""The lines of the journal: all changes of a job or plan in one, opened where asked."""

from __future__ import annotations

import csv
import json

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from netdash.models import Engine, JournalEntry
from tests.views.job_pages import HOSTILE, end_items, idle, see, write_job
from tests.views.journal_rows import open_address, write_ended_job, write_rows

__all__ = ["idle"]

Outcome = JournalEntry.Outcome


def test_a_job_is_one_line_with_what_became_of_it(operator: Client, idle: Engine) -> None:
    write_rows(idle, ["before"])
    job = write_ended_job(idle, 160, failed=2)
    write_rows(idle, ["after"])
    page = operator.get(reverse("journal", args=[idle.slug])).content.decode()
    said = see(operator, reverse("journal", args=[idle.slug]))
    assert "Create 160 networks" in said
    assert "158 done, 2 failed" in said
    assert "160 changes" in said
    assert page.count("<tr") - 1 == 3
    assert "net-7" not in said
    assert page.index("network after") < page.index(job.title) < page.index("network before")
    assert f'href="{job.get_absolute_url()}"' in page
    assert f'href="{reverse("job-undo", args=[idle.slug, job.pk])}"' in page


def test_a_line_opens_by_its_address_to_the_rows_of_its_job(operator: Client, idle: Engine) -> None:
    job = write_ended_job(idle, 60, failed=1)
    opened = open_address(idle, job.plan_id)
    page = operator.get(opened).content.decode()
    assert 'aria-expanded="true"' in page
    assert page.count('<tr class="part">') == 51  # and one that leads to the others
    assert "network net-0<" in page
    assert "10 more" in page
    alone = reverse("journal", args=[idle.slug]) + f"?plan={job.plan_id}"
    assert f'href="?plan={job.plan_id}"' in page
    assert "The pool is empty." in see(operator, alone)
    closed = operator.get(reverse("journal", args=[idle.slug])).content.decode()
    assert f'href="?open={job.plan_id}#plan-{job.plan_id}"' in closed
    assert 'aria-expanded="false"' in closed


def test_a_job_asked_for_alone_lists_each_of_its_rows_and_pages_through_them(
    operator: Client, idle: Engine
) -> None:
    job = write_ended_job(idle, 70)
    write_rows(idle, ["other"])
    alone = f"{reverse('journal', args=[idle.slug])}?plan={job.plan_id}"
    first, second = see(operator, alone), see(operator, f"{alone}&page=2")
    assert job.title in first
    assert ("Create network net-0" in first) != ("Create network net-0" in second)
    assert "Create network other" not in first + second
    assert "Older" in first
    assert "Older" not in second
    assert "The journal ends before this page" in see(operator, f"{alone}&page=9")


def test_a_plan_without_a_job_is_one_line_too(operator: Client, idle: Engine) -> None:
    rows = write_rows(idle, ["lab", "shop", "edge"])
    JournalEntry.objects.filter(pk=rows[2].pk).update(outcome=Outcome.REFUSED)
    page = operator.get(reverse("journal", args=[idle.slug])).content.decode()
    said = see(operator, reverse("journal", args=[idle.slug]))
    assert "Create network lab and 2 more" in said
    assert "2 done, 1 refused" in said
    assert f'href="{reverse("journal-undo", args=[idle.slug, rows[0].pk])}"' in page


def test_what_was_taken_back_says_so_and_offers_no_undo(operator: Client, idle: Engine) -> None:
    job = write_ended_job(idle, 3)
    rows = JournalEntry.objects.filter(plan_id=job.plan_id)
    rows.filter(position=0).update(undone_at=timezone.now())
    said = see(operator, reverse("journal", args=[idle.slug]))
    assert "3 done; 1 undone" in said
    rows.update(undone_at=timezone.now())
    page = operator.get(reverse("journal", args=[idle.slug])).content.decode()
    assert ">undone<" in page
    assert reverse("job-undo", args=[idle.slug, job.pk]) not in page


def test_a_job_under_way_is_not_taken_back(operator: Client, idle: Engine) -> None:
    job = write_job(idle, 4, title="Create 4 networks", state="running")
    end_items(job, "done", range(2))
    write_rows(idle, ["net-0", "net-1"], job.plan_id)
    page = operator.get(reverse("journal", args=[idle.slug])).content.decode()
    assert "running: 2 of 4" in page
    assert reverse("job-undo", args=[idle.slug, job.pk]) not in page


def test_a_hostile_title_stays_text(operator: Client, idle: Engine) -> None:
    write_ended_job(idle, 2, title=HOSTILE)
    page = operator.get(reverse("journal", args=[idle.slug])).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("query", ["", "?q=net", "?outcome=done&kind=create"])
def test_a_page_asks_the_database_as_often_whatever_it_does_not_show(
    operator: Client, idle: Engine, query: str
) -> None:
    journal = reverse("journal", args=[idle.slug]) + query
    write_ended_job(idle, 2)
    write_rows(idle, ["net-a", "net-b"])

    def count_queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert operator.get(journal).status_code == 200
        return len(asked)

    count_queries()
    few = count_queries()
    for _ in range(4):
        write_ended_job(idle, 40, failed=3)
        write_rows(idle, ["net-c", "net-d"])
    assert count_queries() == few


def test_an_opened_line_costs_one_query(operator: Client, idle: Engine) -> None:
    job = write_ended_job(idle, 300)
    journal = reverse("journal", args=[idle.slug])
    operator.get(journal)
    with CaptureQueriesContext(connection) as closed:
        operator.get(journal)
    with CaptureQueriesContext(connection) as opened:
        operator.get(open_address(idle, job.plan_id))
    assert len(opened) == len(closed) + 1


def test_an_export_keeps_each_row_and_names_its_job(operator: Client, idle: Engine) -> None:
    job = write_ended_job(idle, 3)
    write_rows(idle, ["alone"])

    def export(form: str) -> str:
        answer = operator.get(reverse("journal-export", args=[idle.slug, form]))
        assert isinstance(answer, StreamingHttpResponse)
        return answer.getvalue().decode()

    rows = json.loads(export("json"))
    assert [row["job_id"] for row in rows] == [None, job.pk, job.pk, job.pk]
    lines = list(csv.DictReader(export("csv").splitlines()))
    assert [line["job_id"] for line in lines] == ["", *[str(job.pk)] * 3]


def test_a_single_change_asked_for_alone_has_no_others(operator: Client, idle: Engine) -> None:
    (row,) = write_rows(idle, ["lab"])
    said = see(operator, f"{reverse('journal', args=[idle.slug])}?plan={row.plan_id}")
    assert "Create network lab · 1 change " in said
    assert "0 more" not in said
    assert "1 changes" not in said
