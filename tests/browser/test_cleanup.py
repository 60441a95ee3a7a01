"""Clean-up in the browser: what is reviewed moves with the world, and exactly that is removed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.policies import list_names, make_old_networks
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(company: SimulatedEngine) -> Iterator[Site]:
    """A netdash with a worker, and an engine on which four networks are left over."""
    make_old_networks(company, "old-1", "old-2", "old-3", "plain")
    with Site(company.address) as site:
        site.start_worker()
        yield site


def take(page: Page, name: str) -> None:
    page.get_by_label(f"Take {name}", exact=True).check()


@pytest.fixture
def left_over(company: SimulatedEngine) -> None:
    """What the story needs, also when it is told again."""
    there = set(company.docker("ps", "-a", "--format", "{{.Names}}").split())
    for name in there & {"late"}:
        company.docker("rm", "-f", name)
    for name in list_names(company) & {"old-fresh"}:
        company.docker("network", "rm", name)
    missing = {"old-1", "old-2", "old-3"} - list_names(company)
    if missing:
        make_old_networks(company, *sorted(missing))


def test_what_is_wrong_with_a_filter_stands_beside_it_while_one_types(page: Page) -> None:
    page.goto("/e/demo/clean-up")
    beside = page.locator(".wish-older_than .said")
    page.fill("#id_older_than", "soon")
    expect(beside).to_contain_text("Write a span such as 30d")
    expect(page.locator("#id_older_than")).to_have_attribute("aria-invalid", "true")
    page.fill("#id_older_than", "1h")
    expect(beside).to_have_count(0)
    expect(page.locator("#id_older_than")).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.usefixtures("left_over")
def test_clean_up_from_the_rail_to_the_job(page: Page, company: SimulatedEngine) -> None:
    page.goto("/e/demo/")
    page.get_by_role("link", name="Clean-up").click()
    page.fill("#id_name_pattern", "old-*")
    review = page.locator("#cleanup-review")
    expect(review).to_have_text("Review the removal of 3")

    company.docker("network", "create", "old-fresh")
    fresh = page.get_by_label("Take old-fresh", exact=True)
    expect(fresh).not_to_be_checked()
    expect(page.locator("tr", has=fresh)).to_contain_text("Created")
    expect(page.locator("#cleanup-moved")).to_have_text("New in the list: old-fresh.")
    take(page, "old-fresh")
    expect(review).to_have_text("Review the removal of 4")

    company.docker("run", "-d", "--name", "late", "--network", "old-3", "busybox:local")
    expect(page.locator("#cleanup-moved")).to_have_text("No longer in the list: old-3.")
    expect(fresh).to_be_checked()
    expect(review).to_have_text("Review the removal of 3")
    page.get_by_role("link", name="in use").click()
    expect(page.locator(".reasons")).to_contain_text("In use by late.")

    take(page, "old-fresh")
    review.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove 3 networks")
    expect(page.locator(".change .foreseen.stop")).to_contain_text("old-fresh")
    page.fill("#cleanup-note", "spring")
    page.click("#confirm")
    expect(page.get_by_role("alert")).to_have_text("Tick this if you mean it.")
    page.get_by_label("I know, and mean it").check()
    page.click("#confirm")
    expect(page.locator("#job .job-page")).to_have_attribute("data-state", "done")
    names = list_names(company)
    assert not names & {"old-1", "old-2", "old-fresh"}
    assert "old-3" in names


def test_filters_stand_in_the_address_and_presets_fill_them(page: Page) -> None:
    page.goto("/e/demo/clean-up")
    page.fill("#id_name_pattern", "none-*")
    expect(page.locator("#cleanup-list .empty")).to_be_visible()
    page.wait_for_url("**/clean-up?name_pattern=none-*")
    expect(page.locator(".presets [aria-current]")).to_have_count(0)
    page.locator(".presets a", has_text="docker network prune").click()
    expect(page.locator("#id_ignores_stopped")).to_be_checked()
    expect(page.locator("details.docker")).to_have_attribute("open", "")


def test_it_works_without_scripts(page: Page, site: Site, signed_in: str) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(
        base_url=site.address, storage_state=signed_in, java_script_enabled=False
    )
    plain = context.new_page()
    plain.goto("/e/demo/clean-up")

    def is_offered() -> bool:
        plain.fill("#id_name_pattern", "plain")
        plain.get_by_role("button", name="Filter").click()
        return plain.locator("#cleanup-review").count() == 1

    wait_until(is_offered, "the network is offered")
    plain.click("#cleanup-review")
    plain.click("#confirm")
    expect(plain.locator("#job")).to_contain_text("Clean up 1 network")
    context.close()
