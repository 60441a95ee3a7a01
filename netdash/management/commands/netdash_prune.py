"""``manage.py netdash_prune``: clean up by a policy, or by filters given here."""

from __future__ import annotations

import json
import sys
import uuid
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from netdash.engine.errors import EngineError
from netdash.forms.cleanup import CleanupForm, read_filter
from netdash.jobs.choices import UNREADABLE, describe_candidates
from netdash.jobs.cleanup import review_engine, start_cleanup
from netdash.jobs.policies import Asking, begin_run, carry_on
from netdash.jobs.runs import close_run
from netdash.jobs.writing import Author
from netdash.live.refresh import refresh
from netdash.live.store import StoreAway
from netdash.management.commands.netdash_bulk import find_author, wait_for
from netdash.models import CleanupPolicy, CleanupRun, Engine, Job
from netdash.topology.candidates import CleanupFilter
from netdash.topology.refusal import count

DONE, SOME_LEFT, WRONG, AWAY, FORBIDDEN = range(5)
FILTERS = ("name", "label", "not_label", "driver", "older_than", "unused_for", "ignore_stopped")
OWN = (*FILTERS, "doubtful", "limit", "author", "note")
"""Options that a policy has no use for: it brings its own."""
EXIT_CODES = """exit codes:
  0  done: everything that may go is gone (with --dry-run: was listed), or there was nothing,
     or an earlier run of the policy is still at it
  1  some networks could not be removed, or the job was cancelled; the others are gone
  2  there is no such policy or engine, a filter cannot be read, or more would go than the
     limit; nothing was removed
  3  the engine, or the store of netdash, does not answer
  4  netdash is set to read only, or the engine is switched off; nothing was removed
What came into use meanwhile is left alone, and that is no failure.
"""
Outcome = CleanupRun.Outcome
CODES: dict[str, int] = {
    Outcome.LOOKED: DONE,
    Outcome.DONE: DONE,
    Outcome.SKIPPED: DONE,
    Outcome.PARTLY: SOME_LEFT,
    Outcome.CANCELLED: SOME_LEFT,
    Outcome.LIMIT: WRONG,
    Outcome.FAILED: AWAY,
    Outcome.RUNNING: AWAY,
}
Report = dict[str, Any]


