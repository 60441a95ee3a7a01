"""The events of the simulated engine: which come, when, and again."""

from __future__ import annotations

import threading
import time
from contextlib import closing

import docker

from tests.simulated import SimulatedEngine
from tests.simulator.speaking import IMAGE, Follow, open_client


def test_events_are_streamed_as_they_happen(client: docker.APIClient, follow: Follow) -> None:
    stream = follow(filters={"type": ["network"]})
    client.create_network("aa")
    made = client.create_container(IMAGE, name="cc")
    client.start(made)
    client.connect_container_to_network(made["Id"], "aa")
    told = [next(stream) for _ in range(3)]
    assert [(e["Action"], e["Actor"]["Attributes"]["name"]) for e in told] == [
        ("create", "aa"),
        ("connect", "bridge"),
        ("connect", "aa"),
    ]
    assert told[2]["Actor"]["Attributes"]["container"] == made["Id"]
    assert [e["timeNano"] for e in told] == sorted(e["timeNano"] for e in told)


def test_events_since_a_stamp_come_again_with_it(client: docker.APIClient, follow: Follow) -> None:
    stream = follow()
    for name in ("aa", "bb", "cc"):
        client.create_network(name)
    stamps = [next(stream)["timeNano"] for _ in range(3)]
    again = follow(since="{}.{:09d}".format(*divmod(stamps[1], 10**9)))
    assert [next(again)["timeNano"] for _ in range(2)] == stamps[1:]


def test_the_ring_keeps_the_last_256_events(engine: SimulatedEngine, follow: Follow) -> None:
    engine.faults.burst(1000)
    kept = list(follow(since=1, until=int(time.time()) + 1))
    assert len(kept) == 256
    assert kept[0]["Action"].startswith("health_status: ")


def test_a_burst_of_events_reaches_a_reader_that_keeps_up(
    engine: SimulatedEngine, follow: Follow
) -> None:
    stream = follow()
    burst = threading.Thread(target=engine.faults.burst, args=(900,))
    burst.start()
    assert len([next(stream) for _ in range(900)]) == 900
    burst.join()


def test_connecting_what_does_not_run_is_silent(client: docker.APIClient, follow: Follow) -> None:
    stream = follow(filters={"type": ["network"]})
    client.create_network("aa")
    made = client.create_container(IMAGE, name="cc")
    client.connect_container_to_network(made["Id"], "aa")
    client.disconnect_container_from_network(made["Id"], "aa")
    client.create_network("bb")
    assert [next(stream)["Action"] for _ in range(2)] == ["create", "create"]


def test_stopping_what_is_about_to_restart_rings_once() -> None:
    with SimulatedEngine("28.5", scene="company") as engine, closing(open_client(engine)) as client:
        name = next(
            one["Id"] for one in client.containers(all=True) if one["State"] == "restarting"
        )
        stream = client.events(decode=True, filters={"type": ["container"]})
        client.stop(name)
        client.create_container(IMAGE, name="cc")
        assert [next(stream)["Action"] for _ in range(2)] == ["stop", "create"]
        stream.close()
