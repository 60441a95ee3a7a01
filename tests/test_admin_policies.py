"""Clean-up policies in the admin: who may, what is refused, what is shown, what a click does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask, PeriodicTasks
from pytest_django import Settings

from netdash.forms.policies import CleanupPolicyForm
from netdash.jobs.choices import preview
from netdash.jobs.policies import run_policy
from netdash.jobs.schedules import find_next_run, say_next_run, say_schedule
from netdash.live import beats
from netdash.live.refresh import refresh
from netdash.models import CleanupPolicy, CleanupRun, Engine
from netdash.models.crontabs import UnreadableCrontabError, find_last_moment, read_crontab
from tests.brokers import Broker
from tests.policies import make_policy
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.django_db
ADD, LIST = "admin:netdash_cleanuppolicy_add", "admin:netdash_cleanuppolicy_changelist"


def fill(engine: Engine, **values: object) -> dict[str, Any]:
    """Fill in the page of a policy."""
    filled: dict[str, Any] = {
        "name": "nightly",
        "engines": [engine.pk],
        "name_pattern": "ci-*",
        "is_enabled": "on",
        "every": 1,
        "period": "days",
        "is_dry_run": "on",
        "limit": 20,
        **values,
    }
    return {name: value for name, value in filled.items() if value is not None}


def find_error(engine: Engine, field: str, /, **values: object) -> str:
    """Give what the page says beside a field."""
    form = CleanupPolicyForm(fill(engine, **values))
    return str(form.errors.get(field, ""))


def open_page(client: Client, page: str, policy: CleanupPolicy) -> str:
    return client.get(reverse(f"admin:netdash_cleanuppolicy_{page}", args=[policy.pk])).text


# made and kept in step


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


def test_after_saving_the_page_says_what_the_wishes_catch_today(
    administrator: Client, ci_row: Engine
) -> None:
    refresh(ci_row)
    answer = administrator.post(reverse(ADD), fill(ci_row), follow=True)
    words = "3 networks would go now (<bdi>ci-1</bdi>, <bdi>ci-2</bdi>, <bdi>ci-3</bdi>)."
    assert words in answer.text
    assert words in open_page(administrator, "change", CleanupPolicy.objects.get())


def test_wishes_of_the_clean_up_page_become_a_policy(
    administrator: Client, operator: Client, ci_row: Engine
) -> None:
    refresh(ci_row)
    query = {"labels": "team=a\nci", "older_than": "30d", "ignores_stopped": "on"}
    page = administrator.get(reverse("cleanup", args=["ci"]), query).text
    (address,) = re.findall(r'href="([^"]*)">Clean up like this on a schedule', page)
    form = administrator.get(address.replace("&amp;", "&")).text
    assert 'value="30d"' in form
    assert re.search(r"team=a\s+ci</textarea>", form)
    assert re.search(r'name="ignores_stopped"[^>]*checked', form)
    assert re.search(rf'name="engines" value="{ci_row.pk}"[^>]*checked', form)
    assert "on a schedule" not in operator.get(reverse("cleanup", args=["ci"]), query).text


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


# what is refused


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


# what is shown


def test_the_list_says_state_schedule_next_and_last_run(
    administrator: Client, ci_row: Engine
) -> None:
    policy = make_policy(ci_row, is_dry_run=False, pattern="nobody-*")
    (run,) = run_policy(policy, "hand")
    page = administrator.get(reverse(LIST)).text
    assert 'data-state="carries">carries out<' in page
    assert "every 60 seconds" in page
    assert "not while beat does not run" in page
    beats.note("beat")
    page = administrator.get(reverse(LIST)).text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, in \d+ second", page)
    assert run.get_absolute_url() in page
    assert "carried out</a>" in page


def test_empty_lists_say_what_they_are_for(administrator: Client, broker: Broker) -> None:
    assert "Make the first policy" in administrator.get(reverse(LIST)).text
    runs = administrator.get(reverse("admin:netdash_cleanuprun_changelist")).text
    assert "Nothing has run yet." in runs


def test_the_next_run_is_when_beat_will_send_it(ci_row: Engine) -> None:
    policy = make_policy(ci_row, every=1, period="hours")
    now = timezone.now()
    assert is_near(find_next_run(policy), now + timedelta(hours=1))
    PeriodicTask.objects.update(last_run_at=now - timedelta(minutes=50))
    policy = CleanupPolicy.objects.get()
    assert is_near(find_next_run(policy), now + timedelta(minutes=10))
    # Beat writes its time down only every few minutes; the run is fresher.
    (run,) = run_policy(policy, "schedule")
    assert is_near(find_next_run(policy), run.at + timedelta(hours=1))
    beats.note("beat")
    assert ", in 59 minutes" in say_next_run(policy)
    PeriodicTask.objects.update(last_run_at=now - timedelta(hours=5))
    CleanupRun.objects.all().delete()
    assert say_next_run(CleanupPolicy.objects.get()) == "now"


def test_the_next_run_of_a_crontab_line_is_its_next_moment(
    ci_row: Engine, settings: Settings
) -> None:
    policy = make_policy(ci_row, crontab="0 0 1 1 *")
    now = timezone.localtime()
    new_year = now.replace(
        year=now.year + 1, month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    assert is_near(find_next_run(policy), new_year)
    assert "12:00 AM" in say_schedule(policy)


def is_near(found: Any, wanted: Any) -> bool:
    return found is not None and abs((found - wanted).total_seconds()) < 30


def test_a_policy_that_is_off_or_has_no_engine_says_that_it_never_runs(ci_row: Engine) -> None:
    policy = make_policy(ci_row, is_enabled=False)
    assert say_next_run(policy) == "never: switched off"
    policy.is_enabled = True
    policy.save()
    Engine.objects.update(is_enabled=False)
    assert say_next_run(policy) == "never: no engine that is switched on"


def test_the_preview_shows_candidates_doubts_and_the_way_to_clean_up(
    administrator: Client, ci: SimulatedEngine, ci_row: Engine
) -> None:
    ci.docker("network", "create", "ci-young")
    refresh(ci_row)
    page = open_page(administrator, "preview", make_policy(ci_row, limit=2))
    assert "3 networks would go, more than the limit of 2: nothing would be removed." in page
    assert "1 left alone because of doubts." in page
    assert page.count("over the limit</span>") == 3
    assert page.count("left alone</span>") == 1
    assert reverse("cleanup", args=["ci"]) + "?name_pattern=ci-%2A" in page


def test_hostile_names_stay_text(
    administrator: Client, ci: SimulatedEngine, ci_row: Engine
) -> None:
    with ci.state.lock:
        for network in ci.state.networks.values():
            if network.name == "ci-1":
                network.name = "ci-<script>alert(1)</script>"
                network.labels["com.docker.compose.project"] = "\0<b>"
    refresh(ci_row)
    policy = make_policy(ci_row)
    (run,) = run_policy(policy, "hand")
    assert "\N{REPLACEMENT CHARACTER}<b>" in run.report["chosen"][-1]["reason"]
    for page in (
        open_page(administrator, "preview", policy),
        open_page(administrator, "change", policy),
        administrator.get(run.get_absolute_url()).text,
    ):
        assert "<bdi>ci-&lt;script&gt;alert(1)&lt;/script&gt;</bdi>" in page
        assert "<script>alert" not in page


def test_pages_stand_while_redis_is_away(
    administrator: Client, ci_row: Engine, settings: Settings
) -> None:
    refresh(ci_row)
    policy = make_policy(ci_row)
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    assert "not while Redis does not answer" in administrator.get(reverse(LIST)).text
    assert preview(policy)[0].trouble
    assert (
        administrator.get(
            reverse("admin:netdash_cleanuppolicy_change", args=[policy.pk])
        ).status_code
        == 200
    )


# what a click does


@pytest.mark.parametrize("more", [{"limit": 1}, {"pattern": "no-*"}])
def test_run_now_does_not_warn_of_what_it_would_not_do(
    administrator: Client, ci_row: Engine, more: dict[str, Any]
) -> None:
    refresh(ci_row)
    policy = make_policy(ci_row, is_dry_run=False, **more)
    page = administrator.get(reverse("admin:netdash_cleanuppolicy_run", args=[policy.pk])).text
    assert "As last read, this removes nothing." in page
    assert "remove networks" not in page


def test_run_now_asks_first_and_one_click_twice_is_one_run(
    administrator: Client, ci_row: Engine, settings: Settings
) -> None:
    refresh(ci_row)
    policy = make_policy(ci_row, is_dry_run=False)
    address = reverse("admin:netdash_cleanuppolicy_run", args=[policy.pk])
    page = administrator.get(address).text
    assert "This removes networks." in page
    assert not CleanupRun.objects.exists()
    tick = re.findall(r'name="tick" value="(\w+)"', page)[0]
    answers = [administrator.post(address, {"tick": tick}) for _ in range(2)]
    run = CleanupRun.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {run.get_absolute_url()}
    assert (run.trigger, run.author_name) == ("hand", "a-administrator")
    settings.IS_READ_ONLY = True
    assert "this will be a dry run" in administrator.get(address).text


def test_without_a_broker_a_run_by_hand_ends_at_once_and_says_so(
    administrator: Client, ci_row: Engine
) -> None:
    # Celery's own broker does not run in the tests.
    policy = make_policy(ci_row)
    address = reverse("admin:netdash_cleanuppolicy_run", args=[policy.pk])
    page = administrator.post(address, {"tick": "t"}, follow=True).text
    assert "Redis does not answer." in page


def test_a_policy_of_several_engines_leads_to_the_list_of_its_runs(
    administrator: Client, ci_row: Engine, engine_row: Engine
) -> None:
    policy = make_policy(ci_row, engine_row)
    address = reverse("admin:netdash_cleanuppolicy_run", args=[policy.pk])
    answer = administrator.post(address, {"tick": "t"}, follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"?policy__id__exact={policy.pk}")
    assert "2 clean-up runs" in answer.text
    Engine.objects.update(is_enabled=False)
    assert "No engine of this policy" in administrator.post(address, {}, follow=True).text


@pytest.mark.parametrize("page", ["preview", "run"])
def test_the_actions_of_the_list_lead_to_the_pages(
    administrator: Client, ci_row: Engine, page: str
) -> None:
    policy, other = make_policy(ci_row), CleanupPolicy.objects.create(name="other")
    asked = {"action": f"{page}_now", "_selected_action": [policy.pk]}
    answer = administrator.post(reverse(LIST), asked)
    assert answer.headers["Location"].endswith(f"/{policy.pk}/{page}/")
    asked["_selected_action"] = [policy.pk, other.pk]
    assert "Choose one policy." in administrator.post(reverse(LIST), asked, follow=True).text


def test_a_run_that_is_under_way_is_followed_and_one_that_ended_is_not(
    administrator: Client, ci_row: Engine
) -> None:
    (run,) = run_policy(make_policy(ci_row, is_dry_run=False), "hand")
    page = administrator.get(run.get_absolute_url()).text
    assert 'http-equiv="refresh"' in page
    assert run.job is not None
    assert run.job.get_absolute_url() in page
    CleanupRun.objects.update(outcome="done", sentence="3 networks removed.")
    page = administrator.get(run.get_absolute_url()).text
    assert 'http-equiv="refresh"' not in page
    assert "3 networks removed." in page


def test_runs_are_only_read(administrator: Client, ci_row: Engine) -> None:
    (run,) = run_policy(make_policy(ci_row), "hand")
    assert administrator.get(reverse("admin:netdash_cleanuprun_add")).status_code == 403
    assert administrator.post(run.get_absolute_url(), {"outcome": "done"}).status_code == 403
    delete = reverse("admin:netdash_cleanuprun_delete", args=[run.pk])
    assert administrator.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["viewer", "operator", ""])
def test_only_administrators_come_near(
    sign_in: Callable[[str], Client], ci_row: Engine, role: str
) -> None:
    client, policy = sign_in(role), make_policy(ci_row)
    (run,) = run_policy(policy, "hand")
    for page in ("change", "preview", "run"):
        address = reverse(f"admin:netdash_cleanuppolicy_{page}", args=[policy.pk])
        assert client.get(address).status_code in (302, 403)
        assert client.post(address, {"tick": "t"}).status_code in (302, 403)
    assert client.get(run.get_absolute_url()).status_code in (302, 403)
    assert CleanupRun.objects.count() == 1


def test_a_policy_that_is_not_there_is_not_found(administrator: Client, broker: Broker) -> None:
    for page in ("preview", "run"):
        address = reverse(f"admin:netdash_cleanuppolicy_{page}", args=[99])
        assert administrator.get(address).status_code == 404


def test_the_index_has_what_people_need_in_their_order(administrator: Client) -> None:
    page = administrator.get(reverse("admin:index")).text
    names = re.findall(r'<th scope="row"[^>]*>\s*<a href="[^"]*"[^>]*>([^<]*)</a>', page)
    assert names == [
        "Engines",
        "Clean-up policies",
        "Clean-up runs",
        "Users",
        "Journal",
        "Access attempts",
    ]


# lines of a crontab


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2026-11-28T02:30:59", "2026-11-28T02:30:00"),
        ("2026-11-28T02:29:59", "2026-11-27T02:30:00"),
        ("2026-03-05T00:00:00", "2026-02-28T02:30:00"),
    ],
)
def test_a_late_message_stands_for_the_last_moment_of_its_line(now: str, wanted: str) -> None:
    line = read_crontab("30 2 * * 5,6")
    found = find_last_moment(line, datetime.fromisoformat(now).replace(tzinfo=line.tz))
    assert found == datetime.fromisoformat(wanted).replace(tzinfo=line.tz)


@pytest.mark.parametrize("line", ["", "a b c d e", "* * * * * *", "0 0 31 4,6 *"])
def test_what_names_no_moment_is_no_crontab_line(line: str) -> None:
    with pytest.raises(UnreadableCrontabError):
        read_crontab(line)
