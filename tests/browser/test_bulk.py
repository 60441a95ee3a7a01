"""Many networks in the browser: typed, foreseen, started, there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from netdash.forms.uploads import LARGEST_FILE
from tests.browser.site import Site
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.browser

MANY = "/e/demo/networks/many"


@pytest.fixture(scope="module")
def site(company: SimulatedEngine) -> Iterator[Site]:
    """A netdash with a worker."""
    with Site(company.address) as site:
        site.start_worker()
        yield site


def list_networks(company: SimulatedEngine) -> set[str]:
    return set(company.docker("network", "ls", "--format", "{{.Name}}").split())


def test_a_pattern_is_typed_foreseen_and_made(page: Page, company: SimulatedEngine) -> None:
    page.goto(MANY)
    expect(page.locator("#preview")).to_contain_text("12 networks")
    page.fill("#id_axis-0-values", "fair, club")
    expect(page.locator("#preview")).to_contain_text("environment has no values yet.")
    page.fill("#id_axis-1-values", "dev, prod")
    page.fill("#id_axis-2-values", "frontend, database")
    page.fill("#id_internal", "database")
    page.fill("#id_bases", "dev=10.91.0.0/16\nprod=10.92.0.0/16")
    expect(page.locator("#batch-counts")).to_have_text("8 to create")
    row = page.locator(".batch-row", has_text="club-prod-database-network")
    expect(row).to_contain_text("10.92.3.0/24")
    assert "axis-0-values=fair%2C+club" in page.url
    page.reload()
    expect(page.locator("#batch-counts")).to_have_text("8 to create")
    expect(page.locator("#id_bases")).to_have_value("dev=10.91.0.0/16\nprod=10.92.0.0/16")
    page.get_by_role("button", name="Create 8 networks").click()
    expect(page.locator("#job .job-page")).to_have_attribute("data-state", "done")
    made = {name for name in list_networks(company) if name.startswith(("fair-", "club-"))}
    assert len(made) == 8
    page.goto("/e/demo/networks/?q=fair-")
    expect(page.locator("table.rows tbody tr")).to_have_count(4)
    page.go_back()
    page.go_back()
    expect(page.locator("#batch-counts")).to_have_text("8 exist already")


def test_a_file_is_read_into_the_list_and_a_large_one_is_refused_at_once(
    page: Page, tmp_path: Path
) -> None:
    small, large = tmp_path / "networks.yaml", tmp_path / "large.csv"
    small.write_text("- name: afile\n  subnet: 10.93.0.0/24\n")
    large.write_bytes(b"a" * (LARGEST_FILE + 1))
    page.goto(MANY)
    page.get_by_label("From a file or list").check()
    page.set_input_files("#id_file", small)
    expect(page.locator("#id_text")).to_have_value("- name: afile\n  subnet: 10.93.0.0/24\n")
    expect(page.locator("#batch-counts")).to_have_text("1 to create")
    page.set_input_files("#id_file", large)
    expect(page.locator(".bulk-form .error.local")).to_contain_text("at most 1024 KiB are read")
    expect(page.locator("#batch-counts")).to_have_text("1 to create")


def test_it_all_works_without_javascript(
    chromium: Browser, site: Site, signed_in: str, company: SimulatedEngine, tmp_path: Path
) -> None:
    file = tmp_path / "networks.csv"
    file.write_text("name,subnet\nplain,10.94.0.0/24\nbridge,10.95.0.0/24\n")
    context = chromium.new_context(
        base_url=site.address, storage_state=signed_in, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(MANY)
    page.get_by_label("From a file or list").check()
    page.set_input_files("#id_file", file)
    page.fill("#id_note", "by hand")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#batch-counts")).to_contain_text("1 refused")
    expect(page.locator("#id_note")).to_have_value("by hand")
    page.get_by_role("button", name="Create 1 network").click()
    expect(page.locator("#preview")).to_contain_text("Tick below to leave them out")
    page.check("#id_others")
    page.get_by_role("button", name="Create 1 network").click()
    expect(page.locator("#job h1")).to_contain_text("Create 1 network")
    context.close()
