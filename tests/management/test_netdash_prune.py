"""``netdash_prune``: by a policy or by filters, with the exit codes that its help promises."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models.signals import post_save
from pytest_django import Settings

from netdash.jobs import work
from netdash.models import CleanupRun, Engine, Job, JournalEntry
from tests.policies import list_names, make_policy
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.django_db(transaction=True)
OLD = {"ci-1", "ci-2", "ci-3"}


def prune(*arguments: str) -> tuple[int, str]:
    """Run the command; give its exit code and what it printed."""
    out = StringIO()
    try:
        call_command("netdash_prune", *arguments, stdout=out, stderr=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def prune_json(*arguments: str) -> dict[str, Any]:
    code, printed = prune(*arguments, "--json")
    found: dict[str, Any] = json.loads(printed)
    assert found["exit_code"] == code
    return found


def test_a_policy_removes_what_it_catches(ci: SimulatedEngine, ci_row: Engine) -> None:
    make_policy(ci_row, is_dry_run=False)
    code, printed = prune("--policy", "nightly")
    assert (code, "3 networks removed" in printed) == (0, True)
    assert not list_names(ci) & OLD
    run = CleanupRun.objects.get()
    assert (run.trigger, run.outcome) == ("command", "done")


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_a_dry_run_removes_nothing(ci: SimulatedEngine, ci_row: Engine, is_dry_run: bool) -> None:
    make_policy(ci_row, is_dry_run=is_dry_run)
    code, printed = prune("--policy", "nightly", *(() if is_dry_run else ("--dry-run",)))
    assert (code, "3 networks would go." in printed, "ci-2" in printed) == (0, True, True)
    assert list_names(ci) >= OLD
    assert not Job.objects.exists()


def test_a_policy_stops_at_its_limit(ci: SimulatedEngine, ci_row: Engine) -> None:
    make_policy(ci_row, is_dry_run=False, limit=2)
    assert prune("--policy", "nightly")[0] == 2
    assert list_names(ci) >= OLD


def test_filters_remove_what_they_catch(ci: SimulatedEngine, ci_row: Engine) -> None:
    found = prune_json("--engine", "ci", "--name", "ci-[12]", "--older-than", "1h", "--note", "x")
    assert set(found) == {"engines", "exit_code"}
    (report,) = found["engines"]
    assert set(report) == {"engine", "sentence", "exit_code", "chosen", "doubtful", "items"}
    assert {one["name"]: one["state"] for one in report["items"]} == {
        "ci-1": "done",
        "ci-2": "done",
    }
    assert list_names(ci) & OLD == {"ci-3"}
    assert set(JournalEntry.objects.values_list("author_name", "note")) == {("netdash_prune", "x")}


def test_filters_list_what_would_go(ci: SimulatedEngine, ci_row: Engine) -> None:
    code, printed = prune("--name", "ci-*", "--dry-run")
    assert code == 0
    assert "ci: 3 networks would go." in printed
    assert "No container is on it or names it" in printed
    assert list_names(ci) >= OLD


def test_what_something_speaks_against_goes_only_when_asked(
    ci: SimulatedEngine, ci_row: Engine
) -> None:
    ci.docker("network", "create", "fresh")
    found = prune_json("--name", "fresh")
    assert "Created" in found["engines"][0]["doubtful"][0]["doubts"][0]
    assert "fresh" in list_names(ci)
    assert prune("--name", "fresh", "--doubtful")[0] == 0
    assert "fresh" not in list_names(ci)


def test_stopped_containers_keep_their_networks_unless_asked(
    ci: SimulatedEngine, ci_row: Engine
) -> None:
    ci.docker("create", "--name", "job", "--network", "ci-1", "busybox:local")
    prune("--name", "ci-1", "--doubtful")
    assert "ci-1" in list_names(ci)
    prune("--name", "ci-1", "--doubtful", "--ignore-stopped")
    assert "ci-1" not in list_names(ci)


def test_more_than_the_limit_removes_nothing(ci: SimulatedEngine, ci_row: Engine) -> None:
    code, printed = prune("--name", "ci-*", "--limit", "2")
    assert (code, "The limit is 2." in printed) == (2, True)
    assert list_names(ci) >= OLD


def test_nothing_to_clean_is_no_failure(ci_row: Engine) -> None:
    code, printed = prune("--name", "nobody-*")
    assert (code, "Nothing to clean up." in printed) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--policy", "nowhere"), "There is no clean-up policy nowhere."),
        (("--engine", "nowhere"), "There is no engine nowhere here."),
        (("--older-than", "soon"), "Older than: Write a span"),
        (("--label", "=x"), "With labels: =x has no key"),
        (("--author", "nobody"), "There is no user nobody."),
        (("--limit", "-1"), "A limit is 0 or more."),
        (("--policy", "nightly", "--name", "ci-1"), "leave out --name, or --policy."),
    ],
)
def test_what_cannot_be_meant_ends_with_two(
    ci_row: Engine, arguments: tuple[str, ...], words: str
) -> None:
    code, printed = prune(*arguments)
    assert (code, words in printed) == (2, True), printed


def test_a_policy_whose_filter_cannot_be_read_ends_with_two(ci_row: Engine) -> None:
    policy = make_policy(ci_row)
    policy.filter = {"format": 99}
    policy.save()
    code, printed = prune("--policy", "nightly")
    assert (code, "cannot be read" in printed) == (2, True)


def test_a_policy_of_which_nothing_could_be_removed_ends_with_one(
    ci: SimulatedEngine, ci_row: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ENGINE_PATIENCE_SECONDS", 0.1)
    make_policy(ci_row, is_dry_run=False)

    def refuse(**_: object) -> None:
        ci.faults.refuse()

    post_save.connect(refuse, sender=Job)  # the engine refuses everything from here
    try:
        assert prune("--policy", "nightly")[0] == 1
    finally:
        post_save.disconnect(refuse, sender=Job)
    assert CleanupRun.objects.get().outcome == "failed"


def test_an_engine_that_is_away_ends_with_three(ci: SimulatedEngine, ci_row: Engine) -> None:
    make_policy(ci_row, is_dry_run=False)
    ci.stop()
    assert prune("--name", "ci-*")[0] == 3
    assert prune("--policy", "nightly")[0] == 3


def test_read_only_and_switched_off_end_with_four(
    ci: SimulatedEngine, ci_row: Engine, settings: Settings
) -> None:
    make_policy(ci_row, is_dry_run=False)
    settings.IS_READ_ONLY = True
    assert prune("--name", "ci-*")[0] == 4
    assert prune("--policy", "nightly")[0] == 4
    settings.IS_READ_ONLY = False
    Engine.objects.update(is_enabled=False)
    assert prune("--name", "ci-*", "--engine", "ci")[0] == 4
    assert prune("--policy", "nightly", "--engine", "ci")[0] == 4
    assert list_names(ci) >= OLD
