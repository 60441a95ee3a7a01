"""What a network's form and list make of what is typed and asked for."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from netdash.forms.network import leave_behind
from netdash.live import store
from netdash.models import Engine
from netdash.topology.snapshot import Network, Snapshot, Subnet
from tests.brokers import Broker

OLD = Subnet("172.20.0.0/24", "172.20.0.254", "172.20.0.128/25", (("router", "172.20.0.5"),))


@pytest.mark.parametrize(
    ("cidr", "kept"),
    [
        ("172.20.0.0/24", OLD),
        ("172.20.0.0/16", Subnet("172.20.0.0/16", OLD.gateway, OLD.ip_range, OLD.auxiliary)),
        ("10.5.0.0/24", Subnet("10.5.0.0/24")),
        ("172.20.0.0/26", Subnet("172.20.0.0/26", auxiliary=OLD.auxiliary)),
        ("fd00::/64", Subnet("fd00::/64")),
    ],
)
def test_a_changed_subnet_leaves_behind_what_it_cannot_hold(cidr: str, kept: Subnet) -> None:
    filled = Subnet(cidr, OLD.gateway, OLD.ip_range, OLD.auxiliary)
    assert leave_behind(filled, OLD) == kept


def test_what_was_typed_is_never_left_behind() -> None:
    typed = Subnet("10.5.0.0/24", "10.6.0.1", "10.6.0.0/25", (("router", "10.6.0.5"),))
    assert leave_behind(typed, OLD) == typed


@pytest.fixture
def listed(engine_row: Engine, broker: Broker) -> Engine:
    """An engine with a labelled bridge and a macvlan, and nobody on them."""
    networks = (
        Network("a" * 64, "shop", "bridge", labels=(("env", "prod"),), subnets=(OLD,)),
        Network("b" * 64, "lan", "macvlan"),
    )
    store.save(engine_row.pk, Snapshot(networks))
    return engine_row


def list_names(client: Client, engine: Engine, **asked: str) -> list[str]:
    page = client.get(f"{reverse('networks', args=[engine.slug])}?{urlencode(asked)}")
    return re.findall(r"<tr data-id=.*?<bdi>(.*?)</bdi>", page.content.decode(), re.DOTALL)


def test_networks_are_filtered_by_their_own_driver_and_label(
    viewer: Client, listed: Engine
) -> None:
    assert list_names(viewer, listed) == ["lan", "shop"]
    assert list_names(viewer, listed, driver="macvlan") == ["lan"]
    assert list_names(viewer, listed, label="env=prod") == ["shop"]


def test_a_label_that_only_a_network_bears_stands_in_the_menu(
    viewer: Client, listed: Engine
) -> None:
    page = viewer.get(reverse("networks", args=[listed.slug])).content.decode()
    assert "?label=env%3Dprod" in page


def preview(client: Client, engine: Engine, **typed: str) -> str:
    """What the preview alone says of what is typed so far."""
    rows = {"subnets-TOTAL_FORMS": "1", "subnets-INITIAL_FORMS": "0", "driver": "bridge"}
    answer: Any = client.get(
        f"{reverse('network-create', args=[engine.slug])}?{urlencode(rows | typed)}",
        headers={"HX-Request": "true", "HX-Target": "preview"},
    )
    assert answer.status_code == 200
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_preview_says_what_speaks_against_what_is_typed(operator: Client, listed: Engine) -> None:
    overlapping = preview(operator, listed, name="blog", **{"subnets-0-cidr": "172.20.0.0/25"})
    assert "shop" in overlapping
    assert "docker network create" not in overlapping
    assert "shop" in preview(operator, listed, name="shop")
    wrong = preview(operator, listed, name="blog", **{"subnets-0-cidr": "172.20.0.1/25"})
    assert "the subnet is 172.20.0.0/25" in wrong


def test_a_preview_does_not_ask_for_what_is_yet_to_be_typed(
    operator: Client, listed: Engine
) -> None:
    assert "Give it a name" not in preview(operator, listed, name="")


def read_errors(answer: Any) -> dict[str, str]:
    """What stands beside each field, its tags taken away."""
    found = re.findall(
        r'<p class="error" id="id_(.+?)_error">(.*?)</p>', answer.content.decode(), re.DOTALL
    )
    return {name: html.unescape(re.sub(r"<[^>]+>", "", words)) for name, words in found}


def post(client: Client, engine: Engine, name: str = "", **typed: str) -> Any:
    rows = {"subnets-TOTAL_FORMS": "2", "subnets-INITIAL_FORMS": "0", "driver": "bridge"}
    address = reverse("network-create", args=[engine.slug])
    return client.post(address, rows | {"name": name} | typed)


def test_all_that_can_be_known_is_said_at_once_beside_its_field(
    operator: Client, listed: Engine
) -> None:
    answer = post(
        operator,
        listed,
        "shop",
        **{
            "subnets-0-cidr": "172.20.0.0/25",
            "subnets-0-gateway": "10.9.9.9",
            "subnets-0-ip_range": "everything",
            "subnets-0-auxiliary": "nas=10.8.8.8\nprinter=10.7.7.7\nrouter=172.20.0.7",
            "subnets-1-cidr": "10.4.0.1/24",
            "subnets-1-gateway": "10.9.9.1",
            "option-2": "many",
            "labels": "=1\na=2\n=3",
        },
    )
    errors = read_errors(answer)
    assert answer.status_code == 422
    assert "already a network named shop" in errors["name"]
    assert "overlaps shop" in errors["subnets-0-cidr"]
    assert "lies outside" in errors["subnets-0-gateway"]
    assert "is no subnet" in errors["subnets-0-ip_range"]
    assert "the subnet is 10.4.0.0/24" in errors["subnets-1-cidr"]
    shown = answer.content.decode()
    assert "nas 10.8.8.8" in shown
    assert "printer 10.7.7.7" in shown
    assert "router 172.20.0.7" not in shown
    assert "Line 1 has no key" in shown
    assert "Line 3 has no key" in shown


def test_nothing_is_said_that_rests_on_what_is_wrong(operator: Client, listed: Engine) -> None:
    answer = post(
        operator,
        listed,
        **{
            "subnets-0-cidr": "172.20.0.1/24",
            "subnets-0-gateway": "10.9.9.9",
            "subnets-1-gateway": "nowhere",
            "has_ipv6": "on",
        },
    )
    errors = read_errors(answer)
    assert set(errors) == {"name", "subnets-0-cidr", "subnets-1-cidr", "subnets-1-gateway"}
    assert errors["name"] == "Give it a name."
    assert "an address inside a subnet" in errors["subnets-0-cidr"]
    assert errors["subnets-1-cidr"] == "Write the subnet that these belong to."


def test_what_speaks_against_a_subnet_stands_in_its_own_row(
    operator: Client, listed: Engine
) -> None:
    for name in ("blog", ""):
        errors = read_errors(post(operator, listed, name, **{"subnets-1-cidr": "172.20.0.0/25"}))
        assert "overlaps shop" in errors["subnets-1-cidr"]
        assert "subnets-0-cidr" not in errors


def test_a_half_right_change_of_a_network_collides_with_others_not_with_itself(
    operator: Client, listed: Engine
) -> None:
    address = reverse("network-migrate", args=[listed.slug, "a" * 64])
    rows = {"subnets-TOTAL_FORMS": "1", "subnets-INITIAL_FORMS": "0", "driver": "bridge"}
    filled = {"subnets-0-cidr": "172.20.0.0/16", "subnets-0-gateway": "172.20.0.254"}
    answer = operator.post(address, rows | filled | {"name": "shop", "labels": "=1"})
    assert set(read_errors(answer)) == {"labels"}
    answer = operator.post(address, rows | filled | {"name": "lan", "labels": "=1"})
    assert set(read_errors(answer)) == {"labels", "name"}


def test_what_is_typed_is_judged_before_the_name_is(operator: Client, listed: Engine) -> None:
    assert "overlaps shop" in preview(
        operator, listed, name="", **{"subnets-0-cidr": "172.20.0.0/25"}
    )


def test_attachable_says_what_it_means_for_the_driver_chosen(
    operator: Client, listed: Engine
) -> None:
    address = reverse("network-create", args=[listed.slug])
    rows = {"subnets-TOTAL_FORMS": "1", "subnets-INITIAL_FORMS": "0", "name": "blog"}
    for driver in ("bridge", "macvlan", "ipvlan", "overlay"):
        page = operator.get(f"{address}?{urlencode(rows | {'driver': driver})}").content.decode()
        assert ("Changes nothing here" in page) == (driver != "overlay")
        assert ("not only the services of a Swarm" in page) == (driver == "overlay")
