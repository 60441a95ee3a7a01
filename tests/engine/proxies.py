"""What may stand between netdash and an engine: a counting proxy, TLS, SSH, a rude stranger."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import paramiko

REQUEST_LINE = re.compile(rb"(?m)^([A-Z]+) (\S+) HTTP/1\.1\r$")
Serve = Callable[[socket.socket], None]


class Door:
    """A listening socket; each connection is served in a thread of its own."""

    def __init__(self, listener: socket.socket, serve: Serve) -> None:
        self.listener = listener
        self.serve = serve
        self.open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, EOFError, paramiko.SSHException), connection:
            self.serve(connection)

    def close(self) -> None:
        """Stop listening and cut every connection."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def open_unix_door(path: Path, serve: Serve) -> Iterator[str]:
    """Listen on a unix socket; give its address."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(50)
    door = Door(listener, serve)
    yield f"unix://{path}"
    door.close()


@contextmanager
def open_tcp_door(serve: Serve) -> Iterator[int]:
    """Listen on a free port of the loopback; give its number."""
    door = Door(socket.create_server(("127.0.0.1", 0), backlog=50), serve)
    port: int = door.listener.getsockname()[1]
    yield port
    door.close()


def forward_to(address: str, requests: list[str] | None = None) -> Serve:
    """Serve by passing bytes on to an engine; note each request's method and path."""

    def serve(connection: socket.socket) -> None:
        with connect_to(address) as engine:
            note = requests if requests is not None else []

            def write(data: bytes) -> None:
                watch(data, note)
                engine.sendall(data)

            start_pump(lambda: engine.recv(65536), connection.sendall, connection)
            pump(lambda: connection.recv(65536), write)

    return serve


def forward_with_tls(address: str, context: ssl.SSLContext) -> Serve:
    """Serve as an engine that expects TLS."""
    serve_plain = forward_to(address)

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            serve_plain(secure)

    return serve


def answer(text: bytes) -> Serve:
    """Serve by answering every request with the same bytes."""

    def serve(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(text)

    return serve


def format_answer(status: str, body: bytes, kind: str = "application/json") -> bytes:
    """Write an HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def forward_over_ssh(address: str, host_key: paramiko.PKey, client_key: paramiko.PKey) -> Serve:
    """Serve as a machine whose ``docker system dial-stdio`` leads to an engine."""

    def serve(connection: socket.socket) -> None:
        transport = paramiko.Transport(connection)
        transport.add_server_key(host_key)
        transport.start_server(server=Machine(address, client_key))
        transport.join()

    return serve


class Machine(paramiko.ServerInterface):  # type: ignore[misc]
    """Lets one key in, and runs one command."""

    def __init__(self, address: str, client_key: paramiko.PKey) -> None:
        self.address = address
        self.client_key = client_key

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        answer: int = paramiko.AUTH_FAILED
        if key == self.client_key:
            answer = paramiko.AUTH_SUCCESSFUL
        return answer

    def check_channel_request(self, kind: str, chanid: int) -> int:
        answer: int = paramiko.OPEN_SUCCEEDED
        return answer

    def check_channel_exec_request(self, channel: Any, command: bytes) -> bool:
        if command != b"docker system dial-stdio":
            return False
        threading.Thread(target=self._dial, args=(channel,), daemon=True).start()
        return True

    def _dial(self, channel: Any) -> None:
        with suppress(OSError), connect_to(self.address) as engine:
            start_pump(lambda: engine.recv(65536), channel.sendall, channel)
            pump(lambda: channel.recv(65536), engine.sendall)


def connect_to(address: str) -> socket.socket:
    """Connect to an engine's unix socket."""
    engine = socket.socket(socket.AF_UNIX)
    engine.connect(address.removeprefix("unix://"))
    return engine


def start_pump(read: Callable[[], bytes], write: Callable[[bytes], Any], end: Any) -> None:
    """Pass bytes on in a thread, and close what it writes to at the end."""

    def run() -> None:
        pump(read, write)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

    threading.Thread(target=run, daemon=True).start()


def pump(read: Callable[[], bytes], write: Callable[[bytes], Any]) -> None:
    """Pass bytes on until either side ends."""
    with suppress(OSError, ValueError):
        while data := read():
            write(data)


def watch(data: bytes, requests: list[str]) -> None:
    """Note the request lines in a piece of a conversation."""
    for method, path in REQUEST_LINE.findall(data):
        requests.append(f"{method.decode()} {path.decode()}")
