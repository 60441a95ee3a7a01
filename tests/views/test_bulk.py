"""The page of many networks: what is foreseen, and the job that is started."""

from __future__ import annotations

import html
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from netdash.jobs import queue
from netdash.jobs.bulk import offers_plan
from netdash.jobs.bulk_files.templates import TEMPLATES
from netdash.jobs.writing import Author
from netdash.live import store
from netdash.models import Engine, Job
from netdash.topology.changes import CreateNetwork, Plan, Step
from netdash.topology.creation_words import say_pools_exhausted
from netdash.topology.snapshot import Network, Snapshot, Subnet
from tests.brokers import Broker
from tests.views.many_networks import LIST, PAGE, PATTERN, PREVIEW, engine, list_made, post, preview
from tests.views.reading_pages import open_markup, open_words, take_words

__all__ = ["engine"]


pytestmark = pytest.mark.django_db


def test_the_empty_page_shows_what_would_come_of_an_example(viewer: Client, engine: Engine) -> None:
    words = open_words(viewer, "networks/many")
    assert "gives 2 × 2 × 3 = 12 networks" in words
    assert "Create" not in words


def test_each_example_leads_to_a_form_that_is_filled_in_and_foreseen(
    operator: Client, engine: Engine
) -> None:
    markup = open_markup(operator, "networks/many")
    addresses = re.findall(r'<a class="button small" href="([^"]+)"', markup)
    assert len(addresses) == 3
    counts = []
    for address in addresses:
        words = take_words(operator.get(html.unescape(address)).content.decode())
        counts += re.findall(r"(\d+) to create", words)
    assert counts == ["12", "3", "3"]


def test_a_pattern_is_foreseen_as_a_table(viewer: Client, engine: Engine) -> None:
    words = preview(viewer, PATTERN)
    assert "3 to create 1 exists already" in words
    assert "new shop-front-network bridge · project=shop 10.20.0.0/24 10.20.0.1" in words
    assert "new shop-database-network bridge · internal · project=shop 10.20.1.0/24" in words
    assert "exists blog-front-network bridge · project=blog 10.20.7.0/24 10.20.7.1" in words
    assert "In 10.20.0.0/16 the plan steps over 10.20.2.0/24 (old)." in words
    assert "docker network create --internal --subnet 10.20.1.0/24" in words


def test_the_address_of_a_preview_gives_the_same_form_again(
    operator: Client, engine: Engine
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "preview"}
    answer = operator.post(PREVIEW, PATTERN | {"note": "secret"}, headers=headers)
    address = answer.headers["HX-Replace-Url"]
    assert "secret" not in address
    page = operator.get(address).content.decode()
    assert "3 to create" in page
    assert 'value="shop, blog"' in page


def test_one_click_starts_the_job_and_leads_to_it(operator: Client, engine: Engine) -> None:
    answer = operator.post(PAGE, PATTERN | {"note": "for the fair", "token": uuid.uuid4().hex})
    job = Job.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == job.get_absolute_url()
    assert (job.kind, job.title, job.note) == ("create", "Create 3 networks", "for the fair")
    assert job.author_name == "a-operator"
    assert list_made() == [
        "Create network shop-front-network",
        "Create network shop-database-network",
        "Create network blog-database-network",
    ]


def test_a_second_click_starts_no_second_job(operator: Client, engine: Engine) -> None:
    token = uuid.uuid4().hex
    first = operator.post(PAGE, PATTERN | {"token": token})
    second = operator.post(PAGE, PATTERN | {"token": token})
    assert first.headers["Location"] == second.headers["Location"]
    assert Job.objects.count() == 1


def test_what_has_changed_since_the_preview_is_shown_before_anything_is_done(
    operator: Client, engine: Engine
) -> None:
    markup = operator.post(PREVIEW, PATTERN).content.decode()
    found = re.search(r'name="basis" value="([^"]+)"', markup)
    assert found is not None
    store.save(engine.pk, Snapshot((Network("c" * 64, "x", subnets=(Subnet("10.20.1.0/24"),)),)))
    words = post(operator, PATTERN, 422, basis=found[1])
    assert "Since you looked, something has changed." in words
    assert Job.objects.count() == 0


