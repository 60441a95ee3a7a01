"""Making, replacing and removing a network: what the sheets foresee, refuse and do."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from netdash.jobs.runner import carry_out_plan
from netdash.jobs.writing import Author
from netdash.models import Engine, JournalEntry
from netdash.topology.changes import CreateNetwork, plan_one
from netdash.topology.snapshot import Network, Subnet
from tests.stored import read
from tests.views.sheets import CREATION, confirm, look, network, page, words


def test_a_network_is_created_with_its_subnet(operator: Client, row: Engine) -> None:
    address = reverse("network-create", args=[row.slug])
    typed = CREATION | {
        "name": "lab",
        "subnets-0-cidr": "10.90.0.0/24",
        "subnets-0-gateway": "10.90.0.254",
        "subnets-0-auxiliary": "router=10.90.0.253",
        "labels": "team=blue",
        "is_internal": "on",
    }
    shown = words(look(operator, address, **typed))
    assert "docker network create --internal" in shown
    assert "done." in words(confirm(operator, address, **typed))
    made = network(row, "lab")
    assert made.is_internal
    assert made.labels == (("team", "blue"),)
    (subnet,) = made.subnets
    assert (subnet.cidr, subnet.gateway) == ("10.90.0.0/24", "10.90.0.254")


def test_an_overlap_is_refused_naming_who_collides(operator: Client, row: Engine) -> None:
    taken = network(row, "database").subnets[0].cidr
    typed = CREATION | {"name": "lab", "subnets-0-cidr": taken}
    answer = operator.post(reverse("network-create", args=[row.slug]), typed)
    assert answer.status_code == 422
    assert "database" in words(answer).partition("Subnets")[2].partition("Gateway")[0]
    assert not JournalEntry.objects.exists()


def test_a_network_in_use_is_freed_and_removed_as_one_plan(operator: Client, row: Engine) -> None:
    database = network(row, "database")
    address = reverse("network-remove", args=[row.slug, database.id])
    assert "postgres" in words(operator.get(address))
    assert operator.post(address).status_code == 422
    assert "done." in words(confirm(operator, address, disconnects="on"))
    assert database.id not in read(row).networks_by_id
    last = JournalEntry.objects.latest("pk")
    operator.post(reverse("journal-undo", args=[row.slug, last.pk]))
    again = network(row, "database")
    members = {one.name for one, _ in read(row).members_by_network_id[again.id]}
    assert {"postgres"} <= members


@pytest.mark.parametrize("name", ["bridge", "host", "none"])
def test_built_in_networks_say_why_they_stay(operator: Client, row: Engine, name: str) -> None:
    address = reverse("network-remove", args=[row.slug, network(row, name).id])
    assert operator.post(address).status_code == 422
    assert not JournalEntry.objects.exists()


def test_what_docker_cannot_edit_is_replaced_with_everybody_on_it(
    operator: Client, row: Engine
) -> None:
    database = network(row, "database")
    members = {one.name for one, _ in read(row).members_by_network_id[database.id]}
    address = reverse("network-migrate", args=[row.slug, database.id])
    typed = CREATION | {"name": "database-2", "subnets-0-cidr": "10.91.0.0/24"}
    assert "done." in words(confirm(operator, address, **typed))
    made = network(row, "database-2")
    assert {one.name for one, _ in read(row).members_by_network_id[made.id]} == members
    assert database.id not in read(row).networks_by_id


def test_one_like_it_is_filled_in_with_a_free_name_and_subnet(
    operator: Client, row: Engine
) -> None:
    like = network(row, "database")
    address = f"{reverse('network-create', args=[row.slug])}?like={like.id}"
    page = operator.get(address).content.decode()
    assert 'value="database"' not in page
    assert f'value="{like.subnets[0].cidr}"' not in page


@pytest.fixture
def lab(row: Engine) -> Network:
    """A network with a gateway, a range and a reserved address of its own choosing."""
    pool = Subnet("10.80.0.0/24", "10.80.0.254", "10.80.0.128/25", (("router", "10.80.0.200"),))
    carry_out_plan(row, plan_one(CreateNetwork("lab", subnets=(pool,))), Author())
    return network(row, "lab")


def type_subnet(cidr: str) -> dict[str, str]:
    """What the form of ``lab`` holds once another subnet is typed over its own."""
    return CREATION | {
        "name": "lab",
        "subnets-0-cidr": cidr,
        "subnets-0-gateway": "10.80.0.254",
        "subnets-0-ip_range": "10.80.0.128/25",
        "subnets-0-auxiliary": "router=10.80.0.200",
    }


def test_what_of_the_old_subnet_does_not_fit_the_new_one_is_said_and_leaves_its_field(
    operator: Client, row: Engine, lab: Network
) -> None:
    address = reverse("network-migrate", args=[row.slug, lab.id])
    asked = {"HX-Request": "true", "HX-Target": "preview"}
    answer = operator.get(address, type_subnet("10.81.0.0/24"), headers=asked)
    foreseen = words(answer)
    assert "the gateway, range and reserved addresses of 10.80.0.0/24." in foreseen
    assert "10.80.0.254" not in foreseen.partition("docker network create")[2]
    left = re.findall(r'data-old="([^"]*)" data-field="([^"]*)"></i>', page(answer))
    assert left == [
        ("10.80.0.254", "subnets-0-gateway"),
        ("10.80.0.128/25", "subnets-0-ip_range"),
        ("router=10.80.0.200", "subnets-0-auxiliary"),
    ]
    larger = page(operator.get(address, type_subnet("10.80.0.0/20"), headers=asked))
    assert larger.count(" data-fits></i>") == 3
    assert "Left behind" not in larger


def test_what_a_field_still_shows_of_the_old_subnet_is_refused_beside_it_and_never_dropped(
    operator: Client, row: Engine, lab: Network
) -> None:
    answer = operator.post(
        reverse("network-migrate", args=[row.slug, lab.id]), type_subnet("10.81.0.0/24")
    )
    assert answer.status_code == 422
    beside = words(answer).partition("Gateway")[2].partition("Range")[0]
    assert "The gateway 10.80.0.254 lies outside the subnet 10.81.0.0/24." in beside
    assert network(row, "lab") == lab


def test_a_wrong_gateway_is_the_one_thing_said_against_a_replacement(
    operator: Client, row: Engine
) -> None:
    """Its members cannot move to what is not made; that says nothing more of the network."""
    address = reverse("network-migrate", args=[row.slug, network(row, "database").id])
    typed = CREATION | {
        "name": "database",
        "subnets-0-cidr": "10.91.0.0/24",
        "subnets-0-gateway": "10.92.0.1",
    }
    shown = words(operator.get(address, typed))
    assert shown.count("The gateway 10.92.0.1 lies outside the subnet 10.91.0.0/24.") == 1
    assert "no longer exists" not in shown
    assert "cannot be made" not in shown


def test_what_is_the_same_before_and_after_a_replacement_is_told_as_an_interruption_alone(
    operator: Client, row: Engine
) -> None:
    address = reverse("network-migrate", args=[row.slug, network(row, "database").id])
    typed = CREATION | {"name": "database", "subnets-0-cidr": "10.91.0.0/24"}
    shown = words(operator.get(address, typed))
    assert "are off database meanwhile; what is open over it breaks." in shown
    assert "resolve" not in shown
    assert "reach" not in shown.partition("Interruption")[2].lower()
    elsewhere = words(operator.get(address, typed | {"name": "database-2"}))
    assert "docker network create" in elsewhere
    assert "Interruption" not in elsewhere
