"""What an open page is told, and what is left when it goes."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from netdash.live import broadcast, feed, status, store
from netdash.live.feed import Message
from netdash.models import Engine
from netdash.views.endings import go_before
from tests.brokers import Broker
from tests.builders import topology
from tests.live.following import read_version

ENGINE = 5
LIMIT_SECONDS = 30


async def wait_for(listener: broadcast.Listener, topic: str, **said: object) -> Message:
    """Take messages until one says it."""
    async with asyncio.timeout(LIMIT_SECONDS):
        while True:
            message = await listener.get()
            if message.topic == topic and said.items() <= message.payload.items():
                return message


def test_a_page_at_once_gets_the_version_and_the_status(broker: Broker) -> None:
    version = store.save(ENGINE, topology("web: front"))

    async def look() -> None:
        async with broadcast.listen(ENGINE) as listener:
            await wait_for(listener, "snapshot", version=version)
            await wait_for(listener, "status", state="live")
            async with broadcast.listen(ENGINE) as late:
                await wait_for(late, "snapshot", version=version)

    asyncio.run(look())


def test_a_new_version_a_status_and_a_job_reach_everybody(broker: Broker) -> None:
    store.save(ENGINE, topology("web: front"))

    async def look() -> None:
        async with broadcast.listen(ENGINE) as one, broadcast.listen(ENGINE) as other:
            await wait_for(one, "status", state="live")
            version = store.save(ENGINE, topology("web: front", "db: back"))
            store.note_status(ENGINE, "away", "It is gone.", "Start it.")
            feed.publish(ENGINE, "status", {})
            feed.publish(ENGINE, "job", {"id": 7})
            for listener in (one, other):
                await wait_for(listener, "snapshot", version=version)
            for listener in (one, other):
                await wait_for(listener, "status", sentence="It is gone.", remedy="Start it.")
            await wait_for(other, "job", id=7)

    asyncio.run(look())


def test_a_dead_watcher_is_noticed_though_it_rings_no_bell(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "DEAD_SECONDS", 1)
    monkeypatch.setattr(broadcast, "LOOK_SECONDS", 0.2)
    store.save(ENGINE, topology("web: front"))
    store.note_status(ENGINE, "live")

    async def look() -> None:
        async with broadcast.listen(ENGINE) as listener:
            message = await wait_for(listener, "status", state="stale")
            assert message.payload["since"]
            assert "watch_engines" in message.payload["remedy"]

    asyncio.run(look())


def test_a_redis_that_is_killed_is_said_and_recovered_from(own_broker: Broker) -> None:
    store.save(ENGINE, topology("web: front"))

    async def look() -> None:
        async with broadcast.listen(ENGINE) as listener:
            await wait_for(listener, "status", state="live")
            await asyncio.to_thread(own_broker.stop, signal.SIGKILL)
            await wait_for(listener, "status", sentence=broadcast.STORE_AWAY.sentence)
            await asyncio.to_thread(own_broker.start)
            version = await asyncio.to_thread(store.save, ENGINE, topology("db: back"))
            await wait_for(listener, "snapshot", version=version)
            await wait_for(listener, "status", state="live")

    asyncio.run(look())


def test_the_last_listener_ends_the_subscription(broker: Broker) -> None:
    async def look() -> None:
        async with broadcast.listen(ENGINE) as listener:
            await wait_for(listener, "status")
            assert f"broadcast {ENGINE}" in {task.get_name() for task in asyncio.all_tasks()}
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(look())


def test_a_process_that_ends_does_not_wait_for_open_pages(broker: Broker) -> None:
    async def look() -> None:
        for engine_id in range(10):  # a cancellation meets each of them at another place
            pages.append(page := broadcast.listen(engine_id))
            await wait_for(await page.__aenter__(), "status")

    pages: list[AbstractAsyncContextManager[broadcast.Listener]] = []
    asyncio.run(look())  # ends, although nobody left


@pytest.fixture
def _going_on() -> Iterator[None]:
    """This process goes on after all, and forgets event loops that are closed."""
    yield
    broadcast.last_words.clear()
    broadcast._broadcasts.clear()


@pytest.mark.usefixtures("_going_on")
def test_everybody_hears_the_end_of_the_process_also_who_joins_late(broker: Broker) -> None:
    async def look() -> None:
        async with broadcast.listen(ENGINE) as one, broadcast.listen(ENGINE + 1) as other:
            broadcast.end_streams()
            await wait_for(one, "end")
            await wait_for(other, "end")
            async with broadcast.listen(ENGINE) as late, broadcast.listen(ENGINE + 2) as first:
                await wait_for(late, "end")
                await wait_for(first, "end")

    asyncio.run(look())


@pytest.mark.usefixtures("_going_on")
def test_the_server_ends_though_a_stream_cannot_be_told(broker: Broker) -> None:
    async def stop() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=LIMIT_SECONDS)

    page, loop = broadcast.listen(ENGINE), asyncio.new_event_loop()
    loop.run_until_complete(page.__aenter__())
    loop.run_until_complete(stop())
    loop.close()
    ended: list[int] = []
    before = signal.signal(signal.SIGUSR2, lambda number, frame: ended.append(number))
    try:
        go_before(signal.SIGUSR2)
        with pytest.raises(RuntimeError, match="closed"):
            signal.raise_signal(signal.SIGUSR2)
    finally:
        signal.signal(signal.SIGUSR2, before)
    assert ended == [signal.SIGUSR2]


def test_a_listener_that_takes_nothing_loses_the_oldest_only(broker: Broker) -> None:
    async def look() -> None:
        async with broadcast.listen(ENGINE) as listener:
            await wait_for(listener, "status")
            for number in range(broadcast.LONGEST_QUEUE + 20):
                feed.publish(ENGINE, "job", {"id": number})
            while not listener.full():
                await asyncio.sleep(0.01)
            await wait_for(listener, "job", id=broadcast.LONGEST_QUEUE + 19)

    asyncio.run(look())


def test_the_stream_writes_server_sent_events(viewer: Client, stored_engine: Engine) -> None:
    response = viewer.get(f"/e/{stored_engine.slug}/stream")
    assert response["Content-Type"] == "text/event-stream"
    assert response["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in response
    body = cast("AsyncIterator[bytes]", cast("StreamingHttpResponse", response).streaming_content)

    async def read() -> list[str]:
        async with asyncio.timeout(LIMIT_SECONDS):
            return [(await anext(body)).decode() for _ in range(3)]

    first, *events = asyncio.run(read())
    assert first.startswith("retry: ")
    said = dict(parse(event) for event in events)
    assert said["snapshot"] == {"version": read_version(stored_engine.pk)}
    assert said["status"]["state"] == "live"


def parse(event: str) -> tuple[str, Any]:
    """Read one event."""
    name, data = event.strip().split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_who_may_not_look_gets_no_stream(
    client: Client, sign_in: Any, stored_engine: Engine
) -> None:
    assert client.get(f"/e/{stored_engine.slug}/stream").status_code == 302
    assert sign_in("").get(f"/e/{stored_engine.slug}/stream").status_code == 403


def test_the_stream_of_no_engine_is_not_found(viewer: Client) -> None:
    assert viewer.get("/e/none/stream").status_code == 404