def test_rows_that_stand_in_the_way_are_left_out_by_one_tick(
    operator: Client, engine: Engine
) -> None:
    text = "name,subnet\nold,10.9.0.0/24\nnew,10.20.2.128/25\nhost,\nfine,10.30.0.0/24"
    asked = LIST | {"text": text}
    words = preview(operator, asked)
    for part in ("1 to create", "1 exists, but differs", "1 collides", "1 refused"):
        assert part in words
    assert "10.20.2.128/25 overlaps old (10.20.2.0/24)." in words
    assert "line 3" in words
    words = post(operator, asked, 422)
    assert "Tick below to leave them out" in words
    assert Job.objects.count() == 0
    operator.post(PAGE, asked | {"others": "on"})
    assert list_made() == ["Create network fine"]


def test_nothing_to_create_starts_nothing(operator: Client, engine: Engine) -> None:
    words = post(operator, LIST | {"text": "name\nblog-front-network"}, 422)
    assert "There is nothing to create." in words
    assert Job.objects.count() == 0


def test_more_networks_than_pools_are_warned_of_with_a_plan_that_works(
    operator: Client, engine: Engine
) -> None:
    asked = LIST | {"text": "name\n" + "\n".join(f"n{number}" for number in range(40))}
    words = preview(operator, asked)
    assert "Docker's default pools have room for 31 more: the others would fail, unless" in words
    assert "Lay subnets out within 10.0.0.0/18" in words
    planned = operator.post(PREVIEW, asked | {"plan_within": "10.0.0.0/18"}).content.decode()
    assert "10.0.39.0/24" in planned
    assert "Not enough address pools" not in planned
    operator.post(PAGE, asked)
    assert Job.objects.get().items.count() == 40


def test_a_base_that_is_full_offers_one_that_is_not(operator: Client, engine: Engine) -> None:
    words = preview(operator, PATTERN, bases="10.20.0.0/23")
    assert "10.20.0.0/23 has room for 2 of 4 networks" in words
    assert "Lay subnets out within 10.0.0.0/22" in words
    post(operator, PATTERN, 422, bases="10.20.0.0/23")
    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"bases": "10.20.0.0/23"},
        {"bases": "10.20.0.0/27", "size": "28"},
        {"bases": "front=10.20.0.0/24, database=10.20.2.0/24, 10.30.0.0/16"},
        {"bases": "10.20.0.0/24", "size": "24", "sizes": "database=26"},
    ],
)
def test_the_base_that_is_said_to_be_free_is_the_one_that_is_offered(
    wrong: dict[str, str], operator: Client, engine: Engine
) -> None:
    words = preview(operator, PATTERN | wrong)
    said = set(re.findall(r"(\S+) is free and large enough", words))
    assert said == set(re.findall(r"Lay subnets out within (\S+) it is free", words))
    assert len(said) == 1
    assert "to create" in preview(operator, PATTERN | wrong, plan_within=said.pop())


def test_no_base_is_offered_where_only_the_one_of_ipv6_is_full(
    operator: Client, engine: Engine
) -> None:
    words = preview(operator, PATTERN, ipv6_base="fd00::/64")
    assert "fd00::/64 has room for 1 of" in words
    assert "Lay subnets out within" not in words


def test_what_a_job_could_not_make_is_asked_for_again_with_subnets(
    operator: Client, engine: Engine
) -> None:
    steps = tuple(
        Step(CreateNetwork(name, labels=(("env", "dev"),))) for name in ("one", "two", "three")
    )
    job = queue.start(engine, Plan(steps), Author(name="a"), Job.Kind.CREATE)
    job.items.filter(position=0).update(state="done")
    assert not offers_plan(job)
    words = say_pools_exhausted(("10.0.0.0/24",)).sentence
    job.items.filter(position__gt=0).update(state="failed", sentence=words)
    assert offers_plan(job)
    page = operator.get(f"{PAGE}?job={job.pk}").content.decode()
    assert "2 to create" in page
    assert "two,bridge,,,,,,,,dev" in page
    assert "10.0.0.0/24" in page
    assert "10.0.1.0/24" in page


