"""Post to a web address, for no longer than is said, however slowly the other side speaks.

The timeouts of requests count from byte to byte: who sends one now and then holds a call for ever.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

SILENT_SECONDS = (5, 10)
"""How long it may take to be connected, and how long nothing may come."""
AGENT = {"User-Agent": "netdash"}


class CutAdapter(HTTPAdapter):
    """Remembers the connections that it opens, so that another thread can cut them."""

    def __init__(self) -> None:
        super().__init__()
        self.connections: list[HTTPConnection] = []

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> HTTPConnectionPool:
        """Give the pool of an address, which tells of each connection that it makes."""
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        connect = pool.ConnectionCls

        def note(*args: Any, **options: Any) -> HTTPConnection:
            connection: HTTPConnection = connect(*args, **options)
            self.connections.append(connection)
            return connection

        pool.ConnectionCls = note
        return pool  # type: ignore[no-any-return]

    def cut(self) -> None:
        """End whatever is being read or written; whoever waits for it gets an error."""
        for connection in self.connections:
            if (found := connection.sock) is not None:
                with suppress(OSError):
                    # Not the method of a TLS socket, which takes away what its reader works with.
                    socket.socket.shutdown(found, socket.SHUT_RDWR)


def post(address: str, payload: Any, seconds: float) -> tuple[int, bool]:
    """Post JSON; give the answer's status, and whether it leads elsewhere, which is not followed.

    Of the answer only its head is read. Raises requests.Timeout after ``seconds`` in all, and
    whatever requests raises.
    """
    adapter, ends = CutAdapter(), list[tuple[int, bool] | Exception]()

    def call() -> None:
        try:
            ends.append(send(adapter, address, payload))
        except Exception as error:  # noqa: BLE001 - raised below, where somebody waits for it
            ends.append(error)

    thread = threading.Thread(target=call, name="webhook", daemon=True)
    thread.start()
    thread.join(seconds)
    if not ends:
        adapter.cut()
        raise requests.Timeout
    if isinstance(ends[0], Exception):
        raise ends[0]
    return ends[0]


def send(adapter: CutAdapter, address: str, payload: Any) -> tuple[int, bool]:
    """Send the request by the adapter itself: a session reads the whole body of a redirect."""
    with requests.Session() as session:
        request = requests.Request("POST", address, json=payload, headers=AGENT)
        prepared = session.prepare_request(request)
        options: Any = session.merge_environment_settings(prepared.url, {}, True, None, None)
        answer = adapter.send(prepared, timeout=SILENT_SECONDS, **options)
        answer.close()
        return answer.status_code, answer.is_redirect
