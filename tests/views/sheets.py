"""Sheets over the engine of three tiers: open one, type into it, confirm it."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from netdash.models import Engine
from netdash.topology.snapshot import Container, Network
from tests.stored import read
from tests.views.reading_pages import take_words


def container(row: Engine, name: str) -> Container:
    return next(one for one in read(row).containers if one.name == name)


def network(row: Engine, name: str) -> Network:
    return next(one for one in read(row).networks if one.name == name)


def page(answer: Any) -> str:
    return str(answer.content.decode())


def words(answer: Any) -> str:
    """What a reader sees of a page, in one line."""
    return take_words(page(answer))


def connect_address(row: Engine, *names: str) -> str:
    ids = "&".join(f"container={container(row, name).id}" for name in names)
    return f"{reverse('connect', args=[row.slug])}?{ids}"


def look(client: Client, address: str, **typed: str) -> Any:
    """Open a sheet with what is typed, as its preview does."""
    joint = "&" if "?" in address else "?"
    return client.get(f"{address}{joint}{urlencode(typed)}")


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found
    return html.unescape(found[1])


def confirm(client: Client, address: str, **typed: str) -> Any:
    """Look at the sheet with what is typed, then confirm it, as a browser does."""
    shown = look(client, address, **typed)
    extra = {"token": hidden(shown, "token"), "basis": hidden(shown, "basis")}
    return client.post(address, {**typed, **extra}, follow=True)


CREATION = {
    "driver": "bridge",
    "subnets-TOTAL_FORMS": "1",
    "subnets-INITIAL_FORMS": "0",
    "subnets-0-cidr": "",
}
