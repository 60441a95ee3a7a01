"""The filters of the journal: which lines they leave, and what these say and cost."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from netdash.forms.journal import JournalFilterForm
from netdash.models import Engine, JournalEntry
from tests.views.job_pages import idle, see
from tests.views.journal_rows import open_address, write_ended_job, write_rows

__all__ = ["idle"]

Outcome = JournalEntry.Outcome


def test_a_search_finds_what_lies_in_a_job(operator: Client, idle: Engine) -> None:
    job = write_ended_job(idle, 30, failed=2)
    journal = reverse("journal", args=[idle.slug])
    found = see(operator, f"{journal}?outcome=refused")
    assert "2 of 30 changes fit" in found
    opened = see(operator, open_address(idle, job.plan_id, "outcome=refused&"))
    assert "Create network net-28" in opened
    assert "Create network net-27" not in opened
    single = operator.get(f"{journal}?q=net-17").content.decode()
    assert "Create network net-17" in single
    assert "aria-expanded" not in single
    assert f'one of <a href="?plan={job.plan_id}">30 changes</a>' in single
    assert "job-undo" not in single
    assert reverse("job-undo", args=[idle.slug, job.pk]) not in single


def count_steps(client: Client, address: str) -> int:
    """Count the steps that SQLite takes for a page, in hundreds."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.connection.set_progress_handler(step, 100)
    try:
        assert client.get(address).status_code == 200
    finally:
        connection.connection.set_progress_handler(None, 0)
    return steps


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite")
def test_a_filter_costs_in_step_with_the_changes_behind_a_line(
    operator: Client, idle: Engine
) -> None:
    refused = reverse("journal", args=[idle.slug]) + "?outcome=refused"
    write_ended_job(idle, 300, failed=150)
    few = count_steps(operator, refused)
    write_ended_job(idle, 1200, failed=600)
    assert count_steps(operator, refused) < 10 * few  # five times the changes


@pytest.mark.parametrize("query", ["outcome=refused", "q=odd", "kind=create&q=odd"])
def test_filtered_lines_are_the_first_fitting_changes_newest_first_on_every_page(
    operator: Client, idle: Engine, query: str
) -> None:
    for number in range(60):
        rows = write_rows(idle, [f"even-{number}", f"odd-{number}", f"odd-late-{number}"])
        late = [row.pk for row in rows[1:]]
        JournalEntry.objects.filter(pk__in=late).update(outcome=Outcome.REFUSED)
    journal = reverse("journal", args=[idle.slug])
    found = [
        [line.entry.summary for line in operator.get(f"{journal}?{query}{page}").context["lines"]]
        for page in ("", "&page=2")
    ]
    newest = [f"Create network odd-{number}" for number in reversed(range(60))]
    assert found == [newest[:50], newest[50:]]


def test_only_a_filter_groups_the_whole_journal(idle: Engine) -> None:
    def ask(**query: str) -> str:
        return str(JournalFilterForm(query).lead(idle.journal.all()).query)

    assert "EXISTS" in ask()
    assert "GROUP BY" not in ask(open=str(uuid.uuid4()))
    for query in ({"q": "a"}, {"author": "a"}, {"since": "2026-01-01"}, {"origin": "netdash"}):
        assert "GROUP BY" in ask(**query)
        assert "EXISTS" not in ask(**query)


def test_who_filters_or_opens_a_line_is_not_overtaken_by_an_older_refresh(
    operator: Client, idle: Engine
) -> None:
    write_ended_job(idle, 2)
    page = operator.get(reverse("journal", args=[idle.slug])).content.decode()
    asking = [tag for tag in page.split("<") if 'hx-target="#journal-rows"' in tag]
    assert [tag.split()[0] for tag in asking] == ["form", "a"]
    assert all('hx-sync="#journal-rows:replace"' in tag for tag in asking)


def test_an_opened_plan_of_which_one_change_fits_shows_it_once(
    operator: Client, idle: Engine
) -> None:
    rows = write_rows(idle, ["lab", "shop"])
    JournalEntry.objects.filter(pk=rows[1].pk).update(outcome=Outcome.REFUSED)
    opened = open_address(idle, rows[0].plan_id, "outcome=refused&")
    page = operator.get(opened).content.decode()
    assert page.count("Create network shop") == 1
    assert 'class="part"' not in page
    alone = f"{reverse('journal', args=[idle.slug])}?plan={rows[0].plan_id}&outcome=refused"
    assert "1 of 2 changes fits" in see(operator, alone)


def test_a_line_of_which_a_part_fits_offers_no_undo_of_the_whole(
    operator: Client, idle: Engine
) -> None:
    job = write_ended_job(idle, 5, failed=2)
    undo = reverse("job-undo", args=[idle.slug, job.pk])
    journal = reverse("journal", args=[idle.slug])
    for query in ("outcome=refused", f"outcome=refused&plan={job.plan_id}"):
        page = operator.get(f"{journal}?{query}").content.decode()
        assert "2 of 5 changes fit" in page
        assert undo not in page
    for query in ("kind=create", f"plan={job.plan_id}"):
        assert undo in operator.get(f"{journal}?{query}").content.decode()
