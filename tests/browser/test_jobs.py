"""Jobs in the browser: they move while one looks, stop when told, try again, take back."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.browser.watching import read_watched, start_job, watch
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(company: SimulatedEngine) -> Iterator[Site]:
    """A netdash with a worker."""
    with Site(company.address) as site:
        site.start_worker()
        yield site


@pytest.fixture(autouse=True)
def quick_again(company: SimulatedEngine) -> Iterator[None]:
    """End the slowness that a test asked for, and its networks."""
    yield
    company.faults.clear()
    made = [name for name in list_networks(company) if name.startswith("made-")]
    if made:
        company.docker("network", "rm", *made)


def list_networks(company: SimulatedEngine) -> list[str]:
    return company.docker("network", "ls", "--format", "{{.Name}}").split()


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("#job .job-page")).to_have_attribute("data-state", state)


def test_a_job_is_seen_step_by_step_and_its_bar_never_goes_back(
    page: Page, site: Site, company: SimulatedEngine
) -> None:
    company.faults.slow(0.1)
    pk = start_job(site, "made-seen", "10.61", 60)
    page.goto(f"/e/demo/jobs/{pk}")
    watch(page, pk)
    expect_state(page, "done")
    expect(page.locator(f'#jobs-panel [data-job="{pk}"]')).to_contain_text("60 done")
    seen = read_watched(page, site, pk)
    assert len(seen.delays) == 60
    assert max(seen.delays) < 10
    assert seen.job_bar == tuple(sorted(seen.job_bar))
    assert seen.panel_bar == tuple(sorted(seen.panel_bar))
    assert len(set(seen.job_bar)) > 3
    ratios = [said / true for said, true in seen.late_guesses]
    assert not ratios or 0.1 < statistics.median(ratios) < 10


def test_cancel_in_the_panel_stops_a_job_between_two_steps(
    page: Page, site: Site, company: SimulatedEngine
) -> None:
    company.faults.slow(0.3)
    page.goto("/e/demo/networks/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    pk = start_job(site, "made-stopped", "10.62", 200)
    card = page.locator(f'#jobs-panel [data-job="{pk}"]')
    expect(card).to_contain_text("a second")
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_have_attribute("data-state", "cancelled")
    expect(page.locator("#jobs-said")).to_contain_text("not reached")
    made = [name for name in list_networks(company) if name.startswith("made-stopped")]
    assert 0 < len(made) < 200
    card.get_by_role("link").click()
    expect(page.locator("#job .job-head")).to_contain_text(f"{len(made)} done")
    expect(page.locator("#job-retry")).to_have_text(f"Try {200 - len(made)} again")


def test_a_job_that_ended_well_leaves_the_panel_when_nobody_is_at_it(
    page: Page, site: Site, company: SimulatedEngine
) -> None:
    page.clock.install()
    pk = start_job(site, "made-leaves", "10.67", 2)
    page.goto("/e/demo/networks/")
    card = page.locator(f'#jobs-panel [data-job="{pk}"]')
    expect(card).to_have_attribute("data-state", "done")
    card.get_by_role("link").focus()
    site.ask(f"""
