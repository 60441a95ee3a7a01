"""Reports: whom a run tells, in which words, and that trouble with it fails no run."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from netdash.jobs import reports
from netdash.jobs.policies import run_policy
from netdash.jobs.tasks import settle_cleanup_runs
from netdash.mail import read_mail_url
from netdash.models import CleanupPolicy, CleanupRun, Engine
from tests.policies import make_policy
from tests.simulated import SimulatedEngine

Trigger = CleanupRun.Trigger


class Hook:
    """A web server that notes what is posted to it, and answers as told."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.status = 200
        self.location = ""
        hook = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                hook.got.append(json.loads(self.rfile.read(length)))
                hook.paths.append(self.path)
                self.send_response(hook.status)
                if hook.location:
                    self.send_header("Location", hook.location)
                self.end_headers()

            do_GET = do_POST  # noqa: N815 - the library's name

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answering)
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/secret-path"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A webhook on loopback."""
    hook = Hook()
    yield hook
    hook.close()


@pytest.fixture
def _mail_server(settings: Settings) -> None:
    settings.HAS_MAIL = True


def run_once(policy: CleanupPolicy, trigger: str = Trigger.HAND) -> CleanupRun:
    """Run a policy and send the report, as a worker would."""
    (run,) = run_policy(policy, trigger)
    reports.send_due_reports()
    run.refresh_from_db()
    return run


