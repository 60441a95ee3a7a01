"""What the store promises to every process."""

from __future__ import annotations

import signal
import time

import pytest

from netdash.live import store
from netdash.live.connection import name_key, reaching, read_shared_clock
from netdash.live.refresh import save_on_newest
from netdash.topology import codec
from netdash.topology.snapshot import EngineFacts, Snapshot
from tests.brokers import Broker
from tests.builders import topology
from tests.live.following import read_version

ENGINE = 7


@pytest.fixture(autouse=True)
def _broker(broker: Broker) -> None:
    """Every test here has an empty store."""


def forget_decoded() -> None:
    store._decoded_by_key.clear()


def test_before_the_first_reading_there_is_none() -> None:
    assert store.latest(ENGINE) is None
    assert read_version(ENGINE) == 0
    assert store.read_status(ENGINE).state == "unknown"


def test_another_process_reads_what_was_saved() -> None:
    snapshot = topology("web: front", "api: front back", "db: back", "idle")
    version = store.save(ENGINE, snapshot)
    forget_decoded()
    stored = store.latest(ENGINE)
    assert stored is not None
    assert (stored.version, stored.snapshot) == (version, snapshot)


def test_equal_readings_keep_the_version_and_advance_the_time() -> None:
    now = time.time()
    first = store.save(ENGINE, topology("web: front"), begun_at=now)
    forget_decoded()
    second = store.save(ENGINE, topology("web: front"), begun_at=now + 2)
    stored = store.latest(ENGINE)
    assert first == second
    assert stored is not None
    assert stored.taken_at.timestamp() == pytest.approx(now + 2, abs=0.01)


def test_each_different_reading_has_a_greater_version() -> None:
    versions = [store.save(ENGINE, topology(f"web{n}: front")) for n in range(5)]
    assert versions == sorted(set(versions))


def test_a_reading_begun_earlier_does_not_replace_a_later_one() -> None:
    now = time.time()
    version = store.save(ENGINE, topology("new: front"), begun_at=now)
    assert store.save(ENGINE, topology("old: front"), begun_at=now - 1) == version
    stored = store.latest(ENGINE)
    assert stored is not None
    assert stored.snapshot == topology("new: front")


def test_a_clock_set_back_far_is_believed() -> None:
    now = time.time()
    store.save(ENGINE, topology("old: front"), begun_at=now)
    store.save(ENGINE, topology("new: front"), begun_at=now - 3600)
    stored = store.latest(ENGINE)
    assert stored is not None
    assert stored.snapshot == topology("new: front")


def test_a_reading_based_on_a_replaced_version_is_not_kept() -> None:
    base = store.save(ENGINE, topology("web: front"))
    store.save(ENGINE, topology("api: front"))
    assert store.save(ENGINE, topology("db: front"), based_on=base) == 0
    stored = store.latest(ENGINE)
    assert stored is not None
    assert stored.snapshot == topology("api: front")


def test_a_store_that_lost_everything_goes_on_with_greater_versions(broker: Broker) -> None:
    before = [store.save(ENGINE, topology(f"web{n}: front")) for n in range(3)][-1]
    broker.empty()
    assert store.latest(ENGINE) is None
    time.sleep(0.005)  # the version is a clock in milliseconds
    assert store.save(ENGINE, topology("web2: front")) > before


def test_engines_do_not_share_readings() -> None:
    store.save(ENGINE, topology("web: front"))
    store.save(ENGINE + 1, topology("db: back"))
    found = [store.latest(engine_id) for engine_id in (ENGINE, ENGINE + 1)]
    assert [one.snapshot.containers[0].name for one in found if one] == ["web", "db"]


def test_an_empty_engine_is_a_reading_too() -> None:
    store.save(ENGINE, Snapshot(engine=EngineFacts(version="28.5.2")))
    forget_decoded()
    stored = store.latest(ENGINE)
    assert stored is not None
    assert stored.snapshot.engine.version == "28.5.2"


def test_plans_are_remembered_per_view_whatever_the_user_typed() -> None:
    hostile = "q=" + "\u202e x" * 5_000
    store.save_plan(ENGINE, hostile, {"format": 1, "lanes": [1, 2]})
    assert store.load_plan(ENGINE, hostile) == {"format": 1, "lanes": [1, 2]}
    assert store.load_plan(ENGINE, "q=") is None


