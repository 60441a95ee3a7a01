"""What is said of a job's progress: counts, pace and time left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from netdash.jobs.progress import Progress, build_progress, measure, measure_all
from netdash.models import Engine, Job, JobItem

START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RUNNING = Job(pk=1, state=Job.State.RUNNING, went_on_at=START)


def count(job: Job = RUNNING, after: float = 10, **row: object) -> Progress:
    """Build progress with times in seconds after the start; what ended did so early."""
    run = {"since": START, "early": row.get("done", 0), "late": 0}
    return build_progress(job, run | row, START + timedelta(seconds=after))


def test_the_time_left_follows_from_the_pace_so_far() -> None:
    found = count(done=8, already=1, failed=1, running=4, waiting=26, early=10)
    assert (found.total, found.ended, found.fraction) == (40, 10, 0.25)
    assert found.per_second == 1.0
    assert found.seconds_left == 26.0 + 4 / 2


def test_nobody_knows_the_time_left_before_a_few_items_have_ended() -> None:
    assert count(done=2, waiting=8).seconds_left is None
    assert build_progress(RUNNING, {"waiting": 5}, START) == Progress(total=5, waiting=5)


def test_the_time_left_grows_while_a_job_stands_still() -> None:
    assert (count(after=20, done=10, waiting=10).seconds_left or 0) > (
        count(after=10, done=10, waiting=10).seconds_left or 0
    )


def test_what_was_before_a_pause_does_not_count_for_the_time_left() -> None:
    went_on_at = START + timedelta(seconds=3600)
    job = Job(state=Job.State.RUNNING, went_on_at=went_on_at)
    found = count(job, after=3605, done=60, waiting=40, since=went_on_at, early=10, late=10)
    assert (found.per_second, found.seconds_left) == (4.0, 10.0)
    found = count(job, after=3601, done=60, waiting=40, since=None, early=0, late=0)
    assert (found.per_second, found.seconds_left) == (0.0, None)


def test_the_reading_at_the_end_is_counted_as_long_as_the_last_one() -> None:
    job = Job(state=Job.State.RUNNING, went_on_at=START, reading_seconds=2.0)
    assert count(job, done=10, waiting=30).seconds_left == 32.0


@pytest.mark.parametrize("state", ["waiting", "cancelled", "done", "failed"])
def test_only_a_job_that_runs_has_a_pace_and_time_left(state: str) -> None:
    found = count(Job(state=state, went_on_at=START), done=5, waiting=5)
    assert (found.per_second, found.seconds_left) == (0.0, None)


def test_a_job_of_nothing_is_all_done() -> None:
    assert Progress().fraction == 1.0


def test_items_are_counted_by_the_half_of_the_run_that_they_ended_in(engine_row: Engine) -> None:
    now = timezone.now()
    job = Job.objects.create(
        engine=engine_row, kind="change", title="a", state="running", started_at=now - HOUR
    )
    job.went_on_at = now - timedelta(seconds=100)
    job.save()
    other = Job.objects.create(engine=engine_row, kind="change", title="b", state="running")
    for one in (job, other):
        for position, ago in enumerate((300, 90, 80, 70, 30, 20)):
            moment = now - timedelta(seconds=ago)
            JobItem.objects.create(
                job=one, position=position, strand=position, change={}, kind="create",
                state="done", started_at=moment, ended_at=moment,
            )  # fmt: skip
    found = measure_all([job, other])
    assert found[job.pk].per_second == pytest.approx(5 / 90, rel=0.01)
    assert found[job.pk].ended == found[other.pk].ended == 6
    assert (found[other.pk].per_second, found[other.pk].seconds_left) == (0.0, None)


def test_jobs_are_counted_in_one_query(
    engine_row: Engine, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    jobs = [Job.objects.create(engine=engine_row, kind="change", title=str(n)) for n in range(3)]
    for job in jobs[:2]:
        for position, state in enumerate(("done", "skipped", "waiting")):
            JobItem.objects.create(
                job=job, position=position, strand=position, change={}, kind="create", state=state
            )
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = measure_all(jobs)
    assert [found[job.pk].total for job in jobs] == [3, 3, 0]
    assert measure(jobs[0]).skipped == 1
