"""What the admin shows of policies: the list, the preview, and hostile names as text."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from netdash.jobs.choices import preview
from netdash.jobs.policies import run_policy
from netdash.live import beats
from netdash.live.refresh import refresh
from netdash.models import CleanupPolicy, Engine
from tests.brokers import Broker
from tests.policies import make_policy
from tests.policy_forms import ADD, LIST, fill, open_page
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.django_db


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
