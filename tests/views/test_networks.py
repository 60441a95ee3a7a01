from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from netdash.live import store
from netdash.models import Engine
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet
from tests.builders import topology
from tests.views.pictures import BACK, DANGLING, FRONT, HOST, HOSTILE, PICTURE, TWIN
from tests.views.reading_pages import open_markup, open_words


@pytest.fixture
def snapshot() -> Snapshot:
    return PICTURE


@pytest.fixture(autouse=True)
def _stored(stored_engine: Engine) -> None:
    """Every test here has a reading."""


def open_network(client: Client, network: Network) -> str:
    return open_words(client, f"networks/{network.id}", "sheet")


def test_a_network_tells_everything_known(viewer: Client) -> None:
    words = open_network(viewer, FRONT)
    for fact in (
        "shop_front", "1 container · bridge · attachable · with IPv6",
        "frontend its name says front",
        "10.1.0.0/28 1 used, 2 reserved, 11 free", "Gateway 10.1.0.1",
        "Range handed out 10.1.0.8/29", "Kept: printer 10.1.0.3",
        "fd00:1::/64 1 used, 1 reserved, about 2^64 free",
        "com.docker.network.driver.mtu 1400 largest packet (MTU)", "team blue",
        "Scope local", "Project shop", "2026-01-05 08:14:00", FRONT.id,
        "shop-web-1 10.1.0.9 fd00:1::9 web, www",
    ):  # fmt: skip
        assert fact in words, fact


def test_the_bar_shows_used_and_reserved_as_shares(viewer: Client) -> None:
    markup = open_markup(viewer, f"networks/{FRONT.id}", "sheet")
    assert '<rect class="used" width="7.1"' in markup
    assert '<rect class="reserved" width="21.4"' in markup


def test_members_stand_by_what_they_are(viewer: Client) -> None:
    words = open_network(viewer, BACK)
    live, _, rest = words.partition("Not really connected")
    ghosts, _, stopped = rest.partition("Stopped 1")
    assert "shop-web-1 10.2.0.2" in live
    assert "ghost no live endpoint" in ghosts
    assert "shop-db-1 exited, wants 10.2.0.77" in stopped
    assert "internal: no way out" in words


def test_networks_of_one_name_are_told_apart(viewer: Client) -> None:
    words = open_network(viewer, BACK)
    assert f"Another network has this name: {TWIN.id[:12]}" in words
    markup = open_markup(viewer, "networks/", "list")
    assert BACK.id[:12] in markup
    assert f'<code class="muted">{TWIN.id[:12]}' in markup
    assert f'<code class="muted">{FRONT.id[:12]}' not in markup


def test_a_network_without_addresses_says_why(viewer: Client) -> None:
    assert "the addresses of the engine's machine" in open_network(viewer, HOST)
    assert "It hands out no addresses." in open_network(viewer, TWIN)
    assert "built in" in open_network(viewer, HOST)


def test_an_unreadable_subnet_is_shown_as_it_is(viewer: Client) -> None:
    odd = replace(BACK, subnets=(Subnet(HOSTILE),))
    store.save(Engine.objects.get().pk, Snapshot(networks=(odd,)))
    assert HOSTILE in open_network(viewer, odd)


def test_a_gateway_the_engine_chose_itself_is_said_so(viewer: Client) -> None:
    bare = replace(BACK, subnets=(Subnet("10.2.0.0/24"),))
    store.save(Engine.objects.get().pk, Snapshot(networks=(bare,)))
    assert "Gateway 10.2.0.1 chosen by the engine" in open_network(viewer, bare)


def test_a_network_that_is_gone_names_who_still_names_it(viewer: Client) -> None:
    gone_id = DANGLING.endpoints[0].network_id
    words = open_words(viewer, f"networks/{gone_id}", "inspector", status=404)
    assert words.startswith("long_gone")
    assert "Still named by dangling" in words
    assert open_words(viewer, f"networks/{gone_id[:12]}", "inspector", status=404) == words


def test_a_gone_network_says_its_subnet_and_driver(viewer: Client) -> None:
    pk = Engine.objects.get().pk
    document = {
        "Id": FRONT.id, "Name": "shop_front", "Driver": "bridge", "Scope": "local",
        "IPAM": {"Config": [{"Subnet": "10.1.0.0/28"}]},
    }  # fmt: skip
    store.keep_raw(pk, "network", {FRONT.id: document})
    left = tuple(found for found in PICTURE.networks if found.id != FRONT.id)
    store.save(pk, replace(PICTURE, networks=left))
    words = open_words(viewer, f"networks/{FRONT.id}", status=404)
    assert "Driver bridge" in words
    assert "Subnet 10.1.0.0/28" in words
    assert "made again" not in words