@pytest.mark.usefixtures("_mail_server")
def test_a_mail_says_in_plain_words_what_happened(
    ci_row: Engine, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://netdash.example.org"]
    run = run_once(make_policy(ci_row, mail_to="ops@example.org\nboss@example.org"))
    (mail,) = mailoutbox
    assert mail.to == ["ops@example.org", "boss@example.org"]
    assert mail.subject == "netdash: nightly on CI: dry run"
    lines = str(mail.body).splitlines()
    assert lines[0] == "3 networks would go."
    assert "Policy: nightly" in lines
    assert "What would go (3):" in lines
    assert "- ci-1: No container is on it or names it, running or stopped." in lines
    assert lines[-1] == f"https://netdash.example.org{run.get_absolute_url()}"
    assert run.delivery["mail"]["said"].startswith("Sent at ")
    assert run.report_due_at is None


def test_a_webhook_gets_the_same_as_json(ci_row: Engine, hook: Hook) -> None:
    run = run_once(make_policy(ci_row, webhook=hook.address))
    (got,) = hook.got
    assert (got["policy"], got["engine"], got["outcome"]) == ("nightly", "CI", "looked")
    assert got["sentence"] == "3 networks would go."
    assert [one["name"] for one in got["chosen"]] == ["ci-1", "ci-2", "ci-3"]
    assert got["is_dry_run"] is True
    assert got["text"].startswith("netdash: nightly on CI: dry run\n3 networks would go.")
    assert run.delivery["webhook"]["ok"]


def test_a_webhook_that_fails_is_tried_once_more_and_fails_no_run(
    ci_row: Engine, hook: Hook
) -> None:
    hook.status = 500
    run = run_once(make_policy(ci_row, webhook=hook.address))
    assert run.outcome == CleanupRun.Outcome.LOOKED
    assert run.delivery["webhook"]["said"] == "The webhook answered 500."
    assert run.report_due_at is not None
    settle_cleanup_runs()
    assert len(hook.got) == 1  # not before its time
    for _ in range(2):
        CleanupRun.objects.filter(report_due_at__isnull=False).update(report_due_at=timezone.now())
        settle_cleanup_runs()
    assert len(hook.got) == 2  # and not a third time
    run.refresh_from_db()
    assert run.delivery["webhook"]["tries"] == 2
    assert not CleanupRun.objects.filter(report_due_at__isnull=False).exists()


def test_a_webhook_that_comes_back_gets_the_report_then(ci_row: Engine, hook: Hook) -> None:
    hook.status = 503
    run = run_once(make_policy(ci_row, webhook=hook.address))
    hook.status = 204
    CleanupRun.objects.update(report_due_at=timezone.now())
    reports.send_due_reports()
    run.refresh_from_db()
    assert run.delivery["webhook"]["ok"]
    assert len(hook.got) == 2


def test_a_redirect_is_not_followed(ci_row: Engine, hook: Hook) -> None:
    hook.status, hook.location = 302, "/elsewhere"
    run = run_once(make_policy(ci_row, webhook=hook.address))
    assert "sends elsewhere (302), which is not followed" in run.delivery["webhook"]["said"]
    assert hook.paths == ["/secret-path"]


def test_a_webhook_that_is_not_there_is_noted_without_its_address(
    ci_row: Engine, hook: Hook
) -> None:
    policy = make_policy(ci_row, webhook=hook.address)
    hook.server.server_close()
    run = run_once(policy)
    assert run.delivery["webhook"]["said"] == "The webhook cannot be reached."


def test_without_a_mail_server_the_run_says_so(
    ci_row: Engine, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.HAS_MAIL = False
    run = run_once(make_policy(ci_row, mail_to="ops@example.org"))
    assert run.delivery["mail"]["said"] == reports.NO_MAIL
    assert not mailoutbox


@pytest.mark.usefixtures("_mail_server")
def test_a_mail_server_that_is_away_is_noted(ci_row: Engine, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    run = run_once(make_policy(ci_row, mail_to="ops@example.org"))
    assert "cannot be reached: Connection refused" in run.delivery["mail"]["said"]
    assert run.outcome == CleanupRun.Outcome.LOOKED


class Unsendable(EmailBackend):
    """A server whose password no protocol can carry: smtplib encodes it as ASCII."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len("p\u00e4ssword".encode("ascii"))


@pytest.mark.usefixtures("_mail_server")
def test_a_mail_that_cannot_be_sent_holds_up_no_webhook_and_is_not_tried_for_ever(
    ci_row: Engine, hook: Hook, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Unsendable"
    run = run_once(make_policy(ci_row, mail_to="ops@example.org", webhook=hook.address))
    assert run.delivery["mail"]["said"] == "The mail cannot be sent: UnicodeEncodeError."
    assert run.delivery["webhook"]["ok"]
    CleanupRun.objects.update(report_due_at=timezone.now())
    reports.send_due_reports()
    run.refresh_from_db()
    assert run.report_due_at is None


def test_an_end_and_its_report_are_written_in_one_go(ci_row: Engine, hook: Hook) -> None:
    def fail_at_report(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and 'SET "report_due_at"' in sql:
            raise OperationalError("gone")
        return execute(sql, *rest)

    policy = make_policy(ci_row, webhook=hook.address)
    with connection.execute_wrapper(fail_at_report), pytest.raises(OperationalError):
        run_policy(policy, Trigger.HAND, tick="click")
    assert CleanupRun.objects.get().outcome == CleanupRun.Outcome.RUNNING
    run_policy(policy, Trigger.HAND, tick="click")
    reports.send_due_reports()
    assert len(hook.got) == 1


def test_only_news_is_reported_unless_every_run_is_asked_for(
    ci: SimulatedEngine, ci_row: Engine, hook: Hook
) -> None:
    policy = make_policy(ci_row, webhook=hook.address)

    def tell() -> int:
        CleanupRun.objects.update(at=timezone.now() - timedelta(hours=1))
        run_once(policy, Trigger.SCHEDULE)
        return len(hook.got)

    assert tell() == 1
    assert tell() == 1  # the same three again
    ci.docker("network", "rm", "ci-1")
    assert tell() == 2
    ci.docker("network", "rm", "ci-2", "ci-3")
    assert tell() == 3  # none any more is news, once
    assert tell() == 3
    ci.stop()
    assert tell() == 4
    assert tell() == 4
    policy.reports_all = True
    policy.save()
    assert tell() == 5


def test_a_run_that_nobody_wants_to_hear_of_sends_nothing(ci_row: Engine) -> None:
    run = run_once(make_policy(ci_row))
    assert run.report_due_at is None
    assert run.delivery == {}


def test_a_report_that_two_workers_take_is_sent_once(ci_row: Engine, hook: Hook) -> None:
    run = run_once(make_policy(ci_row, webhook=hook.address))
    reports.send_report(run.pk)
    CleanupRun.objects.update(report_due_at=timezone.now() + reports.SENDING)
    reports.send_report(run.pk)
    assert len(hook.got) == 1


def test_a_name_with_a_line_break_breaks_no_subject(ci_row: Engine) -> None:
    policy = make_policy(ci_row)
    policy.name = "a\nBcc: x@example.org"
    policy.save()
    (run,) = run_policy(policy, Trigger.HAND)
    assert "\n" not in reports.write_subject(run)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://mail", ("mail", 25, "", "", False, False)),
        ("smtp+tls://me:p%40ss@mail", ("mail", 587, "me", "p@ss", True, False)),
        ("smtps://me@mail:2465", ("mail", 2465, "me", "", False, True)),
    ],
)
def test_an_address_of_a_mail_server_is_read(url: str, wanted: tuple[object, ...]) -> None:
    assert tuple(read_mail_url(url).values()) == wanted
    assert read_mail_url("") == {}


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail", "smtp://", "smtp://mail:x"])
def test_what_is_no_address_of_a_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        read_mail_url(url)
