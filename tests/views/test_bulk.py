"""The page of many networks: what is typed, what is foreseen, and the job that is started."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from netdash.models import Engine, Job
from netdash.topology.change_codec import decode_change
from netdash.topology.changes import CreateNetwork
from tests.views.reading_pages import take_words

pytestmark = pytest.mark.django_db

PATTERN = {
    "source": "pattern",
    "pattern": "{project}-{layer}-network",
    "axis-0-name": "project",
    "axis-0-values": "shop, blog",
    "axis-0-label": "project",
    "axis-1-name": "layer",
    "axis-1-values": "front, database",
    "internal": "database",
    "addressing": "plan",
    "bases": "10.20.0.0/16",
    "size": "24",
}


def preview(client: Client, fields: dict[str, Any], status: int = 200) -> str:
    """What the preview alone says."""
    headers = {"HX-Request": "true", "HX-Target": "preview"}
    answer = client.post("/e/local/networks/many/preview", fields, headers=headers)
    assert answer.status_code == status
    return take_words(answer.content.decode())


def test_a_pattern_is_foreseen_as_a_table(viewer: Client, stored_engine: Engine) -> None:
    words = preview(viewer, PATTERN)
    assert "4 to create" in words
    assert "shop-front-network bridge 10.20.0.0/24 10.20.0.1 project=shop" in words
    assert "blog-database-network bridge · internal 10.20.3.0/24" in words
