"""The page of many networks: fields that are right, and what it answers to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from netdash.live import store
from netdash.models import Engine, JobItem
from netdash.topology.snapshot import Network, Snapshot, Subnet
from tests.brokers import Broker
from tests.views.reading_pages import take_words

PAGE, PREVIEW = "/e/local/networks/many", "/e/local/networks/many/preview"
PATTERN = {
    "source": "pattern",
    "pattern": "{project}-{layer}-network",
    "axis-0-name": "project",
    "axis-0-values": "shop, blog",
    "axis-0-label": "project",
    "axis-1-name": "layer",
    "axis-1-values": "front database",
    "internal": "database",
    "addressing": "plan",
    "bases": "10.20.0.0/16",
    "size": "24",
}
LIST = {"source": "file", "addressing": "docker"}
HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture
def engine(engine_row: Engine, broker: Broker) -> Engine:
    """An engine with a network that lies in the way and one that is as asked for."""
    networks = (
        Network("a" * 64, "blog-front-network", labels=(("project", "blog"),),
                subnets=(Subnet("10.20.7.0/24", "10.20.7.1"),)),
        Network("b" * 64, "old", subnets=(Subnet("10.20.2.0/24", "10.20.2.1"),)),
    )  # fmt: skip
    store.save(engine_row.pk, Snapshot(networks))
    return engine_row


def preview(client: Client, fields: dict[str, Any], **more: Any) -> str:
    """What the preview alone says."""
    headers = {"HX-Request": "true", "HX-Target": "preview"}
    answer = client.post(PREVIEW, fields | more, headers=headers)
    assert answer.status_code == 200
    return take_words(answer.content.decode())


def post(client: Client, fields: dict[str, Any], status: int, **more: Any) -> str:
    """Start the job, or be refused; what the page says then."""
    answer = client.post(PAGE, fields | more)
    assert answer.status_code == status, take_words(answer.content.decode())[:2000]
    return take_words(answer.content.decode())


def list_made() -> list[str]:
    """The networks that jobs are to make."""
    return list(JobItem.objects.order_by("job", "position").values_list("summary", flat=True))
