"""Reports of clean-up runs: what is said, by mail and webhook, and what became of it.

A report that cannot be sent never fails its run; the run says what happened to it.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import requests
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from netdash.jobs.calling import post
from netdash.models import CleanupPolicy, CleanupRun

ANSWER_SECONDS = 20
"""How long a webhook has in all, from its name to its answer."""
AGAIN_AFTER = timedelta(minutes=1)
SENDING = timedelta(minutes=5)
"""A report that somebody took and did not send is taken by the next after so long."""
MOST_TRIES = 2
NO_MAIL = "Not sent: EMAIL_URL names no mail server."
Outcome = CleanupRun.Outcome

logger = logging.getLogger(__name__)


def ask_for_report(run: CleanupRun) -> None:
    """Have the report of a run sent when the policy wants one."""
    if not is_wanted(run):
        return
    CleanupRun.objects.filter(pk=run.pk).update(report_due_at=timezone.now())
    transaction.on_commit(partial(send_soon, run.pk))


def is_wanted(run: CleanupRun) -> bool:
    """Tell whether there is somebody to tell, and news."""
    policy = run.policy
    if policy is None or not (policy.addresses or policy.webhook):
        return False
    return policy.reports_all or run.trigger == CleanupRun.Trigger.HAND or is_news(run)


def is_news(run: CleanupRun) -> bool:
    """Tell whether a run says anything that the one before did not."""
    if run.outcome == Outcome.SKIPPED:
        return False
    if run.job_id:
        return True
    said = sign(run)
    before = CleanupRun.objects.filter(policy=run.policy_id, engine=run.engine_id, pk__lt=run.pk)
    last = before.exclude(outcome__in=(Outcome.SKIPPED, Outcome.RUNNING)).first()
    if last is None or last.job_id:
        return bool(run.report.get("chosen")) or run.outcome == Outcome.FAILED
    return sign(last) != said


def sign(run: CleanupRun) -> tuple[str, tuple[str, ...]]:
    """Sum up what a run says."""
    return run.outcome, tuple(one["id"] for one in run.report.get("chosen", ()))


def send_soon(run_id: int) -> None:
    """Tell a worker to send; without a broker beat's next look finds the report."""
    from netdash.jobs.tasks import send_cleanup_report  # the task calls back here

    try:
        send_cleanup_report.apply_async((run_id,), retry=False, ignore_result=True)
    except OperationalError as error:
        logger.warning("the report of run %s waits until the broker is back: %s", run_id, error)


def send_due_reports() -> None:
    """Send the reports that are due."""
    for run_id in list_due():
        send_report(run_id)


def list_due() -> list[int]:
    """List the runs whose report is due."""
    due = CleanupRun.objects.filter(report_due_at__lte=timezone.now())
    return list(due.order_by("pk").values_list("pk", flat=True))


def send_report(run_id: int) -> None:
    """Send what is due of a report; one that failed is tried once more, a minute later."""
    now = timezone.now()
    due = CleanupRun.objects.filter(pk=run_id, report_due_at__lte=now)
    if not due.update(report_due_at=now + SENDING):
        return
    run = CleanupRun.objects.select_related("policy", "engine", "job").get(pk=run_id)
    if run.policy is not None:
        run.delivery = {**run.delivery, **dict(deliver(run, run.policy))}
    is_open = any(not one["ok"] and one["tries"] < MOST_TRIES for one in run.delivery.values())
    run.report_due_at = timezone.now() + AGAIN_AFTER if is_open else None
    run.save(update_fields=["delivery", "report_due_at"])


def deliver(run: CleanupRun, policy: CleanupPolicy) -> Iterator[tuple[str, dict[str, Any]]]:
    """Send by each way that is wanted and open, and say what became of it."""
    ways = (("mail", policy.addresses, send_mail), ("webhook", policy.webhook, post_webhook))
    for way, is_set, send in ways:
        before = run.delivery.get(way, {"ok": False, "tries": 0})
        if not is_set or before["ok"] or before["tries"] >= MOST_TRIES:
            continue
        trouble = send(run, policy)
        at = timezone.localtime()
        words = trouble or f"Sent at {at:%Y-%m-%d %H:%M:%S}."
        yield way, {"ok": not trouble, "said": words, "tries": before["tries"] + 1}