import django; django.setup()
from datetime import timedelta
from django.db.models import F
from netdash.models import Job
Job.objects.filter(pk={pk}).update(ended_at=F("ended_at") - timedelta(minutes=2))
""")
    page.clock.fast_forward(70_000)
    page.evaluate("fetch(location.href).then((answer) => answer.text())")
    expect(card).to_be_visible()
    page.locator("#main").focus()
    page.clock.fast_forward(10_000)
    expect(card).to_have_count(0)


def test_what_failed_is_tried_again_when_its_cause_is_gone(
    page: Page, site: Site, company: SimulatedEngine
) -> None:
    company.docker("network", "create", "--subnet", "10.63.2.0/23", "made-blocker")
    pk = start_job(site, "made-again", "10.63", 6)
    page.goto(f"/e/demo/jobs/{pk}")
    expect_state(page, "failed")
    expect(page.locator("tr.item.failed").first).to_contain_text("overlaps made-blocker")
    company.docker("network", "rm", "made-blocker")
    page.click("#job-retry")
    expect(page.locator("h1")).to_contain_text("Again:")
    expect_state(page, "done")
    expect(page.locator("#job .job-head")).to_contain_text("2 done")
    assert sum(name.startswith("made-again") for name in list_networks(company)) == 6


def test_a_job_is_a_line_of_the_journal_that_opens_and_stays_open(
    page: Page, site: Site, company: SimulatedEngine
) -> None:
    pk = start_job(site, "made-listed", "10.68", 3)
    page.goto(f"/e/demo/jobs/{pk}")
    expect_state(page, "done")
    page.goto("/e/demo/journal/")
    line = page.locator("tr.plan", has=page.locator(f'a[href$="/jobs/{pk}"]'))
    expect(line).to_contain_text("3 done")
    expect(page.locator("tr.part")).to_have_count(0)
    line.locator(".unfold").click()
    expect(page.locator("tr.part")).to_have_count(3)
    expect(line.locator(".unfold")).to_be_focused()
    assert "open=" in page.url
    company.docker("network", "create", "made-besides")
    expect(page.locator("table.journal")).to_contain_text("Create network made-besides")
    expect(page.locator("tr.part")).to_have_count(3)
    page.reload()
    expect(page.locator("tr.part")).to_have_count(3)
    line.locator(".unfold").click()
    expect(page.locator("tr.part")).to_have_count(0)
    assert "open=" not in page.url


def test_what_a_job_did_is_taken_back_after_a_look_at_what_that_means(
    page: Page, site: Site, company: SimulatedEngine
) -> None:
    pk = start_job(site, "made-back", "10.64", 30)
    page.goto(f"/e/demo/jobs/{pk}")
    expect_state(page, "done")
    page.click("#job-undo")
    expect(page.locator("#preview .command")).to_contain_text("docker network rm made-back-")
    assert "made-back-3" in list_networks(company)
    page.click("#confirm")
    expect(page.locator("h1")).to_contain_text("Undo: Create 30 networks")
    expect_state(page, "done")
    assert not [name for name in list_networks(company) if name.startswith("made-back")]


def test_ticked_networks_are_removed_by_a_job(
    page: Page, site: Site, company: SimulatedEngine
) -> None:
    start_job(site, "made-ticked", "10.65", 30)
    page.goto("/e/demo/networks/?q=made-ticked")
    expect(page.locator("#list-count")).to_contain_text("30 of")
    boxes = page.locator("#list input[name=network]")
    boxes.nth(0).check()
    boxes.nth(24).click(modifiers=["Shift"])
    expect(page.locator("#choose [role=status]")).to_have_text("25 networks chosen")
    company.docker("network", "create", "made-other")  # the list refreshes; the ticks stay
    expect(page.locator("#networks-count")).not_to_have_text("45")
    expect(page.locator("#choose [role=status]")).to_have_text("25 networks chosen")
    page.get_by_role("button", name="Remove…").click()
    expect(page.locator(".change")).to_contain_text("It runs as a job")
    page.click("#confirm")
    toast = page.locator("#messages .toast")
    expect(toast).to_contain_text("Job started: Remove 25 networks")
    toast.get_by_role("link", name="Show the job").click()
    expect_state(page, "done")
    left = [name for name in list_networks(company) if name.startswith("made-ticked")]
    assert len(left) == 5


def test_all_containers_that_a_filter_finds_are_connected_at_once(
    page: Page, company: SimulatedEngine
) -> None:
    company.docker("network", "create", "--subnet", "10.66.0.0/24", "made-meeting")
    wait_until(lambda: "made-meeting" in page.request.get("/e/demo/networks/").text(), "it shows")
    page.goto("/e/demo/containers/?project=shop-prod&state=running")
    page.locator(".choose-shown").check()
    page.get_by_role("button", name="Connect…", exact=True).click()
    page.select_option("#id_network", label="made-meeting · 10.66.0.0/24")
    expect(page.locator("#preview .command")).to_contain_text("docker network connect made-meeting")
    page.click("#confirm")
    expect(page.locator("#messages .toast")).to_contain_text("to made-meeting: done.")
    inside = company.docker("network", "inspect", "-f", "{{len .Containers}}", "made-meeting")
    assert int(inside) > 10
    page.goto("/e/demo/containers/?project=shop-prod&state=running")
    page.locator(".choose-shown").check()
    page.get_by_role("button", name="Disconnect…").click()
    page.locator(".choices a", has_text="made-meeting").click()
    page.click("#confirm")
    expect(page.locator("#messages .toast")).to_contain_text("from made-meeting: done.")


def test_networks_chosen_on_the_drawing_are_removed_together(
    page: Page, company: SimulatedEngine
) -> None:
    for name in ("made-one", "made-two"):
        company.docker("network", "create", name)
    page.goto("/e/demo/")
    for name in ("made-one", "made-two"):
        label = page.locator(f'#board section a.n[aria-label*="{name}"]').first
        label.focus()
        page.keyboard.press("x")
    expect(page.locator("#chosen")).to_contain_text("2 networks chosen")
    page.locator("#chosen").get_by_role("button", name="Remove…").click()
    expect(page.locator("#inspector .change")).to_contain_text("Remove 2 networks")
    page.click("#confirm")
    expect(page.locator("#messages .toast")).to_contain_text("Remove 2 networks: done.")
    assert "made-one" not in list_networks(company)
