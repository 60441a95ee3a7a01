"""Who may open what: every address of netdash, for the anonymous and for every role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, reverse
from pytest_django import Settings

from netdash.models import Engine, SetupLink
from netdash.roles import give_role
from netdash.urls import urlpatterns

pytestmark = pytest.mark.django_db

# name: who may GET it, who may POST to it; "nobody" is signed in without a role.
EVERYONE = {"anonymous", "nobody", "viewer", "operator", "administrator"}
SIGNED_IN = EVERYONE - {"anonymous"}
WITH_ROLE = SIGNED_IN - {"nobody"}
CHANGING = WITH_ROLE - {"viewer"}
NONE: set[str] = set()
TABLE = {
    "home": (SIGNED_IN, NONE),
    "sign-in": (EVERYONE, EVERYONE),
    "sign-out": (NONE, SIGNED_IN),
    "password-change": (SIGNED_IN, SIGNED_IN),
    "setup": (EVERYONE, EVERYONE),
    "admin-sign-in": (NONE, NONE),
    "engines": (WITH_ROLE, NONE),
    "engine-notices": (WITH_ROLE, NONE),
    "engine-counts": (WITH_ROLE, NONE),
    "topology": (WITH_ROLE, NONE),
    "topology-changes": (WITH_ROLE, NONE),
    "topology-search": (WITH_ROLE, NONE),
    "topology-tidy": (NONE, WITH_ROLE),
    "export-svg": (WITH_ROLE, NONE),
    "topology-filters": (WITH_ROLE, NONE),
    "network-create": (WITH_ROLE, CHANGING),
    "network-remove": (WITH_ROLE, CHANGING),
    "bulk": (WITH_ROLE, CHANGING),
    "bulk-preview": (NONE, WITH_ROLE),
    "bulk-commands": (NONE, WITH_ROLE),
    "bulk-template": (WITH_ROLE, NONE),
    "network-migrate": (WITH_ROLE, CHANGING),
    "networks-remove": (WITH_ROLE, CHANGING),
    "networks-connect": (WITH_ROLE, CHANGING),
    "connect": (WITH_ROLE, CHANGING),
    "disconnect": (WITH_ROLE, CHANGING),
    "journal": (WITH_ROLE, NONE),
    "journal-export": (WITH_ROLE, NONE),
    "journal-entry": (WITH_ROLE, NONE),
    "journal-undo": (WITH_ROLE, CHANGING),
    "jobs": (WITH_ROLE, NONE),
    "job": (WITH_ROLE, NONE),
    "job-panel": (WITH_ROLE, NONE),
    "job-cancel": (NONE, CHANGING),
    "job-retry": (NONE, CHANGING),
    "job-undo": (WITH_ROLE, CHANGING),
    "job-dismiss": (NONE, WITH_ROLE),
    "cleanup": (WITH_ROLE, CHANGING),
    "project": (WITH_ROLE, NONE),
    "project-changes": (WITH_ROLE, NONE),
    "networks": (WITH_ROLE, NONE),
    "network-detail": (WITH_ROLE, NONE),
    "network-raw": (WITH_ROLE, NONE),
    "containers": (WITH_ROLE, NONE),
    "container-detail": (WITH_ROLE, NONE),
    "container-raw": (WITH_ROLE, NONE),
    "matrix": (WITH_ROLE, NONE),
    "table": (WITH_ROLE, NONE),
    "export-json": (WITH_ROLE, NONE),
    "stream": (WITH_ROLE, NONE),
    "health": (WITH_ROLE, NONE),
}
VALUES = {
    "slug": "local",
    "network_id": "net-front",
    "container_id": "id-api",
    "project": "-",
    "token": "none",
    "form": "csv",
}


def list_addresses() -> Iterator[tuple[str, str]]:
    """List every named address with values that exist."""
    for pattern in urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            converters = pattern.pattern.converters
            values = {name: VALUES.get(name, 1) for name in converters}
            yield pattern.name, reverse(pattern.name, kwargs=values)


ADDRESSES = dict(list_addresses())
ROLES = ("nobody", "viewer", "operator", "administrator")


def is_refused(answer: HttpResponseBase) -> bool:
    """Tell whether the answer is a refusal: no right, no such method, or the way to sign-in."""
    leads_to_sign_in = answer.headers.get("Location", "").startswith("/sign-in?next=")
    return answer.status_code in (401, 403, 405) or leads_to_sign_in


@pytest.fixture
def as_role(db: None) -> Callable[[str], Client]:
    """Give a function that returns a new client for a word of the table."""
    return open_client


def open_client(role: str) -> Client:
    """Open a new session for somebody of a role."""
    client = Client()
    if role != "anonymous":
        user, is_new = User.objects.get_or_create(username=f"a-{role}")
        if is_new and role != "nobody":
            give_role(user, role)
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("role", ["anonymous", *ROLES])
def test_each_address_opens_for_whom_the_table_says(
    role: str, as_role: Callable[[str], Client], stored_engine: Engine
) -> None:
    found, expected = {}, {}
    for name, address in ADDRESSES.items():
        if name not in TABLE:
            continue
        may_get, may_post = TABLE[name]
        expected[name] = (role in may_get, role in may_post)
        found[name] = ask_both(as_role(role), address)  # a new one each: sign-out signs out
    assert found == expected


def ask_both(client: Client, address: str) -> tuple[bool, bool]:
    """GET, then POST; tell for each whether it was let in. Nothing may break."""
    answers = (client.get(address), client.post(address))
    assert all(found.status_code < 500 for found in answers if address != "/health"), address
    for answer in answers:
        close(answer)
    return (not is_refused(answers[0]), not is_refused(answers[1]))


def close(answer: HttpResponseBase) -> None:
    """Close an answer as a server does, but keep the connection that the test works in."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_address_serves_the_anonymous_unless_the_table_says_so(
    name: str, stored_engine: Engine
) -> None:
    if name in TABLE and "anonymous" in TABLE[name][0]:
        return
    for method in ("get", "post", "put", "delete", "patch"):
        answer = getattr(Client(), method)(ADDRESSES[name])
        assert is_refused(answer), (method, answer.status_code)