def send_mail(run: CleanupRun, policy: CleanupPolicy) -> str:
    """Send a report by mail; give what went wrong, empty for nothing."""
    if not settings.HAS_MAIL:
        return NO_MAIL
    message = EmailMessage(write_subject(run), write_text(run), to=list(policy.addresses))
    try:
        message.send()
    except smtplib.SMTPException as error:
        return f"The mail server refused it: {type(error).__name__}."
    except OSError as error:
        return f"The mail server cannot be reached: {error.strerror or type(error).__name__}."
    except ValueError as error:  # such as a password that is not ASCII
        return f"The mail cannot be sent: {type(error).__name__}."
    return ""


def post_webhook(run: CleanupRun, policy: CleanupPolicy) -> str:
    """Post a report; give what went wrong, without the address, which may hold a secret."""
    try:
        status, is_elsewhere = post(policy.webhook, as_json(run), ANSWER_SECONDS)
    except requests.Timeout:
        return "The webhook did not answer in time."
    except requests.exceptions.SSLError:
        return "The webhook's certificate is not accepted."
    except requests.ConnectionError:
        return "The webhook cannot be reached."
    except (requests.RequestException, ValueError) as error:
        return f"The webhook cannot be called: {type(error).__name__}."
    if is_elsewhere:
        return f"The webhook sends elsewhere ({status}), which is not followed."
    return "" if status < 400 else f"The webhook answered {status}."


def write_subject(run: CleanupRun) -> str:
    """Write a report's first line."""
    words = f"netdash: {run.policy_name} on {run.engine.name}: {run.get_outcome_display()}"
    return " ".join(words.split())


def write_text(run: CleanupRun) -> str:
    """Write a report in plain words: what happened first, then the lists."""
    lines = [run.sentence, "", *list_facts(run), ""]
    title = "What would go" if run.is_dry_run or run.outcome == Outcome.LIMIT else "What was chosen"
    lines += list_networks(title, run.report.get("chosen", []), run.report.get("chosen_count", 0))
    lines += list_items(run)
    lines += list_networks(
        "Left alone because of doubts",
        run.report.get("doubtful", []),
        run.report.get("doubtful_count", 0),
    )
    if address := find_address(run.get_absolute_url()):
        lines += [address]
    return "\n".join(lines).strip() + "\n"


def list_facts(run: CleanupRun) -> Iterator[str]:
    """List what a report is about."""
    yield f"Policy: {run.policy_name}"
    yield f"Engine: {run.engine.name}"
    yield f"Run: {timezone.localtime(run.at):%Y-%m-%d %H:%M:%S %Z}, {run.get_trigger_display()}"
    yield f"Outcome: {run.get_outcome_display()}"


def list_networks(title: str, found: list[dict[str, Any]], total: int) -> Iterator[str]:
    """List networks with their reasons and doubts."""
    if not found:
        return
    yield f"{title} ({total}):"
    for one in found:
        yield f"- {one['name']}: {one['reason']}"
        yield from (f"    but: {doubt}" for doubt in one["doubts"])
    if total > len(found):
        yield f"- and {total - len(found)} more"
    yield ""


def list_items(run: CleanupRun) -> Iterator[str]:
    """List what did not go, with its sentence."""
    left = [one for one in run.report.get("items", []) if one["state"] not in ("done", "already")]
    if left:
        yield f"Not removed ({len(left)}):"
        yield from (f"- {one['name']}: {one['words']}. {one['sentence']}" for one in left)
        yield ""


def as_json(run: CleanupRun) -> dict[str, Any]:
    """Write a report for a program; ``text`` holds the words, which chats show as they are."""
    return {
        "text": f"{write_subject(run)}\n{write_text(run)}",
        "policy": run.policy_name,
        "engine": run.engine.name,
        "trigger": run.trigger,
        "outcome": run.outcome,
        "is_dry_run": run.is_dry_run,
        "sentence": run.sentence,
        "at": run.at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "chosen": run.report.get("chosen", []),
        "left_for_doubts": run.report.get("doubtful", []),
        "results": run.report.get("items", []),
        "run": find_address(run.get_absolute_url()),
        "job": find_address(run.job.get_absolute_url()) if run.job else "",
    }


def find_address(path: str) -> str:
    """Give the whole address of a page; empty when nobody told netdash its own."""
    origin = next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    return f"{origin}{path}" if origin else ""
