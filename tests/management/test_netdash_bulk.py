"""``manage.py netdash_bulk``: what it makes, what it says, and how it ends."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import Settings

from netdash.engine.client import forget
from netdash.jobs.bulk_files.problems import MOST_BYTES
from netdash.management.commands import netdash_bulk
from netdash.models import Engine, Job, JournalEntry
from tests.brokers import Broker
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "name,subnet,internal,label:env\nfair,10.91.0.0/24,,dev\nclub,10.91.1.0/24,yes,dev\n"


@pytest.fixture
def engine() -> Iterator[SimulatedEngine]:
    """An engine with nothing on it."""
    engine = SimulatedEngine()
    yield engine
    engine.close()


@pytest.fixture
def row(broker: Broker, engine: SimulatedEngine, transactional_db: None) -> Iterator[Engine]:
    """Its row, which nobody watches."""
    row = Engine.objects.create(name="Local", slug="local", address=engine.address)
    yield row
    forget(row)


class Said:
    """What the command printed, and its exit code."""

    def __init__(self, *arguments: str) -> None:
        out, errors = io.StringIO(), io.StringIO()
        self.code = 0
        try:
            call_command("netdash_bulk", *arguments, stdout=out, stderr=errors)
        except SystemExit as end:
            self.code = int(end.code or 0)
        except CommandError as error:
            self.code = error.returncode
            errors.write(str(error))
        self.out, self.errors = out.getvalue(), errors.getvalue()

    @property
    def report(self) -> Any:
        """The one JSON object."""
        return json.loads(self.out)


def run(folder: Path, text: str, *arguments: str) -> Said:
    file = folder / "networks"
    file.write_text(text)
    return Said(str(file), *arguments)


def list_names(engine: SimulatedEngine) -> set[str]:
    names = engine.docker("network", "ls", "--format", "{{.Name}}").split()
    return set(names) - {"bridge", "host", "none"}


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(
    row: Engine, engine: SimulatedEngine, tmp_path: Path
) -> None:
    said = run(tmp_path, LIST, "--dry-run")
    assert said.code == 0
    assert said.out.splitlines() == [
        "create    fair  10.91.0.0/24",
        "create    club  10.91.1.0/24",
        "2 create",
    ]
    assert list_names(engine) == set()
    assert Job.objects.count() == 0


def test_what_the_file_lists_is_made_as_a_job_with_a_journal_and_once(
    row: Engine, engine: SimulatedEngine, tmp_path: Path
) -> None:
    User.objects.create_user("ada")
    said = run(tmp_path, LIST, "--author", "ada", "--note", "for the fair")
    assert said.code == 0
    assert "2 created, 0 not." in said.out
    assert list_names(engine) == {"fair", "club"}
    job = Job.objects.get()
    assert (job.kind, job.state, job.author_name, job.note) == (
        "create",
        "done",
        "ada",
        "for the fair",
    )
    assert JournalEntry.objects.filter(plan_id=job.plan_id, outcome="done").count() == 2
    again = run(tmp_path, LIST, "--json")
    assert again.code == 0
    assert again.report["counts"]["already"] == 2
    assert Job.objects.count() == 1


def test_json_tells_all_of_it(row: Engine, tmp_path: Path) -> None:
    report = run(tmp_path, LIST, "--json").report
    assert set(report) == {"problems", "notes", "counts", "networks", "job", "exit_code"}
    assert report["exit_code"] == 0
    assert report["job"] == {
        "id": Job.objects.get().pk,
        "state": "done",
        "done": 2,
        "already": 0,
        "failed": [],
    }
    assert report["networks"][1] == {
        "name": "club",
        "state": "create",
        "place": "line 3",
        "driver": "bridge",
        "subnets": [{"cidr": "10.91.1.0/24", "gateway": "10.91.1.1"}],
        "sentence": "",
        "remedy": "",
    }


def test_what_cannot_be_stops_all_of_it_unless_the_others_are_asked_for(
    row: Engine, engine: SimulatedEngine, tmp_path: Path
) -> None:
    text = LIST + "late,10.91.0.0/25,,\n"
    said = run(tmp_path, text)
    assert said.code == 2
    assert "collides  late  10.91.0.0/25  10.91.0.0/25 overlaps fair" in said.out
    assert "--others" in said.errors
    assert list_names(engine) == set()
    assert run(tmp_path, text, "--others", "--dry-run").code == 1
    assert run(tmp_path, text, "--others").code == 1
    assert list_names(engine) == {"fair", "club"}


def test_what_the_engine_refuses_is_said_and_the_code_is_1(
    row: Engine, engine: SimulatedEngine, tmp_path: Path
) -> None:
    said = run(tmp_path, "name\n" + "".join(f"n{number}\n" for number in range(34)), "--json")
    assert said.code == 1
    assert said.report["job"]["done"] == 30
    failed = said.report["job"]["failed"]
    assert len(failed) == 4
    assert failed[0]["sentence"].startswith("All address pools")
    names = "\n".join(one["summary"].removeprefix("Create network ") for one in failed)
    assert run(tmp_path, f"name\n{names}", "--within", "10.92.0.0/16").code == 0
    assert len(list_names(engine)) == 34


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        ("colour\nred", (), "Line 1: the header line has no column name"),
        ("a: [", ("--format", "yaml"), "it is no YAML"),
        ("networks: {a: }", (), "a has no name of its own"),
        ("name\na", ("--within", "10.0.0.1/16"), "You probably mean 10.0.0.0/16."),
        ("name\na", ("--within", "10.0.0.0/16", "--size", "99"), "/99 is no size"),
        ("name\na", ("--engine", "nowhere"), "There is no engine nowhere."),
        ("name\na", ("--author", "nobody"), "There is no user nobody."),
        ("a" * (MOST_BYTES + 1), (), "larger than 1,024 KiB"),
    ],
)
def test_what_is_wrong_is_said_with_code_2(
    text: str, arguments: tuple[str, ...], words: str, row: Engine, tmp_path: Path
) -> None:
    said = run(tmp_path, text, *arguments)
    assert said.code == 2
    assert words in said.errors
    assert Job.objects.count() == 0


def test_what_cannot_be_read_does_not_hide_what_else_is_wrong(
    row: Engine, engine: SimulatedEngine, tmp_path: Path
) -> None:
    text = LIST + "late,10.91.0.0/25,,\nodd,10.91.2.0/24,maybe,\n,10.91.3.0/24,,\n"
    said = run(tmp_path, text, "--others")
    assert said.code == 2
    assert "collides  late  10.91.0.0/25  10.91.0.0/25 overlaps fair" in said.out
    assert "create    odd  10.91.2.0/24" in said.out
    assert "create    line 6  10.91.3.0/24" in said.out
    for words in ("Line 5: internal is maybe", "Line 6: the name is missing", "Nothing was made"):
        assert words in said.errors, words
    laid = run(tmp_path, "name,internal\na,maybe\n,\nb,\n", "--within", "10.92.0.0/16")
    assert "create    b  10.92." in laid.out
    assert list_names(engine) == set()
    assert Job.objects.count() == 0
    engine.close()
    assert run(tmp_path, text).code == 2


def test_a_file_that_is_not_there_is_said_with_code_2(row: Engine) -> None:
    said = Said("/nowhere/networks.csv")
    assert said.code == 2
    assert "No such file" in said.errors


def test_standard_input_is_read_to_the_limit(
    row: Engine, engine: SimulatedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "name: shop\nnetworks:\n  front:\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert Said("-", "--within", "10.92.0.0/16").code == 0
    assert list_names(engine) == {"shop_front"}
    endless = io.BytesIO(b"a" * (2 * MOST_BYTES))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(endless))
    assert Said("-").code == 2
    assert endless.tell() == MOST_BYTES + 1


def test_an_engine_that_is_away_gives_code_3(
    row: Engine, engine: SimulatedEngine, tmp_path: Path
) -> None:
    engine.stop()
    said = run(tmp_path, LIST, "--json")
    assert said.code == 3
    assert said.report["exit_code"] == 3
    assert said.report["problems"]


def test_read_only_and_switched_off_give_code_4(
    row: Engine, engine: SimulatedEngine, tmp_path: Path, settings: Settings
) -> None:
    settings.IS_READ_ONLY = True
    assert run(tmp_path, LIST).code == 4
    assert run(tmp_path, LIST, "--dry-run").code == 0
    settings.IS_READ_ONLY = False
    row.is_enabled = False
    row.save()
    assert run(tmp_path, LIST, "--engine", "local").code == 4
    assert list_names(engine) == set()


def test_help_lists_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    parser = netdash_bulk.Command().create_parser("manage.py", "netdash_bulk")
    words = parser.format_help()
    for code in range(5):
        assert f"\n  {code}  " in words
