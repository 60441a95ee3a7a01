"""What is typed or uploaded on the page of many networks: taken, refused or cut."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from netdash.forms.uploads import LARGEST_FILE
from netdash.jobs.bulk_files.templates import TEMPLATES
from netdash.models import Engine, Job
from tests.views.many_networks import (
    HOSTILE,
    LIST,
    PAGE,
    PATTERN,
    PREVIEW,
    engine,
    list_made,
    post,
    preview,
)
from tests.views.reading_pages import find_undescribed

__all__ = ["engine"]


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pattern": "{projet}"}, "{projet} is no axis."),
        ({"axis-1-values": ""}, "layer has no values yet."),
        ({"axis-0-values": "a a"}, "project has a more than once."),
        ({"bases": "10.20.0.1/16"}, "You probably mean 10.20.0.0/16."),
        ({"bases": ""}, "No base is for"),
        ({"size": "99"}, "/99 is no size for subnets here."),
        ({"size": "x"}, "Enter a whole number."),
        ({"sizes": "database"}, "database says no size"),
        ({"sizes": "database=999"}, "/999 is no size"),
        ({"internal": "data"}, "No axis has the value data."),
        ({"tier_axis": "tier"}, "tier is no axis."),
        ({"labels": "=x"}, "Line 1 has no key before the =."),
        ({"driver": "nonsense"}, "Select a valid choice."),
        ({"ipv6_base": "fd00::1/48"}, "the subnet is fd00::/48"),
        ({"axis-0-values": " ".join(map(str, range(501)))}, "1,002 networks; one plan makes at"),
        ({"pattern": "{project}-{layer} network"}, "4 refused"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_started(
    change: dict[str, str], words: str, operator: Client, engine: Engine
) -> None:
    assert words in preview(operator, PATTERN | change)
    page = post(operator, PATTERN | change, 422)
    assert words in page
    assert Job.objects.count() == 0


def test_what_is_wrong_is_read_out_with_its_field(operator: Client, engine: Engine) -> None:
    wrong = {"sizes": "database", "size": "x", "driver": "nonsense"}
    page = operator.post(PAGE, PATTERN | wrong).content.decode()
    assert page.count('aria-invalid="true"') == len(wrong)
    assert not find_undescribed(page)


def test_an_uploaded_file_is_foreseen_and_kept_in_the_page(
    operator: Client, engine: Engine
) -> None:
    file = SimpleUploadedFile("networks.yaml", TEMPLATES["yaml"].encode())
    page = operator.post(PREVIEW, PATTERN | {"file": file}).content.decode()
    assert "3 to create" in page
    assert "- name: shop-dev-frontend-network" in page
    file = SimpleUploadedFile("networks.csv", TEMPLATES["csv"].encode())
    operator.post(PAGE, LIST | {"file": file})
    assert len(list_made()) == 3


BAD_FILES = {
    "latin": ("name\né".encode("latin-1"), "Line 2: it is not written in UTF-8"),
    "binary": (bytes(range(256)) * 100, "it is not written in UTF-8"),
    "nul": (b"name\na\0", "Line 2: it holds a NUL"),
    "empty": (b"", "Nothing was created."),
    "rows": (b"name\n" + b"a\n" * 500_000, "Line 1,002: there are more than 1,000 networks."),
    "deep": (b"[" * 1_000_000, "Line 1: "),
    "large": (b"a" * (LARGEST_FILE + 1), "at most 1,024 KiB are read"),
    "twice": (b"a:\na:\n", "Line 2: the key a is there already, in line 1."),
    "subnet": (b"name,subnet\na,10.0.0.0/33\n", "line 2"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_refused_with_line_and_reason_and_nothing_typed_is_lost(
    kind: str, operator: Client, engine: Engine
) -> None:
    raw, words = BAD_FILES[kind]
    asked = LIST | {"note": "kept", "text": "name\nkept", "others": "on"}
    if kind != "empty":
        page = post(operator, asked | {"file": SimpleUploadedFile("f", raw)}, 422)
        assert words in page
        assert Job.objects.count() == 0
    answer = operator.post(PREVIEW, asked | {"file": SimpleUploadedFile("f", raw)})
    assert 'value="kept"' in answer.content.decode()


def test_of_a_huge_upload_nothing_is_kept_but_what_was_typed(
    operator: Client, engine: Engine, rf: RequestFactory
) -> None:
    huge = SimpleUploadedFile("f", b"a" * 50_000_000)
    request = rf.post(PREVIEW, LIST | {"file": huge, "note": "behind the file"})
    file: Any = request.FILES["file"]
    assert (file.size, file.read()) == (50_000_000, b"")
    assert request.POST["note"] == "behind the file"
    huge.seek(0)
    page = operator.post(PREVIEW, LIST | {"file": huge}).content.decode()
    assert "f has 48,828 KiB; at most 1,024 KiB are read." in page


def test_hostile_words_stay_words(operator: Client, engine: Engine) -> None:
    asked = PATTERN | {"axis-0-values": HOSTILE.replace(" ", ""), "labels": f"a={HOSTILE}"}
    page = operator.post(PREVIEW, asked).content.decode()
    assert "<script>alert" not in page
    text = f'name,label:a\n"{HOSTILE}",{HOSTILE}\n'
    page = operator.post(PREVIEW, LIST | {"text": text}).content.decode()
    assert "<script>alert" not in page
    assert "1 refused" in page


@pytest.mark.parametrize(
    "query", ["source=", "source=x&addressing=x", "text=%00", "pattern=%7B", "axis-0-values=%00"]
)
def test_any_address_gives_a_page(query: str, operator: Client, engine: Engine) -> None:
    assert operator.get(f"{PAGE}?{query}").status_code == 200
    assert operator.get(f"{PAGE}?{urlencode(PATTERN)}&{query}").status_code == 200


def test_an_empty_list_asks_for_a_list_and_not_for_values(viewer: Client, engine: Engine) -> None:
    words = preview(viewer, LIST)
    assert "Paste a list or choose a file" in words
    assert "values" not in words


ALL_WRONG = """\
name,subnet,gateway,reserved,internal,ipv6
old,10.70.0.0/24,,,maybe,perhaps
,10.71.0.0/24,,nobody,,
c,10.20.2.128/25,10.99.0.1,,,
c,10.72.0.0/24,,,,
d,10.20.7.0/25,,,never,
e,10.73.0.0/24,,,,
"""


def test_all_wrong_cells_of_a_list_are_said_at_once_with_what_the_engine_holds_against_others(
    operator: Client, engine: Engine
) -> None:
    asked = LIST | {"text": ALL_WRONG, "addressing": "plan", "bases": "10.80.0.1/16"}
    words = preview(operator, asked)
    for part in (
        "Line 2: internal is maybe",
        "Line 2: ipv6 is perhaps",
        "Line 3: the name is missing.",
        "Line 3: reserved has nobody",
        "Line 6: internal is never",
        "You probably mean 10.80.0.0/16.",
        "10.20.2.128/25 overlaps old (10.20.2.0/24).",
        "The gateway 10.99.0.1 lies outside",
        "c is asked for twice: line 4 has the name too.",
        "10.20.7.0/25 overlaps blog-front-network",
    ):
        assert part in words
    assert "to create" not in words
    assert "Create" not in words
    post(operator, asked | {"others": "on"}, 422)
    assert operator.post(f"{PAGE}/commands", asked).content.decode().count("docker") == 0
    assert Job.objects.count() == 0


def test_what_is_wrong_with_addresses_does_not_hide_what_is_wrong_with_the_pattern(
    operator: Client, engine: Engine
) -> None:
    wrong = {"size": "x", "bases": "10.20.0.1/16", "labels": "=1\na={who}", "internal": "data"}
    words = preview(operator, PATTERN | wrong)
    for part in (
        "Enter a whole number.",
        "You probably mean 10.20.0.0/16.",
        "Line 1 has no key before the =.",
        "No axis has the value data.",
    ):
        assert part in words
    words = preview(operator, PATTERN | {"pattern": "{nobody}", "bases": "10.20.0.1/16"})
    assert "{nobody} is no axis." in words
    assert "You probably mean 10.20.0.0/16." in words


def test_networks_without_room_do_not_hide_what_else_stands_in_their_way(
    operator: Client, engine: Engine
) -> None:
    words = preview(operator, PATTERN | {"pattern": "{project} {layer}", "bases": "10.20.2.0/24"})
    assert "10.20.2.0/24 has room for 0 of 4 networks" in words
    assert words.count("would be hard to use in commands") == 4
