"""Turns: who waits for whom, and for how long when the other is no more."""

from __future__ import annotations

import threading

import pytest

from netdash.live import turns
from netdash.live.connection import StoreAway
from netdash.live.turns import Busy, Turn, list_ways, take, taking_turn
from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    RemoveNetwork,
)
from tests.brokers import Broker
from tests.waiting import wait_until

ENTER = ConnectContainer("1", "front", "a", "web")
LEAVE = DisconnectContainer("1", "front", "b", "api")
REMOVE = RemoveNetwork("1", "front")


def is_free(*changes: Change, engine_id: int = 7, holder: str = "") -> bool:
    try:
        with taking_turn(engine_id, changes, 0, holder):
            return True
    except Busy:
        return False


@pytest.mark.parametrize(
    ("held", "asked", "is_let_in"),
    [
        (ENTER, LEAVE, True),
        (ENTER, ENTER, False),
        (ENTER, REMOVE, False),
        (REMOVE, LEAVE, False),
        (REMOVE, RemoveNetwork("2", "back"), True),
        (CreateNetwork("front"), CreateNetwork("front"), False),
        (CreateNetwork("front"), CreateNetwork("back"), True),
        (CreateNetwork("front"), ConnectContainer("", "front", "a", "web"), False),
    ],
    ids=str,
)
def test_who_touches_the_same_waits(
    broker: Broker, held: Change, asked: Change, is_let_in: bool
) -> None:
    with taking_turn(7, (held,)):
        assert is_free(asked) == is_let_in
        assert is_free(asked, engine_id=8)
    assert is_free(asked)


def test_whoever_waits_holds_nothing_meanwhile(broker: Broker) -> None:
    other = RemoveNetwork("2", "back")
    with taking_turn(7, (REMOVE,)):
        assert not is_free(other, ENTER)
        assert is_free(other)


def test_whoever_waits_goes_on_when_the_other_has_ended(broker: Broker) -> None:
    went_on = threading.Event()

    def wait_for_turn() -> None:
        with taking_turn(7, (ENTER,)):
            went_on.set()

    thread = threading.Thread(target=wait_for_turn)
    with taking_turn(7, (REMOVE,)):
        thread.start()
        assert not went_on.wait(0.1)
    assert went_on.wait(30)
    thread.join()


def test_who_begins_again_under_his_name_has_his_turn_at_once(broker: Broker) -> None:
    assert take(Turn("job:3", list_ways(7, (REMOVE,))))
    assert not is_free(ENTER)
    assert is_free(REMOVE, holder="job:3")
    assert is_free(ENTER)


def test_the_turn_of_a_killed_holder_runs_out(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "HELD_SECONDS", 0.2)
    assert take(Turn("gone", list_ways(7, (REMOVE,))))
    wait_until(lambda: is_free(ENTER), "the turn has run out")


def test_a_turn_is_renewed_while_its_holder_lives(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "RENEW_SECONDS", 0.05)
    renewed = threading.Event()
    with taking_turn(7, (REMOVE,)):
        broker.empty()
        wait_until(lambda: not is_free(ENTER), "the turn is written again")
        renewed.set()
    assert renewed.is_set()
    wait_until(lambda: is_free(ENTER), "the turn is given back")


def test_without_redis_nobody_has_a_turn(own_broker: Broker) -> None:
    own_broker.stop()
    with pytest.raises(StoreAway):
        is_free(ENTER)


def test_a_redis_that_dies_meanwhile_does_not_break_what_is_under_way(own_broker: Broker) -> None:
    with taking_turn(7, (ENTER,)):
        own_broker.stop()
