"""The list of networks marks what was just created."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from netdash.jobs import queue
from netdash.jobs.working import carry_out
from netdash.jobs.writing import Author
from netdash.live.refresh import refresh
from netdash.models import Engine
from netdash.topology.changes import CreateNetwork, Plan, Step
from netdash.topology.snapshot import Subnet
from tests.stored import read
from tests.stored import shared_row as row

__all__ = ["row"]


def plan_networks(*names: str, third: int = 9) -> Plan:
    subnets = (f"10.{third}.{number}.0/24" for number in range(len(names)))
    pairs = zip(names, subnets, strict=True)
    steps = (Step(CreateNetwork(name, subnets=(Subnet(cidr),)), "") for name, cidr in pairs)
    return Plan(tuple(steps), "Many")


def list_marked(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'<tr [^>]*class="new">.*?<bdi>(.*?)</bdi>', page, re.DOTALL)


def test_after_creation_its_row_is_marked_and_is_where_the_page_scrolls_to(
    operator: Client, row: Engine
) -> None:
    answer = operator.post(
        reverse("network-create", args=[row.slug]),
        {"name": "fresh", "driver": "bridge", "subnets-TOTAL_FORMS": "0",
         "subnets-INITIAL_FORMS": "0"},
    )  # fmt: skip
    address, _, anchor = answer.headers["Location"].partition("#")
    made = next(one for one in read(row).networks if one.name == "fresh")
    assert anchor == f"n-{made.id[:12]}"
    assert f'id="{anchor}"' in operator.get(address).content.decode()
    assert list_marked(operator, address) == ["fresh"]
    assert list_marked(operator, reverse("networks", args=[row.slug])) == []


def test_a_job_leads_to_the_page_of_the_list_with_the_networks_that_it_made(
    operator: Client, row: Engine
) -> None:
    carry_out(queue.start(row, plan_networks(*(f"a-{n:03}" for n in range(110))), Author()).pk)
    made = queue.start(row, plan_networks("zz-late", third=8), Author(), "create")
    assert "job-made" not in operator.get(made.get_absolute_url()).content.decode()
    carry_out(made.pk)
    refresh(row)
    page = operator.get(made.get_absolute_url()).content.decode()
    address, _, anchor = re.findall(r'id="job-made" href="([^"]*)"', page)[0].partition("#")
    assert list_marked(operator, address) == ["zz-late"]
    assert f'id="{anchor}"' in operator.get(address).content.decode()
    assert list_marked(operator, f"{address}&page=1") == []


@pytest.mark.parametrize(
    "new", ["", "job-", "job-x", f"job-{'9' * 30}", "abc", "%00" * 40, "job-1"]
)
def test_what_marks_nothing_is_an_ordinary_list(viewer: Client, row: Engine, new: str) -> None:
    assert list_marked(viewer, f"{reverse('networks', args=[row.slug])}?new={new}") == []
