"""Files that list networks: what each format gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdash.jobs.bulk_files.csv_rows import read_csv, write_csv
from netdash.jobs.bulk_files.interpolation import fill_in
from netdash.jobs.bulk_files.problems import UnreadableFile
from netdash.jobs.bulk_files.reading import decode_text, find_format, read_file
from netdash.jobs.bulk_files.templates import TEMPLATES
from netdash.jobs.bulk_files.values import read_reserved, write_reserved
from netdash.topology.changes import CreateNetwork
from netdash.topology.snapshot import Subnet
from tests.jobs.bulk_texts import BLOG, SHOP, read, refuse


def test_csv_gives_a_network_a_line() -> None:
    text = (
        "name,driver,subnet,gateway,ip_range,internal,attachable,ipv6,label:env,label:team,"
        "option:com.docker.network.driver.mtu\n"
        'shop,bridge,10.0.0.0/24 fd00::/64,10.0.0.1,10.0.0.128/25,yes,,x,prod,"a, b",1450\n'
        "\n"
        "blog\n"
    )
    assert read(text) == (SHOP, BLOG)
    assert [row.place for row in read_file(text).rows] == ["line 2", "line 4"]


def test_csv_as_excel_writes_it_in_french_is_read_too() -> None:
    raw = "\ufeffName;Internal;Label:Env\r\nshop;VRAI;été\r\nblog;FAUX;\r\n".encode()
    found = read(decode_text(raw))
    assert [(one.name, one.is_internal, one.labels) for one in found] == [
        ("shop", True, (("Env", "été"),)),
        ("blog", False, ()),
    ]
    assert read("name\tdriver\nshop\tipvlan")[0].driver == "ipvlan"


def test_gateways_find_the_subnet_of_their_family() -> None:
    (one,) = read("name,subnet,gateway\nshop,10.0.0.0/24 fd00::/64,fd00::1")
    assert one.subnets == (Subnet("10.0.0.0/24"), Subnet("fd00::/64", "fd00::1"))


RESERVED = Subnet("10.0.0.0/24", "10.0.0.1", "", (("nas", "10.0.0.6"), ("printer", "10.0.0.5")))


def test_reserved_addresses_find_their_subnet() -> None:
    text = (
        "name,subnet,gateway,reserved\n"
        "shop,10.0.0.0/24 fd00::/64,10.0.0.1,printer=10.0.0.5; nas=10.0.0.6;a=b=fd00::7\n"
    )
    sixth = Subnet("fd00::/64", auxiliary=(("a=b", "fd00::7"),))
    (one,) = read(text)
    assert one.subnets == (RESERVED, sixth)
    assert read(write_csv((one,))) == (one,)
    both = "name,subnet,reserved\nshop,10.0.0.0/24 fd00::/64,p=10.0.0.5;p=fd00::7\n"
    assert [dict(subnet.auxiliary)["p"] for subnet in read(both)[0].subnets] == [
        "10.0.0.5",
        "fd00::7",
    ]
    listed = "- {name: shop, subnet: 10.0.0.0/24, gateway: 10.0.0.1, reserved: %s}"
    for words in ("{printer: 10.0.0.5, nas: 10.0.0.6}", "[printer=10.0.0.5, nas=10.0.0.6]"):
        assert read(listed % words)[0].subnets == (RESERVED,)


NAMES = st.text(
    st.one_of(
        st.sampled_from(";\\\\={}\"', \t\n\r\x1f\x7f\x85\xa03b9"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    min_size=1,
    max_size=12,
)


@given(st.lists(NAMES, unique=True, max_size=4))
def test_reserved_addresses_of_any_name_come_back_from_csv(names: list[str]) -> None:
    reserved = tuple(sorted((name, f"10.0.0.{n}") for n, name in enumerate(names, 5)))
    one = CreateNetwork("shop", subnets=(Subnet("10.0.0.0/24", auxiliary=reserved),))
    assert read(write_csv((one,)), "csv") == (one,)


@given(st.lists(NAMES.filter(lambda name: ";" not in name and name == name.strip()), max_size=4))
def test_reserved_addresses_of_older_files_keep_their_names(names: list[str]) -> None:
    cell = ";".join(f"{name}=10.0.0.{number}" for number, name in enumerate(names))
    assert list(read_reserved(cell)) == [(name, f"10.0.0.{n}") for n, name in enumerate(names)]


def test_a_semicolon_in_the_name_of_a_reserved_address_is_written_behind_a_backslash() -> None:
    subnet = Subnet("10.0.0.0/24", auxiliary=(("a;b", "10.0.0.5"), ("c", "10.0.0.6")))
    assert write_reserved((subnet,)) == r"a\;b=10.0.0.5;c=10.0.0.6"
    assert list(read_reserved(r"a\;{9}b=10.0.0.5")) == [("a\tb", "10.0.0.5")]
    assert list(read_reserved(r"\;{10ffff}=10.0.0.5")) == [("\U0010ffff", "10.0.0.5")]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("printer", "Line 2: reserved has printer; write it as printer=10.0.0.5."),
        ("=10.0.0.5", "Line 2: reserved has =10.0.0.5"),
        ("printer=10.0.0", "Line 2: reserved has printer=10.0.0;"),
        ("p=10.0.0.5;p=10.0.0.6", "Line 2: reserved names p twice."),
        (r"a\;{d800}=10.0.0.5", "Line 2: reserved has a name for 10.0.0.5 with a number"),
        (r"a\;{dfff}=10.0.0.5", "that is no character's."),
        (r"a\;{d800}=10.0.0", "that is no character's."),
        (r"a\;{110000}=10.0.0.5", "that is no character's."),
        (r"a\;{d800}", "Line 2: reserved has a"),
    ],
)
def test_a_reserved_address_that_is_none_is_refused_with_its_line(cell: str, words: str) -> None:
    said = refuse(f"name,subnet,reserved\nshop,10.0.0.0/24,{cell}\n")
    assert words in said.encode().decode()


def test_reserved_addresses_need_a_subnet() -> None:
    assert "needs a subnet around it" in refuse("name,reserved\nshop,p=10.0.0.5\n")


def test_yaml_gives_a_network_an_item_or_a_key() -> None:
    listed = """