def test_a_gone_network_leads_to_the_one_that_was_made_again(viewer: Client) -> None:
    pk = Engine.objects.get().pk
    store.keep_raw(pk, "network", {FRONT.id: {"Id": FRONT.id, "Name": FRONT.name}})
    again = replace(FRONT, id="5e" * 32)
    others = tuple(found for found in PICTURE.networks if found.id != FRONT.id)
    store.save(pk, replace(PICTURE, networks=(*others, again)))
    page = viewer.get(f"/e/local/networks/{FRONT.id}")
    assert page.status_code == 404
    assert f'href="{reverse("network-detail", args=["local", again.id])}"' in page.content.decode()


def test_a_crowded_network_shows_the_first_and_leads_to_the_rest(viewer: Client) -> None:
    store.save(
        Engine.objects.get().pk, topology(*(f"c{number:03}: front" for number in range(250)))
    )
    markup = open_markup(viewer, "networks/net-front", "sheet")
    assert "c199" in markup
    assert "c200" not in markup
    assert "containers/?network=net-front" in markup
    assert "All 250" in markup


def test_the_list_counts_sorts_and_filters(viewer: Client) -> None:
    assert open_words(viewer, "networks/", "list").startswith("Networks 5 ")
    markup = open_markup(viewer, "networks/?sort=-subnet&project=shop", "list")
    assert "2 of 5" in markup
    assert markup.index("10.2.0.0/24") < markup.index("10.1.0.0/28")
    assert 'aria-sort="descending"' in markup


def test_the_list_finds_networks_by_what_is_on_them(viewer: Client) -> None:
    markup = open_markup(viewer, "networks/?q=nginx", "list")
    assert "2 of 5" in markup
    assert f"/networks/{FRONT.id[:12]}" in markup
    assert f"/networks/{HOST.id[:12]}" not in markup
    assert "2 of 5" in open_words(viewer, "networks/?builtin=0&driver=bridge", "list")


def test_the_list_says_members_and_use(viewer: Client) -> None:
    words = open_words(viewer, "networks/?sort=name", "list")
    assert "1 + 2 not live" in words
    assert "10.1.0.0/28 1 used, 2 reserved, 11 free" in words


def test_each_member_can_be_disconnected_from_where_it_is_listed(
    operator: Client, viewer: Client
) -> None:
    markup = open_markup(operator, f"networks/{BACK.id}", "sheet")
    members = {one.id for one, _ in PICTURE.members_by_network_id[BACK.id]}
    links = re.findall(r'<a class="member-act" href="([^"]+)"', markup)
    asked = [parse_qs(urlsplit(unescape(link)).query) for link in links]
    assert {query["container"][0] for query in asked} == members
    assert {(query["network"][0], query["name"][0]) for query in asked} == {(BACK.id, BACK.name)}
    assert f'hx-target="#change-sheet-{BACK.id}"' in markup
    assert all(operator.get(unescape(link)).status_code == 200 for link in links)
    assert "member-act" not in open_markup(viewer, f"networks/{BACK.id}", "sheet")


def test_an_id_adds_nothing_to_what_a_disconnection_asks(operator: Client) -> None:
    place = replace(BACK, id="b&network=x", name="b&force=on")
    on_it = (Endpoint(place.id, place.name, id="ep-1"),)
    member = Container("c&force=on", "web", endpoints=on_it)
    store.save(Engine.objects.get().pk, Snapshot((place,), (member,)))
    markup = open_markup(operator, f"networks/{quote(place.id)}", "sheet")
    link = re.findall(r'<a class="member-act" href="([^"]+)" hx-get="([^"]+)"', markup)
    assert [one == other for one, other in link] == [True]
    asked = parse_qs(urlsplit(unescape(link[0][0])).query)
    assert asked == {"container": [member.id], "network": [place.id], "name": [place.name]}


def test_a_new_network_begins_at_the_list_of_them(operator: Client, viewer: Client) -> None:
    address = reverse("network-create", args=["local"])
    begin = re.compile(r'<a class="button" href="([^"]+)">New network</a>')
    assert begin.findall(open_markup(operator, "networks/", "list")) == [address]
    assert not begin.search(open_markup(viewer, "networks/", "list"))