def test_the_rest_of_a_job_follows_it_and_says_so(operator: Client, engine: Engine) -> None:
    steps = tuple(Step(CreateNetwork(name)) for name in ("one", "two", "three"))
    job = queue.start(engine, Plan(steps, "Make three"), Author(), Job.Kind.CREATE)
    job.items.filter(position__gt=0).update(state="failed")
    page = operator.get(f"{PAGE}?job={job.pk}").content.decode()
    assert f'<input type="hidden" name="job" value="{job.pk}">' in page
    assert "What Make three did not make" in take_words(page)
    post(operator, LIST | {"text": "name\ntwo\nthree\n", "format": "csv"}, 302, job=str(job.pk))
    rest = Job.objects.exclude(pk=job.pk).get()
    assert (rest.follows, rest.title) == (job, "The rest: create 2 of 3 networks")
    post(operator, LIST | {"text": "name\nother\n", "format": "csv"}, 302, job=str(job.pk))
    other = Job.objects.order_by("pk").last()
    assert other is not None
    assert (other.follows, other.title) == (None, "Create 1 network")
    post(operator, LIST | {"text": "name\ntwo\nnine\nten\n", "format": "csv"}, 302, job=str(job.pk))
    mixed = Job.objects.order_by("pk").last()
    assert mixed is not None
    assert (mixed.follows, mixed.title) == (job, "Create 3 networks")


@pytest.mark.parametrize("job", ["999", "x", "-1", "9" * 30, "9" * 5000])
def test_a_job_that_is_not_there_gives_the_empty_form(
    job: str, operator: Client, engine: Engine
) -> None:
    assert "12 networks" in open_words(operator, f"networks/many?job={job}")


def test_a_table_of_a_thousand_rows_is_cut_but_counted_in_full(
    operator: Client, engine: Engine
) -> None:
    names = "\n".join([*(f"n{number}" for number in range(999)), "host"])
    asked = LIST | {"text": f"name\n{names}", "addressing": "plan", "bases": "10.64.0.0/12"}
    page = operator.post(PREVIEW, asked).content.decode()
    assert page.count('<tr class="batch-row') == 300
    assert "999 to create" in page
    assert page.index("batch-row refused") < page.index("batch-row create")
    assert "and 700 more, counted above" in page


def test_the_commands_come_as_a_script(viewer: Client, engine: Engine) -> None:
    answer = viewer.post(f"{PAGE}/commands", PATTERN)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="networks.sh"'
    lines = answer.content.decode().splitlines()
    assert lines[0] == "#!/bin/sh"
    assert lines[2].startswith("docker network create --subnet 10.20.0.0/24 --label project=shop")
    assert len(lines) == 5
    assert viewer.post(f"{PAGE}/commands", {}).status_code == 200


@pytest.mark.parametrize("form", [*TEMPLATES, "exe"])
def test_templates_are_there_to_take(form: str, viewer: Client, engine: Engine) -> None:
    answer = viewer.get(f"{PAGE}/template.{form}")
    assert answer.status_code == (200 if form in TEMPLATES else 404)


def test_a_viewer_foresees_but_does_not_start(viewer: Client, engine: Engine) -> None:
    assert "3 to create" in preview(viewer, PATTERN)
    assert "Your role may look, not change." in open_words(viewer, "networks/many")
    assert viewer.post(PAGE, PATTERN).status_code == 403
    assert Job.objects.count() == 0


def test_read_only_and_switched_off_start_nothing(
    operator: Client, engine: Engine, settings: Settings
) -> None:
    settings.IS_READ_ONLY = True
    assert operator.post(PAGE, PATTERN).status_code == 403
    settings.IS_READ_ONLY = False
    engine.is_enabled = False
    engine.save()
    assert operator.post(PAGE, PATTERN).status_code == 403
    assert "3 to create" in preview(operator, PATTERN)
    assert Job.objects.count() == 0


def test_an_engine_that_nobody_has_read_yet_has_a_page(
    operator: Client, engine_row: Engine, broker: Broker
) -> None:
    assert operator.get(reverse("bulk", args=["local"])).status_code == 200
    assert "4 to create" in preview(operator, PATTERN)
