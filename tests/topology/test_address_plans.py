"""Subnets for many networks: where they go, what they step over, and what is said when full."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdash.topology.address_plans import Layout, Scheme, lay_out, offer_base
from netdash.topology.address_words import say_skips
from netdash.topology.changes import CreateNetwork, Plan, Step
from netdash.topology.effects import apply_plan
from netdash.topology.patterns import Axis, Pattern, expand
from netdash.topology.rows import Row
from netdash.topology.snapshot import EngineFacts, Network, Snapshot, Subnet
from netdash.topology.subnets import overlaps, parse_block

EMPTY = Snapshot(engine=EngineFacts(api_version="1.47"))
DEV = (("dev", "172.20.0.0/16"), ("prod", "172.21.0.0/16"))


def hold(*networks: tuple[str, str]) -> Snapshot:
    """An engine with networks of these names and subnets."""
    return Snapshot(
        tuple(
            Network(f"{number:064x}", name, subnets=(Subnet(cidr),))
            for number, (name, cidr) in enumerate(sorted(networks))
        )
    )


def ask(*names: str, **picks: str) -> tuple[Row, ...]:
    """Rows that ask for networks by name alone."""
    return tuple(Row(CreateNetwork(name), picks=tuple(picks.items())) for name in names)


def tiers(*projects: str) -> tuple[Row, ...]:
    axes = (
        Axis("project", projects),
        Axis("environment", ("dev", "prod")),
        Axis("layer", ("frontend", "backend", "database")),
    )
    return expand(Pattern("{project}-{environment}-{layer}", axes))


def list_cidrs(layout: Layout) -> dict[str, str]:
    return {
        row.creation.name: " ".join(subnet.cidr for subnet in row.creation.subnets)
        for row in layout.rows
    }


def test_each_value_has_its_base_and_each_network_the_next_subnet() -> None:
    found = list_cidrs(lay_out(EMPTY, tiers("shop", "blog"), Scheme(DEV)))
    assert found["shop-dev-frontend"] == "172.20.0.0/24"
    assert found["shop-dev-database"] == "172.20.2.0/24"
    assert found["shop-prod-frontend"] == "172.21.0.0/24"
    assert found["blog-dev-frontend"] == "172.20.3.0/24"


def test_sizes_may_differ_by_value() -> None:
    scheme = Scheme((("", "10.0.0.0/20"),), 24, (("layer=database", 26),))
    found = list_cidrs(lay_out(EMPTY, tiers("shop"), scheme))
    assert found["shop-dev-database"] == "10.0.2.0/26"
    assert found["shop-prod-frontend"] == "10.0.3.0/24"
    assert found["shop-prod-database"] == "10.0.2.64/26"


def test_what_is_taken_is_stepped_over_and_said() -> None:
    engine = hold(("blog", "172.20.0.0/24"), ("wide", "172.20.2.0/23"))
    layout = lay_out(engine, ask("a", "b", "c"), Scheme((("", "172.20.0.0/16"),)))
    assert list(list_cidrs(layout).values()) == ["172.20.1.0/24", "172.20.4.0/24", "172.20.5.0/24"]
    assert say_skips(layout.skips) == (
        "In 172.20.0.0/16 the plan steps over 172.20.0.0/24 (blog) and 172.20.2.0/23 (wide).",
    )


def test_what_lies_behind_the_last_network_is_no_gap() -> None:
    layout = lay_out(hold(("far", "172.20.9.0/24")), ask("a"), Scheme((("", "172.20.0.0/16"),)))
    assert layout.skips == ()


def test_rows_with_subnets_are_stepped_over() -> None:
    rows = (*ask("a", "b"), Row(CreateNetwork("own", subnets=(Subnet("10.0.1.0/24"),))))
    layout = lay_out(EMPTY, rows, Scheme((("", "10.0.0.0/16"),)))
    assert list(list_cidrs(layout).values()) == ["10.0.0.0/24", "10.0.2.0/24", "10.0.1.0/24"]


def test_the_same_again_gives_what_exists_its_place_and_the_rest_what_is_free() -> None:
    rows = tiers("shop")
    first = lay_out(EMPTY, rows, Scheme(DEV))
    steps = tuple(Step(row.creation) for row in first.rows[::2])
    halfway = apply_plan(EMPTY, Plan(steps))
    assert list_cidrs(lay_out(halfway, rows, Scheme(DEV))) == list_cidrs(first)


def test_a_network_of_a_list_that_is_there_is_left_where_it_is() -> None:
    engine = hold(("a", "192.168.0.0/24"))
    scheme = Scheme((("", "10.0.0.0/16"),))
    assert list_cidrs(lay_out(engine, ask("a", "b"), scheme)) == {"a": "", "b": "10.0.0.0/24"}
    assert lay_out(engine, ask("a"), Scheme()).refusals == ()
    of_a_pattern = lay_out(engine, ask("a", axis="a"), scheme)
    assert list_cidrs(of_a_pattern) == {"a": "10.0.0.0/24"}


def test_a_value_may_have_several_bases_one_after_the_other() -> None:
    scheme = Scheme((("", "10.0.0.0/24"), ("", "10.9.0.0/23")), 24)
    found = list_cidrs(lay_out(EMPTY, ask("a", "b", "c"), scheme))
    assert list(found.values()) == ["10.0.0.0/24", "10.9.0.0/24", "10.9.1.0/24"]
    there = hold(("b", "10.9.0.0/24"))
    again = list_cidrs(lay_out(there, ask("b", "a", "c", axis="any"), scheme))
    assert again == {"b": "10.9.0.0/24", "a": "10.0.0.0/24", "c": "10.9.1.0/24"}


def test_ipv6_comes_from_a_base_of_its_own() -> None:
    scheme = Scheme((("", "10.0.0.0/16"),), ipv6_base="fd00:20::/48")
    layout = lay_out(EMPTY, ask("a", "b"), scheme)
    assert list_cidrs(layout)["b"] == "10.0.1.0/24 fd00:20:0:1::/64"
    assert all(row.creation.has_ipv6 for row in layout.rows)


def say(layout: Layout) -> str:
    return " ".join(f"[{r.field}] {r.sentence} {r.remedy}" for r in layout.refusals)


def test_a_base_that_is_full_says_how_many_fit_and_what_would() -> None:
    layout = lay_out(EMPTY, ask(*map(str, range(20))), Scheme((("", "172.20.0.0/20"),)))
    assert say(layout) == (
        "[bases] 172.20.0.0/20 has room for 16 of 20 networks: 4 subnets of /24 found none. "
        "Subnets of /25 would all fit; 10.0.0.0/19 is free and large enough."
    )


def test_a_base_that_somebody_has_wholly_has_room_for_nothing() -> None:
    layout = lay_out(hold(("all", "10.0.0.0/8")), ask("a"), Scheme((("", "10.0.0.0/16"),)))
    assert "has room for 0 of 1 network" in say(layout)
    assert "In it: 10.0.0.0/8 (all)." in say(layout)
    assert "Ask for fewer networks." in say(layout)


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        (Scheme(), "[bases] No base is for a. Add a line such as dev=172.20.0.0/16"),
        (Scheme((("prod", "10.0.0.0/16"),)), "[bases] No base is for a."),
        (Scheme((("", "10.0.0.1/16"),)), "You probably mean 10.0.0.0/16."),
        (Scheme((("", "10.0.0.0"),)), "[bases] 10.0.0.0 is no IPv4 subnet."),
        (Scheme((("", "fd00::/48"),)), "[bases] fd00::/48 is no IPv4 subnet."),
        (Scheme((("", "nonsense/x"),)), "[bases] nonsense/x is no IPv4 subnet."),
        (Scheme((("", "10.0.0.0/24"),), 16), "[size] /16 is no size for subnets here."),
        (Scheme((("", "10.0.0.0/24"),), 30), "[size] /30 is no size for subnets here."),
        (Scheme((("", "10.0.0.0/16"),), 24, (("dev", 99),)), "[size] /99 is no size"),
        (
            Scheme((("", "10.0.0.0/16"),), ipv6_base="10.1.0.0/16"),
            "[ipv6_base] 10.1.0.0/16 is no IPv6 subnet.",
        ),
    ],
)
def test_a_bad_scheme_is_refused_with_the_field_and_the_reason(scheme: Scheme, words: str) -> None:
    assert words in say(lay_out(EMPTY, ask("a", environment="dev"), scheme))


def test_an_offered_base_is_free_and_just_large_enough() -> None:
    engine = hold(("a", "10.0.0.0/16"), ("b", "10.1.0.0/24"))
    assert offer_base(engine, [24] * 12) == "10.1.16.0/20"
    assert offer_base(engine, [24]) == "10.1.1.0/24"
    assert offer_base(engine, []) == ""
    assert offer_base(engine, [8, 8]) == ""


cidrs = st.builds(
    lambda third, fourth, prefix: str(parse_block(f"10.0.{third}.{fourth}/{prefix}")),
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(18, 29),
)


@given(
    taken=st.lists(cidrs, max_size=12),
    asked=st.lists(st.one_of(st.none(), cidrs), min_size=1, max_size=30),
    sizes=st.lists(st.integers(22, 28), min_size=1, max_size=3),
)
def test_what_is_laid_out_overlaps_neither_one_another_nor_anything_on_the_engine(
    taken: list[str], asked: list[str | None], sizes: list[int]
) -> None:
    engine = hold(*((f"there-{number}", cidr) for number, cidr in enumerate(taken)))
    rows = tuple(
        Row(
            CreateNetwork(f"new-{number}", subnets=(Subnet(cidr),) if cidr else ()),
            picks=(("size", str(number % len(sizes))),),
        )
        for number, cidr in enumerate(asked)
    )
    prefixes = tuple((str(number), size) for number, size in enumerate(sizes))
    layout = lay_out(engine, rows, Scheme((("", "10.0.0.0/17"),), 24, prefixes))
    laid_out = [
        (row, parse_block(after.creation.subnets[0].cidr))
        for row, after in zip(rows, layout.rows, strict=True)
        if not row.creation.subnets and after.creation.subnets
    ]
    base = parse_block("10.0.0.0/17")
    others = [parse_block(cidr) for cidr in (*taken, *filter(None, asked))]
    for row, block in laid_out:
        assert block is not None
        assert base is not None
        assert overlaps(block, base)
        assert block.prefixlen == sizes[int(row.picks[0][1])]
        assert not any(other and overlaps(block, other) for other in others)
    for (_, one), (_, other) in combinations(laid_out, 2):
        assert one is not None
        assert other is not None
        assert not overlaps(one, other)
    missing = sum(not row.creation.subnets for row in layout.rows)
    assert bool(missing) == bool(layout.refusals)


@given(st.lists(st.booleans(), min_size=12, max_size=12), st.lists(cidrs, max_size=6))
def test_a_plan_broken_off_anywhere_is_laid_out_as_before(
    done: list[bool], taken: list[str]
) -> None:
    engine = hold(*((f"there-{number}", cidr) for number, cidr in enumerate(taken)))
    rows = ask(*(f"n{number}" for number in range(12)), axis="any")
    scheme = Scheme((("", "10.0.0.0/16"),), 25)
    first = lay_out(engine, rows, scheme)
    steps = [Step(row.creation) for row, is_done in zip(first.rows, done, strict=True) if is_done]
    again = lay_out(apply_plan(engine, Plan(tuple(steps))), rows, scheme)
    assert again.rows == first.rows
