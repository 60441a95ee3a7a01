"""How the words about currency are chosen."""

from __future__ import annotations

import time

import pytest

from netdash.live import status, store
from tests.brokers import Broker
from tests.builders import topology

ENGINE = 3


def judge(now: float, **fields: str | float) -> status.Status:
    stamps = {
        name: str(int(value * 1000)) if isinstance(value, float) else value
        for name, value in fields.items()
    }
    values = [stamps.get(name) for name in status.FIELDS]
    return status.judge([None if value is None else value.encode() for value in values], now)


def test_a_fresh_reading_with_a_living_watcher_is_live() -> None:
    assert judge(100.0, state="live", taken_at=80.0, beat_at=99.0).state == "live"


def test_a_silent_watcher_makes_the_reading_stale_since_it_was_taken() -> None:
    found = judge(200.0, state="live", taken_at=80.0, beat_at=99.0)
    assert found.state == "stale"
    assert found.since is not None
    assert found.since.timestamp() == 80.0
    assert "watch_engines" in found.remedy


def test_an_engine_that_does_not_answer_any_more_is_stale_though_the_watcher_lives() -> None:
    assert judge(200.0, state="live", taken_at=80.0, beat_at=199.0).state == "stale"


def test_a_reading_that_is_long_in_coming_is_stale_since_it_was_asked_for() -> None:
    patient = judge(100.0, state="live", taken_at=80.0, beat_at=99.0, asked_at=91.0)
    assert patient.state == "live"
    found = judge(102.0, state="live", taken_at=80.0, beat_at=101.0, asked_at=91.0)
    assert (found.state, found.since and found.since.timestamp()) == ("stale", 91.0)


def test_an_engine_that_is_away_is_not_called_slow() -> None:
    found = judge(200.0, state="away", sentence="No.", beat_at=199.0, asked_at=91.0)
    assert (found.state, found.sentence) == ("away", "No.")


def test_what_the_watcher_says_is_shown_with_its_remedy() -> None:
    found = judge(200.0, state="away", sentence="No.", remedy="Do.", taken_at=80.0, beat_at=199.0)
    assert (found.state, found.sentence, found.remedy) == ("away", "No.", "Do.")


def test_an_engine_that_is_being_read_for_the_first_time_is_neither_live_nor_stale() -> None:
    assert judge(200.0, beat_at=199.0, asked_at=185.0).state == "unknown"


def test_an_engine_never_read_but_refusing_says_why() -> None:
    found = judge(200.0, state="away", sentence="No permission.", since=190.0, beat_at=199.0)
    assert (found.state, found.sentence) == ("away", "No permission.")


def test_since_is_when_it_stopped_being_live(broker: Broker) -> None:
    store.save(ENGINE, topology("web: front"))
    assert store.note_status(ENGINE, "live")
    assert store.note_status(ENGINE, "reconnecting", "Lost.")
    since = store.read_status(ENGINE).since
    time.sleep(0.01)
    assert store.note_status(ENGINE, "away", "Gone.")
    assert store.read_status(ENGINE).since == since


def test_saying_the_same_again_is_no_news(broker: Broker) -> None:
    assert store.note_status(ENGINE, "live")
    assert not store.note_status(ENGINE, "live")


@pytest.mark.parametrize("text", ["\u202e<b>", "x" * 10_000])
def test_hostile_sentences_come_back_as_they_were(broker: Broker, text: str) -> None:
    store.note_status(ENGINE, "away", text)
    assert store.read_status(ENGINE).sentence == text
