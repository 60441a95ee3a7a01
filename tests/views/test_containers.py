from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from netdash.live import store
from netdash.models import Engine
from netdash.topology.snapshot import Container, Snapshot
from tests.brokers import Broker
from tests.builders import topology
from tests.views.pictures import (
    AGENT,
    BACK,
    DANGLING,
    EVIL,
    FRONT,
    GHOST,
    HOSTILE,
    PICTURE,
    SIDE,
    STOPPED,
    WEB,
)
from tests.views.reading_pages import open_markup, open_words


@pytest.fixture
def snapshot() -> Snapshot:
    return PICTURE


@pytest.fixture(autouse=True)
def _stored(stored_engine: Engine) -> None:
    """Every test here has a reading."""


def open_container(client: Client, container: Container) -> str:
    return open_words(client, f"containers/{container.id}", "sheet")


def test_a_container_tells_everything_known(viewer: Client) -> None:
    words = open_container(viewer, WEB)
    for fact in (
        "shop-web-1", "nginx:1.27 · running, unhealthy · up", "shop / web",
        "10.1.0.9/28", "fd00:1::9/64", "02:42:0a:01:00:09", "web, www", "shop-web-1, web",
        "Gateway 10.1.0.1", "IPv6 gateway fd00:1::1", "static IPv4", "Gateway priority 7",
        "com.example.speed fast", "0.0.0.0:8080 → 80/tcp", "[::]:8080 → 80/tcp",
        "Exposed only 9000/tcp", "2026-01-05 09:00:00", "2026-01-05 08:00:00",
        "team blue", WEB.id, FRONT.id, "It joins 2 networks: shop_back, shop_front.",
    ):  # fmt: skip
        assert fact in words, fact


def test_only_the_network_with_the_way_out_has_the_default_route(viewer: Client) -> None:
    words = open_container(viewer, WEB)
    back, _, front = words.partition("shop_front")
    assert "default route" not in back
    assert "default route" in front


def test_details_not_read_yet_are_being_read_and_never_none(viewer: Client) -> None:
    assert "Aliases being read" in open_container(viewer, WEB)
    words = open_container(viewer, GHOST)
    assert "Started being read" in words
    stopped = replace(STOPPED, wanted_ports=None)
    store.save(Engine.objects.get().pk, replace(PICTURE, containers=(stopped,)))
    assert "Which ports it wants is being read." in open_container(viewer, stopped)


def test_both_sides_of_a_shared_network_stack_name_each_other(viewer: Client) -> None:
    assert "Its network stack is also used by sidecar" in open_container(viewer, WEB)
    words = open_container(viewer, SIDE)
    assert "Uses the network stack of shop-web-1" in words
    assert "Ports belong to shop-web-1." in words
    assert "It stands on no network" not in words


def test_a_stack_whose_owner_is_gone_is_said_so(viewer: Client) -> None:
    orphan = replace(SIDE, network_mode="container:" + "9" * 64)
    store.save(Engine.objects.get().pk, Snapshot(containers=(orphan,)))
    assert "It shared the network stack of 999999999999, which is gone." in open_container(
        viewer, orphan
    )


def test_a_stopped_container_says_how_it_ended_and_what_it_wants(viewer: Client) -> None:
    words = open_container(viewer, STOPPED)
    assert "exited (137)" in words
    assert "Exit code 137" in words
    assert "Once it runs 127.0.0.1:15432 → 5432/tcp" in words
    assert "no address" in words
    assert "Static IPv4 10.2.0.77" in words


def test_a_container_never_started_says_so(viewer: Client) -> None:
    words = open_container(viewer, EVIL)
    assert "Started never" in words
    assert "It stands on no network." in words


def test_an_endpoint_that_is_not_live_or_dangling_is_warned_of(viewer: Client) -> None:
    assert "Not really connected" in open_container(viewer, GHOST)
    markup = open_markup(viewer, f"containers/{DANGLING.id}", "sheet")
    assert "This network is gone; the container still names it." in markup
    assert f"/networks/{DANGLING.endpoints[0].network_id}" not in markup


def test_host_mode_is_said(viewer: Client) -> None:
    words = open_container(viewer, AGENT)
    assert "Uses the network stack of the engine's machine." in words
    assert "Every port it opens is open on the engine's machine itself." in words


def test_hostile_text_is_only_text(viewer: Client) -> None:
    for path in (f"containers/{EVIL.id}", "containers/", "table", "matrix"):
        markup = open_markup(viewer, path)
        assert "<script>alert" not in markup
        assert "&lt;script&gt;alert" in markup
    assert HOSTILE in open_words(viewer, "containers/")


def test_page_inspector_and_refresh_have_the_same_markup(viewer: Client) -> None:
    whole = open_markup(viewer, f"containers/{WEB.id}")
    part = open_markup(viewer, f"containers/{WEB.id}", "inspector")
    again = open_markup(viewer, f"containers/{WEB.id}", "sheet")
    assert part == again
    assert part.startswith("<article")
    assert part.strip() in whole
    assert whole.startswith("<!doctype html>")


