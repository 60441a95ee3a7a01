"""HTTP on a unix socket: requests in, answers and streams out."""

from __future__ import annotations

import contextlib
import json
import re
import select
import socket
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from netdash.simulator.calls import Answer, Call, Chunks
from netdash.simulator.editions import Api, format_api
from netdash.simulator.faults import Faults
from netdash.simulator.refusals import Refusal, unknown_route
from netdash.simulator.routes import find_route
from netdash.simulator.state import EngineState

VERSIONED = re.compile(r"/v(\d+)\.(\d+)(/.*)")


class Server(socketserver.ThreadingUnixStreamServer):
    """One listening socket; a thread per connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, path: Path, state: EngineState, faults: Faults) -> None:
        self.state, self.faults = state, faults
        self.open: set[socket.socket] = set()
        self.guard = threading.Lock()
        super().__init__(str(path), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection, so that the engine can go away with all of them."""
        with self.guard:
            self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close and forget a connection."""
        with self.guard:
            self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away; show everything else."""
        import sys

        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def cut(self) -> None:
        """Cut every connection, as a killed engine does."""
        with self.guard:
            connections = list(self.open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class TooOld(Refusal):
    """A refusal of an old API version, which all but 26 and 27 write as plain text."""


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive over its requests."""

    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = False

    def address_string(self) -> str:
        """Name the client; a unix socket has no address."""
        return "unix"

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def version_string(self) -> str:
        """Say the ``Server`` header as Docker does."""
        return f"Docker/{self.server.state.edition.version} (linux)"

    def answer(self) -> None:
        """Answer one request."""
        body = self.read_body()
        try:
            answer = self.find_answer(body)
        except TooOld as refusal:
            answer = Answer(refusal.status, text=f"{refusal.message}\n")
        except Refusal as refusal:
            answer = Answer(refusal.status, {"message": refusal.message})
        if isinstance(answer, Answer):
            self.send_answer(answer)
        else:
            self.send_stream(answer)

    do_GET = do_POST = do_DELETE = do_HEAD = do_PUT = answer  # noqa: N815

    def read_body(self) -> bytes:
        """Read the body, whole or in chunks."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def find_answer(self, body: bytes) -> Answer | Chunks:
        """Route a request; what it reads and writes of the state happens in one piece."""
        state, faults = self.server.state, self.server.faults
        address = urlsplit(self.path)
        api, path = split_version(state, unquote(address.path))
        if not path.startswith("/_faults"):
            faults.strike()
        found = find_route(self.command, path)
        if found is None:
            raise unknown_route(self.command, path)
        route, names = found
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        with state.lock:
            answer = route(Call(state, faults, api, query, body, names))
            if isinstance(answer, Answer) and answer.text is None and answer.data is not None:
                return Answer(answer.status, text=json.dumps(answer.data, ensure_ascii=False))
            return answer

    def send_answer(self, answer: Answer) -> None:
        """Write an answer of known length."""
        is_text = answer.text is not None and answer.data is None
        text = answer.text if is_text else json.dumps(answer.data) if answer.data else ""
        body = (text or "").encode()
        kind = "application/json" if body[:1] in b"[{" and body else "text/plain; charset=utf-8"
        self.send_head(answer.status, kind)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def send_head(self, status: int, kind: str) -> None:
        """Write the status and the headers of every answer."""
        self.send_response(status)
        self.send_header("Api-Version", format_api(self.server.state.edition.api))
        self.send_header("Docker-Experimental", "false")
        self.send_header("Ostype", "linux")
        self.send_header("Content-Type", kind)

    def send_stream(self, chunks: Chunks) -> None:
        """Write chunks as they come, until they end or the client has gone."""
        self.close_connection = True
        try:
            self.send_head(200, "application/json")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.flush()
            for chunk in chunks:
                if chunk:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                    self.wfile.flush()
                elif self.is_gone():
                    return
            self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()
        finally:
            if hasattr(chunks, "close"):
                chunks.close()

    def is_gone(self) -> bool:
        """Tell whether the client has closed its end."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)


def split_version(state: EngineState, path: str) -> tuple[Api, str]:
    """Take the API version off a path; refuse versions that this engine does not speak."""
    match = VERSIONED.fullmatch(path)
    if not match:
        return state.edition.api, path
    api = (int(match[1]), int(match[2]))
    asked, most, least = map(format_api, (api, state.edition.api, state.edition.minimum_api))
    if api > state.edition.api:
        raise Refusal(
            400,
            f"client version {asked} is too new. Maximum supported API version is {most}",
        )
    if api < state.edition.minimum_api:
        kind = Refusal if (26, 0) <= state.edition.number < (28, 0) else TooOld
        raise kind(
            400,
            f"client version {asked} is too old. Minimum supported API version is {least}, "
            "please upgrade your client to a newer version",
        )
    return api, match[3]