def test_raw_answers_are_kept_by_kind() -> None:
    store.keep_raw(ENGINE, "container", {"a": {"Id": "a"}, "b": {"Id": "b"}})
    assert store.load_raw(ENGINE, "container", "a") == {"Id": "a"}
    assert store.load_raw(ENGINE, "network", "a") is None


def test_the_raw_answer_of_what_is_gone_stays_for_a_while() -> None:
    store.keep_raw(ENGINE, "network", {"a": {"Id": "a"}, "b": {"Id": "b"}})
    store.drop_raw(ENGINE, "network", {"a"})
    assert store.load_raw(ENGINE, "network", "a") == {"Id": "a"}
    assert store.list_raw(ENGINE, "network") == {"b"}
    gone_at = store.find_gone_at(ENGINE, "network", "a")
    assert gone_at is not None
    assert abs(gone_at.timestamp() - time.time()) < 60
    assert store.find_gone_at(ENGINE, "network", "b") is None
    assert store.find_gone_at(ENGINE, "network", "never") is None
    with reaching() as client:
        assert client.ttl(name_key(ENGINE, "raw", "network", "a")) > 3600
        assert client.ttl(name_key(ENGINE, "raw", "network", "b")) == -1


def test_forgetting_an_engine_leaves_nothing() -> None:
    store.save(ENGINE, topology("web: front"))
    store.save_plan(ENGINE, "", {})
    store.keep_raw(ENGINE, "container", {"a": {}})
    store.save(ENGINE * 10, topology("web: front"))
    store.forget(ENGINE)
    with reaching() as client:
        kept = {key.decode().split(":")[2] for key in client.scan_iter()}
    assert kept == {str(ENGINE * 10)}


def test_a_store_that_is_away_says_so(own_broker: Broker) -> None:
    store.save(ENGINE, topology("web: front"))
    own_broker.stop(signal.SIGKILL)
    for ask in (store.latest, store.read_status):
        with pytest.raises(store.StoreAway):
            ask(ENGINE)
    own_broker.start()
    assert store.save(ENGINE, topology("web: front"))


def test_what_was_kept_survives_a_stop_of_the_broker(own_broker: Broker) -> None:
    version = store.save(ENGINE, topology("web: front"))
    own_broker.stop(signal.SIGTERM)
    own_broker.start()
    assert read_version(ENGINE) == version


def test_another_address_is_another_engine_of_which_nothing_is_known(broker: Broker) -> None:
    store.claim(7, "unix:///one.sock")
    store.save(7, topology("web: front"))
    store.claim(7, "unix:///one.sock")
    assert store.latest(7) is not None
    store.claim(7, "unix:///two.sock")
    assert store.latest(7) is None


def test_a_reading_that_another_version_wrote_counts_as_none_until_the_next() -> None:
    snapshot = topology("web: front")
    store.save(ENGINE, snapshot)
    with reaching() as client:
        client.hset(name_key(ENGINE), f"content {codec.FORMAT + 1}", "what it wrote")
        client.hdel(name_key(ENGINE), store.CONTENT)
    forget_decoded()
    assert store.latest(ENGINE) is None
    bases: list[Snapshot] = []

    def replace_all(base: Snapshot) -> Snapshot:
        bases.append(base)
        return snapshot

    assert save_on_newest(ENGINE, replace_all, read_shared_clock())[0]
    assert bases == [Snapshot()]
    forget_decoded()
    stored = store.latest(ENGINE)
    assert stored is not None
    assert stored.snapshot == snapshot


def test_what_is_saved_on_the_newest_reading_keeps_what_somebody_else_stored_meanwhile() -> None:
    store.save(ENGINE, topology("web: front"))
    bases: list[Snapshot] = []

    def add_db(base: Snapshot) -> Snapshot:
        bases.append(base)
        if len(bases) == 1:
            store.save(ENGINE, topology("web: front", "api: back"))
        return topology(*(f"{one.name}: any" for one in base.containers), "db: back")

    version, snapshot = save_on_newest(ENGINE, add_db, read_shared_clock() + 5)
    stored = store.latest(ENGINE)
    assert stored is not None
    assert (stored.version, stored.snapshot) == (version, snapshot)
    assert [one.name for one in snapshot.containers] == ["api", "db", "web"]
