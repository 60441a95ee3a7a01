"""Read what a page says, as a person does: words without markup."""

from __future__ import annotations

import html
import re

from django.test import Client


def open_words(client: Client, path: str, target: str = "", status: int = 200) -> str:
    """Open a page, or the part of it that htmx asks for, and give its words."""
    return take_words(open_markup(client, path, target, status))


def open_markup(client: Client, path: str, target: str = "", status: int = 200) -> str:
    """Open a page, or the part of it that htmx asks for."""
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    response = client.get(f"/e/local/{path}", headers=headers)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def take_words(markup: str) -> str:
    """Drop the markup, keep the words with single spaces between them."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def find_undescribed(markup: str) -> set[str]:
    """Find the ids that fields name as their help or error, and that are not on the page."""
    named = " ".join(re.findall(r'aria-describedby="([^"]*)"', markup)).split()
    return {one for one in named if markup.count(f' id="{one}"') != 1}
