"""More networks than an engine has address pools: what is said, and the plan that works."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client

from netdash.engine.client import connect, forget
from netdash.engine.reader import take_networks
from netdash.jobs.bulk import offers_plan
from netdash.jobs.working import carry_out
from netdash.live.refresh import refresh
from netdash.models import Engine, Job
from netdash.topology.subnets import DEFAULT_POOLS, list_blocks, overlaps
from tests.brokers import Broker
from tests.engines import RunningEngine

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = len(DEFAULT_POOLS) + 3
LIST = "name\n" + "".join(f"many-{number:02}\n" for number in range(COUNT))


@pytest.fixture
def row(broker: Broker, any_engine: RunningEngine) -> Iterator[Engine]:
    """The row of the engine, read once."""
    row = Engine.objects.create(name="Pools", slug="local", address=any_engine.address)
    refresh(row)
    yield row
    forget(row)


def start(client: Client, fields: dict[str, str]) -> Job:
    """Start a job by the page and carry it out."""
    answer = client.post("/e/local/networks/many", fields | {"token": uuid.uuid4().hex})
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.order_by("-pk")[0]
    carry_out(job.pk)
    job.refresh_from_db()
    return job


def test_what_the_pools_have_no_room_for_fails_in_words_and_is_made_with_the_plan_it_is_offered(
    row: Engine, operator: Client
) -> None:
    job = start(operator, {"source": "file", "addressing": "docker", "text": LIST})
    failed = list(job.items.filter(state="failed"))
    assert job.state == Job.State.FAILED
    assert len(failed) == COUNT - len(DEFAULT_POOLS) + 1  # the default bridge has a pool too
    for item in failed:
        assert item.sentence.startswith("All address pools the engine chooses from")
        assert "Choose a subnet yourself; free is for example" in item.remedy
        assert "pool" in item.engine_words
    assert offers_plan(job)

    offer = f"/e/local/networks/many?job={job.pk}"
    assert offer in operator.get(job.get_absolute_url()).content.decode()
    page = operator.get(offer).content.decode()
    assert f"{len(failed)} to create" in page
    text = re.search(r'<textarea name="text"[^>]*>\n?([^<]*)</textarea>', page)
    bases = re.search(r'<textarea name="bases"[^>]*>\n?([^<]*)</textarea>', page)
    assert text is not None
    assert bases is not None
    planned = {"source": "file", "addressing": "plan", "text": text[1], "bases": bases[1]}
    assert start(operator, planned).state == Job.State.DONE

    networks = [n for n in take_networks(connect(row)) if n.name.startswith("many-")]
    assert len(networks) == COUNT
    blocks = [block for network in networks for block in list_blocks(network)]
    assert len(blocks) == COUNT
    assert not any(overlaps(a, b) for a in blocks for b in blocks if a is not b)


def test_subnets_that_are_laid_out_need_no_pool(row: Engine, operator: Client) -> None:
    planned = {"source": "file", "addressing": "plan", "text": LIST, "bases": "10.96.0.0/16"}
    job = start(operator, planned)
    assert job.state == Job.State.DONE
    assert job.items.filter(state="done").count() == COUNT