def test_a_short_id_finds_a_container_and_a_shorter_one_does_not(viewer: Client) -> None:
    assert "shop-web-1" in open_words(viewer, f"containers/{WEB.id[:12]}", "sheet")
    open_words(viewer, f"containers/{WEB.id[:11]}", status=404)


def test_raw_is_the_engines_own_json_as_text(viewer: Client) -> None:
    pk = Engine.objects.get().pk
    store.keep_raw(pk, "container", {WEB.id: {"Id": WEB.id, "Name": f"/{HOSTILE}"}})
    markup = open_markup(viewer, f"containers/{WEB.id}/raw", "sheet")
    assert "<script>" not in markup
    assert f'"Id": "{WEB.id}"' in open_words(viewer, f"containers/{WEB.id}/raw")
    assert "values of environment variables are left out" in markup
    assert "It is being read." in open_words(viewer, f"containers/{SIDE.id}/raw", "sheet")


def test_huge_raw_is_cut_and_says_so(viewer: Client) -> None:
    pk = Engine.objects.get().pk
    store.keep_raw(pk, "container", {WEB.id: {"Env": ["x" * 300_000]}})
    markup = open_markup(viewer, f"containers/{WEB.id}/raw", "sheet")
    assert "Cut after" in markup
    assert len(markup) < 210_000


def test_what_is_gone_says_what_was_there_last_and_since_when(viewer: Client) -> None:
    pk = Engine.objects.get().pk
    document = {
        "Id": WEB.id,
        "Name": "/shop-web-1",
        "Config": {"Image": "nginx:1.27"},
        "NetworkSettings": {"Networks": {"shop_front": {"IPAddress": "10.1.0.9"}}},
    }
    store.keep_raw(pk, "container", {WEB.id: document})
    left = tuple(found for found in PICTURE.containers if found.id != WEB.id)
    store.save(pk, replace(PICTURE, containers=left))
    words = open_words(viewer, f"containers/{WEB.id}", "inspector", status=404)
    for fact in ("shop-web-1", "gone", "nginx:1.27", "On shop_front 10.1.0.9", "sidecar"):
        assert fact in words, fact
    assert '"Name": "/shop-web-1"' in open_words(viewer, f"containers/{WEB.id}/raw")


def test_an_id_that_never_was_is_a_page_too(viewer: Client) -> None:
    words = open_words(viewer, "containers/" + "0" * 64, status=404)
    assert "knows no container of this id" in words
    open_words(viewer, "containers/" + "0" * 64 + "/raw", status=404)


def test_the_list_counts_sorts_and_filters(viewer: Client) -> None:
    words = open_words(viewer, "containers/", "list")
    assert words.startswith("Containers 8 ")
    markup = open_markup(viewer, "containers/?sort=-name&project=shop", "list")
    assert "2 of 8" in markup
    assert markup.index("shop-web-1") < markup.index("shop-db-1")
    assert '<th scope="col" aria-sort="descending" class="col-name"' in markup
    trouble = open_markup(viewer, "containers/?sort=state", "list")
    assert trouble.index("shop-web-1") < trouble.index("agent")


def test_every_filter_narrows_the_list(viewer: Client) -> None:
    for query, names in {
        "q=10.1.0.9": {"shop-web-1", "sidecar"},
        "state=unhealthy": {"shop-web-1"},
        "label=team%3Dblue": {"shop-web-1"},
        "driver=host": {"agent"},
        f"network={BACK.id}&state=exited": {"shop-db-1"},
    }.items():
        markup = open_markup(viewer, f"containers/?{query}", "list")
        shown = {found.name for found in PICTURE.containers if f">{found.name}</bdi>" in markup}
        assert shown == names, query


def test_a_list_without_a_hit_offers_the_way_back(viewer: Client) -> None:
    words = open_words(viewer, "containers/?q=nothing-like-it", "list")
    assert "0 of 8" in words
    assert "None of the 8 containers is like that. Show all" in words


def test_unknown_words_in_the_query_are_noted(viewer: Client) -> None:
    words = open_words(viewer, "containers/?state=asleep", "list")
    assert "state=asleep is not known; it is ignored." in words


def test_the_list_is_paged_and_every_page_leads_on(viewer: Client) -> None:
    pk = Engine.objects.get().pk
    store.save(pk, topology(*(f"c{number:03}: front" for number in range(250))))
    first = open_markup(viewer, "containers/?sort=-name", "list")
    assert "c249" in first
    assert ">c149<" not in first
    assert "1–100 of 250" in first
    last = open_markup(viewer, "containers/?sort=-name&page=3", "list")
    assert ">c000<" in last
    assert "201–250 of 250" in last
    assert "Next" not in last
    assert "page=2" in last
    assert "201–250" in open_markup(viewer, "containers/?sort=-name&page=99", "list")


def test_an_engine_never_read_says_so(viewer: Client, broker: Broker) -> None:
    Engine.objects.create(name="New", slug="new", address="unix:///run/new.sock")
    for path in ("containers/", "networks/", "table", "matrix"):
        response = viewer.get(f"/e/new/{path}")
        assert response.status_code == 200
        assert "has not been read yet" in response.content.decode()
    assert viewer.get(f"/e/new/containers/{WEB.id}").status_code == 404
    assert viewer.get("/e/new/export/snapshot.json").status_code == 404
