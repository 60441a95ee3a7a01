"""A clean-up removes exactly what was reviewed, and nothing that came into use meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest
from django.utils import timezone

from netdash.engine.client import connect, forget
from netdash.engine.commands import carry_out
from netdash.jobs import working
from netdash.jobs.cleanup import review_engine, start_cleanup
from netdash.jobs.queue import plan_job_undo, read_step, start_undo
from netdash.jobs.writing import Author, write_entry
from netdash.live import store
from netdash.live.refresh import refresh
from netdash.models import Engine, Job, JobItem, JournalEntry
from netdash.topology.candidates import Candidate, CleanupFilter
from netdash.topology.changes import CreateNetwork
from netdash.topology.pruning import would_prune
from netdash.topology.snapshot import Subnet
from tests.brokers import Broker
from tests.cleanups import EVERYTHING
from tests.engine_fixtures import REAL, run_any
from tests.engines import CommandFailedError, RealEngine, RunningEngine
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
WHO = Author(name="sweeper")
REAL_COUNT = int(os.environ.get("NETDASH_CLEANUP_NETWORKS") or 15)
"""50 is the full size."""
IMAGE = "busybox:local"


@pytest.fixture(
    scope="module",
    params=["simulated 28.5", *REAL],
)
def started(request: pytest.FixtureRequest) -> Iterator[RunningEngine]:
    """Each engine that is cleaned up."""
    yield from run_any(request.param)


@pytest.fixture
def engine(started: RunningEngine) -> Iterator[RunningEngine]:
    """The engine, with nothing on it."""
    yield started
    if "made" in list_networks(started):  # a configuration goes only after what was made from it
        started.docker("network", "rm", "made")
    started.empty()


@pytest.fixture
def row(broker: Broker, engine: RunningEngine, transactional_db: None) -> Iterator[Engine]:
    """The row of the engine."""
    row = Engine.objects.create(name="Cleaned", slug="cleaned", address=engine.address)
    yield row
    forget(row)


def make_networks(row: Engine, count: int) -> list[str]:
    names = [f"net-{number:02}" for number in range(count)]
    for number, name in enumerate(names):
        carry_out(connect(row), CreateNetwork(name, subnets=(Subnet(f"10.90.{number}.0/24"),)))
    return names


def look(row: Engine, wanted: CleanupFilter = EVERYTHING) -> tuple[Candidate, ...]:
    refresh(row)
    return review_engine(row, wanted).candidates


def list_networks(engine: RunningEngine) -> set[str]:
    names = engine.docker("network", "ls", "--filter", "type=custom", "--format", "{{.Name}}")
    return set(names.split())


def use(random: Random, engine: RunningEngine, name: str, number: int) -> str:
    """Let somebody need a network, in one of the ways there are; say who."""
    way = random.choice(("run", "create", "connect running", "connect stopped", "connect created"))
    if way.startswith("connect"):
        who = f"{way.partition(' ')[2]}-0"
        engine.docker("network", "connect", name, who)
        return who
    engine.docker(*(("run", "-d") if way == "run" else ("create",)), "--name", f"user-{number}",
                  "--network", name, IMAGE)  # fmt: skip
    return f"user-{number}"


def prepare_users(engine: RunningEngine) -> None:
    engine.docker("network", "create", "--subnet", "10.99.0.0/24", "base")
    for state in ("running", "stopped", "created"):
        verb = ("create",) if state == "created" else ("run", "-d")
        engine.docker(*verb, "--name", f"{state}-0", "--network", "base", IMAGE)
    engine.docker("stop", "stopped-0")


def test_what_came_into_use_since_the_review_stays(row: Engine, engine: RunningEngine) -> None:
    random = Random(4)
    count = 50 if isinstance(engine, SimulatedEngine) else REAL_COUNT
    prepare_users(engine)
    names = make_networks(row, count)
    candidates = look(row)
    assert [one.network.name for one in candidates] == names
    needed = sorted(random.sample(names, max(count // 5, 3)))
    users = {name: use(random, engine, name, number) for number, name in enumerate(needed)}
    later = "made-after-the-review"
    engine.docker("network", "create", "--subnet", "10.98.0.0/24", later)

    job = start_cleanup(row, candidates, EVERYTHING, WHO)
    working.carry_out(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert list_networks(engine) == {*needed, "base", later}
    skipped = {item.change["network_name"]: item for item in job.items.filter(state="skipped")}
    assert set(skipped) == set(needed)
    for name, who in users.items():
        assert who in skipped[name].sentence
    assert job.items.filter(state="done").count() == count - len(needed)
    assert JournalEntry.objects.filter(plan_id=job.plan_id).count() == count - len(needed)


def test_a_clean_up_is_taken_back(row: Engine, engine: RunningEngine) -> None:
    names = make_networks(row, 4)
    job = start_cleanup(row, look(row), EVERYTHING, WHO)
    working.carry_out(job.pk)
    assert not list_networks(engine)
    stored = store.latest(row.pk)
    assert stored is not None
    job.refresh_from_db()
    assert not plan_job_undo(job, stored.snapshot).obstacles
    undo = start_undo(job, WHO)
    working.carry_out(undo.pk)
    assert list_networks(engine) == set(names)


def test_a_stopped_container_whose_network_was_spared_starts(
    row: Engine, engine: RunningEngine
) -> None:
    engine.docker("network", "create", "--subnet", "10.97.0.0/24", "needed")
    engine.docker("run", "-d", "--name", "job", "--network", "needed", IMAGE)
    engine.docker("stop", "job")
    make_networks(row, 2)
    working.carry_out(start_cleanup(row, look(row), EVERYTHING, WHO).pk)
    assert list_networks(engine) == {"needed"}
    engine.docker("start", "job")
    assert engine.docker("inspect", "-f", "{{.State.Running}}", "job") == "true"

    engine.docker("stop", "job")
    engine.docker("network", "prune", "-f")
    assert not list_networks(engine)
    with pytest.raises(CommandFailedError, match="not found"):
        engine.docker("start", "job")


def test_what_stopped_containers_name_goes_only_when_asked(
    row: Engine, engine: RunningEngine
) -> None:
    engine.docker("network", "create", "--subnet", "10.97.0.0/24", "needed")
    engine.docker("create", "--name", "job", "--network", "needed", IMAGE)
    assert not look(row)
    wanted = CleanupFilter(ignores_stopped=True)
    (found,) = look(row, wanted)
    assert "job (stopped) names it" in found.doubts[0]
    working.carry_out(start_cleanup(row, [found], wanted, WHO).pk)
    assert not list_networks(engine)


def test_a_removal_that_a_killed_worker_left_under_way_is_looked_at_again(
    row: Engine, engine: RunningEngine
) -> None:
    make_networks(row, 1)
    candidates = look(row)
    job = start_cleanup(row, candidates, EVERYTHING, WHO)
    item = job.items.get()
    stored = store.latest(row.pk)
    assert stored is not None
    item.entry = write_entry(row, read_step(item), stored.snapshot, WHO, job.plan_id, 0)
    item.state, item.started_at = JobItem.State.RUNNING, timezone.now()
    item.save()
    engine.docker("create", "--name", "late", "--network", "net-00", IMAGE)
    working.carry_out(job.pk)
    item.refresh_from_db()
    assert (item.state, "late (stopped)" in item.sentence) == ("skipped", True)
    assert list_networks(engine) == {"net-00"}


@pytest.mark.parametrize("seed", range(3))
def test_what_docker_would_prune_is_known(row: Engine, engine: RunningEngine, seed: int) -> None:
    random = Random(seed)
    make_world(random, engine)
    wait_until(lambda: has_settled(row, engine), "the lists show who has stopped")
    labels = random.choice(((), ("kind=a",), ("kind",)))
    not_labels = random.choice(((), ("keep",), ("keep", "kind=b")))
    stored = store.latest(row.pk)
    assert stored is not None
    foreseen = {found.name for found in would_prune(stored.snapshot, labels, not_labels)}
    before = list_networks(engine)
    filters = [f"label={label}" for label in labels] + [f"label!={label}" for label in not_labels]
    arguments = [word for one in filters for word in ("--filter", one)]
    engine.docker("network", "prune", "-f", *arguments)
    assert before - list_networks(engine) == foreseen


def has_settled(row: Engine, engine: RunningEngine) -> bool:
    """Tell whether the list, which lags on 20.10, shows every container as an inspect does."""
    refresh(row)
    stored = store.latest(row.pk)
    assert stored is not None
    return all(
        one.state == engine.docker("inspect", "-f", "{{.State.Status}}", one.id)
        for one in stored.snapshot.containers
    )


def make_world(random: Random, engine: RunningEngine) -> None:
    """Make networks of every local kind, and containers that use some of them."""
    for number in range(8):
        options = ["--subnet", f"10.96.{number}.0/24"]
        options += ["--label", f"kind={random.choice('ab')}"] * (random.random() < 0.6)
        options += ["--label", "keep"] * (random.random() < 0.3)
        options += ["--internal"] * (random.random() < 0.2)
        engine.docker("network", "create", *options, f"net-{number}")
    engine.docker("network", "create", "--config-only", "--subnet", "10.95.0.0/24", "cfg")
    engine.docker("network", "create", "--config-from", "cfg", "made")
    for number in range(4):
        name = f"app-{number}"
        verb = ("run", "-d") if number % 2 else ("create",)
        engine.docker(*verb, "--name", name, "--network", f"net-{random.randrange(8)}", IMAGE)
    if random.random() < 0.7:
        engine.docker("stop", "app-1")
    if isinstance(engine, RealEngine):
        engine.docker("pause", "app-3")
