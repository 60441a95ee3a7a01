"""Many networks from a pattern: what is named how, and what is said of a bad one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdash.topology.patterns import Axis, Pattern, check_pattern, expand
from netdash.topology.rows import MOST_ROWS
from netdash.topology.tiers import find_tiers
from tests.builders import topology

TIERS = Pattern(
    "{project}-{environment}-{layer}-network",
    (
        Axis("project", ("shop", "blog"), "project"),
        Axis("environment", ("dev", "prod"), "env"),
        Axis("layer", ("frontend", "backend", "database")),
    ),
)


def say(pattern: Pattern) -> str:
    return " ".join(f"[{r.field}] {r.sentence} {r.remedy}" for r in check_pattern(pattern))


def test_each_combination_is_a_network_the_last_axis_turning_fastest() -> None:
    names = [row.creation.name for row in expand(TIERS)]
    assert len(names) == 12
    assert names[:4] == [
        "shop-dev-frontend-network",
        "shop-dev-backend-network",
        "shop-dev-database-network",
        "shop-prod-frontend-network",
    ]
    assert say(TIERS) == ""


def test_labels_options_and_flags_follow_the_values() -> None:
    pattern = replace(
        TIERS,
        driver="macvlan",
        labels=(("owner", "{project}@{environment}"), ("project", "all")),
        options=(("parent", "eth0.{environment}"),),
        internal=("environment=prod", "database"),
        tier_axis="layer",
    )
    first, second, third, *rest = (row.creation for row in expand(pattern))
    assert first.labels == (
        ("env", "dev"),
        ("netdash.tier", "-4"),
        ("owner", "shop@dev"),
        ("project", "all"),
    )
    assert first.options == (("parent", "eth0.dev"),)
    assert first.driver == "macvlan"
    assert [dict(c.labels)["netdash.tier"] for c in (first, second, third)] == ["-4", "0", "4"]
    assert [c.is_internal for c in (first, second, third)] == [False, False, True]
    assert all(c.is_internal for c in rest[:3])
    assert expand(pattern)[0].reason == "project shop, environment dev, layer frontend"


def test_tiers_given_by_a_pattern_are_where_names_would_put_them() -> None:
    tiers = find_tiers(topology("frontend", "backend", "database"))
    scores = [tiers[f"net-{name}"].score for name in ("frontend", "backend", "database")]
    given_by_pattern = [-4, 0, 4]
    assert sorted(scores) == scores
    assert all(abs(a - b) <= 3 for a, b in zip(scores, given_by_pattern, strict=True))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (
            replace(TIERS, name="{projet}-{layer}"),
            "[pattern] {projet} is no axis. There is {project}",
        ),
        (
            replace(TIERS, name="{project}-{layer}"),
            "[pattern] Several networks would have one name",
        ),
        (replace(TIERS, name="{project}-{environment}-{layer}-{"), "[pattern] A brace of"),
        (replace(TIERS, labels=(("a", "{b}"),)), "[labels] {b} is no axis."),
        (replace(TIERS, options=(("a", "{b}"),)), "[options] {b} is no axis."),
        (replace(TIERS, internal=("data",)), "[internal] No axis has the value data."),
        (replace(TIERS, tier_axis="tier"), "[tier_axis] tier is no axis."),
        (Pattern("{a}", (Axis("a", ("x", "x")),)), "[axes] a has x more than once."),
        (Pattern("{a}", (Axis("a", ("x",)), Axis("a", ("y",)))), "[axes] Two axes are called a."),
        (Pattern("{a}", (Axis("a"),)), "[axes] a has no values yet."),
        (Pattern("a", (Axis("1st", ("x",)),)), "[axes] 1st cannot name an axis."),
        (
            Pattern("{a}-{b}", tuple(Axis(n, tuple(map(str, range(50)))) for n in "ab")),
            "[axes] 50 × 50 are 2,500 networks; one plan makes at most 1,000.",
        ),
    ],
)
def test_a_bad_pattern_is_refused_with_the_field_and_the_reason(
    pattern: Pattern, words: str
) -> None:
    assert words in say(pattern)


def test_a_thousand_networks_are_allowed() -> None:
    thousand = Pattern("{a}", (Axis("a", tuple(f"n{i}" for i in range(MOST_ROWS))),))
    assert say(thousand) == ""
    assert len(expand(thousand)) == MOST_ROWS


def test_a_huge_product_is_refused_without_being_made() -> None:
    values = tuple(map(str, range(1_000)))
    axes = tuple(Axis(name, values) for name in "abcdef")
    assert "1,000,000,000,000,000,000 networks" in say(Pattern("{a}{b}{c}{d}{e}{f}", axes))


def test_a_pattern_without_axes_is_one_network() -> None:
    assert [row.creation.name for row in expand(Pattern("monitoring"))] == ["monitoring"]


words = st.text("abc", min_size=1, max_size=3)
patterns = st.lists(
    st.tuples(st.sampled_from("pqrs"), st.lists(words, min_size=1, max_size=4, unique=True)),
    min_size=1,
    max_size=4,
    unique_by=lambda axis: axis[0],
)


@given(patterns)
def test_names_that_hold_every_axis_apart_are_never_twice(
    axes: list[tuple[str, list[str]]],
) -> None:
    name = "-".join(f"{{{name}}}" for name, _ in axes)
    pattern = Pattern(name, tuple(Axis(name, tuple(values)) for name, values in axes))
    assert say(pattern) == ""
    names = [row.creation.name for row in expand(pattern)]
    assert len(set(names)) == len(names)
