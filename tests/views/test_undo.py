"""What was done is taken back: all of it, or with words for what cannot be."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from netdash.jobs.runner import carry_out_plan
from netdash.jobs.writing import Author
from netdash.models import Engine, Job, JournalEntry
from netdash.topology.change_codec import encode_change
from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    Plan,
    Step,
    plan_one,
)
from netdash.topology.snapshot import Subnet
from netdash.views.place import read_place
from tests.stored import read
from tests.views.sheets import CREATION, confirm, container, network, page, words


def test_undo_of_a_changed_subnet_brings_everybody_back(operator: Client, row: Engine) -> None:
    database = network(row, "database")
    members = {one.name for one, _ in read(row).members_by_network_id[database.id]}
    address = reverse("network-migrate", args=[row.slug, database.id])
    typed = CREATION | {"name": "database", "subnets-0-cidr": "10.91.0.0/24"}
    assert "done." in words(confirm(operator, address, **typed))
    last = JournalEntry.objects.latest("pk")
    undo = reverse("journal-undo", args=[row.slug, last.pk])
    assert "This cannot be taken back" not in words(operator.get(undo))
    operator.post(undo, {"confirmed": "1", "override": "1"})
    again = network(row, "database")
    assert again.subnets == database.subnets
    assert {one.name for one, _ in read(row).members_by_network_id[again.id]} == members


def test_undo_that_cuts_netdash_off_waits_until_somebody_insists(
    operator: Client, row: Engine, settings: Settings
) -> None:
    nginx, database = container(row, "nginx"), network(row, "database")
    change = ConnectContainer(database.id, database.name, nginx.id, nginx.name)
    carry_out_plan(row, plan_one(change), Author())
    address = reverse("journal-undo", args=[row.slug, JournalEntry.objects.get().pk])
    settings.OWN_CONTAINERS = (nginx.id,)
    read_place.cache_clear()
    try:
        held = operator.post(address)
        assert held.status_code == 422
        assert "nginx is netdash itself" in words(held)
        assert JournalEntry.objects.get().undone_at is None
        (insistence,) = re.findall(r'name="override" id="id_override" value="(\w+)">', page(held))
        ticked = f'value="{insistence}" checked>'
        assert ticked in page(operator.get(address, {"override": insistence}))
        assert ticked not in page(operator.get(address, {"override": "of something else"}))
        operator.post(address, {"override": insistence})
    finally:
        read_place.cache_clear()
    assert JournalEntry.objects.filter(undone_at__isnull=False).count() == 1


def test_undo_of_which_nothing_can_be_restored_says_so(operator: Client, row: Engine) -> None:
    nginx, frontend = container(row, "nginx"), network(row, "frontend")
    change = DisconnectContainer(frontend.id, frontend.name, nginx.id, nginx.name)
    carry_out_plan(row, plan_one(change), Author())
    undo = ConnectContainer("0" * 64, "gone", nginx.id, nginx.name)
    JournalEntry.objects.update(undo=[encode_change(undo)])
    address = reverse("journal-undo", args=[row.slug, JournalEntry.objects.get().pk])
    answer = operator.post(address, {"confirmed": "1"})
    assert answer.status_code == 422
    assert "This cannot be taken back" in words(answer)
    assert JournalEntry.objects.get().undone_at is None


def test_undo_of_a_network_that_is_in_use_leads_to_the_plan_that_frees_it_first(
    operator: Client, row: Engine
) -> None:
    carry_out_plan(row, plan_one(CreateNetwork("lab")), Author())
    made, entry = network(row, "lab"), JournalEntry.objects.get()
    nginx = container(row, "nginx")
    carry_out_plan(row, plan_one(ConnectContainer(made.id, "lab", nginx.id, nginx.name)), Author())
    sheet = operator.get(reverse("journal-undo", args=[row.slug, entry.pk]))
    assert "1 running container is still connected to lab: nginx." in words(sheet)
    (freeing,) = re.findall(r'href="([^"]*)"><span>Disconnect who is on <bdi>lab', page(sheet))
    freed = words(operator.get(freeing))
    assert "Disconnect nginx from lab" in freed
    assert "docker network rm lab" in freed


def test_a_long_undo_becomes_a_job(operator: Client, row: Engine) -> None:
    steps = tuple(Step(CreateNetwork(f"lab{n}")) for n in range(21))
    run = carry_out_plan(row, Plan(steps, "Labs"), Author())
    address = reverse("journal-undo", args=[row.slug, run.entries[0].pk])
    answer = operator.post(address, {}, follow=True)
    assert "Job started" in words(answer)
    job = Job.objects.get()
    assert (job.kind, job.items.count()) == (Job.Kind.UNDO, 21)
    assert set(job.items.values_list("undoes", flat=True)) == {one.pk for one in run.entries}


def make_lab(row: Engine, *names: str) -> None:
    """Make a network and connect containers to it, one after another."""
    pool = Subnet("10.80.0.0/24", "10.80.0.254")
    carry_out_plan(row, plan_one(CreateNetwork("lab", subnets=(pool,))), Author())
    for name in names:
        one, made = container(row, name), network(row, "lab")
        carry_out_plan(row, plan_one(ConnectContainer(made.id, "lab", one.id, name)), Author())


def addresses(row: Engine) -> dict[str, str]:
    members = read(row).members_by_network_id[network(row, "lab").id]
    return {one.name: endpoint.ipv4 for one, endpoint in members}


def test_addresses_that_the_engine_chose_come_back_in_their_order(
    operator: Client, row: Engine
) -> None:
    make_lab(row, "postgres", "nginx")
    before = addresses(row)
    assert before == {"postgres": "10.80.0.1", "nginx": "10.80.0.2"}
    address = reverse("network-migrate", args=[row.slug, network(row, "lab").id])
    typed = CREATION | {"name": "lab", "subnets-0-cidr": "10.81.0.0/24"}
    confirm(operator, address, **typed)
    assert addresses(row) == {"postgres": "10.81.0.2", "nginx": "10.81.0.3"}
    last = JournalEntry.objects.latest("pk")
    undo = reverse("journal-undo", args=[row.slug, last.pk])
    foretold = words(operator.get(undo))
    assert "nginx on lab: probably 10.80.0.2 again." in foretold
    operator.post(undo)
    assert addresses(row) == before


def test_an_address_that_somebody_else_has_by_now_is_said_before_and_after_the_undo(
    operator: Client, row: Engine
) -> None:
    make_lab(row, "nginx")
    nginx, redis, lab = container(row, "nginx"), container(row, "redis"), network(row, "lab")
    leave = DisconnectContainer(lab.id, "lab", nginx.id, "nginx")
    left = carry_out_plan(row, plan_one(leave), Author()).entries[0]
    carry_out_plan(row, plan_one(ConnectContainer(lab.id, "lab", redis.id, "redis")), Author())
    undo = reverse("journal-undo", args=[row.slug, left.pk])
    foretold = words(operator.get(undo))
    assert "nginx on lab: probably 10.80.0.2 and no longer 10.80.0.1." in foretold
    said = words(operator.post(undo, follow=True))
    assert "nginx on lab has another address: 10.80.0.2, before 10.80.0.1." in said
