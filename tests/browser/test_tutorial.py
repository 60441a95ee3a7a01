"""What people know from the command line, clicked: a real engine ends up just as by command."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asking import (
    follow,
    inspect_endpoints,
    inspect_network,
    list_members,
    list_networks,
    reaches,
    run,
)
from tests.browser.clicking import (
    card,
    choose,
    confirm,
    create,
    lane,
    open_container,
    open_folds,
    open_network,
    open_page,
    pick,
    read_choice,
    read_list,
    settle,
)
from tests.browser.tutorial import CASES, CREATIONS, Case, Creation, emptied, engine, site
from tests.engines import RealEngine

pytestmark = [pytest.mark.browser, pytest.mark.engine]
__all__ = ["emptied", "engine", "site"]


@pytest.mark.parametrize("wanted", CREATIONS, ids=[one.name for one in CREATIONS])
def test_a_network_made_by_form_is_the_one_made_by_command(
    page: Page, engine: RealEngine, wanted: Creation
) -> None:
    create(page, wanted.name, *wanted.fields)
    clicked = inspect_network(engine, wanted.name)
    engine.docker("network", "rm", wanted.name)
    engine.docker("network", "create", *wanted.options.split(), wanted.name)
    assert clicked == inspect_network(engine, wanted.name)


def test_two_subnets_and_the_options_of_another_driver_are_offered(
    page: Page, engine: RealEngine
) -> None:
    open_page(page, "networks/new")
    page.fill("#id_name", "double")
    page.select_option("#id_driver", "macvlan")
    open_folds(page)
    expect(page.get_by_label("Parent interface")).to_be_visible()
    expect(page.get_by_label("Masquerade")).to_have_count(0)
    page.select_option("#id_driver", "bridge")
    expect(page.get_by_label("Masquerade")).to_have_count(1)
    expect(page.get_by_label("Name", exact=True)).to_have_value("double")
    page.get_by_role("button", name="Another subnet").click()
    subnets = page.get_by_label("Subnet", exact=True)
    subnets.nth(0).fill("172.27.0.0/24")
    subnets.nth(1).fill("fd00:27::/64")
    page.get_by_label("IPv6", exact=True).check()
    confirm(page, "double")
    clicked = inspect_network(engine, "double")
    engine.docker("network", "rm", "double")
    given = "--ipv6 --subnet 172.27.0.0/24 --subnet fd00:27::/64"
    engine.docker("network", "create", *given.split(), "double")
    assert clicked == inspect_network(engine, "double")


def test_what_cannot_be_made_is_said_while_typing_and_beside_the_field(
    page: Page, engine: RealEngine
) -> None:
    engine.docker("network", "create", "--subnet", "172.25.0.0/16", "ecommerce-network")
    follow(page, engine)
    open_page(page, "networks/new")
    page.fill("#id_name", "blog-network")
    page.fill("#id_subnets-0-cidr", "172.25.3.0/24")
    expect(page.locator("#preview .error")).to_contain_text("ecommerce-network")
    page.click("#confirm")
    beside = page.locator(".field:has(#id_subnets-0-cidr) .error")
    expect(beside).to_contain_text("ecommerce-network")
    expect(page.locator("#id_name")).to_have_value("blog-network")
    page.fill("#id_subnets-0-cidr", "172.30.0.0/16")
    expect(beside).to_have_count(0)
    expect(page.locator("#id_subnets-0-cidr[aria-invalid]")).to_have_count(0)
    confirm(page, "blog-network")
    assert inspect_network(engine, "blog-network")["IPAM"]["Config"] == [
        {"Subnet": "172.30.0.0/16"}
    ]


def test_a_container_is_connected_with_address_and_aliases_and_leaves_to_its_last_network(
    page: Page, engine: RealEngine
) -> None:
    engine.docker("network", "create", "--subnet", "172.26.0.0/16", "app-net")
    run(engine, "app", "twin")
    follow(page, engine)
    open_page(page, "")
    card(page, "app").click()
    lane(page, "app-net").click()
    settle(page, "#id_ipv4")
    page.fill("#id_ipv4", "172.26.5.10")
    page.fill("#id_aliases", "api rest")
    expect(page.locator("#preview .command")).to_contain_text("--alias rest")
    confirm(page, "Connect app to app-net")
    assert inspect_endpoints(engine, "app")["app-net"]["IPAddress"] == "172.26.5.10"
    clicked = inspect_endpoints(engine, "app")["app-net"]
    engine.docker("network", "disconnect", "app-net", "app")
    engine.docker(
        *("network", "connect", "--ip", "172.26.5.10", "--alias", "api", "--alias", "rest"),
        *("app-net", "twin"),
    )
    assert clicked == inspect_endpoints(engine, "twin")["app-net"]

    open_container(page, engine, "twin")
    for network, left in (("bridge", {"app-net"}), ("app-net", set())):
        place = page.locator(".place", has_text=network)
        place.get_by_role("link", name="Disconnect").click()
        confirm(page, f"Disconnect twin from {network}")
        expect(place).to_have_count(0)
        assert set(inspect_endpoints(engine, "twin")) == left


def test_fixed_addresses_are_given_outside_the_range_and_a_removal_is_taken_back(
    page: Page, engine: RealEngine
) -> None:
    create(
        *(page, "infrastructure-network", ("Subnet", "10.0.0.0/24"), ("Gateway", "10.0.0.1")),
        *(("Range", "10.0.0.128/25"), ("Labels", "projet=infra\ncriticite=haute")),
    )
    run(engine, "dns-server", "dhcp-server")
    wanted = {"dns-server": "10.0.0.10", "dhcp-server": "10.0.0.11"}
    open_network(page, engine, "infrastructure-network")
    for name, address in wanted.items():
        page.get_by_role("link", name="Connect a container").click()
        settle(page, "#id_container")
        page.fill("#id_container", name)
        page.get_by_role("button", name="Go on").click()
        settle(page, "#id_ipv4")
        page.fill("#id_ipv4", address)
        expect(page.locator("#preview .command")).to_contain_text(address)
        confirm(page, f"Connect {name}")
        expect(page.locator("#sheet .members")).to_contain_text(address)
    assert list_members(engine, "infrastructure-network") == wanted
    before = inspect_network(engine, "infrastructure-network") | {"Containers": None}
    in_use = {name: inspect_endpoints(engine, name) for name in wanted}

    page.get_by_role("link", name="Remove").click()
    settle(page, ".change .refusals")
    expect(page.locator(".change .refusals")).to_contain_text("dns-server")
    page.get_by_label("Disconnect who is on it, then remove it").check()
    expect(page.locator("#preview .steps li")).to_have_count(3)
    confirm(page, "infrastructure-network")
    expect(page.locator("#sheet")).to_contain_text("is gone since")
    assert "infrastructure-network" not in list_networks(engine)
    assert all(set(inspect_endpoints(engine, name)) == {"bridge"} for name in wanted)

    open_page(page, "journal/")
    page.locator("table.journal").get_by_role("link", name="Undo").first.click()
    confirm(page, "Taken back")
    assert inspect_network(engine, "infrastructure-network") | {"Containers": None} == before
    assert {name: inspect_endpoints(engine, name) for name in wanted} == in_use


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_case_is_built_by_choosing_cards(page: Page, engine: RealEngine, case: Case) -> None:
    everybody = sorted({name for names in case.networks.values() for name in names})
    run(engine, *everybody)
    for network in case.networks:
        internal: tuple[tuple[str, str | bool], ...] = (("Internal", True),)
        create(page, network, *(internal if network in case.internal else ()))
    follow(page, engine)
    open_page(page, "")
    for network, names in case.networks.items():
        choose(page, *names)
        page.click("#chosen [data-act=connect]")
        settle(page, "#id_network")
        page.locator("#id_network").select_option(label=read_choice(page, network))
        confirm(page, network)
    choose(page, *everybody)
    page.click("#chosen [data-act=disconnect]")
    settle(page, ".change .choices")
    page.locator(".change .choices").get_by_role("link", name="bridge", exact=True).click()
    confirm(page, "from bridge")

    for network, names in case.networks.items():
        assert sorted(list_members(engine, network)) == sorted(names)
        assert inspect_network(engine, network)["Internal"] is (network in case.internal)
    assert list_members(engine, "bridge") == {}
    first, *_, last = everybody
    together = any({first, last} <= set(names) for names in case.networks.values())
    (address,) = [one["IPAddress"] for one in inspect_endpoints(engine, last).values()]
    assert reaches(engine, first, last if together else address) is together
    follow(page, engine)
    for name in everybody:
        networks = [one for one, names in case.networks.items() if name in names]
        every = "".join(rf"(?=.*{network})" for network in networks)
        words = re.compile(rf"^{name}, running, on (?!.*bridge){every}")
        expect(card(page, name)).to_have_attribute("aria-label", words)


def test_lists_and_filters_give_what_the_command_lists(page: Page, engine: RealEngine) -> None:
    for name in ("dev", "staging", "prod"):
        engine.docker(
            *("network", "create", "--label", f"environnement={name}", "--label", "projet=monapp"),
            f"app-{name}-network",
        )
    engine.docker("network", "create", "database-network")
    follow(page, engine)
    open_page(page, "networks/")
    assert read_list(page) == list_networks(engine)
    pick(page, "Driver", "bridge")
    assert read_list(page) == list_networks(engine, "driver=bridge")
    pick(page, "Label", "environnement=prod")
    assert read_list(page) == {"app-prod-network"}
    assert read_list(page) == list_networks(engine, "driver=bridge", "label=environnement=prod")
    page.get_by_role("link", name="Clear").click()
    page.locator("#list-q").press_sequentially("app-")
    expect(page.locator("#list-count")).to_contain_text("3 of")
    assert read_list(page) == list_networks(engine, "name=app-")
    open_page(page, "networks/?builtin=0")
    assert read_list(page) == list_networks(engine, "type=custom")


def test_the_pages_say_what_inspect_says(page: Page, engine: RealEngine) -> None:
    engine.docker(
        *("network", "create", "--subnet", "172.24.0.0/16", "--gateway", "172.24.0.254"),
        *("--ip-range", "172.24.5.0/24", "--label", "projet=monapp"),
        *("--opt", "com.docker.network.driver.mtu=1450", "app-network"),
    )
    run(engine, "web-server", "api-backend", network="app-network")
    open_network(page, engine, "app-network")
    sheet = page.locator("#sheet")
    for words in ("172.24.0.0/16", "172.24.0.254", "172.24.5.0/24", "projet", "1450"):
        expect(sheet).to_contain_text(words)
    for name, address in list_members(engine, "app-network").items():
        member = page.locator("#sheet .members li", has_text=name)
        expect(member).to_contain_text(address)
    page.get_by_role("link", name="Show raw").click()
    expect(page.locator("pre")).to_contain_text('"172.24.5.0/24"')
    page.go_back()
    open_container(page, engine, "api-backend")
    expect(page.locator("#sheet .place")).to_have_count(1)
    expect(page.locator("#sheet .place")).to_contain_text("app-network")


def test_a_passing_network_is_removed_and_a_built_in_one_says_why_not(
    page: Page, engine: RealEngine
) -> None:
    create(page, "test-run-1764350000")
    open_network(page, engine, "test-run-1764350000")
    page.get_by_role("link", name="Remove").click()
    confirm(page, "test-run-1764350000")
    assert list_networks(engine) == {"bridge", "host", "none"}
    open_network(page, engine, "bridge")
    page.get_by_role("link", name="Remove").click()
    expect(page.locator(".change .refusals")).to_contain_text("bridge")
    assert list_networks(engine) == {"bridge", "host", "none"}


def test_another_subnet_replaces_the_network_with_everybody_on_it(
    page: Page, engine: RealEngine
) -> None:
    given = "--subnet 172.23.0.0/24 --gateway 172.23.0.254 --label equipe=backend"
    engine.docker("network", "create", *given.split(), "backend-network")
    run(engine, "api", "worker")
    engine.docker("network", "connect", "--alias", "rest", "backend-network", "api")
    open_network(page, engine, "backend-network")
    page.get_by_role("link", name="Change it").click()
    page.fill("#id_subnets-0-cidr", "172.22.0.0/24")
    expect(page.locator("#preview .command")).to_contain_text("--subnet 172.22.0.0/24")
    expect(page.locator("#preview .command")).not_to_contain_text("172.23.0.254")
    confirm(page, "backend-network")
    assert list_members(engine, "backend-network") == {"api": "172.22.0.2"}
    clicked = inspect_endpoints(engine, "api")["backend-network"]
    assert clicked["Aliases"] == ["rest"]
    made = inspect_network(engine, "backend-network") | {"Containers": None}
    engine.docker("network", "disconnect", "backend-network", "api")
    engine.docker("network", "rm", "backend-network")
    given = "--subnet 172.22.0.0/24 --label equipe=backend"
    engine.docker("network", "create", *given.split(), "backend-network")
    engine.docker("network", "connect", "--alias", "rest", "backend-network", "worker")
    assert made == inspect_network(engine, "backend-network") | {"Containers": None}
    assert clicked == inspect_endpoints(engine, "worker")["backend-network"]
