"""Runs in the admin: asked for by hand, followed, only read, and only by administrators."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from netdash.jobs.policies import run_policy
from netdash.live.refresh import refresh
from netdash.models import CleanupPolicy, CleanupRun, Engine
from tests.policies import make_policy
from tests.policy_forms import LIST

pytestmark = pytest.mark.django_db


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
