"""Answers that take their time: the event stream, and waiting for a container to end."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Callable

from netdash.simulator.calls import Call, Chunks
from netdash.simulator.events import Event, Stream
from netdash.simulator.filters import Filters, is_wanted
from netdash.simulator.lookup import find_container
from netdash.simulator.refusals import Refusal
from netdash.simulator.state import EngineState

TICK_SECONDS = 1.0
BATCH = 200


def follow_events(call: Call) -> Chunks:
    """Stream events, first those kept since the time asked for, up to the other time."""
    since, until = read_stamp(call, "since"), read_stamp(call, "until")
    filters = call.filters
    past, stream = call.state.events.follow(since)
    return stream_events(call.state, past, stream, filters, until)


def read_stamp(call: Call, key: str) -> int | None:
    """Read a time of the query, ``seconds.nanoseconds``, into nanoseconds; none is None."""
    text = call.query.get(key, "")
    if not text or text == "0":
        return None
    seconds, _, fraction = text.partition(".")
    try:
        return int(seconds) * 10**9 + int(fraction.ljust(9, "0")[:9] or 0)
    except ValueError:
        raise Refusal(400, f'parsing time "{text}": invalid syntax') from None


def stream_events(
    state: EngineState, past: list[Event], stream: Stream, filters: Filters, until: int | None
) -> Chunks:
    """Write events as JSON lines until the stream ends, the time comes, or nobody listens."""
    try:
        yield write_events(past, filters, until)
        while until is None or time.time_ns() < until:
            batch, is_over = take_batch(stream)
            yield write_events(batch, filters, until)
            if is_over:
                return
    finally:
        state.events.leave(stream)


def take_batch(stream: Stream) -> tuple[list[Event], bool]:
    """Take what is there, waiting a tick for the first; say whether the stream is over."""
    batch: list[Event] = []
    try:
        event = stream.get(timeout=TICK_SECONDS)
        while event is not None:
            batch.append(event)
            if len(batch) == BATCH:
                return batch, False
            event = stream.get_nowait()
    except queue.Empty:
        return batch, False
    return batch, True


def write_events(events: list[Event], filters: Filters, until: int | None) -> bytes:
    """Write those that are wanted, a line each."""
    return b"".join(
        json.dumps(event.as_json()).encode() + b"\n"
        for event in events
        if is_wanted(event, filters) and (until is None or event.at <= until)
    )


def wait_container(call: Call) -> Chunks:
    """Wait until a container has ended or is gone, then say its exit code."""
    container = find_container(call.state, call.name)
    started_at, state = container.started_at, call.state
    condition = call.query.get("condition") or "not-running"

    def is_over() -> bool:
        if condition == "removed":
            return container.id not in state.containers
        if condition == "next-exit":
            return container.finished_at > max(started_at, begun_at)
        return not container.is_running

    begun_at = state.now()
    return stream_exit(state, is_over, lambda: container.exit_code)


def stream_exit(
    state: EngineState, is_over: Callable[[], bool], read_code: Callable[[], int]
) -> Chunks:
    """Stream nothing until it is over; the headers must not wait for that."""
    yield b""
    while True:
        with state.changed:
            if not is_over():
                state.changed.wait(TICK_SECONDS)
            if is_over():
                break
        yield b""
    yield json.dumps({"StatusCode": read_code(), "Error": None}).encode() + b"\n"