def test_an_address_that_the_table_does_not_name_yet_is_closed_all_the_same(
    as_role: Callable[[str], Client], stored_engine: Engine
) -> None:
    for name in ADDRESSES.keys() - TABLE.keys():
        assert is_refused(as_role("nobody").get(ADDRESSES[name])), name
        assert is_refused(as_role("viewer").post(ADDRESSES[name])), name


@pytest.mark.parametrize("role", ROLES)
def test_the_admin_is_for_administrators(role: str, as_role: Callable[[str], Client]) -> None:
    client = as_role(role)
    for name in ("index", "netdash_engine_changelist", "netdash_engine_add", "auth_user_add"):
        answer = client.get(reverse(f"admin:{name}"), follow=True)
        assert answer.status_code == (200 if role == "administrator" else 403), name


def test_the_admin_has_no_sign_in_of_its_own() -> None:
    answer = Client().get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in?next=/admin/")


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son\w+=\"|\sstyle=\"|javascript:",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "name", [n for n in ADDRESSES if "administrator" in TABLE.get(n, ({"administrator"},))[0]]
)
def test_pages_keep_the_content_security_policy(
    name: str, as_role: Callable[[str], Client], stored_engine: Engine
) -> None:
    answer = as_role("administrator").get(ADDRESSES[name])
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert "script-src 'self';" in policy + ";"
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert not INLINE.findall(answer.text)
    close(answer)


def test_admin_pages_need_no_inline_script(administrator: Client, engine_row: Engine) -> None:
    addresses = [
        reverse("admin:index"),
        reverse("admin:netdash_engine_add"),
        reverse("admin:netdash_engine_change", args=[engine_row.pk]),
        reverse("admin:auth_user_changelist"),
    ]
    for address in addresses:
        answer = administrator.get(address)
        assert answer.status_code == 200
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.findall(
            r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", answer.text
        )


def test_cookies_are_hidden_from_scripts_and_from_other_sites(client: Client) -> None:
    address = reverse("setup", args=[SetupLink.make()])
    secret = "a long unusual phrase"
    client.get(address)
    client.post(address, {"username": "ada", "password1": secret, "password2": secret})
    for name in (django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_behind_https_cookies_and_pages_are_for_https_alone(
    client: Client, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/sign-in").headers["Location"] == "https://testserver/sign-in"
    client.get("/sign-in", headers={"x-forwarded-proto": "https"})
    assert client.cookies[settings.CSRF_COOKIE_NAME]["secure"]
