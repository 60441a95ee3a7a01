from __future__ import annotations

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from netdash.topology.filters import Filter, narrow
from netdash.topology.snapshot import Container, Network, Snapshot
from netdash.views.filter_menus import build_bar, count_sorted
from netdash.views.filters import STATES, ViewQuery, read_query, write_query
from tests.builders import topology

PICTURE = topology("web: front", "api: front back", "db: back", "tool: none")
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=12)
KEYS = WORDS.filter(lambda word: "=" not in word)


def ask(query: str, snapshot: Snapshot = PICTURE) -> ViewQuery:
    return read_query(QueryDict(query), snapshot)


def test_nothing_asked_shows_everything() -> None:
    assert ask("") == ViewQuery()
    assert not ask("").is_narrowing


def test_every_parameter_is_read() -> None:
    query = ask(
        "network=net-front&driver=bridge&state=running&state=unhealthy&label=a%3Db%3Dc&label=d"
        "&q=+two++words+&builtin=0&group=tier&density=dots&open=shop/api&project=-"
    )
    assert query.filter == Filter(
        projects=frozenset({""}),
        networks=frozenset({"net-front"}),
        drivers=frozenset({"bridge"}),
        states=frozenset({"running", "unhealthy"}),
        labels=frozenset({("a", "b=c"), ("d", "")}),
        text="two words",
        hides_built_in=True,
    )
    assert (query.grouping, query.density) == ("tier", "dots")
    assert query.open_keys == {"shop/api"}
    assert query.notes == ()


def test_words_that_are_not_known_are_ignored_and_noted() -> None:
    query = ask("state=sleeping&group=colour&density=huge&builtin=2")
    assert query.filter == Filter()
    assert (query.grouping, query.density) == ("project", None)
    assert query.notes == (
        "state=sleeping is not known; it is ignored.",
        "builtin=2 is not known; it is ignored.",
        "group=colour is not known; it is ignored.",
        "density=huge is not known; it is ignored.",
    )


def test_what_is_not_there_now_stays_asked_for_and_is_noted() -> None:
    query = ask("project=shop&network=gone&driver=macvlan")
    assert query.filter.projects == {"shop"}
    assert query.notes == (
        "There is no project shop now.",
        "There is no network gone now.",
        "No network has the driver macvlan.",
    )


def test_long_values_are_shortened_in_notes() -> None:
    (note,) = ask(f"state={'x' * 9000}").notes
    assert len(note) < 100


@given(
    projects=st.frozensets(WORDS.filter(lambda word: word != "-") | st.just("")),
    networks=st.frozensets(WORDS),
    drivers=st.frozensets(WORDS),
    states=st.frozensets(st.sampled_from(STATES)),
    labels=st.frozensets(st.tuples(KEYS, WORDS | st.just(""))),
    text=WORDS | st.just(""),
    hides=st.booleans(),
    grouping=st.sampled_from(["project", "tier", "none"]),
    density=st.sampled_from([None, "cards", "chips", "dots"]),
    opened=st.frozensets(WORDS),
)
def test_reading_what_was_written_gives_the_same_query(  # type: ignore[no-untyped-def]
    projects, networks, drivers, states, labels, text, hides, grouping, density, opened
) -> None:
    wanted = Filter(projects, networks, drivers, states, labels, text, hides)
    query = ViewQuery(wanted, grouping, density, opened)
    found = ask(write_query(query))
    assert (found.filter, found.grouping, found.density) == (wanted, grouping, density)
    assert found.open_keys == opened


def test_a_change_of_the_filter_is_written() -> None:
    assert write_query(ask("q=api&group=tier"), text="", density="chips") == (
        "group=tier&density=chips"
    )


def test_a_menu_offers_what_is_there_with_counts_and_turns_it_on_and_off() -> None:
    bar = build_bar(PICTURE, ask("network=net-front&q=a"), {"sort": "name"})
    menus = {menu.name: menu for menu in bar.menus}
    front = next(choice for choice in menus["network"].choices if choice.label == "front")
    back = next(choice for choice in menus["network"].choices if choice.label == "back")
    assert (front.count, front.is_chosen, back.is_chosen) == ("2", True, False)
    assert front.address == "?q=a&sort=name"
    assert back.address == "?network=net-back&network=net-front&q=a&sort=name"
    assert menus["network"].summary == "front"
    assert menus["state"].summary == "any"
    assert [choice.label for choice in menus["project"].choices] == ["standalone"]
    assert bar.kept == (("network", "net-front"), ("sort", "name"))


def test_a_chosen_value_that_is_gone_can_be_turned_off() -> None:
    bar = build_bar(PICTURE, ask("project=shop"), {})
    (shop,) = (c for c in bar.menus[0].choices if c.label == "shop")
    assert (shop.is_chosen, shop.count, shop.address) == (True, "0", "?")


def test_a_menu_counts_what_its_filter_keeps_and_says_which() -> None:
    web, data, both = ("tier", "web"), ("tier", "data"), ("tier", "both")
    network = Network("n1", "front", labels=(web, ("com.docker.compose.project", "shop")))
    other = Network("n2", "back", labels=(both,))
    bare = Container("c1", "api", "api:1", labels=(data,))
    twin = Container("c2", "db", "db:1", labels=(both,))
    snapshot = Snapshot((network, other), (bare, twin))
    menus = {menu.name: menu for menu in build_bar(snapshot, ViewQuery(), {}).menus}
    counts = {c.label: c.count for menu in menus.values() for c in menu.choices}
    assert counts["tier=web"] == "1 network"
    assert counts["tier=data"] == "1"
    assert counts["tier=both"] == "1 + 1 network"
    assert (counts["shop"], counts["standalone"]) == ("1 network", "2")
    assert counts["bridge"] == "2 networks"
    for pair in (web, data, both):
        kept = narrow(snapshot, Filter(labels=frozenset({pair})))
        choice = next(c for c in menus["label"].choices if c.label == "=".join(pair))
        assert choice.container_count == len(kept.containers)
        assert choice.network_count == len(kept.networks)


def test_values_of_one_name_stand_in_the_order_of_the_reading() -> None:
    words = tuple("abcdef")
    alike = [("=".join(words[:n]), "=".join(words[n:])) for n in (3, 1, 5, 2, 4)]
    counts = dict.fromkeys(alike, 1)
    assert [value for value, *_ in count_sorted(counts, counts)] == alike
