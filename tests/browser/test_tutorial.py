"""What people know from the command line, clicked: a real engine ends up just as by command."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import Site
from tests.engine_fixtures import run_real
from tests.engines import IMAGE, CommandFailedError, RealEngine
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.engine]
BRIDGE = "com.docker.network.bridge"
OWN = ("Id", "Created", "NetworkID", "EndpointID", "MacAddress")
"""What the engine chooses afresh each time."""


@pytest.fixture(scope="module")
def engine() -> Iterator[RealEngine]:
    """One Docker 20.10 for all stories."""
    yield from run_real("20.10")


@pytest.fixture(scope="module")
def site(engine: RealEngine) -> Iterator[Site]:
    """A netdash that watches it."""
    with Site(engine.address) as site:
        yield site


@pytest.fixture(autouse=True)
def emptied(engine: RealEngine) -> Iterator[None]:
    """Leave nothing of a story to the next."""
    engine.empty()
    yield
    engine.empty()


# What the engine says, and what netdash has read of it.


def inspect_network(engine: RealEngine, name: str) -> dict[str, Any]:
    """Read a network as ``docker network inspect`` gives it, without what is new each time.

    Of a subnet that the engine chose itself only the form is kept: it takes another each time.
    """
    (found,) = json.loads(engine.docker("network", "inspect", name))
    for pool in found["IPAM"]["Config"]:
        if pool["Subnet"].endswith(("/16", "/20")) and pool.get("Gateway", "").endswith(".1"):
            pool.update(Subnet="chosen", Gateway="chosen")
    return {key: value for key, value in found.items() if key not in OWN}


def inspect_endpoints(engine: RealEngine, name: str) -> dict[str, dict[str, Any]]:
    """Read a container's endpoints by network, without what is new each time."""
    (found,) = json.loads(engine.docker("inspect", name))
    short_id = found["Id"][:12]
    endpoints = {}
    for network, endpoint in found["NetworkSettings"]["Networks"].items():
        kept = {key: value for key, value in endpoint.items() if key not in OWN}
        kept["Aliases"] = [one for one in kept["Aliases"] or () if one != short_id]
        kept |= {key: kept[key] or {} for key in ("DriverOpts", "IPAMConfig")}
        endpoints[network] = kept
    return endpoints


def list_members(engine: RealEngine, network: str) -> dict[str, str]:
    """List who is on a network with which address."""
    (found,) = json.loads(engine.docker("network", "inspect", network))
    return {one["Name"]: one["IPv4Address"].split("/")[0] for one in found["Containers"].values()}


def list_networks(engine: RealEngine, *filters: str) -> set[str]:
    """List the names that ``docker network ls`` gives."""
    asked = [word for one in filters for word in ("--filter", one)]
    return set(engine.docker("network", "ls", "--format", "{{.Name}}", *asked).split("\n"))


def follow(page: Page, engine: RealEngine) -> None:
    """Wait until netdash has read what the engine holds."""

    def is_read() -> bool:
        read = page.request.get("/e/demo/export/snapshot.json").json()
        networks = {one["name"] for one in read["networks"]}
        places = {
            one["name"]: {endpoint["network_name"] for endpoint in one.get("endpoints", ())}
            for one in read["containers"]
        }
        names = engine.docker("ps", "-a", "--format", "{{.Names}}").split()
        wanted = {name: set(inspect_endpoints(engine, name)) for name in names}
        return networks == list_networks(engine) and places == wanted

    wait_until(is_read, "netdash has read the engine")


def run(engine: RealEngine, *names: str, network: str = "bridge") -> None:
    for name in names:
        engine.docker("run", "-d", "--name", name, "--network", network, IMAGE)


def reaches(engine: RealEngine, container: str, other: str) -> bool:
    try:
        engine.docker("exec", container, "ping", "-c1", "-W1", other)
    except CommandFailedError:
        return False
    return True


# What a hand does.


def open_page(page: Page, path: str) -> None:
    """Open a page and wait until it follows by itself."""
    page.goto(f"/e/demo/{path}")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")


def open_network(page: Page, engine: RealEngine, name: str) -> None:
    """Open a network's page by the list."""
    follow(page, engine)
    open_page(page, f"networks/?q={name}")
    page.locator("#list tbody").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("#sheet h1")).to_contain_text(name)


def open_container(page: Page, engine: RealEngine, name: str) -> None:
    """Open a container's page by the list."""
    follow(page, engine)
    open_page(page, f"containers/?q={name}")
    page.locator("#list tbody th").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("#sheet h1")).to_contain_text(name)


def settle(page: Page, awaited: str) -> None:
    """Wait until something was swapped in and listens to what is typed and clicked."""
    expect(page.locator(awaited).first).to_be_visible()
    swapping = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
    expect(page.locator(swapping)).to_have_count(0)


def say_done(page: Page, words: str) -> None:
    toast = page.locator("#messages .toast", has_text=re.compile("done\\.|Taken back")).last
    expect(toast).to_contain_text(words)


def confirm(page: Page, words: str) -> None:
    """Press the sheet's own button, and wait until it says that it is done."""
    settle(page, "#preview .command")
    page.click("#confirm")
    say_done(page, words)


def card(page: Page, name: str) -> Locator:
    return page.locator(f'#board section a.c[aria-label^="{name},"]').first


