"""Clean-up policies in the admin: what makes one, what is refused, and how beat follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask, PeriodicTasks

from netdash.forms.policies import CleanupPolicyForm
from netdash.jobs.policies import run_policy
from netdash.jobs.schedules import find_next_run
from netdash.live.refresh import refresh
from netdash.models import CleanupPolicy, CleanupRun, Engine
from tests.brokers import Broker
from tests.policies import make_policy
from tests.policy_forms import ADD, fill, find_error, open_page

pytestmark = pytest.mark.django_db


def test_a_policy_is_made_on_one_page_and_beat_knows_it(
    administrator: Client, ci_row: Engine
) -> None:
    refresh(ci_row)
    labels = {"labels": "team=a\nci", "older_than": "30d", "ignores_stopped": "on"}
    answer = administrator.post(reverse(ADD), fill(ci_row, **labels), follow=True)
    policy = CleanupPolicy.objects.get()
    assert policy.is_dry_run
    assert policy.filter == {
        "format": 1,
        "name_pattern": "ci-*",
        "labels": ["team=a", "ci"],
        "older_than_seconds": 30 * 86400,
        "ignores_stopped": True,
    }
    task = PeriodicTask.objects.get(task="netdash.jobs.tasks.run_cleanup_policy")
    assert policy.task == task
    assert (task.kwargs, task.enabled) == ('{"policy": %d}' % policy.pk, True)  # noqa: UP031
    assert str(task.interval) == "every day"
    assert "<b><bdi>CI</bdi></b>: nothing would go." in answer.text
    page = open_page(administrator, "change", policy)
    assert 'value="ci-*"' in page
    assert 'value="30d"' in page


def test_beats_row_follows_the_policy(ci_row: Engine) -> None:
    policy = make_policy(ci_row)
    PeriodicTask.objects.update(last_run_at=timezone.now(), total_run_count=7)
    before = PeriodicTasks.last_change()
    policy.name = "renamed"
    policy.save()
    task = PeriodicTask.objects.get()
    assert (task.description, task.total_run_count) == ("renamed", 7)
    assert task.last_run_at is not None  # the same schedule goes on
    policy.crontab = "30 2 * * *"
    policy.save()
    task = PeriodicTask.objects.get()
    assert task.interval is None
    assert str(task.crontab).startswith("30 2 * * *")
    assert (task.last_run_at, task.expire_seconds) == (None, None)
    policy.crontab, policy.is_enabled = "", False
    policy.save()
    task = PeriodicTask.objects.get()
    assert (task.enabled, task.expire_seconds) == (False, 60)
    assert PeriodicTasks.last_change() > before
    CleanupPolicy.objects.all().delete()
    assert not PeriodicTask.objects.exists()


def test_a_row_of_beats_that_somebody_took_away_comes_back(ci_row: Engine) -> None:
    policy = make_policy(ci_row)
    for task in PeriodicTask.objects.all():
        task.delete()
    policy = CleanupPolicy.objects.get(pk=policy.pk)
    assert policy.task is None
    assert find_next_run(policy) is None
    policy.save()
    assert policy.task is not None


def test_a_policy_goes_and_its_runs_stay(administrator: Client, ci_row: Engine) -> None:
    policy = make_policy(ci_row)
    (run,) = run_policy(policy, "hand")
    answer = administrator.post(
        reverse("admin:netdash_cleanuppolicy_delete", args=[policy.pk]), {"post": "yes"}
    )
    assert answer.status_code == 302
    run.refresh_from_db()
    assert (run.policy, run.policy_name) == (None, "nightly")
    assert "which is gone" in administrator.get(run.get_absolute_url()).text


def test_an_engine_goes_with_its_runs(administrator: Client, ci_row: Engine) -> None:
    run_policy(make_policy(ci_row), "hand")
    answer = administrator.post(
        reverse("admin:netdash_engine_delete", args=[ci_row.pk]), {"post": "yes"}
    )
    assert answer.status_code == 302
    assert not CleanupRun.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("name", "", "required"),
        ("engines", None, "required"),
        ("limit", "0", "greater than or equal to 1"),
        ("every", "0", "greater than or equal to 1"),
        ("every", None, "Give an interval or a crontab line."),
        ("older_than", "a while", "Write a span"),
        ("labels", "=value", "no key"),
        ("crontab", "30 2 * *", "five fields"),
        ("crontab", "61 2 * * *", "cannot be read"),
        ("crontab", "30 2 * * someday", "cannot be read"),
        ("crontab", "0 0 30 2 *", "never occurs"),
        ("mail_to", "ops@example.org, nobody", "nobody is no e-mail address."),
        ("webhook", "ftp://example.org/x", "Begin with http:// or https://"),
        ("webhook", "file:///etc/passwd", "Begin with http:// or https://"),
        ("webhook", "https://", "Begin with http:// or https://"),
        ("webhook", "http://a:b:c", "Begin with http:// or https://"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    engine_row: Engine, name: str, value: object, words: str
) -> None:
    assert words in find_error(engine_row, name, **{name: value})


def test_an_interval_leaves_time_to_breathe(engine_row: Engine) -> None:
    seconds = {"period": "seconds"}
    assert "At least 5 seconds." in find_error(engine_row, "every", every=4, **seconds)
    assert not find_error(engine_row, "every", every=5, **seconds)


@pytest.mark.parametrize("period", ["seconds", "minutes", "hours", "days"])
def test_an_interval_is_no_longer_than_databases_count(engine_row: Engine, period: str) -> None:
    """PostgreSQL keeps 2,147,483,647 seconds at most, and no clock so many days."""
    words = "At most 366 days."
    assert words in find_error(engine_row, "every", every=2_000_000_000, period=period)
    assert not find_error(engine_row, "every", every=366, period=period)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("crontab", "*/15 8-18 * * 1-5"),
        ("mail_to", "ops@example.org, boss@example.org"),
        ("webhook", "http://hooks:8080/netdash?key=1"),
        ("webhook", "https://[2001:db8::1]/x"),
    ],
)
def test_what_can_be_is_taken(engine_row: Engine, name: str, value: str) -> None:
    form = CleanupPolicyForm(fill(engine_row, **{name: value}))
    assert form.is_valid(), form.errors


def test_a_policy_removes_only_after_somebody_looked(
    administrator: Client, engine_row: Engine, broker: Broker
) -> None:
    removing = {"is_dry_run": None}
    page = administrator.post(reverse(ADD), fill(engine_row, **removing)).text
    assert "look at its preview" in page
    assert not CleanupPolicy.objects.exists()
    administrator.post(reverse(ADD), fill(engine_row))
    policy = CleanupPolicy.objects.get()
    address = reverse("admin:netdash_cleanuppolicy_change", args=[policy.pk])

    def change(**values: object) -> bool:
        return administrator.post(address, fill(engine_row, **values)).status_code == 302

    assert not change(**removing)
    assert change(**removing, is_looked_at="on")
    assert not CleanupPolicy.objects.get().is_dry_run
    assert change(**removing, limit=5)  # nothing that widens what goes
    assert not change(**removing, name_pattern="")
    assert not change(**removing, takes_doubtful="on")
    assert change(**removing, name_pattern="", is_looked_at="on")
    assert change(name_pattern="x*")  # back to a dry run


@pytest.mark.parametrize("more", [{"limit": 1}, {"pattern": "no-*"}])
def test_run_now_does_not_warn_of_what_it_would_not_do(
    administrator: Client, ci_row: Engine, more: dict[str, Any]
) -> None:
    refresh(ci_row)
    policy = make_policy(ci_row, is_dry_run=False, **more)
    page = administrator.get(reverse("admin:netdash_cleanuppolicy_run", args=[policy.pk])).text
    assert "As last read, this removes nothing." in page
    assert "remove networks" not in page
