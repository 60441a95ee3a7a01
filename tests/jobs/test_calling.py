"""Calls of a webhook end, whatever the other side does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
import requests

from netdash.jobs.calling import post
from tests.waiting import wait_until

LONG = 600.0
"""More than any test may take: who gets an answer has not waited for it."""
HEAD = b"HTTP/1.1 %s\r\nContent-Length: 1000000\r\nLocation: /elsewhere\r\n\r\n"


class Dripper:
    """A server that answers with some bytes at once, then one more whenever it likes, for ever."""

    def __init__(self, first: bytes) -> None:
        self.first = first
        self.is_over = threading.Event()
        self.is_cut = False
        self.server = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.answer, daemon=True)
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.getsockname()[1]}/hook"

    def answer(self) -> None:
        connection, _ = self.server.accept()
        with connection:
            connection.recv(65536)
            try:
                connection.sendall(self.first)
                while not self.is_over.wait(0.02):
                    connection.sendall(b"x")
            except OSError:
                self.is_cut = True

    def close(self) -> None:
        self.is_over.set()
        self.thread.join(30)
        self.server.close()


@pytest.fixture
def drip(request: pytest.FixtureRequest) -> Iterator[Dripper]:
    """A dripping server on loopback that begins with what the test says."""
    dripper = Dripper(request.param)
    yield dripper
    dripper.close()


@pytest.mark.parametrize("drip", [HEAD % b"200 OK"], indirect=True)
def test_of_an_answer_only_the_head_is_waited_for(drip: Dripper) -> None:
    assert post(drip.address, {"text": "report"}, LONG) == (200, False)
    wait_until(lambda: drip.is_cut, "the connection is given up")


@pytest.mark.parametrize("drip", [HEAD % b"302 Found"], indirect=True)
def test_nor_is_the_body_of_a_redirect_read(drip: Dripper) -> None:
    assert post(drip.address, {"text": "report"}, LONG) == (302, True)
    wait_until(lambda: drip.is_cut, "the connection is given up")


@pytest.mark.parametrize("drip", [b"HTTP/1.1 200 OK\r\nX-Slow: "], indirect=True)
def test_a_head_that_never_ends_is_given_up_and_its_connection_cut(drip: Dripper) -> None:
    with pytest.raises(requests.Timeout):
        post(drip.address, {"text": "report"}, 2)
    wait_until(lambda: drip.is_cut, "the connection is cut")
    wait_until(
        lambda: all(one.name != "webhook" for one in threading.enumerate()), "its thread ends"
    )


def test_what_cannot_be_called_says_so() -> None:
    with pytest.raises(requests.ConnectionError):
        post("http://127.0.0.1:1/", {}, LONG)
    with pytest.raises(requests.RequestException):
        post("http://[/", {}, LONG)
