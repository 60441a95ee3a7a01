"""``manage.py netdash_bulk FILE``: make the networks that a file lists."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from netdash.engine.client import connect, read_facts
from netdash.engine.errors import EngineError
from netdash.engine.reader import take_snapshot
from netdash.jobs.bulk import start_bulk
from netdash.jobs.bulk_files.problems import MOST_BYTES, Reading, UnreadableFile
from netdash.jobs.bulk_files.reading import FORMATS, decode_text, read_file
from netdash.jobs.bulk_reports import describe_batch, describe_job, list_job_lines, list_lines
from netdash.jobs.progress import measure
from netdash.jobs.working import carry_out
from netdash.jobs.writing import Author
from netdash.live.store import StoreAway
from netdash.models import Engine, Job
from netdash.topology.address_plans import Scheme, lay_out
from netdash.topology.batches import Batch, foresee_batch

DONE, SOME_FAILED, WRONG, AWAY, FORBIDDEN = range(5)
EXIT_CODES = """exit codes:
  0  everything is as the file says (with --dry-run: could be)
  1  some networks were not made; the others are there
  2  the file cannot be read, or asks for what cannot be; nothing was made
  3  the engine, or the store of netdash, does not answer
  4  netdash is set to read only, or the engine is switched off; nothing was made
"""
LOOK_SECONDS = 0.5
STUCK_SECONDS = 60.0


class Command(BaseCommand):
    """Read, foresee, and carry out as a job that pages show like any other."""

    help = "Make the networks that a file lists: CSV, YAML, or the networks: of a Compose file."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """Say the exit codes under the options."""
        parser = super().create_parser(prog_name, subcommand, epilog=EXIT_CODES, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the engine, and where subnets shall lie."""
        parser.add_argument("file", help="path of the file; - is standard input")
        parser.add_argument("--engine", default="", help="its short name; else the first one")
        parser.add_argument("--format", default="", choices=("", *FORMATS))
        parser.add_argument("--project", default="", help="Compose project, if the file has none")
        parser.add_argument("--within", default="", help="give subnets of this one: 10.20.0.0/16")
        parser.add_argument("--size", type=int, default=24, help="their prefix length (24)")
        parser.add_argument("--others", action="store_true", help="leave out what cannot be made")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be made")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--author", default="", help="user in whose name it is done")
        parser.add_argument("--note", default="", help="why, for the journal")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, foresee, carry out, and leave with a code."""
        engine = find_engine(options["engine"])
        author = find_author(options["author"], options["note"])
        reading = read_path(options["file"], options["format"], options["project"])
        report = describe_batch(reading)
        try:
            code = self.work(engine, author, reading, report, options)
        except EngineError as error:
            self.stop(report, f"{error.sentence} {error.remedy}".strip(), options)
            code = WRONG if reading.problems else AWAY
        except StoreAway as error:
            self.stop(report, f"The store of netdash does not answer: {error}", options)
            code = AWAY
        if options["json"]:
            self.stdout.write(json.dumps(report | {"exit_code": code}, indent=2))
        if code:
            sys.exit(code)

    def work(
        self,
        engine: Engine,
        author: Author,
        reading: Reading,
        report: dict[str, Any],
        options: dict[str, Any],
    ) -> int:
        """Foresee and carry out; give the exit code. Raises EngineError and StoreAway."""
        if reading.problems and not reading.halves:
            return self.stop(report, "", options)
        batch, problems = foresee(engine, reading, options)
        report |= describe_batch(reading, batch, problems)
        self.say(() if problems else list_lines(batch), options)
        code, words = find_objection(engine, reading, batch, options)
        if problems or code:
            return self.stop(report, "" if problems else words, options, code or WRONG)
        left_out = SOME_FAILED if batch.obstacles else DONE
        if options["dry_run"] or not batch.plan.steps:
            return left_out
        job = start_bulk(engine, batch, author)
        is_ended = wait_for(job)
        report["job"] = describe_job(job)
        self.say(list_job_lines(report["job"]), options)
        if not is_ended:
            return self.stop(report, job.sentence or "The job does not go on.", options, AWAY)
        return left_out if job.state == Job.State.DONE else SOME_FAILED

    def say(self, lines: Any, options: dict[str, Any]) -> None:
        """Print lines, unless JSON is asked for."""
        for line in () if options["json"] else lines:
            self.stdout.write(line)

    def stop(
        self, report: dict[str, Any], words: str, options: dict[str, Any], code: int = WRONG
    ) -> int:
        """Say why it ends here."""
        report["problems"] += [words] if words else []
        for problem in () if options["json"] else report["problems"]:
            self.stderr.write(problem)
        return code


def find_engine(slug: str) -> Engine:
    """Find the engine; raises CommandError."""
    engines = Engine.objects.filter(slug=slug) if slug else Engine.objects.filter(is_enabled=True)
    engine = engines.first()
    if engine is None:
        raise CommandError(f"There is no engine {slug}.".replace(" .", "."), returncode=WRONG)
    return engine


def find_author(name: str, note: str) -> Author:
    """Find the user in whose name it is done; raises CommandError."""
    if not name:
        return Author(None, "netdash_bulk", note[:500])
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user {name}.", returncode=WRONG)
    return Author(user, name, note[:500])


def read_path(path: str, form: str, project: str) -> Reading:
    """Read a file, or standard input, no further than the limit."""
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                raw = file.read(MOST_BYTES + 1)
        return read_file(decode_text(raw), form, project)
    except OSError as error:
        return Reading(problems=(f"{path}: {error.strerror}.",))
    except UnreadableFile as error:
        return Reading(problems=(str(error),))


def find_objection(
    engine: Engine, reading: Reading, batch: Batch, options: dict[str, Any]
) -> tuple[int, str]:
    """Find why nothing is to be made: an exit code and words; 0 when it may go on."""
    if reading.problems:
        return WRONG, "Nothing was made: the whole file must be readable."
    if batch.obstacles and not options["others"]:
        return WRONG, "Nothing was made: --others leaves out what cannot be."
    if options["dry_run"]:
        return DONE, ""
    if settings.IS_READ_ONLY:
        return FORBIDDEN, "Nothing was made: netdash is set to read only."
    if not engine.is_enabled:
        return FORBIDDEN, "Nothing was made: this engine is switched off."
    return DONE, ""


def foresee(
    engine: Engine, reading: Reading, options: dict[str, Any]
) -> tuple[Batch, tuple[str, ...]]:
    """Foresee the networks on a fresh reading; also what speaks against the addresses."""
    client = connect(engine)
    snapshot = take_snapshot(client, read_facts(client))
    rows = reading.rows or reading.halves
    problems: tuple[str, ...] = ()
    if options["within"]:
        scheme = Scheme((("", options["within"]),), options["size"])
        layout = lay_out(snapshot, rows, scheme)
        rows = layout.rows
        problems = tuple(f"{one.sentence} {one.remedy}" for one in layout.refusals)
    return foresee_batch(snapshot, rows), problems


def wait_for(job: Job) -> bool:
    """Wait until a job has ended, doing it here when no worker does; tell whether it has.

    One that stands still for a minute is left to the workers.
    """
    ended, moved_at = -1, time.monotonic()
    while True:
        carry_out(job.pk)
        job.refresh_from_db()
        if job.is_ended:
            return True
        if (now := measure(job).ended) != ended:
            ended, moved_at = now, time.monotonic()
        if time.monotonic() - moved_at > STUCK_SECONDS:
            return False
        time.sleep(LOOK_SECONDS)