def lane(page: Page, network: str) -> Locator:
    return page.locator(f'#board section a.n[aria-label^="network {network},"] text').first


# Making networks.


@dataclass(frozen=True)
class Creation:
    """A network by command and by form: label and value of each field; True ticks it."""

    name: str
    options: str = ""
    fields: tuple[tuple[str, str | bool], ...] = ()


CREATIONS = (
    Creation("app-network"),
    Creation(
        "mon-reseau",
        "--driver bridge --subnet=192.168.100.0/24 --gateway=192.168.100.1"
        " --ip-range=192.168.100.128/25",
        (
            ("Driver", "bridge"),
            ("Subnet", "192.168.100.0/24"),
            ("Gateway", "192.168.100.1"),
            ("Range", "192.168.100.128/25"),
        ),
    ),
    Creation(
        "mon-reseau-ipv6",
        "--ipv6 --subnet=2001:db8:1::/64 --internal --attachable",
        (
            ("Subnet", "2001:db8:1::/64"),
            ("IPv6", True),
            ("Internal", True),
            ("Attachable", True),
        ),
    ),
    Creation(
        "app-dev-network",
        "--driver bridge --subnet=172.28.0.0/16 --ip-range=172.28.5.0/24 --gateway=172.28.5.254"
        " --label projet=monapp --label environnement=dev",
        (
            ("Subnet", "172.28.0.0/16"),
            ("Range", "172.28.5.0/24"),
            ("Gateway", "172.28.5.254"),
            ("Labels", "projet=monapp\nenvironnement=dev"),
        ),
    ),
    Creation(
        "reseau-optionne",
        f"--opt {BRIDGE}.name=my-bridge --opt {BRIDGE}.enable_icc=true"
        f" --opt {BRIDGE}.enable_ip_masquerade=false"
        f" --opt {BRIDGE}.host_binding_ipv4=127.0.0.1"
        " --opt com.docker.network.driver.mtu=1450 --opt my.own=1",
        (
            ("Bridge name", "my-bridge"),
            ("Containers may talk to each other", "true"),
            ("Masquerade", "false"),
            ("Publish ports on", "127.0.0.1"),
            ("MTU", "1450"),
            ("Other options", "my.own=1"),
        ),
    ),
    Creation(
        "reseau-isole",
        f"--opt {BRIDGE}.enable_icc=false --subnet 172.29.0.0/24 --aux-address router=172.29.0.5",
        (
            ("Subnet", "172.29.0.0/24"),
            ("Reserved", "router=172.29.0.5"),
            ("Containers may talk to each other", "false"),
        ),
    ),
)


def open_folds(page: Page) -> None:
    """Open whatever a sheet folds away."""
    folds = page.locator(".change details.fold")
    for number in range(folds.count()):
        if folds.nth(number).get_attribute("open") is None:
            folds.nth(number).locator("summary").first.click()


def fill_in(page: Page, fields: tuple[tuple[str, str | bool], ...]) -> None:
    for label, value in fields:
        field = page.locator(".change").get_by_label(label, exact=True).first
        if value is True:
            field.check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))


def create(page: Page, name: str, *fields: tuple[str, str | bool]) -> None:
    """Make a network by the form; it stands in the list at once."""
    open_page(page, "")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="New network").click()
    open_folds(page)
    fill_in(page, (("Name", name), *fields))
    expect(page.locator("#preview .command")).to_contain_text(name)
    confirm(page, name)
    row = page.locator("#list tbody").get_by_role("link", name=name, exact=True)
    expect(row).to_be_visible()


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
    confirm(page, "blog-network")
    assert inspect_network(engine, "blog-network")["IPAM"]["Config"] == [
        {"Subnet": "172.30.0.0/16"}
    ]


# Connecting and disconnecting.


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


@dataclass(frozen=True)
class Case:
    """A case of the tutorial: who shall stand on which networks, and which are internal."""

    networks: dict[str, list[str]]
    internal: frozenset[str] = frozenset()


CASES = {
    "developers": Case(
        {"alice-dev-network": ["alice-db", "alice-app"], "bob-dev-network": ["bob-db", "bob-app"]}
    ),
    "microservices": Case(
        {
            "public-network": ["api-gateway"],
            "private-network": ["api-gateway", "order-service", "user-service"],
        },
        frozenset({"private-network"}),
    ),
}


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


def choose(page: Page, *names: str) -> None:
    """Choose cards, and only these."""
    if page.locator("#chosen").is_visible():
        page.click("#chosen [data-act=clear]")
    for name in names:
        card(page, name).click(modifiers=["Shift"])
    expect(page.locator("#chosen")).to_contain_text(f"{len(names)} container")


def read_choice(page: Page, network: str) -> str:
    """Read the words of a network in the sheet's menu."""
    return page.locator("#id_network option", has_text=network).first.inner_text().strip()


# Looking.


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


def read_list(page: Page) -> set[str]:
    return set(page.locator("#list tbody th a").all_inner_texts())


def pick(page: Page, menu: str, value: str) -> None:
    """Choose a value of a filter menu."""
    page.locator("summary", has_text=f"{menu}:").click()
    page.locator(".menu[open] a", has_text=value).click()
    expect(page.locator("summary", has_text=f"{menu}:")).to_contain_text(value)


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


# Removing and changing.


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
