"""Files that list networks badly: the line, the reason, and how little a hostile one gets."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator

import pytest
import yaml

from netdash.jobs.bulk_files import csv_rows, yaml_nodes
from netdash.jobs.bulk_files.csv_rows import list_lines
from netdash.jobs.bulk_files.problems import MOST_BYTES, MOST_PROBLEMS, Reading, UnreadableFile
from netdash.jobs.bulk_files.reading import decode_text, read_file
from netdash.jobs.bulk_files.templates import TEMPLATES
from netdash.jobs.bulk_files.yaml_nodes import MOST_NODES, Budget
from netdash.topology.rows import MOST_ROWS
from tests.jobs.bulk_texts import read, refuse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The file is empty."),
        ("name\n", "There is no network in it"),
        ("driver,subnet\nbridge,10.0.0.0/24", "Line 1: the header line has no column name"),
        ("name,colour\na,b", "Line 1: no column is colour; they are name, driver"),
        ("name,label:\na,b", "Line 1: no column is label:"),
        ("name,name\na,b", "Line 1: the column name is there twice."),
        ("name,internal\na,perhaps", "Line 2: internal is perhaps; write true or false."),
        ("name,driver\n,bridge", "Line 2: the name is missing."),
        ("name\na,b", "Line 2: there are 2 columns, the header has 1."),
        ("name,gateway\na,10.0.0.1", "Line 2: A gateway or range needs a subnet around it."),
        ('name\n"a', "it is no CSV: unexpected end of data"),
        ('name\n"a\nb"', "Line 3: name has a control character or a line break."),
        ("name\na\0b", "Line 2: it holds a NUL: this is no text."),
        ("name\na\ud800", "Line 2: it holds half of a character."),
        ("name\n" + "a" * 5_000, "Line 2: name is longer than 4,096 characters."),
        ("name," * 101 + "\n", "Line 1: there are more than 100 columns."),
    ],
)
def test_bad_csv_is_refused_with_line_and_reason(text: str, words: str) -> None:
    assert words in refuse(text, "csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "it is no YAML"),
        ("a:\n\t- b", "Line 2: it is no YAML: found character that cannot start any token."),
        ("a: \x07", "It is no YAML: unacceptable character"),
        ("a:\nb:\na:", "Line 3: the key a is there already, in line 1."),
        ("a: {b: c}", "Line 1: b means nothing here; there is name, driver"),
        ("- {driver: bridge}", "Line 1: the name is missing."),
        ("- [a]", "Line 1: A network must be keys with values."),
        ("a: {internal: [x]}", "Line 1: internal must be a single value."),
        ("a: {labels: 1}", "Line 1: labels must be keys with values."),
        ("a: {subnet: {b: c}}", "Line 1: subnet must be a list."),
        ("a: {name: b}", "Line 1: a says that its name is b."),
        ("? [a]\n: b", "Line 1: a key is a list or a mapping."),
        ("a:\n---\nb:", "Line 2: a second document begins."),
        ("a: *b", "Line 1: nothing before is called &b."),
        ("a: &a [*a]", "Line 1: nothing before is called &a."),
        ("# only a remark", "There is nothing in it."),
        ("[]", "There is no network in it."),
        ("word", "Line 1: write a list of networks, or names with settings."),
        ("!!python/object/apply:os.system [id]", "means nothing here."),
        ("a: !!binary aaaa", "Line 1: the tag tag:yaml.org,2002:binary means nothing here."),
        ("a: !!set {b}", "Line 1: the tag"),
    ],
)
def test_bad_yaml_is_refused_with_line_and_reason(text: str, words: str) -> None:
    assert words in refuse(text, "yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("networks:\n  a: {color: red}", "Line 2: color means nothing here"),
        ("networks:\n  a: {ipam: {config: [{subnets: x}]}}", "Line 2: subnets means nothing here"),
        ("networks:\n  a: {internal: maybe}", "Line 2: internal is maybe"),
        ("networks:\n  a:\n    labels: {b: '${C}'}", "Line 3: ${C} has no value"),
        (
            "networks: [a]",
            "Line 1: networks: holds a list. In a Compose file each",
        ),
        ("networks:\n  a: [b]", "Line 2: A network must be keys with values."),
        ("networks:\n  a:\n  a:", "Line 3: the key a is there already, in line 2."),
    ],
)
def test_bad_compose_is_refused_with_line_and_reason(text: str, words: str) -> None:
    assert words in refuse(text, "compose", "shop")


def test_all_that_is_wrong_is_said_at_once_but_not_without_end() -> None:
    three = read_file("name,internal\na,1\nb,perhaps\n,0\nc,maybe")
    assert [words.partition(":")[0] for words in three.problems] == ["Line 3", "Line 4", "Line 5"]
    assert len(read_file("name,internal\n" + "a,perhaps\n" * 500).problems) == MOST_PROBLEMS
    assert len(read_file("[" + "{}," * 500 + "]", "yaml").problems) == MOST_PROBLEMS


def test_bytes_that_are_no_utf_8_name_their_line() -> None:
    for raw in ("name\né".encode("latin-1"), b"name\n\xff\xfe"):
        with pytest.raises(UnreadableFile, match="Line 2: it is not written in UTF-8"):
            decode_text(raw)
    with pytest.raises(UnreadableFile, match="Line 1"):
        decode_text("name".encode("utf-16"))
    with pytest.raises(UnreadableFile, match="larger than 1,024 KiB"):
        decode_text(b"a" * (MOST_BYTES + 1))


class CountedLines:
    """Lines of CSV that count how many were asked for."""

    def __init__(self, text: str) -> None:
        self.lines = iter(text.splitlines(keepends=True))
        self.asked = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.asked += 1
        return next(self.lines)


def test_csv_is_read_no_further_than_a_thousand_networks() -> None:
    assert len(read("name\n" + "a\n" * MOST_ROWS)) == MOST_ROWS
    many = CountedLines("name\n" + "a\n" * 400_000)
    with pytest.raises(UnreadableFile, match="Line 1,002: there are more than 1,000 networks"):
        csv_rows.read_lines(csv.reader(many, strict=True))
    assert many.asked == MOST_ROWS + 2
    assert list(list_lines(csv.reader(["\n"] * 9))) == []


def test_yaml_is_parsed_no_further_than_its_limit_of_nodes() -> None:
    for text in ("[" + "a," * 400_000 + "]", "a: b\n" * 100_000, "- a\n" * 100_000):
        composing = yaml_nodes.begin(text)
        with pytest.raises(UnreadableFile):
            yaml_nodes.compose_document(composing)
        assert composing.nodes <= MOST_NODES + 1


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "&a [", "{[{["])
def test_yaml_is_parsed_no_deeper_than_its_limit(opening: str) -> None:
    composing = yaml_nodes.begin(opening * 100_000)
    with pytest.raises((UnreadableFile, yaml.YAMLError)):
        yaml_nodes.compose_document(composing)
    assert composing.nodes <= 2 * (yaml_nodes.DEEPEST + 2)
    assert "Line 1" in refuse(opening * 1_000, "yaml")


def build_bomb(kind: str) -> str:
    """Nine levels of nine aliases each: a billion words, or merges, in half a kilobyte."""
    first = "a0: &a0 " + ("{k: v}" if kind == "merge" else "[x, x, x]")
    lines = [first]
    for level in range(1, 10):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        content = f"{{<<: [{aliases}]}}" if kind == "merge" else f"[{aliases}]"
        lines.append(f"a{level}: &a{level} {content}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("kind", ["list", "merge"])
@pytest.mark.parametrize(
    "use", ["networks: {n: {labels: *a9}}", "networks: {n: *a9}", "networks: *a9", "name: *a9"]
)
def test_aliases_cannot_make_a_small_file_large(kind: str, use: str) -> None:
    budget = Budget()
    text = build_bomb(kind) + use
    composing = yaml_nodes.begin(text)
    yaml_nodes.compose_document(composing)
    assert composing.nodes < 300
    assert refuse(text, "compose", "shop")
    with pytest.raises(UnreadableFile, match="far larger than it looks"):
        budget.spend(1, budget.left + 1)


def test_a_thousand_aliases_of_one_large_mapping_are_too_much() -> None:
    labels = ", ".join(f"k{number}: v" for number in range(500))
    text = f"x-l: &l {{{labels}}}\nnetworks:\n" + "".join(
        f"  n{number}: {{labels: *l}}\n" for number in range(900)
    )
    assert "far larger than it looks" in refuse(text, "compose", "shop")


@pytest.mark.parametrize("seed", range(40))
def test_any_nonsense_is_read_or_refused_in_words(seed: int) -> None:
    chance = random.Random(seed)
    parts = [
        *TEMPLATES.values(),
        *"[]{},:;\"'\n\t-&*!|>%@`#?$\x00\x01\ufeff\u202e\U0001f600",
        "<<: *a\n",
        "&a ",
        "${",
        "name",
        "networks:",
        "\r\n",
    ]
    for _ in range(60):
        text = "".join(
            part if len(part) < 9 else part[: chance.randrange(len(part))]
            for part in chance.choices(parts, k=chance.randrange(1, 12))
        )
        for form in ("", "csv", "yaml", "compose"):
            found = read_file(text, form, "shop")
            assert isinstance(found, Reading)
            assert bool(found.rows) != bool(found.problems)


CSV_CELLS = "name,subnet,gateway,reserved,internal\na,,10.0.0.1,x;y=1,maybe\n,fd00::/64,,,\n"
YAML_CELLS = """\
- {name: a, gateway: 10.0.0.1, reserved: {x: '', y: 1}, internal: maybe, color: red}
- {subnet: fd00::/64}
"""
COMPOSE_CELLS = """\
networks:
  a:
    internal: maybe
    attachable: perhaps
    color: red
    ipam: {config: [{subnet: [x]}, {subnets: 10.0.0.0/24}, word]}
"""


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        (CSV_CELLS, "csv", ["A gateway", "reserved has x", "reserved has y", "internal", "name"]),
        (
            YAML_CELLS,
            "yaml",
            ["A gateway", "reserved has x", "reserved has y", "internal", "color", "name"],
        ),
        (
            COMPOSE_CELLS,
            "compose",
            ["internal", "attachable", "color", "subnet must", "subnets", "A pool"],
        ),
    ],
)
def test_all_wrong_values_of_a_network_are_said(text: str, form: str, said: list[str]) -> None:
    found = read_file(text, form, "shop")
    assert len(found.problems) == len(said)
    for words in said:
        assert any(words in problem for problem in found.problems), words
    assert found.rows == ()
    assert all(row.is_half for row in found.halves)


def test_rows_that_are_right_are_kept_whole_beside_wrong_ones() -> None:
    found = read_file("name,subnet,internal\na,10.0.0.0/24,maybe\nb,10.0.1.0/24,yes\n")
    assert [row.is_half for row in found.halves] == [True, False]
    assert [row.creation.subnets[0].cidr for row in found.halves] == ["10.0.0.0/24", "10.0.1.0/24"]
