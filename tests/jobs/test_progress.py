"""What is said of a job's progress: counts, pace and time left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from netdash.jobs.progress import LONGEST_READING, Progress, build_progress, measure, measure_all
from netdash.models import Engine, Job, JobItem

START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
RUNNING = Job(state=Job.State.RUNNING)


def count(job: Job = RUNNING, after: float = 10, last: float = 10, **row: object) -> Progress:
    times = {"first": START, "last": START + timedelta(seconds=last)}
    return build_progress(job, times | row, START + timedelta(seconds=after))


def test_the_time_left_follows_from_the_pace_so_far() -> None:
    found = count(done=8, already=1, failed=1, running=4, waiting=26)
    assert (found.total, found.ended, found.fraction) == (40, 10, 0.25)
    assert found.per_second == 1.0
    assert found.seconds_left == 30.0


def test_nobody_knows_the_time_left_before_a_few_items_have_ended() -> None:
    assert count(done=2, waiting=8).seconds_left is None
    assert build_progress(RUNNING, {"waiting": 5}, START) == Progress(total=5, waiting=5)


def test_the_time_left_grows_while_a_job_stands_still() -> None:
    assert (count(after=20, done=10, waiting=10).seconds_left or 0) > (
        count(after=10, done=10, waiting=10).seconds_left or 0
    )


def test_a_pause_does_not_count_for_the_time_left() -> None:
    since = START + timedelta(seconds=3600)
    found = count(after=3605, done=60, waiting=40, recent=20, since=since)
    assert (found.per_second, found.seconds_left) == (4.0, 10.0)


def test_the_reading_at_the_end_is_counted_as_long_as_the_one_before_the_first_step() -> None:
    began_at = START - timedelta(seconds=2)
    found = count(Job(state=Job.State.RUNNING, started_at=began_at), done=10, waiting=30)
    assert found.seconds_left == 32.0
    waited = START - timedelta(hours=1)
    found = count(Job(state=Job.State.RUNNING, started_at=waited), done=10, waiting=30)
    assert found.seconds_left == 30.0 + LONGEST_READING


@pytest.mark.parametrize("state", ["waiting", "cancelled", "done", "failed"])
def test_only_a_job_that_runs_has_time_left(state: str) -> None:
    assert count(Job(state=state), done=5, waiting=5).seconds_left is None


def test_the_pace_of_a_job_that_has_ended_stays_as_it_was() -> None:
    job = Job(state=Job.State.DONE)
    assert count(job, after=1000, last=10, done=20).per_second == 2.0


def test_a_job_of_nothing_is_all_done() -> None:
    assert Progress().fraction == 1.0


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
