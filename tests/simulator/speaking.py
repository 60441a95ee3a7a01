"""The real SDK, speaking to a simulated engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import docker
import pytest

from tests.simulated import SimulatedEngine

IMAGE = "busybox:local"
Follow = Callable[..., Iterator[Any]]


def open_client(engine: SimulatedEngine) -> docker.APIClient:
    return docker.APIClient(base_url=engine.address, timeout=30)


@pytest.fixture
def client(engine: SimulatedEngine) -> Iterator[docker.APIClient]:
    with closing(open_client(engine)) as opened:
        yield opened


@pytest.fixture
def follow(client: docker.APIClient) -> Iterator[Follow]:
    """Open event streams that are closed at the end."""
    with ExitStack() as stack:

        def open_stream(**more: Any) -> Iterator[Any]:
            stream = client.events(decode=True, **more)
            stack.callback(stream.close)
            return stream

        yield open_stream
