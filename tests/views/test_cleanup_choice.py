"""What is chosen for clean-up: looked at again, confirmed once, or refused."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

from django.test import Client
from pytest_django import Settings

from netdash.jobs.queue import read_change
from netdash.live import store
from netdash.models import Engine, Job
from netdash.topology.candidates import CleanupFilter, encode_filter
from netdash.topology.changes import RemoveNetwork
from netdash.topology.snapshot import Container, Snapshot
from tests.views.cleaning import (
    IDLE,
    KEPT,
    NEEDED,
    USED,
    WORLD,
    YOUNG,
    address,
    list_offered,
    on,
    read_hidden,
    review,
    row,
    show,
    start,
)

__all__ = ["row"]


def test_a_review_shows_exactly_what_would_go(operator: Client, row: Engine) -> None:
    answer = review(operator, row, IDLE)
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "Remove 1 network" in page
    assert "docker network rm idle" in page
    assert read_hidden(page, "chosen") == IDLE.id
    assert not Job.objects.exists()


def test_confirming_starts_the_job(operator: Client, row: Engine) -> None:
    answer = start(operator, row, review(operator, row, IDLE), note="old stuff")
    job = Job.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, job.get_absolute_url())
    assert (job.kind, job.note, job.author_name) == ("cleanup", "old stuff", "a-operator")
    assert job.guard == encode_filter(CleanupFilter())
    (item,) = job.items.all()
    assert read_change(item) == RemoveNetwork(IDLE.id, "idle")
    assert "No container" in item.reason


def test_confirming_twice_starts_one_job(operator: Client, row: Engine) -> None:
    reviewed = review(operator, row, IDLE)
    start(operator, row, reviewed)
    start(operator, row, reviewed)
    assert Job.objects.count() == 1


def test_what_is_posted_keeps_its_filters_in_the_address(operator: Client, row: Engine) -> None:
    # The page that refuses it refreshes from there.
    kept = f'action="{address(row, "?name_pattern=i%2A")}"'
    assert kept in show(operator, row, "?name_pattern=i*")
    reviewed = review(operator, row, IDLE, name_pattern="i*")
    assert kept in unescape(reviewed.content.decode())


def test_doubts_must_be_meant(operator: Client, row: Engine) -> None:
    reviewed = review(operator, row, IDLE, YOUNG)
    assert "Something speaks against 1 network" in reviewed.content.decode()
    refused = start(operator, row, reviewed, note="quarter's end")
    assert refused.status_code == 422
    assert "Tick this if you mean it." in refused.content.decode()
    assert 'value="quarter\'s end"' in unescape(refused.content.decode())
    assert not Job.objects.exists()
    assert start(operator, row, refused, override="1").status_code == 302
    assert Job.objects.get().items.count() == 2


def test_all_that_nothing_speaks_against_can_be_taken_at_once(
    operator: Client, row: Engine
) -> None:
    page = unescape(review(operator, row, scope="sure").content.decode())
    assert read_hidden(page, "chosen") == IDLE.id


def test_what_came_into_use_since_is_said_and_left_out(operator: Client, row: Engine) -> None:
    reviewed = review(operator, row, IDLE, YOUNG)
    store.save(row.pk, replace(WORLD, containers=(*WORLD.containers, on("api", IDLE))))
    answer = start(operator, row, reviewed, override="1")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "idle: In use by api." in page
    assert read_hidden(page, "chosen") == YOUNG.id
    assert not Job.objects.exists()


def test_a_new_doubt_is_said_before_anything_goes(operator: Client, row: Engine) -> None:
    reviewed = review(operator, row, IDLE)
    labels = (("com.docker.compose.project", "shop"),)
    idle = replace(IDLE, labels=labels)
    shop = Container("id-s", "s", labels=labels)
    networks = tuple(idle if one is IDLE else one for one in WORLD.networks)
    store.save(row.pk, Snapshot(networks, (*WORLD.containers, shop)))
    answer = start(operator, row, reviewed)
    assert answer.status_code == 422
    assert "idle: Its Compose project shop still has 1 container." in unescape(
        answer.content.decode()
    )


def test_what_is_gone_or_was_never_there_is_said(operator: Client, row: Engine) -> None:
    answer = operator.post(address(row), {"step": "start", "chosen": ["nonsense", "<i>"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The network nonsense is gone already." in unescape(page)
    assert "<i>" not in page


def test_nothing_chosen_is_refused(operator: Client, row: Engine) -> None:
    answer = operator.post(address(row), {"step": "review"})
    assert (answer.status_code, "Choose a network first." in answer.content.decode()) == (422, True)


def test_what_must_stay_cannot_be_posted(operator: Client, row: Engine) -> None:
    for found in (USED, NEEDED, KEPT):
        data = {"step": "start", "chosen": found.id, "override": "1"}
        assert operator.post(address(row), data).status_code == 422
    assert not Job.objects.exists()


def test_a_viewer_sees_and_cannot_start(viewer: Client, row: Engine) -> None:
    page = show(viewer, row)
    assert list_offered(page) == ["idle", "young"]
    assert "Review the removal" not in page
    assert "Your role may look, not change." in page
    assert viewer.post(address(row), {"chosen": IDLE.id}).status_code == 403


def test_read_only_and_switched_off_start_nothing(
    operator: Client, row: Engine, settings: Settings
) -> None:
    settings.IS_READ_ONLY = True
    assert "set to read only" in show(operator, row)
    assert operator.post(address(row), {"chosen": IDLE.id}).status_code == 403
    settings.IS_READ_ONLY = False
    Engine.objects.update(is_enabled=False)
    assert "switched off" in show(operator, row)
    assert operator.post(address(row), {"chosen": IDLE.id}).status_code == 403
    assert not Job.objects.exists()