- name: shop
  driver: bridge
  subnet: [10.0.0.0/24, "fd00::/64"]
  gateway: 10.0.0.1
  ip_range: 10.0.0.128/25
  internal: true
  ipv6: yes
  labels: {env: prod, team: "a, b"}
  options: [com.docker.network.driver.mtu=1450]
- blog
"""
    keyed = """
shop:
  subnet: 10.0.0.0/24 fd00::/64
  gateway: 10.0.0.1
  ip_range: 10.0.0.128/25
  internal: on
  ipv6: 1
  labels: [env=prod, "team=a, b"]
  options: {com.docker.network.driver.mtu: 1450}
  x-note: anything
blog: ~
"""
    assert read(listed) == read(keyed) == (SHOP, BLOG)
    assert [row.place for row in read_file(keyed).rows] == ["line 2", "line 11"]


def test_words_are_taken_as_they_are_written_not_as_yaml_types() -> None:
    (one,) = read("- {name: no, labels: {a: 1.10, b: true, c: null, d: 2026-11-28, e: 0x1F}}")
    assert one.name == "no"
    assert dict(one.labels) == {"a": "1.10", "b": "true", "c": "", "d": "2026-11-28", "e": "0x1F"}


COMPOSE = """
name: shop
x-base: &base
  driver: bridge
  labels: {team: core}
services:
  web: {image: nginx, networks: [front]}
networks:
  front:
    <<: *base
    internal: ${INTERNAL:-true}
    driver_opts: {com.docker.network.driver.mtu: "1450"}
    ipam:
      config:
        - subnet: ${NET-10.9.0.0/24}
          gateway: 10.9.0.1
          aux_addresses: {router: 10.9.0.9}
  out: {external: true}
  old: {external: {name: other}}
  own: {name: alone, enable_ipv6: true, labels: [a=$$b]}
"""


def test_compose_gives_the_networks_that_it_would_make() -> None:
    front, own = read(COMPOSE)
    assert front == CreateNetwork(
        "shop_front",
        subnets=(Subnet("10.9.0.0/24", "10.9.0.1", "", (("router", "10.9.0.9"),)),),
        options=(("com.docker.network.driver.mtu", "1450"),),
        labels=(
            ("com.docker.compose.network", "front"),
            ("com.docker.compose.project", "shop"),
            ("team", "core"),
        ),
        is_internal=True,
    )
    assert (own.name, own.has_ipv6, dict(own.labels)["a"]) == ("alone", True, "$b")
    assert read_file(COMPOSE).notes == ("Left out as external: out and old.",)


def test_compose_takes_the_project_from_outside_where_the_file_has_none() -> None:
    text = "networks:\n  front:\n"
    assert read(text, project="blog")[0].name == "blog_front"
    assert "Line 2: front has no name of its own" in refuse(text)
    assert read("networks: {front: {name: mine}}")[0].labels == ()


def test_compose_without_a_network_to_make_says_so() -> None:
    assert "Left out as external: a." in refuse("networks: {a: {external: true}}")
    assert "no networks: section" in refuse("services: {}", "compose")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$$A", "$A"),
        ("${A:-b}-${C-d}", "b-d"),
        ("${A:+b}${A+b}", ""),
        ("${A:-}", ""),
        ("no dollar", "no dollar"),
    ],
)
def test_only_defaults_fill_variables(text: str, found: str) -> None:
    assert fill_in(text, 1) == found


@pytest.mark.parametrize("text", ["$A", "${A}", "${A:?no}", "${A:-${B:-c}}", "${", "$1", "${A:-b"])
def test_variables_without_a_default_are_refused_with_the_line(text: str) -> None:
    with pytest.raises(UnreadableFile, match="Line 7: "):
        fill_in(text, 7)


@pytest.mark.parametrize("form", TEMPLATES)
def test_each_template_is_found_out_and_read(form: str) -> None:
    assert find_format(TEMPLATES[form]) == form
    assert len(read(TEMPLATES[form])) >= 2


names = st.text("abc-_. é", min_size=1).map(str.strip).filter(bool)
words = st.text(st.characters(blacklist_categories=("Cc", "Cs"))).map(str.strip)


@given(
    st.lists(
        st.builds(
            CreateNetwork,
            name=names,
            driver=st.sampled_from(["bridge", "ipvlan"]),
            labels=st.dictionaries(names, words.filter(bool), max_size=3).map(
                lambda pairs: tuple(sorted(pairs.items()))
            ),
            is_internal=st.booleans(),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_as_csv_reads_back(creations: list[CreateNetwork]) -> None:
    found = read_csv(write_csv(tuple(creations)))
    assert [row.creation for row in found.rows] == creations
