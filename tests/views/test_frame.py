"""The frame around every page, and the way in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from netdash.live import status, store
from netdash.models import Engine, SetupLink
from netdash.roles import find_role
from netdash.views.engines import say_status
from tests.brokers import Broker
from tests.builders import topology

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202egnp.exe"


def test_the_engine_list_shows_each_engine_and_what_it_holds(
    viewer: Client, stored_engine: Engine
) -> None:
    page = viewer.get(reverse("engines")).text
    assert "Local" in page
    assert "3 containers, 2 networks" in page


def test_an_engine_that_is_away_says_why_and_what_to_do(
    viewer: Client, stored_engine: Engine
) -> None:
    store.note_status(stored_engine.pk, "away", "The socket may not be opened.", "Join docker.")
    page = viewer.get(reverse("engine-notices", args=["local"])).text
    assert "Away" in page
    assert "The socket may not be opened." in page
    assert "Join docker." in page


@pytest.mark.parametrize(
    ("state", "words"), [("away", "Away since "), ("reconnecting", "Reconnecting since ")]
)
def test_a_picture_that_ages_says_since_when(
    viewer: Client, stored_engine: Engine, state: status.State, words: str
) -> None:
    notices = reverse("engine-notices", args=["local"])
    assert "as it was then" not in viewer.get(notices).text
    store.note_status(stored_engine.pk, "live")
    store.note_status(stored_engine.pk, state, "Lost.")
    page = viewer.get(notices).text
    assert re.search(words + r"\d\d:\d\d:\d\d", page)
    assert "What you see is as it was then." in page
    top = viewer.get(reverse("networks", args=["local"])).text.split("</header>")[0]
    assert words in top


def test_a_time_of_another_day_is_told_with_its_day() -> None:
    then = datetime(2020, 2, 3, 12, 5, 6, tzinfo=UTC)
    assert say_status(status.Status("away", then)).startswith("Away since 3 Feb ")
    assert say_status(status.Status("live", then)) == "Live"


def test_an_engine_never_read_has_no_picture_that_ages(
    viewer: Client, engine_row: Engine, broker: Broker
) -> None:
    store.note_status(engine_row.pk, "away", "The socket may not be opened.")
    page = viewer.get(reverse("engine-notices", args=["local"])).text
    assert "The socket may not be opened." in page
    assert "What you see" not in page


def test_an_engine_that_is_switched_off_gives_that_reason_alone(
    viewer: Client, stored_engine: Engine
) -> None:
    store.note_status(stored_engine.pk, "stale", "The watcher was stopped.", "Start the watcher.")
    Engine.objects.update(is_enabled=False)
    addresses = (reverse("topology", args=["local"]), reverse("engines"))
    for page in (viewer.get(address).text for address in addresses):
        assert "switched off" in page
        assert "watcher" not in page
    page = viewer.get(addresses[0]).text
    assert 'data-state="off"' in page
    assert "What you see is from " in page


def test_a_simulated_engine_says_so(viewer: Client, stored_engine: Engine) -> None:
    Engine.objects.update(is_simulated=True)
    assert "Simulated engine." in viewer.get(reverse("engines")).text
    assert "Simulated engine." in viewer.get(reverse("engine-notices", args=["local"])).text


def test_a_simulation_that_nobody_asked_for_says_why(
    viewer: Client, stored_engine: Engine, settings: Settings
) -> None:
    Engine.objects.update(is_simulated=True)
    notices = reverse("engine-notices", args=["local"])
    assert "Your own engine" not in viewer.get(notices).text
    settings.WHY_SIMULATED = f"There is no engine socket at {HOSTILE}. Start it."
    for page in (viewer.get(notices).text, viewer.get(reverse("engines")).text):
        assert "Your own engine did not answer when netdash started: " in page
        assert "There is no engine socket at &lt;script&gt;" in page


def test_who_may_only_look_is_told_why_by_the_page(
    viewer: Client, operator: Client, stored_engine: Engine
) -> None:
    address = reverse("topology", args=["local"])
    why_not = 'data-why-not="Your role may look, not change. An administrator can make'
    assert why_not in viewer.get(address).text
    assert "data-why-not" not in operator.get(address).text
    Engine.objects.update(is_enabled=False)
    assert 'data-why-not="This engine is switched off' in operator.get(address).text


def test_hostile_words_are_shown_as_words(viewer: Client, stored_engine: Engine) -> None:
    Engine.objects.update(name=HOSTILE[:60], address=HOSTILE)
    store.note_status(stored_engine.pk, "away", HOSTILE * 50, HOSTILE)
    for page in ("engines", "engine-notices"):
        arguments = ["local"] if page != "engines" else []
        text = viewer.get(reverse(page, args=arguments)).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "&lt;script&gt;" in text
        assert "<bdi>&lt;script&gt;" in text


def test_counts_follow(viewer: Client, stored_engine: Engine) -> None:
    address = reverse("engine-counts", args=["local"])
    assert "3 containers · 2 networks" in viewer.get(address).text
    store.save(stored_engine.pk, topology("web: front"))
    assert "1 container · 1 network<" in viewer.get(address).text


def test_home_leads_to_the_list_when_there_is_no_engine(viewer: Client) -> None:
    assert viewer.get("/").headers["Location"] == reverse("engines")


def test_a_user_without_a_role_is_refused_in_words(
    sign_in: Callable[[str], Client], stored_engine: Engine
) -> None:
    answer = sign_in("").get(reverse("engines"))
    assert answer.status_code == 403
    assert "Your role does not allow it" in answer.text


def test_a_store_that_is_away_gets_a_page_with_a_remedy(
    viewer: Client, engine_row: Engine, settings: Settings
) -> None:
    settings.REDIS_URL = "unix:///run/nobody-answers-here.sock"
    answer = viewer.get(reverse("engines"))
    assert answer.status_code == 503
    assert "Redis" in answer.text
    assert answer.headers["Retry-After"] == "5"


def test_an_unknown_address_gets_our_page(viewer: Client) -> None:
    answer = viewer.get("/no-such-page")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_the_setup_link_makes_the_administrator_once(client: Client, broker: Broker) -> None:
    address = reverse("setup", args=[SetupLink.make()])
    secret = "a long unusual phrase"
    assert "Create the administrator" in client.get(address).text
    answer = client.post(
        address, {"username": "ada", "password1": secret, "password2": secret}, follow=True
    )
    ada = User.objects.get()
    assert (ada.username, ada.is_staff, ada.is_superuser) == ("ada", True, True)
    assert find_role(ada) == "administrator"
    assert answer.status_code == 200
    assert answer.context["user"] == ada
    assert Client().get(address).status_code == 410
    again = Client().post(address, {"username": "eve", "password1": secret, "password2": secret})
    assert again.status_code == 410
    assert User.objects.count() == 1


def test_a_refused_password_keeps_the_setup_link(client: Client) -> None:
    address = reverse("setup", args=[SetupLink.make()])
    answer = client.post(address, {"username": "ada", "password1": "123", "password2": "123"})
    assert answer.status_code == 422
    assert "too short" in answer.text
    assert client.get(address).status_code == 200


def test_a_newer_setup_link_replaces_the_older(client: Client) -> None:
    older, newer = SetupLink.make(), SetupLink.make()
    assert client.get(reverse("setup", args=[older])).status_code == 410
    assert client.get(reverse("setup", args=[newer])).status_code == 200


def test_a_setup_link_ends_with_an_administrator_made_elsewhere(client: Client) -> None:
    address = reverse("setup", args=[SetupLink.make()])
    User.objects.create_superuser("root", password="a long unusual phrase")
    assert client.get(address).status_code == 410
    secret = "another unusual phrase"
    client.post(address, {"username": "eve", "password1": secret, "password2": secret})
    assert User.objects.count() == 1


def test_the_setup_token_is_not_kept() -> None:
    token = SetupLink.make()
    assert token not in str(SetupLink.objects.values_list())


def test_sign_in_and_sign_out(client: Client, broker: Broker) -> None:
    user = User.objects.create_user("ada", password="correct horse")
    answer = client.post(reverse("sign-in"), {"username": "ada", "password": "correct horse"})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).headers["Location"] == reverse("sign-in")
    assert "_auth_user_id" not in client.session


def test_sign_in_leads_nowhere_else(client: Client) -> None:
    User.objects.create_user("ada", password="correct horse")
    answer = client.post(
        reverse("sign-in") + "?next=https://evil.example/",
        {"username": "ada", "password": "correct horse"},
    )
    assert answer.headers["Location"] == "/"


def test_after_five_wrong_passwords_sign_in_closes_for_that_name(client: Client) -> None:
    User.objects.create_user("ada", password="correct horse")
    for _ in range(5):
        answer = client.post(reverse("sign-in"), {"username": "ada", "password": "wrong"})
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    right = client.post(reverse("sign-in"), {"username": "ada", "password": "correct horse"})
    assert right.status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_form_without_its_token_is_refused() -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(reverse("sign-in"), {"username": "a", "password": "b"}).status_code == 403


def test_a_foreign_host_name_is_refused_in_words(client: Client) -> None:
    answer = client.get("/sign-in", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "NETDASH_HOSTS" in answer.text
