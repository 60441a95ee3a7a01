"""Plans against an engine: what is done, what is written down, and how it is taken back."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from netdash.engine.commands import Outcome
from netdash.jobs.runner import Drifted, Run, carry_out_plan
from netdash.jobs.steps import close_done
from netdash.jobs.undoing import find_plan_entries, plan_undo, undo
from netdash.jobs.writing import Author, write_entry
from netdash.live.refresh import refresh
from netdash.models import Engine, JournalEntry
from netdash.topology.changes import (
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    Plan,
    RemoveNetwork,
    Step,
    plan_one,
)
from netdash.topology.snapshot import Container, Network, Snapshot, Subnet
from tests.brokers import Broker
from tests.simulated import SimulatedEngine
from tests.stored import read

NOBODY = Author(name="somebody", note="for a test")


def find(row: Engine, container: str, network: str) -> tuple[Container, Network]:
    snapshot = read(row)
    return (
        next(one for one in snapshot.containers if one.name.endswith(container)),
        next(one for one in snapshot.networks if one.name.endswith(network)),
    )


def connect(row: Engine, container: str, network: str, **settings: object) -> ConnectContainer:
    one, other = find(row, container, network)
    asked = EndpointSettings(**settings)  # type: ignore[arg-type]
    return ConnectContainer(other.id, other.name, one.id, one.name, asked)


def names_on(row: Engine, network: str) -> set[str]:
    snapshot = read(row)
    found = next(one for one in snapshot.networks if one.name.endswith(network))
    return {container.name for container, _ in snapshot.members_by_network_id[found.id]}


def test_a_connection_is_made_read_and_written_down(row: Engine) -> None:
    change = connect(row, "nginx", "database", aliases=("proxy",))
    run = carry_out_plan(row, plan_one(change), NOBODY)
    assert run.is_done
    assert change.container_name in names_on(row, "database")
    (entry,) = JournalEntry.objects.all()
    assert (entry.kind, entry.outcome, entry.author_name) == ("connect", "done", "somebody")
    assert entry.command.startswith("docker network connect --alias proxy ")
    assert entry.note == "for a test"


def test_a_row_that_was_seen_while_under_way_stays_seen_when_it_ends(row: Engine) -> None:
    change = connect(row, "nginx", "database")
    step, before = Step(change), read(row)
    entry = write_entry(row, step, before, NOBODY, uuid.uuid4(), 0)
    JournalEntry.objects.update(is_witnessed=True)
    close_done(entry, Outcome("done", ""), step, before)
    entry.refresh_from_db()
    assert (entry.outcome, entry.is_witnessed) == ("done", True)
    assert entry.can_be_undone


def test_who_came_and_stopped_unseen_stands_once_after_a_removal(
    row: Engine, tiers: SimulatedEngine
) -> None:
    tiers.docker("network", "create", "side")
    refresh(row)
    name = find(row, "nginx", "side")[0].name
    tiers.docker("network", "connect", "side", name)
    tiers.docker("stop", name)
    _, network = find(row, "nginx", "side")
    assert carry_out_plan(row, plan_one(RemoveNetwork(network.id, network.name)), NOBODY).is_done
    names = [one.name for one in read(row).containers]
    assert names.count(name) == 1


def test_what_is_true_already_leaves_no_row(row: Engine) -> None:
    change = connect(row, "nginx", "frontend")
    run = carry_out_plan(row, plan_one(change), NOBODY)
    assert run.is_done
    assert len(run.already) == 1
    assert not JournalEntry.objects.exists()


def test_the_same_request_twice_changes_once(row: Engine) -> None:
    plan, name = plan_one(connect(row, "nginx", "database")), uuid.uuid4()
    first = carry_out_plan(row, plan, NOBODY, name)
    second = carry_out_plan(row, plan, NOBODY, name)
    assert [entry.pk for entry in first.entries] == [entry.pk for entry in second.entries]
    assert JournalEntry.objects.count() == 1


def test_a_request_whose_first_run_was_cut_off_says_that_its_end_is_not_known(row: Engine) -> None:
    step, name = Step(connect(row, "nginx", "database")), uuid.uuid4()
    write_entry(row, step, read(row), NOBODY, name, 0)
    run = carry_out_plan(row, Plan((step,)), NOBODY, name)
    assert run.refusal is not None
    assert "not known" in run.refusal.sentence
    assert run.refusal.remedy
    assert "nginx" not in names_on(row, "database")


def test_a_refusal_is_written_down_in_words_and_ends_the_plan(row: Engine) -> None:
    container, network = find(row, "postgres", "database")
    remove = RemoveNetwork(network.id, network.name)
    later = connect(row, "nginx", "database")
    run = carry_out_plan(row, Plan((Step(remove), Step(later))), NOBODY)
    assert run.refusal is not None
    assert container.name in run.refusal.sentence + run.refusal.remedy
    assert [step.change for step in run.left_out] == [later]
    assert JournalEntry.objects.get().outcome == "refused"


def test_what_has_changed_since_stops_the_plan_before_anything_happens(row: Engine) -> None:
    def refuse(now: Snapshot) -> None:
        raise Drifted(now)

    with pytest.raises(Drifted):
        carry_out_plan(row, plan_one(connect(row, "nginx", "database")), NOBODY, check=refuse)
    assert not JournalEntry.objects.exists()
    assert "nginx" not in " ".join(names_on(row, "database"))


def take_back(row: Engine) -> Run:
    entry = JournalEntry.objects.filter(undoes=None).latest("pk")
    run = undo(plan_undo(find_plan_entries(entry), read(row)), NOBODY)
    entry.refresh_from_db()
    assert (entry.undone_at is not None) == run.is_done
    return run


def test_undo_gives_back_an_endpoint_with_address_and_aliases(row: Engine) -> None:
    carry_out_plan(
        row,
        plan_one(CreateNetwork("fixed", subnets=(Subnet("10.77.0.0/24"),))),
        NOBODY,
    )
    settings = {"ipv4": "10.77.0.9", "aliases": ("store", "db")}
    carry_out_plan(row, plan_one(connect(row, "postgres", "fixed", **settings)), NOBODY)
    before = read(row)
    container, network = find(row, "postgres", "fixed")
    leave = DisconnectContainer(network.id, network.name, container.id, container.name)
    assert carry_out_plan(row, plan_one(leave), NOBODY).is_done
    assert names_on(row, "fixed") == set()
    assert take_back(row).is_done
    (endpoint,) = (
        one for one in find(row, "postgres", "fixed")[0].endpoints if one.network_id == network.id
    )
    (old,) = (
        one
        for one in before.containers_by_id[container.id].endpoints
        if one.network_id == network.id
    )
    assert endpoint.ipv4 == old.ipv4 == "10.77.0.9"
    assert set(endpoint.aliases or ()) == set(old.aliases or ()) == {"store", "db"}


def test_undo_of_a_plan_takes_everything_back_last_step_first(row: Engine) -> None:
    before = read(row)
    create = CreateNetwork("lab", labels=(("team", "blue"),))
    container, _ = find(row, "nginx", "frontend")
    enter = ConnectContainer("", "lab", container.id, container.name)
    assert carry_out_plan(row, Plan((Step(create), Step(enter)), "Lab"), NOBODY).is_done
    assert names_on(row, "lab") == {container.name}
    assert take_back(row).is_done
    after = read(row)
    assert [one.name for one in after.networks] == [one.name for one in before.networks]
    places = [(one.network_id, one.id) for one in after.containers_by_id[container.id].endpoints]
    assert places == [(one.network_id, one.id) for one in container.endpoints]


def test_a_row_is_taken_back_only_when_all_of_it_is(row: Engine, tiers: SimulatedEngine) -> None:
    container, _ = find(row, "nginx", "frontend")
    carry_out_plan(row, plan_one(CreateNetwork("lab", subnets=(Subnet("10.79.0.0/24"),))), NOBODY)
    _, network = find(row, "nginx", "lab")
    enter = ConnectContainer(
        network.id, "lab", container.id, container.name, EndpointSettings(ipv4="10.79.0.9")
    )
    carry_out_plan(row, plan_one(enter), NOBODY)
    leave = DisconnectContainer(network.id, "lab", container.id, container.name)
    other = DisconnectContainer(*leave_of(row, "postgres", "database"))
    run = carry_out_plan(row, Plan((Step(leave), Step(other))), NOBODY)
    tiers.docker("network", "connect", "--ip", "10.79.0.9", "lab", find_other(row))
    refresh(row)
    undoing = plan_undo(find_plan_entries(run.entries[0]), read(row))
    assert len(undoing.obstacles) == 1
    assert undo(undoing, NOBODY).is_done
    undone = {
        entry.container_name: entry.undone_at is not None
        for entry in JournalEntry.objects.filter(plan_id=run.plan_id)
    }
    assert undone == {container.name: False, other.container_name: True}
    (left,) = find_plan_entries(run.entries[0])
    assert left.container_name == container.name


def test_what_the_engine_leaves_as_it_was_is_not_taken_back(
    row: Engine, tiers: SimulatedEngine
) -> None:
    leave = DisconnectContainer(*leave_of(row, "postgres", "database"))
    run = carry_out_plan(row, plan_one(leave), NOBODY)
    tiers.state.containers[leave.container_id].state = "restarting"
    refresh(row)
    again = undo(plan_undo(find_plan_entries(run.entries[0]), read(row)), NOBODY)
    assert len(again.skipped) == len(again.notes) == 1
    run.entries[0].refresh_from_db()
    assert run.entries[0].undone_at is None


def leave_of(row: Engine, container: str, network: str) -> tuple[str, str, str, str]:
    one, other = find(row, container, network)
    return other.id, other.name, one.id, one.name


def find_other(row: Engine) -> str:
    names = (one.name for one in read(row).containers if one.is_running)
    return next(name for name in names if not name.endswith(("nginx", "postgres")))


def test_undo_of_a_removal_makes_the_network_again_with_its_options(row: Engine) -> None:
    create = CreateNetwork(
        "lab", subnets=(Subnet("10.78.0.0/24", "10.78.0.254"),), labels=(("team", "blue"),)
    )
    carry_out_plan(row, plan_one(create), NOBODY)
    _, network = find(row, "nginx", "lab")
    carry_out_plan(row, plan_one(RemoveNetwork(network.id, network.name)), NOBODY)
    assert take_back(row).is_done
    _, again = find(row, "nginx", "lab")
    assert again.id != network.id
    assert (again.subnets, again.labels) == (network.subnets, network.labels)


@pytest.mark.django_db(transaction=True)
def test_two_people_connect_at_once_one_outcome_one_row(
    broker: Broker, tiers: SimulatedEngine
) -> None:
    row = Engine.objects.create(name="Tiers", slug="tiers", address=tiers.address)
    refresh(row)
    plan = plan_one(connect(row, "nginx", "database"))
    runs: list[Run] = []

    def act() -> None:
        try:
            runs.append(carry_out_plan(row, plan, NOBODY))
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.is_done for run in runs] == [True, True]
    assert JournalEntry.objects.count() == 1
