"""What is said of the addresses that an undo gives back."""

from __future__ import annotations

from netdash.jobs.old_addresses import compare_addresses, find_lost, foretell, may_swap, read_before
from netdash.models import JournalEntry
from netdash.topology import codec
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    Plan,
    Step,
    plan_one,
)
from netdash.topology.effects import apply
from netdash.topology.inverses import inverse
from netdash.topology.preview import foresee
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot, Subnet

OLD = Network("a" * 64, "app", subnets=(Subnet("10.0.0.0/24", "10.0.0.1"),))
TWIN = Network("b" * 64, "app", subnets=(Subnet("10.77.0.0/24", "10.77.0.1"),))
ON_BOTH = (
    Endpoint(OLD.id, "app", id="e1", ipv4="10.0.0.2"),
    Endpoint(TWIN.id, "app", id="e2", ipv4="10.77.0.2"),
)


def show(*endpoints: Endpoint, state: str = "running") -> Snapshot:
    """Both networks, and web on some of them."""
    return Snapshot((OLD, TWIN), (Container("c" * 64, "web", state=state, endpoints=endpoints),))


def leave(before: Snapshot, network: Network) -> tuple[Change, Endpoint | None]:
    """What takes back that web left a network, and the endpoint that this gives back."""
    change = DisconnectContainer(network.id, "app", "c" * 64, "web")
    (back,) = inverse(change, before)
    entry = JournalEntry(network_id=network.id, before=codec.encode(before))
    return back, find_lost(back, entry, read_before(entry))


def test_of_two_networks_with_one_name_the_address_on_the_right_one_is_compared() -> None:
    before = show(*ON_BOTH)
    for network, now in ((TWIN, "10.77.0.9"), (OLD, "10.0.0.9")):
        row = leave(before, network)
        assert compare_addresses([row], before) == []
        moved = tuple(
            Endpoint(one.network_id, "app", id=one.id, ipv4=now)
            if one.network_id == network.id
            else one
            for one in ON_BOTH
        )
        had = now[:-1] + "2"
        words = f"web on app has another address: {now}, before {had}."
        assert compare_addresses([row], show(*moved)) == [words]


def test_of_two_networks_with_one_name_the_address_on_the_right_one_is_foretold() -> None:
    before = show(*ON_BOTH)
    for network, had in ((TWIN, "10.77.0.2"), (OLD, "10.0.0.2")):
        back, lost = leave(before, network)
        now = apply(before, DisconnectContainer(network.id, "app", "c" * 64, "web"))
        preview = foresee(now, plan_one(back))
        told = foretell([(preview.steps[0], lost)], preview.after)
        assert told == [f"web on app: probably {had} again."]


def test_nothing_is_foretold_of_who_was_stopped_since() -> None:
    back, lost = leave(show(*ON_BOTH), TWIN)
    preview = foresee(show(ON_BOTH[0], state="exited"), plan_one(back))
    assert preview.steps[0].state == "ready"
    assert foretell([(preview.steps[0], lost)], preview.after) == []


def test_what_another_version_wrote_of_a_row_tells_no_address() -> None:
    back, lost = leave(show(*ON_BOTH), TWIN)
    assert lost == ON_BOTH[1]
    entry = JournalEntry(network_id=TWIN.id, before={"format": 99})
    assert find_lost(back, entry, read_before(entry)) is None


def enter(container: str, network: str, network_id: str = "") -> ConnectContainer:
    return ConnectContainer(network_id, network, container, container)


def plan(*changes: Change) -> Plan:
    return Plan(tuple(map(Step, changes)))


def test_who_joins_one_network_side_by_side_may_get_the_address_of_another() -> None:
    assert may_swap(plan(enter("web", "app", "a"), enter("api", "app", "a")))


def test_who_joins_a_network_that_is_made_again_does_so_in_order() -> None:
    assert not may_swap(plan(CreateNetwork("app"), enter("web", "app"), enter("api", "app")))
    assert not may_swap(plan(enter("web", "app", "a"), enter("api", "app", "b")))