class Command(BaseCommand):
    """Look, choose, and remove as a job that pages show like any other."""

    help = (
        "Remove networks that nobody needs: by a policy of the admin (--policy), or by filters"
        " given here. What stopped containers name stays, and so does what came into use meanwhile."
    )

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """Say the exit codes under the options."""
        parser = super().create_parser(prog_name, subcommand, epilog=EXIT_CODES, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the policy or the filters, and what is to be done with them."""
        parser.add_argument("--policy", default="", help="name of a clean-up policy")
        parser.add_argument(
            "--engine", default="", help="its short name; else the policy's, or all"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        filters = parser.add_argument_group("filters, without a policy")
        filters.add_argument("--name", default="", help="glob of the name, such as ci-*")
        filters.add_argument("--label", action="append", default=[], metavar="KEY[=VALUE]")
        filters.add_argument("--not-label", action="append", default=[], metavar="KEY[=VALUE]")
        filters.add_argument("--driver", action="append", default=[])
        filters.add_argument("--older-than", default="", metavar="SPAN", help="30d, 12h, 90m")
        filters.add_argument("--unused-for", default="", metavar="SPAN", help="30d, 12h, 90m")
        filters.add_argument(
            "--ignore-stopped", action="store_true", help="take what only stopped containers name"
        )
        filters.add_argument(
            "--doubtful", action="store_true", help="take also what something speaks against"
        )
        filters.add_argument(
            "--limit", type=int, default=0, help="remove nothing when more go; 0: any"
        )
        filters.add_argument("--author", default="", help="user in whose name it is done")
        filters.add_argument("--note", default="", help="why, for the journal")

    def handle(self, *args: Any, **options: Any) -> None:
        """Clean up engine by engine, and leave with the worst code."""
        reports = []
        for report in run(options):
            reports.append(report)
            for line in () if options["json"] else list_lines(report):
                self.stdout.write(line)
        code = max((report["exit_code"] for report in reports), default=DONE)
        if options["json"]:
            self.stdout.write(json.dumps({"engines": reports, "exit_code": code}, indent=2))
        if code:
            sys.exit(code)


def run(options: dict[str, Any]) -> Iterator[Report]:
    """Clean up each engine that is meant; raises CommandError for what cannot be meant."""
    if options["policy"]:
        refuse_own(options)
        yield from run_policy(find_policy(options["policy"]), options)
        return
    if options["limit"] < 0:
        raise CommandError("A limit is 0 or more.", returncode=WRONG)
    wanted = read_options(options)
    author = find_author(options["author"], options["note"])
    if not author.user:
        author = Author(None, "netdash_prune", author.note)
    for engine in find_engines(Engine.objects.all(), options["engine"]):
        yield run_filters(engine, wanted, author, options)


def refuse_own(options: dict[str, Any]) -> None:
    """Raise CommandError for what a policy would not heed: it might remove more than was meant."""
    given = [f"--{name.replace('_', '-')}" for name in OWN if options[name]]
    if given:
        words = f"A policy brings its own filters: leave out {', '.join(given)}, or --policy."
        raise CommandError(words, returncode=WRONG)


def run_policy(policy: CleanupPolicy, options: dict[str, Any]) -> Iterator[Report]:
    """Run a policy on its engines; the runs stand in its history."""
    asking = Asking(CleanupRun.Trigger.COMMAND, uuid.uuid4().hex, "", options["dry_run"])
    for engine in find_engines(policy.engines.all(), options["engine"]):
        if not engine.is_enabled:
            yield describe(engine, "This engine is switched off.", FORBIDDEN)
            continue
        found = carry_on(policy, begin_run(policy, engine, asking))
        if found.job is not None:
            wait_for(found.job)
            found = close_run(found)
        code = name_code(found)
        if settings.IS_READ_ONLY and not (policy.is_dry_run or options["dry_run"]):
            code = max(code, FORBIDDEN)
        yield describe(engine, found.sentence, code, **found.report)


def name_code(found: CleanupRun) -> int:
    """Name the exit code of a run; one that failed did so before its job, or by all its items."""
    if found.outcome == Outcome.FAILED and found.job is not None:
        return SOME_LEFT
    return WRONG if found.sentence == UNREADABLE else CODES[found.outcome]


def run_filters(
    engine: Engine, wanted: CleanupFilter, author: Author, options: dict[str, Any]
) -> Report:
    """Clean up one engine by filters; an engine or a store that is away is said."""
    try:
        refresh(engine)
        found = review_engine(engine, wanted).candidates
    except EngineError as error:
        return describe(engine, f"{error.sentence} {error.remedy}".strip(), AWAY)
    except StoreAway as error:
        return describe(engine, f"The store of netdash does not answer: {error}", AWAY)
    chosen = tuple(one for one in found if options["doubtful"] or not one.doubts)
    doubtful = tuple(one for one in found if one not in chosen)
    lists = {"chosen": describe_candidates(chosen), "doubtful": describe_candidates(doubtful)}
    words = f"{count(len(chosen), 'network')} would go."
    if 0 < options["limit"] < len(chosen):
        return describe(engine, f"{words} The limit is {options['limit']}.", WRONG, **lists)
    if options["dry_run"] or not chosen:
        return describe(engine, words if chosen else "Nothing to clean up.", DONE, **lists)
    if settings.IS_READ_ONLY or not engine.is_enabled:
        why = "netdash is set to read only" if settings.IS_READ_ONLY else "it is switched off"
        return describe(engine, f"{words} Nothing was removed: {why}.", FORBIDDEN, **lists)
    job = start_cleanup(engine, chosen, wanted, author)
    is_ended = wait_for(job)
    lists["items"] = describe_items(job)
    code = AWAY if not is_ended else DONE if job.state == Job.State.DONE else SOME_LEFT
    gone = sum(one["state"] in ("done", "already") for one in lists["items"])
    return describe(
        engine, f"{count(gone, 'network')} removed. {job.sentence}".strip(), code, **lists
    )


def describe(engine: Engine, sentence: str, code: int, **lists: Any) -> Report:
    """Sum up what became of one engine."""
    return {"engine": engine.slug, "sentence": sentence, "exit_code": code, **lists}


def describe_items(job: Job) -> list[dict[str, str]]:
    """Sum up what became of each network."""
    return [
        {"name": str(item.change["network_name"]), "state": item.state, "sentence": item.sentence}
        for item in job.items.all()
    ]


def list_lines(report: Report) -> Iterator[str]:
    """Say a report in lines."""
    yield f"{report['engine']}: {report['sentence']}"
    items = report.get("items")
    for one in items if items is not None else report.get("chosen", ()):
        words = one.get("sentence", "") if items is not None else one["reason"]
        state = f"{one['state']}  " if items is not None else ""
        yield f"  {state}{one['name']}  {words}".rstrip()
        yield from (f"      {doubt}" for doubt in one.get("doubts", ()))
    for one in report.get("doubtful", ()):
        yield f"  left alone  {one['name']}  {' '.join(one['doubts'])}"
    if report.get("doubtful"):
        yield "  They go too with --doubtful, or where the policy takes those with doubts."


def find_policy(name: str) -> CleanupPolicy:
    """Find a policy; raises CommandError."""
    policy = CleanupPolicy.objects.filter(name=name).first()
    if policy is None:
        raise CommandError(f"There is no clean-up policy {name}.", returncode=WRONG)
    return policy


def find_engines(engines: QuerySet[Engine], slug: str) -> tuple[Engine, ...]:
    """Find the engines that are meant; raises CommandError when there is none."""
    found = tuple(engines.filter(slug=slug) if slug else engines.filter(is_enabled=True))
    if not found:
        words = f"There is no engine {slug} here." if slug else "There is no engine."
        raise CommandError(words, returncode=WRONG)
    return found


def read_options(options: dict[str, Any]) -> CleanupFilter:
    """Read the filters; raises CommandError for one that cannot be read."""
    form = CleanupForm(
        {
            "name_pattern": options["name"],
            "labels": "\n".join(options["label"]),
            "not_labels": "\n".join(options["not_label"]),
            "drivers": "\n".join(options["driver"]),
            "older_than": options["older_than"],
            "unused_since": options["unused_for"],
            "ignores_stopped": options["ignore_stopped"],
        }
    )
    if form.is_valid():
        return read_filter(form.cleaned_data)
    words = " ".join(
        f"{form.fields[name].label}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    )
    raise CommandError(words, returncode=WRONG)
